//! Layers that let a request pass or answer it themselves.

use std::{
    fmt,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response, header};
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::policy::{Answer, sealed};

/// What a layer of this crate looks at to let a request pass or to answer it. Never fails, never
/// waits.
///
/// Sealed, and named so that a type like `Gated<MyService, HostGate>` can be written down.
pub trait Gate: sealed::Sealed + Clone {
    /// What the request gets in the inner service's place, if anything.
    fn answer<B>(&self, request: &Request<B>) -> Option<Answer>;
}

/// A service behind a gate.
///
/// It passes readiness and errors through. What it answers itself has the empty body that
/// `Default` makes, and no header but `Location`: put it inside of
/// [`HardeningLayer`](super::HardeningLayer), for outside of it such an answer goes out bare.
#[derive(Clone, Copy, Debug)]
pub struct Gated<S, G> {
    inner: S,
    gate: G,
}

impl<S, G> Gated<S, G> {
    pub(super) fn new(inner: S, gate: G) -> Self {
        Self { inner, gate }
    }

    /// The service inside.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service inside.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The service inside, without the gate.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, G, ReqBody, ResBody> Service<Request<ReqBody>> for Gated<S, G>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    G: Gate,
    ResBody: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = GateFuture<S::Future, ResBody>;

    #[inline]
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    #[inline]
    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let way = match self.gate.answer(&request) {
            None => Way::Passed { inner: self.inner.call(request) },
            Some(answer) => Way::Answered { answer },
        };
        GateFuture { way, body: PhantomData }
    }
}

pin_project! {
    /// The future of a [`Gated`] service: the inner one's, or an answer that is there.
    pub struct GateFuture<F, B> {
        #[pin]
        way: Way<F>,
        body: PhantomData<fn() -> B>,
    }
}

pin_project! {
    #[project = WayProjection]
    enum Way<F> {
        Passed { #[pin] inner: F },
        Answered { answer: Answer },
    }
}

impl<F, B, E> Future for GateFuture<F, B>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Default,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().way.project() {
            WayProjection::Passed { inner } => inner.poll(context),
            WayProjection::Answered { answer } => Poll::Ready(Ok(response(answer))),
        }
    }
}

fn response<B: Default>(answer: &Answer) -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = answer.status();
    if let Some(location) = answer.location() {
        response.headers_mut().insert(header::LOCATION, location.clone());
    }
    response
}

impl<F: fmt::Debug, B> fmt::Debug for GateFuture<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateFuture").finish_non_exhaustive()
    }
}
