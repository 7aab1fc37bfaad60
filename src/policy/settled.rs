//! The mark of a [`Media`](super::Media) policy: layers around it leave its headers alone.

use http::{HeaderMap, HeaderName, header};

pub(super) const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
pub(super) const RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// The headers that a policy for files decides.
static SETTLED: [HeaderName; 5] = [
    header::CONTENT_SECURITY_POLICY,
    header::X_CONTENT_TYPE_OPTIONS,
    RESOURCE_POLICY,
    OPENER_POLICY,
    header::CONTENT_DISPOSITION,
];

/// In a response's extensions, where no other server can put it: a policy for files decided some
/// headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    WithPolicy,
    /// The response is to leave without a `Content-Security-Policy`.
    WithoutPolicy,
}

impl Settled {
    /// Returns `true` if the header is one of those.
    pub(crate) fn is_for(self, name: &HeaderName) -> bool {
        SETTLED.contains(name)
    }

    /// Returns `true` if the header is one of those, and is not to be sent.
    pub(crate) fn withholds(self, name: &HeaderName) -> bool {
        self == Self::WithoutPolicy && name == header::CONTENT_SECURITY_POLICY
    }

    /// Lets the headers be changed, and puts those back.
    #[cold]
    pub(crate) fn around(self, headers: &mut HeaderMap, change: impl FnOnce(&mut HeaderMap)) {
        let own = only(&SETTLED, headers);
        change(headers);
        own.keys().for_each(|name| drop(headers.remove(name)));
        if self == Self::WithoutPolicy {
            headers.remove(header::CONTENT_SECURITY_POLICY);
        }
        for (name, value) in &own {
            drop(headers.try_append(name, value.clone()));
        }
    }
}

/// A copy that has these headers alone, each with all its lines.
pub(super) fn only(kept: &[HeaderName], headers: &HeaderMap) -> HeaderMap {
    let mut copy = HeaderMap::with_capacity(kept.len());
    for name in kept {
        for value in headers.get_all(name) {
            drop(copy.try_append(name, value.clone()));
        }
    }
    copy
}
