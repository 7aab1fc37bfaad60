//! What a directive allows: keywords, schemes, hosts and hashes, one source for one string.

use std::{borrow::Cow, fmt, str::FromStr};

use super::{
    check_source::{ancestor_fault, source_fault},
    fault::{Fault, NAME},
};
use crate::{Origin, ParseError};

/// One source of a directive like `img-src` (CSP3 section 2.3.1).
///
/// Strings that one does not control enter by [`host`](Self::host) and [`FromStr`]: one string is
/// one source, or an error.
///
/// ```
/// use tower_hardening::Source;
///
/// assert_eq!(Source::SELF.to_string(), "'self'");
/// assert_eq!(Source::host("https://cdn.example:8443/js/")?.to_string(), "https://cdn.example:8443/js/");
/// assert!(Source::host("cdn.example; script-src *").is_err());
/// assert!(Source::host("cdn.example 'unsafe-inline'").is_err());
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source(Cow<'static, str>);

/// Declares the constants. For example `sources! { /// The own origin. SELF = "'self'", }`.
macro_rules! sources {
    ($($(#[$doc:meta])* $constant:ident = $text:literal,)+) => {
        impl Source {
            $($(#[$doc])* pub const $constant: Self = Self(Cow::Borrowed($text));)+
        }
    };
}

sources! {
    /// `'self'`: the page's own origin.
    SELF = "'self'",
    /// `'unsafe-inline'`: inline scripts and styles; without effect beside a nonce or a hash.
    UNSAFE_INLINE = "'unsafe-inline'",
    /// `'unsafe-eval'`: `eval` and its kin.
    UNSAFE_EVAL = "'unsafe-eval'",
    /// `'wasm-unsafe-eval'`: compiling WebAssembly, and no more.
    WASM_UNSAFE_EVAL = "'wasm-unsafe-eval'",
    /// `'strict-dynamic'`: what a trusted script loads is trusted; hosts no longer count.
    STRICT_DYNAMIC = "'strict-dynamic'",
    /// `'unsafe-hashes'`: hashes count for event handlers and style attributes as well.
    UNSAFE_HASHES = "'unsafe-hashes'",
    /// `'report-sample'`: reports quote the first 40 characters.
    REPORT_SAMPLE = "'report-sample'",
    /// `'trusted-types-eval'`: `eval` where Trusted Types are required.
    TRUSTED_TYPES_EVAL = "'trusted-types-eval'",
    /// `'report-sha256'`: reports the hashes of scripts that are loaded.
    REPORT_SHA256 = "'report-sha256'",
    /// `'report-sha384'`
    REPORT_SHA384 = "'report-sha384'",
    /// `'report-sha512'`
    REPORT_SHA512 = "'report-sha512'",
    /// `'inline-speculation-rules'`: inline rules for prefetching, and no other inline script.
    INLINE_SPECULATION_RULES = "'inline-speculation-rules'",
    /// `'unsafe-webtransport-hashes'`: connections that check a certificate's hash only.
    UNSAFE_WEBTRANSPORT_HASHES = "'unsafe-webtransport-hashes'",
    /// `data:` URLs.
    DATA = "data:",
    /// `blob:` URLs.
    BLOB = "blob:",
    /// Every https host.
    HTTPS = "https:",
    /// Every secure WebSocket host.
    WSS = "wss:",
    /// Every http and https host, and the page's own scheme.
    ANY = "*",
}

impl Source {
    /// A nonce, new in every response (`'nonce-{}'` in a policy's text): see
    /// [`Nonce`](crate::Nonce).
    #[cfg(feature = "nonce")]
    pub const NONCE: Self = Self(Cow::Borrowed(super::check::NONCE));

    /// A host, with or without a scheme, a port and a path: `https://*.cdn.example:8443/js/`.
    pub fn host(text: &str) -> Result<Self, ParseError> {
        let source: Self = text.parse()?;
        if text.starts_with('\'') || is_scheme(text) {
            let problem = format!("{text} is not a host; write one like 'cdn.example'");
            return Err(ParseError::new(NAME, 0, problem));
        }
        Ok(source)
    }

    /// A scheme, with or without its colon: `data:`.
    pub fn scheme(text: &str) -> Result<Self, ParseError> {
        let scheme = text.strip_suffix(':').unwrap_or(text);
        let refused = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-');
        match scheme.find(refused) {
            None if scheme.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                Ok(Self::owned(format!("{scheme}:")))
            }
            at => {
                let problem =
                    format!("'{}' is not a scheme; write one like 'data:'", text.escape_debug());
                Err(ParseError::new(NAME, at.unwrap_or(0), problem))
            }
        }
    }

    /// A text that came at run time: one host or scheme, and not all of them.
    pub(crate) fn at_run_time(text: &str) -> Option<Self> {
        let host = text.split_once("://").map_or(text, |(_, host)| host);
        let all = host.starts_with('*') && !host.starts_with("*.");
        text.parse().ok().filter(|_| !all && !text.starts_with('\''))
    }

    pub(super) fn owned(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// The place for WebSockets of an origin: `wss://host:port` for an https one.
    pub fn websocket(origin: &Origin) -> Self {
        Self(Cow::Owned(origin.websocket()))
    }

    /// The source's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Origin> for Source {
    fn from(origin: &Origin) -> Self {
        Self(Cow::Owned(origin.to_string()))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Source {
    type Err = ParseError;

    /// A scheme, a host or a hash. Keywords are the constants, so that no text that comes at run
    /// time widens a policy by one.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        one_source_fault(text)
            .map_or_else(|| Ok(Self(Cow::Owned(text.to_owned()))), |fault| Err(fault.error(text)))
    }
}

/// Who may frame a page: one member of `frame-ancestors` (CSP3 section 6.4.2).
///
/// Nonces, hashes and the unsafe keywords have no meaning there and cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ancestor(Source);

impl Ancestor {
    /// `'self'`: pages of the own origin.
    pub const SELF: Self = Self(Source::SELF);

    /// A host, with or without a scheme and a port; with no path, since origins are compared.
    pub fn host(text: &str) -> Result<Self, ParseError> {
        let host = Source::host(text)?;
        match ancestor_fault(text.as_bytes(), 0, text.len()) {
            None => Ok(Self(host)),
            Some(fault) => Err(fault.error(text)),
        }
    }

    /// Every page of a scheme, with or without its colon: `https:`.
    pub fn scheme(text: &str) -> Result<Self, ParseError> {
        Source::scheme(text).map(Self)
    }

    /// The ancestor's text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl From<&Origin> for Ancestor {
    fn from(origin: &Origin) -> Self {
        Self(origin.into())
    }
}

impl fmt::Display for Ancestor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether a source is a scheme: a path may end in `:`, too.
pub(super) fn is_scheme(source: &str) -> bool {
    source.ends_with(':') && !source.contains('/')
}

fn one_source_fault(text: &str) -> Option<Fault> {
    let bytes = text.as_bytes();
    let wrong = |start, problem| Some(Fault { start, end: start + 1, problem });
    if bytes.is_empty() {
        return Some(Fault {
            start: 0,
            end: 0,
            problem: "an empty source allows nothing; leave it out",
        });
    }
    if text.eq_ignore_ascii_case("'none'") {
        return Some(Fault {
            start: 0,
            end: text.len(),
            problem: "is the empty list; pass no source",
        });
    }
    match bytes.iter().position(|byte| !byte.is_ascii_graphic() || matches!(byte, b';' | b',')) {
        Some(at) if bytes[at].is_ascii() => {
            wrong(at, "cannot stand in a source; pass one source at a time")
        }
        Some(at) => Some(Fault {
            start: at,
            end: at + text[at..].chars().next().map_or(1, char::len_utf8),
            problem: "is not ASCII, for which browsers drop the directive; write a host in its 'xn--' form",
        }),
        None => source_fault(bytes, 0, bytes.len(), u8::MAX).or_else(|| {
            let hash = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("'sha"));
            let problem = "is a keyword; use the constant of Source for it";
            (bytes[0] == b'\'' && !hash).then_some(Fault { start: 0, end: text.len(), problem })
        }),
    }
}
