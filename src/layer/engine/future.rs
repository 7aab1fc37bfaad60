//! Defines the response future of every layer that is a rule.

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
    /// Drives the response of a [`Hardened`](crate::service::Hardened) service.
    ///
    /// It polls the inner future and applies the policy to the response.
    pub struct ResponseFuture<F, L: Rule> {
        #[pin]
        inner: F,
        layer: L,
        pending: L::Pending,
    }
}

impl<F, L: Rule> ResponseFuture<F, L> {
    pub(super) fn new(inner: F, layer: L, pending: L::Pending) -> Self {
        Self { inner, layer, pending }
    }
}

impl<F, L, ResBody, E> Future for ResponseFuture<F, L>
where
    F: Future<Output = Result<Response<ResBody>, E>>,
    L: Rule,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut polled = this.inner.poll(context);
        // Change the response in place: moving it costs more than some policies.
        if let Poll::Ready(Ok(response)) = &mut polled {
            this.layer.on_response(this.pending, response);
        }
        polled
    }
}

impl<F: fmt::Debug, L: Rule> fmt::Debug for ResponseFuture<F, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").field("inner", &self.inner).finish_non_exhaustive()
    }
}
