//! Defines the body of a response that passes a gate or comes from it.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// Represents the response body of a [`Gated`](crate::service::Gated) service.
    ///
    /// It is the body of the inner service, or empty if the gate answered the request itself.
    #[derive(Clone, Copy, Debug)]
    pub struct GateBody<B> {
        // `None` for an answer of the gate.
        #[pin]
        inner: Option<B>,
    }
}

impl<B> GateBody<B> {
    pub(super) fn inner(body: B) -> Self {
        Self { inner: Some(body) }
    }

    pub(super) fn empty() -> Self {
        Self { inner: None }
    }

    /// Returns the inner service's body, or `None` if the gate answered.
    pub fn into_inner(self) -> Option<B> {
        self.inner
    }
}

impl<B: Body> Body for GateBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        match self.project().inner.as_pin_mut() {
            Some(inner) => inner.poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}
