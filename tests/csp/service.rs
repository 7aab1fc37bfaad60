//! Calls a handler under a layer without a socket, and captures the log.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    io::{self, Write},
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use futures_util::FutureExt;
use http::{Request, Response};
use tower::{Layer, Service};
use tracing_subscriber::fmt::MakeWriter;

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
    service.call(request).now_or_never().expect("a ready service became pending").unwrap()
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

/// Returns the log of an action.
pub(crate) fn logged<T>(done: impl FnOnce() -> T) -> (T, String) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish();
    let value = tracing::subscriber::with_default(subscriber, done);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    (value, text)
}

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
