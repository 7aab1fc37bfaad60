//! Defines the service of every layer that is a rule.

use std::task::{Context, Poll};

use http::{Request, Response};
use tower_service::Service;

use super::{future::ResponseFuture, rule::Rule};

/// Applies the policy of the layer `L` to the inner service.
///
/// Readiness and errors of the inner service are returned unchanged. Bodies may be of any type.
#[derive(Clone, Copy, Debug)]
pub struct Hardened<S, L> {
    inner: S,
    layer: L,
}

impl<S, L> Hardened<S, L> {
    pub(in crate::layer) fn new(inner: S, layer: L) -> Self {
        Self { inner, layer }
    }

    /// Returns a reference to the inner service.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// Returns a mutable reference to the inner service.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the inner service, without the policy.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, L, ReqBody, ResBody> Service<Request<ReqBody>> for Hardened<S, L>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    L: Rule,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, L>;

    #[inline]
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    #[inline]
    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        let layer = self.layer.clone();
        let pending = layer.on_request(&mut request);
        ResponseFuture::new(self.inner.call(request), layer, pending)
    }
}
