//! Defines the inner service, and the client that sends requests to it through a contender.

use std::{
    convert::Infallible,
    future::{Future, Ready, ready},
    hint::black_box,
    pin::pin,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::Full;
use tower::Service;
use tower_hardening::Nonce;

use crate::traffic::Traffic;

pub type Body = Full<Bytes>;

/// Answers every request immediately with the same response.
#[derive(Clone, Copy)]
pub struct Inner(pub Traffic);

impl<B> Service<Request<B>> for Inner {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if self.0.reads_nonce {
            black_box(request.extensions().get::<Nonce>().map(Nonce::get));
        }
        black_box(&request);
        ready(Ok(respond(self.0)))
    }
}

#[inline(never)]
fn respond(traffic: Traffic) -> Response<Body> {
    let mut response = Response::new(Body::default());
    (traffic.response)(response.headers_mut());
    response
}

/// Sends one request after the other to a service.
pub trait Client: Send + Sync {
    fn exchange(&mut self);

    /// Returns the headers of one response.
    fn headers(&mut self) -> HeaderMap;

    /// Returns a client of a clone of the service, for another thread.
    fn another(&self) -> Box<dyn Client>;
}

/// Creates the client of a service around [`Inner`].
pub fn client<S, B>(service: S, traffic: Traffic) -> Box<dyn Client>
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>
        + Clone
        + Send
        + Sync
        + 'static,
{
    Box::new(Asking { service, traffic })
}

struct Asking<S> {
    service: S,
    traffic: Traffic,
}

impl<S, B> Asking<S>
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
{
    #[inline]
    fn ask(&mut self) -> Poll<Result<Response<B>, Infallible>> {
        let mut request = Request::new(());
        (self.traffic.request)(&mut request);
        // The future is polled in its place: a server does not move it either.
        pin!(self.service.call(request)).poll(&mut Context::from_waker(Waker::noop()))
    }
}

impl<S, B> Client for Asking<S>
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>
        + Clone
        + Send
        + Sync
        + 'static,
{
    #[inline(never)]
    fn exchange(&mut self) {
        let _ = black_box(self.ask());
    }

    fn headers(&mut self) -> HeaderMap {
        match self.ask() {
            Poll::Ready(Ok(response)) => response.into_parts().0.headers,
            Poll::Pending => unreachable!("the service inside is always ready"),
        }
    }

    fn another(&self) -> Box<dyn Client> {
        client(self.service.clone(), self.traffic)
    }
}
