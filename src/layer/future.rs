//! The one response future behind every layer.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::Response;
use pin_project_lite::pin_project;

use super::rule::Rule;

pin_project! {
    /// The future of a [`Hardened`](super::Hardened) service: the inner one's, and then the policy.
    pub struct ResponseFuture<F, R: Rule> {
        #[pin]
        inner: F,
        rule: R,
        pending: R::Pending,
    }
}

impl<F, R: Rule> ResponseFuture<F, R> {
    pub(super) fn new(inner: F, rule: R, pending: R::Pending) -> Self {
        Self { inner, rule, pending }
    }
}

impl<F, R, ResBody, E> Future for ResponseFuture<F, R>
where
    F: Future<Output = Result<Response<ResBody>, E>>,
    R: Rule,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut polled = this.inner.poll(context);
        // Where it lies: a response is too large to be moved for nothing.
        if let Poll::Ready(Ok(response)) = &mut polled {
            this.rule.on_response(this.pending, response);
        }
        polled
    }
}

impl<F: fmt::Debug, R: Rule> fmt::Debug for ResponseFuture<F, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").field("inner", &self.inner).finish_non_exhaustive()
    }
}
