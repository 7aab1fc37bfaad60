//! Defines the vocabulary of guarded cookies: prefixes and `SameSite`.

use std::{fmt, str::FromStr};

use crate::error::{ParseError, did_you_mean};

/// Selects the prefix of guarded cookies on the wire, which decides the rules
/// that browsers enforce for them (RFC 6265bis section 4.1.3).
///
/// ```
/// use tower_hardening::{HostCookies, cookie::CookiePrefix};
///
/// let cookies = HostCookies::new(["session"])?.prefix(CookiePrefix::HostHttp);
/// assert_eq!("__Host-Http-".parse(), Ok(CookiePrefix::HostHttp));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CookiePrefix {
    /// `__Host-`: requires https, the host itself and all its paths. All
    /// browsers enforce it.
    #[default]
    Host,
    /// `__Secure-`: requires https; a sibling domain can still plant a cookie.
    /// All browsers enforce it.
    Secure,
    /// `__Http-`: requires https, and forbids cookies set by scripts. Chrome
    /// 140 and Firefox 143 enforce it; other browsers take it for a plain name.
    Http,
    /// `__Host-Http-`: combines the rules of `__Host-` and `__Http-`. Older
    /// browsers enforce only those of `__Host-`.
    HostHttp,
}

/// Lists every prefix; a longer prefix precedes a shorter one that it begins
/// with.
pub(super) const PREFIXES: [&str; 4] = ["__Host-Http-", "__Host-", "__Secure-", "__Http-"];

impl CookiePrefix {
    /// Lists the variants in the order of [`PREFIXES`].
    pub(super) const ALL: [Self; 4] = [Self::HostHttp, Self::Host, Self::Secure, Self::Http];

    /// Returns the text before the name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Host => "__Host-",
            Self::Secure => "__Secure-",
            Self::Http => "__Http-",
            Self::HostHttp => "__Host-Http-",
        }
    }

    /// Returns `true` if the prefix forbids `Domain` and every `Path` other
    /// than `/`.
    pub(super) const fn is_host(self) -> bool {
        matches!(self, Self::Host | Self::HostHttp)
    }

    /// Returns `true` if the prefix requires `HttpOnly`.
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

/// Selects the cross-site requests on which a browser sends a cookie (RFC
/// 6265bis section 4.1.2.7).
///
/// ```
/// use tower_hardening::{HostCookies, cookie::SameSite};
///
/// let cookies = HostCookies::new(["session"])?.same_site(SameSite::Lax);
/// assert_eq!("lax".parse(), Ok(SameSite::Lax));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SameSite {
    /// Sends the cookie on no cross-site request, not even when a user follows
    /// a link to the site.
    Strict,
    /// Sends the cookie on top-level navigation with a safe method, such as
    /// GET.
    Lax,
    /// Sends the cookie on all requests; browsers then also require `Secure`.
    None,
}

impl SameSite {
    /// Returns the attribute's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "Strict",
            Self::Lax => "Lax",
            Self::None => "None",
        }
    }

    /// Reads the value of an attribute, in any letter case; `None` if browsers
    /// do not know it.
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

    /// Parses the value in any letter case, as browsers do.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::of(text.as_bytes()).ok_or_else(|| {
            let all = [Self::Strict, Self::Lax, Self::None].map(Self::as_str);
            let remedy = did_you_mean(text, &all, "write 'Strict', 'Lax' or 'None'");
            ParseError::new("samesite", 0, format!("'{text}' is not a SameSite value{remedy}"))
        })
    }
}
