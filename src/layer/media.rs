//! The layer for uploads and proxied files.

use http::{Request, Response, uri::PathAndQuery};
use tower_layer::Layer;

use super::{
    per_thread::{PerThread, Unshared},
    rule::Rule,
    service::Hardened,
};
use crate::policy::{Media, sealed};

/// Keeps files that others made from becoming pages: see [`Media`].
///
/// Put it right around the files, inside of all other layers of this crate: they leave its headers
/// as they are, even those that are told `.overriding()`, since this layer is the server's own and knows
/// what it is around. They add theirs: `Referrer-Policy`, `Strict-Transport-Security` and the rest. A
/// [`CspOverride`](crate::CspOverride) does nothing inside of it.
#[must_use]
#[derive(Clone, Debug)]
pub struct MediaLayer {
    rule: MediaRule,
}

impl MediaLayer {
    /// Puts this policy on every response.
    pub fn new(media: Media) -> Self {
        Self { rule: MediaRule(PerThread::new(media)) }
    }
}

impl<S> Layer<S> for MediaLayer {
    type Service = Hardened<S, MediaRule>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.rule.clone())
    }
}

/// The rule of a [`MediaLayer`].
#[derive(Clone, Debug)]
pub struct MediaRule(PerThread<Media>);

impl Unshared for Media {}

impl sealed::Sealed for MediaRule {}

impl Rule for MediaRule {
    /// Where a file without a name gets one from.
    type Pending = Option<PathAndQuery>;

    #[inline]
    fn local(&self) -> Self {
        Self(self.0.local())
    }

    #[inline]
    fn on_request<B>(&self, request: &mut Request<B>) -> Self::Pending {
        request.uri().path_and_query().cloned()
    }

    #[inline]
    fn on_response<B>(&self, pending: &Self::Pending, response: &mut Response<B>) {
        self.0.put(pending.as_ref().map_or("", PathAndQuery::path), response);
    }
}
