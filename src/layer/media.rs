//! The layer for uploads and proxied files.

use std::sync::Arc;

use http::{Request, Response, uri::PathAndQuery};
use tower_layer::Layer;

use super::{rule::Rule, service::Hardened};
use crate::policy::{Media, sealed};

/// Sends files that others made under the policy that is safe for their type: see [`Media`].
///
/// Put it directly around the files, inside all other layers of this crate. Those leave its headers
/// as they are, even with `.overriding()`, and add their own: `Referrer-Policy`,
/// `Strict-Transport-Security` and the rest. A [`CspOverride`](crate::CspOverride) has no effect on
/// its responses.
#[must_use]
#[derive(Clone, Debug)]
pub struct MediaLayer {
    rule: MediaRule,
}

impl MediaLayer {
    /// Applies this policy to every response.
    pub fn new(media: Media) -> Self {
        Self { rule: MediaRule(Arc::new(media)) }
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
pub struct MediaRule(Arc<Media>);

impl sealed::Sealed for MediaRule {}

impl Rule for MediaRule {
    /// The path, from which a file without a name takes one.
    type Pending = Option<PathAndQuery>;

    #[inline]
    fn on_request<B>(&self, request: &mut Request<B>) -> Self::Pending {
        request.uri().path_and_query().cloned()
    }

    #[inline]
    fn on_response<B>(&self, pending: &Self::Pending, response: &mut Response<B>) {
        self.0.put(pending.as_ref().map_or("", PathAndQuery::path), response);
    }
}
