//! What a response goes without, by what is known of its request.

use http::{Extensions, HeaderMap, HeaderName, header};

use crate::policy::{EffectiveRequest, Existing, Host, Scheme};

/// What a response goes without, by what [`EffectiveRequest`] says of its request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Withheld {
    /// It has all.
    #[default]
    Nothing,
    /// `Strict-Transport-Security`, and `Expect-CT` which goes with it: for an address or localhost.
    Sts,
    /// Those and `upgrade-insecure-requests`: over http.
    StsAndUpgrade,
}

/// What becomes of `Strict-Transport-Security` where the scheme is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhenUnknown {
    /// Browsers do not heed it over http (RFC 6797 section 8.1).
    Send,
    /// A server must not send it over http (section 7.2).
    Withhold,
}

impl Withheld {
    #[inline]
    pub(super) fn of(extensions: &Extensions, unknown: WhenUnknown) -> Self {
        match EffectiveRequest::of(extensions) {
            None if unknown == WhenUnknown::Send => Self::Nothing,
            None => Self::Sts,
            Some(request) => Self::from(request, unknown),
        }
    }

    fn from(request: &EffectiveRequest, unknown: WhenUnknown) -> Self {
        let in_vain = request.host().is_some_and(|host: &Host| !host.takes_sts());
        match request.scheme() {
            Scheme::Http => Self::StsAndUpgrade,
            Scheme::Unknown if unknown == WhenUnknown::Withhold => Self::Sts,
            Scheme::Https | Scheme::Unknown if in_vain => Self::Sts,
            Scheme::Https | Scheme::Unknown => Self::Nothing,
        }
    }

    pub(super) fn is_withheld(self, header: &HeaderName) -> bool {
        self != Self::Nothing && is_for_https(header)
    }
}

/// Whether a header means something over https alone, and for names (RFC 9163 section 2.2.2 has for
/// `Expect-CT` what RFC 6797 section 7.2 has for the other).
pub(super) fn is_for_https(header: &HeaderName) -> bool {
    *header == header::STRICT_TRANSPORT_SECURITY || header == "expect-ct"
}

/// What replaces the response's own line, and is withheld, leaves none.
pub(super) fn withhold(headers: &mut HeaderMap, name: &HeaderName, existing: Existing) {
    if existing == Existing::Replace {
        headers.remove(name);
    }
}
