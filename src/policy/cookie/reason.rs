//! Names the reasons for which a cookie is not passed on.

use super::guard::HostCookies;
use crate::trace;

/// Names the reason to drop a request cookie. Each drop is an event (feature `tracing`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A guarded name without its prefix, set before the policy was deployed
    /// or by a sibling domain.
    Plain,
    /// A name that some reader takes for a guarded one.
    LooksAlike,
    /// A cookie in which some reader finds a guarded name.
    HidesName,
    /// A name that makes some readers follow older rules.
    Dollar,
    /// A value after which some readers lose the cookies that follow.
    BadlyQuoted,
    /// A cookie that makes some readers lose the guarded cookie.
    Costly,
    /// Not a cookie-pair (RFC 6265 section 4.1.1), or named like an attribute,
    /// under a strict policy.
    Ambiguous,
}

impl Reason {
    /// Returns the reason to drop a name that looks like a guarded one.
    pub(super) fn of_name(policy: &HostCookies, name: &[u8]) -> Self {
        if policy.guarded_name(name).is_some() { Self::Plain } else { Self::LooksAlike }
    }

    /// Logs the cookie's name, and never its value.
    #[cold]
    pub(super) fn report(self, cookie: &[u8]) {
        let name =
            cookie.iter().position(|byte| *byte == b'=').map_or(&b""[..], |end| &cookie[..end]);
        match self {
            // Expected while browsers still have cookies from before the policy, or under a strict
            // policy.
            Self::Plain | Self::Ambiguous => trace::cookie_ignored(name, self.as_str()),
            _ => trace::cookie_dropped(name, self.as_str()),
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "a cookie with a guarded name has no prefix, and is dropped",
            Self::LooksAlike => {
                "some parsers read the cookie's name as a guarded one, and it is dropped"
            }
            Self::HidesName => "some parsers find a guarded cookie in this one, and it is dropped",
            Self::Dollar => {
                "the cookie's name begins with '$', which switches some parsers to older rules, and it is dropped"
            }
            Self::BadlyQuoted => {
                "the cookie has an opening quote and no closing one, which makes some parsers lose other cookies, and it is dropped"
            }
            Self::Costly => {
                "the cookie has a non-ASCII byte or an escaped quote, which makes some parsers lose the guarded cookie, and it is dropped"
            }
            Self::Ambiguous => {
                "the cookie is not a cookie-pair of RFC 6265 or has the name of an attribute, and reject_ambiguous drops it"
            }
        }
    }
}
