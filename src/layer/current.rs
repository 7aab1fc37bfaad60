//! Applies a layer that can be replaced while requests use it.

use tower_layer::Layer;

use crate::{
    layer::engine::{rule::Rule, service::Hardened},
    policy::{Current, header::sealed},
    request::{RequestParts, ResponseParts},
};

impl<S, L> Layer<S> for Current<L> {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl<L> sealed::Sealed for Current<L> {}

impl<L: Rule> Rule for Current<L> {
    /// Represents the layer that was current when the request began, with its own state.
    type Pending = (L, L::Pending);

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) -> Self::Pending {
        let layer = self.cloned();
        let pending = layer.on_request(request);
        (layer, pending)
    }

    #[inline]
    fn on_response(&self, (layer, pending): &Self::Pending, response: &mut impl ResponseParts) {
        layer.on_response(pending, response);
    }
}
