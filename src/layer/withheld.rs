//! The headers that a response goes without, depending on its request.

use http::{HeaderMap, HeaderName, header};

use crate::{
    head::RequestParts,
    policy::{EffectiveRequest, Existing, Host, Scheme, names_local_host},
};

/// The headers that a response goes without, by the [`EffectiveRequest`] and the `Host` of its request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[expect(unnameable_types, reason = "an associated type of a sealed trait")]
pub enum Withheld {
    /// It has all.
    #[default]
    Nothing,
    /// `Strict-Transport-Security`, and `Expect-CT` which goes with it: for an address or localhost
    /// over https.
    Sts,
    /// Those and `upgrade-insecure-requests`: over http, and for an address or localhost where the
    /// scheme is unknown.
    StsAndUpgrade,
}

/// The handling of `Strict-Transport-Security` where the scheme is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhenUnknown {
    /// Browsers ignore it over http (RFC 6797 section 8.1).
    Send,
    /// A server must not send it over http (section 7.2).
    Withhold,
}

impl Withheld {
    /// `Host` is the client's word, and so it only ever takes headers away.
    #[inline]
    pub(super) fn of(request: &impl RequestParts, unknown: WhenUnknown) -> Self {
        match EffectiveRequest::of(request.extensions()) {
            None => Self::of_unknown(names_local_host(request), unknown),
            Some(known) => Self::of_known(known, request, unknown),
        }
    }

    fn of_known(
        known: &EffectiveRequest,
        request: &impl RequestParts,
        unknown: WhenUnknown,
    ) -> Self {
        let is_local = |host: &Host| !host.takes_sts();
        match (known.scheme(), known.host()) {
            (Scheme::Http, _) => Self::StsAndUpgrade,
            (Scheme::Https, host) if host.is_some_and(is_local) => Self::Sts,
            (Scheme::Https, _) => Self::Nothing,
            (Scheme::Unknown, Some(host)) => Self::of_unknown(is_local(host), unknown),
            // `Host` is stricter than browsers: `127.1` is none.
            (Scheme::Unknown, None) => Self::of_unknown(names_local_host(request), unknown),
        }
    }

    #[inline]
    fn of_unknown(is_local: bool, unknown: WhenUnknown) -> Self {
        match unknown {
            _ if is_local => Self::StsAndUpgrade,
            WhenUnknown::Withhold => Self::Sts,
            WhenUnknown::Send => Self::Nothing,
        }
    }

    pub(super) fn is_withheld(self, header: &HeaderName) -> bool {
        self != Self::Nothing && is_for_https(header)
    }
}

/// Returns `true` if a header has a meaning over https and for names alone: by RFC 6797 section 7.2,
/// and for `Expect-CT` by RFC 9163 section 2.2.2.
pub(super) fn is_for_https(header: &HeaderName) -> bool {
    *header == header::STRICT_TRANSPORT_SECURITY || header == "expect-ct"
}

/// Removes the response's own line if the withheld policy would have replaced it.
pub(super) fn withhold(headers: &mut HeaderMap, name: &HeaderName, existing: Existing) {
    if existing == Existing::Replace {
        headers.remove(name);
    }
}
