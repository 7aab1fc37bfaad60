//! Applies a layer's policies in stacks without `tower`.

use http::{request, response};

use super::{engine::rule::Rule, hardening::HardeningLayer, policies::PoliciesPending};

/// Represents a request to which a [`HardeningLayer`] was applied, until its response has the
/// policies too.
///
/// ```
/// use http::{Request, Response};
/// use tower_hardening::HardeningLayer;
///
/// let layer = HardeningLayer::default();
/// let (mut request, _) = Request::new(()).into_parts();
/// let exchange = layer.begin(&mut request);
/// // The application reads the request and makes the response.
/// let (mut response, _) = Response::new("hello").into_parts();
/// exchange.finish(&mut response);
/// assert_eq!(response.headers["x-content-type-options"], "nosniff");
/// ```
#[derive(Debug)]
pub struct Exchange {
    layer: HardeningLayer,
    pending: PoliciesPending,
}

impl HardeningLayer {
    /// Applies the policies to the head of a request, in a stack without `tower`.
    ///
    /// Call [`Exchange::finish`] with the head of the response. The layer's own service calls the
    /// same two functions.
    #[must_use = "the response has no policy until `Exchange::finish` is called"]
    pub fn begin(&self, request: &mut request::Parts) -> Exchange {
        Exchange { layer: self.clone(), pending: self.on_request(request) }
    }
}

impl Exchange {
    /// Applies the policies to the head of the response.
    pub fn finish(self, response: &mut response::Parts) {
        self.layer.on_response(&self.pending, response);
    }
}
