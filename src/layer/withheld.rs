//! Decides which headers are withheld from the response to a request.

use http::{HeaderMap, HeaderName, header};

use crate::{
    policy::header::InsertMode,
    request::{ConnectionInfo, Host, RequestParts, Scheme, names_local_host},
};

/// Lists the headers that are withheld from a response.
///
/// The decision depends on the [`ConnectionInfo`] and the `Host` of the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[expect(unnameable_types, reason = "an associated type of a sealed trait")]
pub enum Withheld {
    /// No header is withheld.
    #[default]
    Nothing,
    /// `Strict-Transport-Security` and `Expect-CT` are withheld.
    ///
    /// This applies to an IP address or localhost over https, and to an unknown scheme with
    /// `https_only`.
    Sts,
    /// `upgrade-insecure-requests` is withheld too.
    ///
    /// This applies to http, and to an IP address or localhost if the scheme is unknown.
    StsAndUpgrade,
}

/// Selects how `Strict-Transport-Security` is handled for an unknown scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhenUnknown {
    /// Browsers ignore the header over http (RFC 6797 section 8.1).
    Send,
    /// A server must not send the header over http (section 7.2).
    Withhold,
}

impl Withheld {
    /// Decides which headers are withheld from the response to this request.
    ///
    /// The client chooses `Host`, so `Host` can only remove headers.
    #[inline]
    pub(super) fn of(request: &impl RequestParts, unknown: WhenUnknown) -> Self {
        match ConnectionInfo::from_extensions(request.extensions()) {
            None => Self::of_unknown(names_local_host(request), unknown),
            Some(known) => Self::of_known(known, request, unknown),
        }
    }

    fn of_known(known: &ConnectionInfo, request: &impl RequestParts, unknown: WhenUnknown) -> Self {
        let is_local = |host: &Host| !host.takes_sts();
        match (known.scheme(), known.host()) {
            (Scheme::Http, _) => Self::StsAndUpgrade,
            (Scheme::Https, host) if host.is_some_and(is_local) => Self::Sts,
            (Scheme::Https, _) => Self::Nothing,
            (Scheme::Unknown, Some(host)) => Self::of_unknown(is_local(host), unknown),
            // The type `Host` is stricter than browsers: `127.1` is not a `Host`.
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

/// Returns `true` if a header is only meaningful over https, for host names.
///
/// See RFC 6797 section 7.2, and RFC 9163 section 2.2.2 for `Expect-CT`.
pub(super) fn is_for_https(header: &HeaderName) -> bool {
    *header == header::STRICT_TRANSPORT_SECURITY || header == "expect-ct"
}

/// Removes the response's own line if the withheld policy would replace it.
pub(super) fn withhold(headers: &mut HeaderMap, name: &HeaderName, existing: InsertMode) {
    if existing == InsertMode::Override {
        headers.remove(name);
    }
}
