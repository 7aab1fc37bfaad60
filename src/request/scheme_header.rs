//! Reads the scheme of a request from headers other than `Forwarded` and `X-Forwarded-Proto`.

use std::{fmt, str::FromStr};

use http::{HeaderMap, HeaderName};

use super::{connection_info::Scheme, x_forwarded};
use crate::error::{ParseError, did_you_mean};

/// Names a header in which a proxy or a content delivery network reports the scheme that the
/// browser used.
///
/// [`TrustedProxies::with_scheme_header`](crate::connection::TrustedProxies::with_scheme_header)
/// takes one. A missing value, an unknown value and values that contradict each other make the
/// scheme unknown.
///
/// ```
/// use tower_hardening::connection::SchemeHeader;
///
/// assert_eq!("CF-Visitor".parse(), Ok(SchemeHeader::CfVisitor));
/// assert_eq!(
///     "cf-visiter".parse::<SchemeHeader>().unwrap_err().to_string(),
///     "scheme header, byte 0: 'cf-visiter' is not a header with a scheme; did you mean 'cf-visitor'?",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SchemeHeader {
    /// `CF-Visitor: {"scheme":"https"}`, from Cloudflare.
    CfVisitor,
    /// `CloudFront-Forwarded-Proto: https`, from Amazon CloudFront.
    CloudFrontForwardedProto,
    /// `Front-End-Https: on`, from Microsoft's gateways. `off` is http.
    FrontEndHttps,
    /// `X-Forwarded-Scheme: https`.
    XForwardedScheme,
    /// `X-Forwarded-Ssl: on`. `off` is http.
    XForwardedSsl,
    /// `X-Url-Scheme: https`.
    XUrlScheme,
}

impl SchemeHeader {
    /// Lists every header.
    pub const ALL: &[Self] = &[
        Self::CfVisitor,
        Self::CloudFrontForwardedProto,
        Self::FrontEndHttps,
        Self::XForwardedScheme,
        Self::XForwardedSsl,
        Self::XUrlScheme,
    ];

    /// Returns the header's name in lower case.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::CfVisitor => "cf-visitor",
            Self::CloudFrontForwardedProto => "cloudfront-forwarded-proto",
            Self::FrontEndHttps => "front-end-https",
            Self::XForwardedScheme => "x-forwarded-scheme",
            Self::XForwardedSsl => "x-forwarded-ssl",
            Self::XUrlScheme => "x-url-scheme",
        }
    }

    /// Returns the header's name.
    pub fn name(&self) -> HeaderName {
        HeaderName::from_static(self.as_str())
    }

    /// Returns the scheme that the header reports. If it has several values,
    /// they have to agree.
    pub(super) fn scheme(self, headers: &HeaderMap) -> Scheme {
        let values = x_forwarded::list(headers, self.as_str());
        let mut schemes = values.into_iter().map(|value| self.read(value));
        let first = schemes.next().unwrap_or_default();
        if schemes.all(|scheme| scheme == first) { first } else { Scheme::Unknown }
    }

    fn read(self, value: &[u8]) -> Scheme {
        match self {
            Self::CloudFrontForwardedProto | Self::XForwardedScheme | Self::XUrlScheme => {
                scheme(value)
            }
            Self::FrontEndHttps | Self::XForwardedSsl => switch(value),
            Self::CfVisitor => visitor(value).map(scheme).unwrap_or_default(),
        }
    }
}

/// Returns the scheme for `https`, `http`, and their WebSocket schemes `wss` and `ws`.
pub(super) fn scheme(text: &[u8]) -> Scheme {
    let is_word = |word: &str| text.eq_ignore_ascii_case(word.as_bytes());
    match () {
        () if is_word("https") || is_word("wss") => Scheme::Https,
        () if is_word("http") || is_word("ws") => Scheme::Http,
        () => Scheme::Unknown,
    }
}

fn switch(text: &[u8]) -> Scheme {
    match text.to_ascii_lowercase().as_slice() {
        b"on" => Scheme::Https,
        b"off" => Scheme::Http,
        _ => Scheme::Unknown,
    }
}

/// Returns the text of `scheme` in a JSON object with this key alone, as
/// Cloudflare writes it.
fn visitor(json: &[u8]) -> Option<&[u8]> {
    let inside = json.strip_prefix(b"{")?.strip_suffix(b"}")?.trim_ascii();
    let rest = inside.strip_prefix(b"\"scheme\"")?.trim_ascii_start();
    let text = rest.strip_prefix(b":")?.trim_ascii();
    text.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

impl fmt::Display for SchemeHeader {
    /// Writes the header's name in lower case.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SchemeHeader {
    type Err = ParseError;

    /// Reads the header's name in any letter case.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let found = Self::ALL.iter().find(|header| header.as_str().eq_ignore_ascii_case(text));
        found.copied().ok_or_else(|| ParseError::new("scheme header", 0, unknown(text)))
    }
}

/// Describes the problem of a name that is not one of these headers.
fn unknown(text: &str) -> String {
    let found = text.escape_debug();
    if ["forwarded", "x-forwarded-proto"].iter().any(|name| name.eq_ignore_ascii_case(text)) {
        return format!(
            "'{found}' needs no scheme header, since it is read by default; leave this out"
        );
    }
    let names: Vec<&str> = SchemeHeader::ALL.iter().map(SchemeHeader::as_str).collect();
    let list = format!("write one of '{}'", names.join("', '"));
    format!("'{found}' is not a header with a scheme{}", did_you_mean(text, &names, &list))
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for SchemeHeader {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
        text.parse().map_err(|error: ParseError| serde::de::Error::custom(error.problem()))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for SchemeHeader {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
