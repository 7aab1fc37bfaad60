//! The layer for uploads and proxied files.

use std::sync::Arc;

use http::uri::PathAndQuery;
use tower_layer::Layer;

use super::engine::{rule::Rule, service::Hardened};
use crate::{
    head::{RequestParts, ResponseParts},
    policy::{Media, sealed},
};

/// Sends files that others made under the policy that is safe for their type: see [`Media`].
///
/// Put it directly around the files, inside all other layers of this crate. Those leave its headers
/// as they are, even with `.overriding()`, and add their own: `Referrer-Policy`,
/// `Strict-Transport-Security` and the rest. A [`CspOverride`](crate::CspOverride) has no effect on
/// its responses.
#[must_use]
#[derive(Clone, Debug)]
pub struct MediaLayer {
    media: Arc<Media>,
}

impl MediaLayer {
    /// Puts this policy on every response.
    pub fn new(media: Media) -> Self {
        Self { media: Arc::new(media) }
    }
}

impl<S> Layer<S> for MediaLayer {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl sealed::Sealed for MediaLayer {}

impl Rule for MediaLayer {
    /// The path, whose last segment names a file that has no name.
    type Pending = Option<PathAndQuery>;

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) -> Self::Pending {
        request.uri().path_and_query().cloned()
    }

    #[inline]
    fn on_response(&self, pending: &Self::Pending, response: &mut impl ResponseParts) {
        self.media.put(pending.as_ref().map_or("", PathAndQuery::path), response);
    }
}
