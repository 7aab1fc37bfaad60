//! The one service behind every layer.

use std::task::{Context, Poll};

use http::{Request, Response};
use tower_service::Service;

use super::{future::ResponseFuture, rule::Rule};

/// A service with a policy applied; every layer of this crate makes one.
///
/// It passes readiness and errors through, and works with any body.
#[derive(Clone, Copy, Debug)]
pub struct Hardened<S, R> {
    inner: S,
    rule: R,
}

impl<S, R> Hardened<S, R> {
    pub(super) fn new(inner: S, rule: R) -> Self {
        Self { inner, rule }
    }

    /// The service inside.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service inside.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The service inside, without the policy.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, R, ReqBody, ResBody> Service<Request<ReqBody>> for Hardened<S, R>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    R: Rule,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, R>;

    #[inline]
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    #[inline]
    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        let rule = self.rule.clone();
        let pending = rule.on_request(&mut request);
        ResponseFuture::new(self.inner.call(request), rule, pending)
    }
}
