//! Defines the sources that a directive allows: keywords, schemes, hosts and
//! hashes.

use std::{borrow::Cow, fmt, str::FromStr};

use super::{
    address::is_scheme,
    word::{Sort, Word},
};
use crate::{
    error::{ParseError, shown},
    policy::csp::grammar::{
        groups::Groups,
        scanner::CURLY_QUOTE,
        source::{ancestor_error, source_error},
        syntax_error::{SyntaxError, wrong},
        tables::{NAME, NONE},
    },
    request::Origin,
};

/// Represents one source of a directive such as `img-src` (CSP3 section 2.3.1).
///
/// Parse a string from outside the program, such as a tenant's setting, with [`host`](Self::host),
/// which accepts only a host. [`FromStr`] also accepts keywords such as `'unsafe-inline'`, schemes
/// and hashes. One string is one source, or an error.
///
/// ```
/// use tower_hardening::csp::Source;
///
/// assert_eq!("'SELF'".parse(), Ok(Source::SELF));
/// let cdn = Source::host("https://cdn.example:8443/js/")?;
/// assert_eq!(cdn.to_string(), "https://cdn.example:8443/js/");
/// assert!(Source::host("cdn.example; script-src *").is_err());
/// assert!(Source::host("'unsafe-inline'").is_err());
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Source(Word);

/// Declares the constants.
///
/// For example `keywords! { /// The own origin. SELF = "'self'", }`.
macro_rules! keywords {
    ($($(#[$doc:meta])* $constant:ident = $text:literal,)+) => {
        impl Source {
            $($(#[$doc])* pub const $constant: Self = Self(Word::keyword($text));)+
        }
    };
}

keywords! {
    /// `'self'`: the page's own origin.
    SELF = "'self'",
    /// `'unsafe-inline'`: inline scripts and styles. A nonce or a hash in the
    /// same list turns it off.
    UNSAFE_INLINE = "'unsafe-inline'",
    /// `'unsafe-eval'`: `eval` and similar functions that run text as script.
    UNSAFE_EVAL = "'unsafe-eval'",
    /// `'wasm-unsafe-eval'`: compiling WebAssembly, and nothing else.
    WASM_UNSAFE_EVAL = "'wasm-unsafe-eval'",
    /// `'strict-dynamic'`: scripts that a trusted script loads are trusted;
    /// hosts are ignored.
    STRICT_DYNAMIC = "'strict-dynamic'",
    /// `'unsafe-hashes'`: hashes also allow event handlers and style
    /// attributes.
    UNSAFE_HASHES = "'unsafe-hashes'",
    /// `'report-sample'`: reports quote the first 40 characters.
    REPORT_SAMPLE = "'report-sample'",
    /// `'trusted-types-eval'`: `eval` where Trusted Types are required.
    TRUSTED_TYPES_EVAL = "'trusted-types-eval'",
    /// `'report-sha256'`: reports have the hashes of the scripts that a page
    /// loads.
    REPORT_SHA256 = "'report-sha256'",
    /// `'report-sha384'`: as [`REPORT_SHA256`](Self::REPORT_SHA256), with
    /// SHA-384.
    REPORT_SHA384 = "'report-sha384'",
    /// `'report-sha512'`: as [`REPORT_SHA256`](Self::REPORT_SHA256), with
    /// SHA-512.
    REPORT_SHA512 = "'report-sha512'",
    /// `'inline-speculation-rules'`: inline rules for prefetching, and no
    /// other inline script.
    INLINE_SPECULATION_RULES = "'inline-speculation-rules'",
    /// `'unsafe-webtransport-hashes'`: connections that check only a
    /// certificate's hash.
    UNSAFE_WEBTRANSPORT_HASHES = "'unsafe-webtransport-hashes'",
}

impl Source {
    /// `data:` URLs.
    pub const DATA: Self = Self(Word::of_static("data:", Sort::Other));
    /// `blob:` URLs.
    pub const BLOB: Self = Self(Word::of_static("blob:", Sort::Other));
    /// Every https host.
    pub const HTTPS: Self = Self(Word::of_static("https:", Sort::Other));
    /// Every WebSocket host, also without encryption. Use this for development only.
    pub const WS: Self = Self(Word::of_static("ws:", Sort::Other));
    /// Every secure WebSocket host.
    pub const WSS: Self = Self(Word::of_static("wss:", Sort::Other));
    /// Every http and https host, and the page's own scheme.
    pub const ANY: Self = Self(Word::of_static("*", Sort::AnyHost));

    /// A nonce that is new in every response: see [`Nonce`](crate::Nonce). A
    /// policy's text contains it as `'nonce-{}'`.
    #[cfg(feature = "nonce")]
    pub const NONCE: Self =
        Self(Word::of_static(crate::policy::csp::grammar::tables::NONCE, Sort::Nonce));

    /// Parses a host, with or without a scheme, a port and a path. An example
    /// is `https://*.cdn.example:8443/js/`.
    ///
    /// # Errors
    ///
    /// Returns an error for text that is not one host: a keyword, a scheme, a hash, or several
    /// sources.
    pub fn host(text: &str) -> Result<Self, ParseError> {
        let source: Self = text.parse()?;
        if text.starts_with('\'') || is_scheme(text) {
            let quote = if text.starts_with('\'') { "" } else { "'" };
            let problem = format!("{quote}{text}{quote} is not a host; write one like cdn.example");
            return Err(ParseError::new(NAME, 0, problem));
        }
        Ok(source)
    }

    /// Parses a scheme, with or without its colon: `data:`.
    ///
    /// # Errors
    ///
    /// Returns an error for text that is not a scheme.
    pub fn scheme(text: &str) -> Result<Self, ParseError> {
        let scheme = text.strip_suffix(':').unwrap_or(text);
        let refused = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-');
        match scheme.find(refused) {
            None if scheme.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                Ok(Self(Word::new(format!("{scheme}:").into(), Sort::Other)))
            }
            at => {
                let problem = format!("'{}' is not a scheme; write one like 'data:'", shown(text));
                Err(ParseError::new(NAME, at.unwrap_or(0), problem))
            }
        }
    }

    pub(super) fn hash(text: String) -> Self {
        Self(Word::new(Cow::Owned(text), Sort::Hash))
    }

    /// Returns the WebSocket address of an origin: `wss://host:port` for an
    /// https origin.
    ///
    /// # Errors
    ///
    /// Returns an error for an IPv6 address, which no policy can contain.
    pub fn websocket(origin: &Origin) -> Result<Self, ParseError> {
        Self::host(&origin.websocket())
    }

    /// Returns the source's text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(super) fn word(&self) -> &Word {
        &self.0
    }
}

impl TryFrom<&Origin> for Source {
    type Error = ParseError;

    /// Returns an error for an IPv6 address, which no policy can contain.
    fn try_from(origin: &Origin) -> Result<Self, ParseError> {
        Self::host(&origin.to_string())
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({self})")
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Source {
    type Err = ParseError;

    /// Parses a keyword, the placeholder `'nonce-{}'`, a scheme, a host or a
    /// hash.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        match one_source_error(text) {
            None => Ok(Self(Word::source(Cow::Owned(text.to_owned())))),
            Some(error) => Err(error.error(text)),
        }
    }
}

/// Represents a page that may frame another: one member of `frame-ancestors` (CSP3 section 6.4.2).
///
/// Nonces, hashes and the unsafe keywords have no meaning there, and this type cannot contain them.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, csp::FrameAncestor};
///
/// let partner = FrameAncestor::host("https://partner.example")?;
/// let policy = ContentSecurityPolicy::EMPTY.frame_ancestors([FrameAncestor::SELF, partner])?;
/// assert_eq!(policy.to_string(), "frame-ancestors 'self' https://partner.example");
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FrameAncestor(Source);

impl FrameAncestor {
    /// `'self'`: pages of the same origin.
    pub const SELF: Self = Self(Source::SELF);

    /// Parses a host, with or without a scheme and a port. A path is not
    /// allowed, since browsers compare origins.
    ///
    /// # Errors
    ///
    /// Returns an error for text that is not one host, and for a host with a path.
    pub fn host(text: &str) -> Result<Self, ParseError> {
        let host = Source::host(text)?;
        match ancestor_error(text.as_bytes(), 0, text.len()) {
            None => Ok(Self(host)),
            Some(error) => Err(error.error(text)),
        }
    }

    /// Allows every page of a scheme, with or without its colon: `https:`.
    ///
    /// # Errors
    ///
    /// Returns an error for text that is not a scheme.
    pub fn scheme(text: &str) -> Result<Self, ParseError> {
        Source::scheme(text).map(Self)
    }

    /// Returns the ancestor's text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(super) fn word(&self) -> &Word {
        self.0.word()
    }
}

impl TryFrom<&Origin> for FrameAncestor {
    type Error = ParseError;

    /// Returns an error for an IPv6 address, which no policy can contain.
    fn try_from(origin: &Origin) -> Result<Self, ParseError> {
        Self::host(&origin.to_string())
    }
}

impl fmt::Debug for FrameAncestor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FrameAncestor({self})")
    }
}

