//! Marks a response of a [`Media`](crate::media::Media) policy, so that outer layers
//! keep its headers.

use http::{HeaderMap, HeaderName, header};

use super::room::accept;

pub(super) const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
pub(super) const RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// Lists the headers that a policy for files decides.
static DECIDED: [HeaderName; 5] = [
    header::CONTENT_SECURITY_POLICY,
    header::X_CONTENT_TYPE_OPTIONS,
    RESOURCE_POLICY,
    OPENER_POLICY,
    header::CONTENT_DISPOSITION,
];

/// Records in a response's extensions that a policy for files decided some
/// headers. Another server cannot set a response's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaHeaders {
    WithPolicy,
    /// The response is sent without a `Content-Security-Policy`.
    WithoutPolicy,
}

impl MediaHeaders {
    /// Returns `true` if a policy for files has decided the header.
    pub(crate) fn is_for(self, name: &HeaderName) -> bool {
        DECIDED.contains(name)
    }

    /// Returns `true` if a policy for files has decided the header, and it is
    /// not sent.
    pub(crate) fn withholds(self, name: &HeaderName) -> bool {
        self == Self::WithoutPolicy && name == header::CONTENT_SECURITY_POLICY
    }
}

/// Returns a copy with only these headers, each with all its lines.
pub(super) fn only(kept: &[HeaderName], headers: &HeaderMap) -> HeaderMap {
    let mut copy = HeaderMap::with_capacity(kept.len());
    for name in kept {
        for value in headers.get_all(name) {
            accept(copy.try_append(name, value.clone()));
        }
    }
    copy
}
