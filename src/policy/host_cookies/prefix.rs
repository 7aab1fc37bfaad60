//! The vocabulary of guarded cookies: prefixes and `SameSite`.

use std::{fmt, str::FromStr};

use crate::{ParseError, error::did_you_mean};

/// What a guarded cookie's name begins with on the wire, and so what browsers hold it to
/// (RFC 6265bis section 4.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CookiePrefix {
    /// `__Host-`: over https, from the host itself, for all its paths. All browsers.
    #[default]
    Host,
    /// `__Secure-`: over https; a sibling domain can still plant one. All browsers.
    Secure,
    /// `__Http-`: over https, and not by script. Chrome 140, Firefox 143; others take it for a
    /// plain name.
    Http,
    /// `__Host-Http-`: what `__Host-` and `__Http-` ask for. Older browsers hold it to `__Host-`.
    HostHttp,
}

/// Every prefix, longest first where one begins with another.
pub(super) const PREFIXES: [&str; 4] = ["__Host-Http-", "__Host-", "__Secure-", "__Http-"];

impl CookiePrefix {
    /// In the order of [`PREFIXES`].
    pub(super) const ALL: [Self; 4] = [Self::HostHttp, Self::Host, Self::Secure, Self::Http];

    /// The text before the name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Host => "__Host-",
            Self::Secure => "__Secure-",
            Self::Http => "__Http-",
            Self::HostHttp => "__Host-Http-",
        }
    }

    /// Whether there may be no `Domain`, and no `Path` but `/`.
    pub(super) const fn is_host(self) -> bool {
        matches!(self, Self::Host | Self::HostHttp)
    }

    /// Whether there has to be `HttpOnly`.
    pub(super) const fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::HostHttp)
    }
}

impl fmt::Display for CookiePrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for CookiePrefix {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::ALL.into_iter().find(|prefix| prefix.as_str() == text).ok_or_else(|| {
            let remedy = did_you_mean(text, &PREFIXES, "write '__Host-'");
            ParseError::new("cookie prefix", 0, format!("'{text}' is not a prefix{remedy}"))
        })
    }
}

/// On which requests from other sites a browser sends a cookie (RFC 6265bis section 4.1.2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SameSite {
    /// On none, links to the site among them.
    Strict,
    /// On top-level navigation that changes nothing.
    Lax,
    /// On all; browsers want `Secure` beside it.
    None,
}

impl SameSite {
    /// The attribute's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "Strict",
            Self::Lax => "Lax",
            Self::None => "None",
        }
    }

    /// The value of an attribute, if browsers know it, in any letter case.
    pub(super) fn of(value: &[u8]) -> Option<Self> {
        let mut all = [Self::Strict, Self::Lax, Self::None].into_iter();
        all.find(|known| known.as_str().as_bytes().eq_ignore_ascii_case(value))
    }
}

impl fmt::Display for SameSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SameSite {
    type Err = ParseError;

    /// In any letter case, as browsers read it.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::of(text.as_bytes()).ok_or_else(|| {
            let problem = format!("'{text}' is not a value; write 'Strict', 'Lax' or 'None'");
            ParseError::new("samesite", 0, problem)
        })
    }
}