impl fmt::Display for FrameAncestor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for FrameAncestor {
    type Err = ParseError;

    /// Parses `'self'`, a scheme with its colon, or a host.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let source: Source = text.parse()?;
        match ancestor_error(text.as_bytes(), 0, text.len()) {
            None => Ok(Self(source)),
            Some(error) => Err(error.error(text)),
        }
    }
}

fn one_source_error(text: &str) -> Option<SyntaxError> {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return wrong(0, 0, "an empty source allows nothing; remove it");
    }
    if text.eq_ignore_ascii_case(NONE) {
        return wrong(0, text.len(), "is the empty list; pass no source");
    }
    match bytes.iter().position(|byte| !byte.is_ascii_graphic() || matches!(byte, b';' | b',')) {
        Some(at) if bytes[at].is_ascii() => {
            wrong(at, at + 1, "is not allowed in a source; pass one source at a time")
        }
        Some(at) => {
            let character = text[at..].chars().next().unwrap_or_default();
            let end = at + character.len_utf8();
            if "\u{2018}\u{2019}\u{201C}\u{201D}".contains(character) {
                return wrong(at, end, CURLY_QUOTE);
            }
            wrong(
                at,
                end,
                "is not ASCII, and browsers ignore the directive that has it; write a host in its 'xn--' form",
            )
        }
        None => source_error(bytes, 0, bytes.len(), Groups::ALL),
    }
}
