//! Calls a handler under a layer without a socket, and captures the log.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use tower::{Layer, Service};

use crate::now::now;

type Answer = dyn Fn(Request<()>) -> Response<String> + Send + Sync;

/// Represents a handler that answers at once.
#[derive(Clone)]
pub(crate) struct Handler(Arc<Answer>);

impl Handler {
    pub(crate) fn new(
        answer: impl Fn(Request<()>) -> Response<String> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(answer))
    }
}

impl Service<Request<()>> for Handler {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        ready(Ok((self.0)(request)))
    }
}

/// Returns the response of a service.
pub(crate) fn call<S>(service: &mut S, request: Request<()>) -> Response<String>
where
    S: Service<Request<()>, Response = Response<String>, Error = Infallible>,
{
    now(service.call(request)).unwrap()
}

/// Returns a handler's response under a layer.
pub(crate) fn ask<L, S>(
    layer: &L,
    answer: impl Fn(Request<()>) -> Response<String> + Send + Sync + 'static,
) -> Response<String>
where
    L: Layer<Handler, Service = S>,
    S: Service<Request<()>, Response = Response<String>, Error = Infallible>,
{
    call(&mut layer.layer(Handler::new(answer)), Request::new(()))
}

/// Returns an empty response under a layer.
pub(crate) fn empty<L, S>(layer: &L) -> Response<String>
where
    L: Layer<Handler, Service = S>,
    S: Service<Request<()>, Response = Response<String>, Error = Infallible>,
{
    ask(layer, |_| Response::default())
}

/// Returns the result of an action, and its log.
pub(crate) fn logged<T>(done: impl FnOnce() -> T) -> (T, String) {
    let mut result = None;
    let log = crate::logged::logged(|| result = Some(done()));
    (result.unwrap(), log)
}
