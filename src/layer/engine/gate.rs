//! Supports layers that pass a request on or answer it themselves.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response, header};
use pin_project_lite::pin_project;
use tower_service::Service;

use super::{gate_body::GateBody, grpc::Protocol};
use crate::{
    policy::header::sealed,
    request::{Answer, RequestParts},
};

/// Passes a request on or answers it, depending on its head.
///
/// A gate never fails and never waits. A layer is its own gate.
#[expect(unnameable_types, reason = "sealed: the layers of this crate are the only gates")]
pub trait Gate: sealed::Sealed {
    /// Returns the answer to a request, or `None` if the request passes.
    ///
    /// The inner service does not see a request that is answered here.
    fn answer(&self, request: &impl RequestParts) -> Option<Answer>;
}

/// Applies the gate of the layer `L` before the inner service.
///
/// Readiness and errors of the inner service are returned unchanged. An answer of the gate has an
/// empty [`GateBody`], and no header except `Location`. A client of gRPC gets a `grpc-status` and a
/// `grpc-message` instead. Put the gate inside the [`HardeningLayer`](crate::HardeningLayer), which
/// also adds the policies to such answers.
///
/// `poll_ready` may reserve a resource in the inner service, such as the permit of a
/// `ConcurrencyLimit`. A request that the gate answers does not use the reservation. The gate
/// therefore replaces the inner service with a clone, which drops the reservation. This requires
/// the bound `S: Clone`.
#[derive(Clone, Copy, Debug)]
pub struct Gated<S, L> {
    inner: S,
    layer: L,
}

impl<S, L> Gated<S, L> {
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

    /// Returns the inner service, without the gate.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, L, ReqBody, ResBody> Service<Request<ReqBody>> for Gated<S, L>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
    L: Gate,
{
    type Response = Response<GateBody<ResBody>>;
    type Error = S::Error;
    type Future = GateFuture<S::Future>;

    #[inline]
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    #[inline]
    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let state = match self.layer.answer(&request) {
            None => State::Passed { inner: self.inner.call(request) },
            Some(answer) => {
                self.inner = self.inner.clone();
                State::Answered { answer, protocol: Protocol::of(&request) }
            }
        };
        GateFuture { state }
    }
}

pin_project! {
    /// Drives the response of a [`Gated`] service.
    ///
    /// It polls the inner future, or is ready immediately with the gate's answer.
    pub struct GateFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F> {
        Passed { #[pin] inner: F },
        Answered { answer: Answer, protocol: Protocol },
    }
}

impl<F, B, E> Future for GateFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = Result<Response<GateBody<B>>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Passed { inner } => {
                inner.poll(context).map_ok(|response| response.map(GateBody::inner))
            }
            StateProjection::Answered { answer, protocol } => {
                Poll::Ready(Ok(response(answer, *protocol)))
            }
        }
    }
}

fn response<B>(answer: &Answer, protocol: Protocol) -> Response<GateBody<B>> {
    let mut response = Response::new(GateBody::empty());
    *response.status_mut() = answer.status();
    if let Some(location) = answer.location() {
        response.headers_mut().insert(header::LOCATION, location.clone());
    }
    protocol.convert(&mut response);
    response
}

impl<F: fmt::Debug> fmt::Debug for GateFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateFuture").finish_non_exhaustive()
    }
}
