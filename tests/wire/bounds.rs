//! Tests bodies and errors of any type, on any executor.

use std::{
    cell::Cell,
    convert::Infallible,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use http::{Request, Response};
use hyper::{
    body::{Body, Bytes, Frame, Incoming},
    rt::Executor,
    server::conn::{http1, http2},
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    net::TcpListener,
    task::{LocalSet, spawn_local},
};
use tower::{Layer, Service, service_fn};

use crate::{
    guide::{self, assert_covered},
    now::now,
    wire::{Wire, text},
};

/// Neither `Send` nor `Clone` nor `Default` nor `Body`, and it borrows.
struct Odd<'a>(Rc<Cell<u8>>, &'a Cell<u8>);

/// Represents the same as an error: without `Debug`, `Display` or `Error`.
struct Failure<'a>(Rc<Cell<u8>>, &'a Cell<u8>);

async fn answer<'a>(request: Request<Odd<'a>>) -> Result<Response<Odd<'a>>, Failure<'a>> {
    Ok(Response::new(request.into_body()))
}

async fn fail<'a>(request: Request<Odd<'a>>) -> Result<Response<Odd<'a>>, Failure<'a>> {
    let Odd(mark, borrowed) = request.into_body();
    Err(Failure(mark, borrowed))
}

#[test]
fn any_body_passes_and_no_runtime_is_needed() {
    let borrowed = Cell::new(1);
    let mark = Rc::new(Cell::new(2));
    let mut service = guide::layer().layer(service_fn(answer));
    let request = Request::new(Odd(mark.clone(), &borrowed));
    let Ok(response) = now(service.call(request)) else { panic!("the service failed") };
    assert_covered(response.headers(), "an odd body");
    assert!(Rc::ptr_eq(&response.body().0, &mark));
    assert!(std::ptr::eq(response.body().1, &borrowed));
}

#[test]
fn adv_039_an_error_of_any_type_passes_through_untouched() {
    let borrowed = Cell::new(1);
    let mark = Rc::new(Cell::new(2));
    let mut service = guide::layer().layer(service_fn(fail));
    let request = Request::new(Odd(mark.clone(), &borrowed));
    let Err(error) = now(service.call(request)) else { panic!("the service answered") };
    assert!(Rc::ptr_eq(&error.0, &mark));
    assert!(std::ptr::eq(error.1, &borrowed));
}

#[test]
fn a_send_service_stays_send() {
    fn is_send<T: Send + Sync>(value: T) -> T {
        value
    }
    let service =
        service_fn(|_: Request<()>| std::future::ready(Ok::<_, Infallible>(Response::new(()))));
    let mut service = is_send(guide::layer().layer(service));
    assert!(now(is_send(service.call(Request::new(())))).is_ok());
}

/// Represents a response body bound to its thread.
struct LocalBody(Rc<Cell<Option<Bytes>>>);

impl Body for LocalBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }
}

#[derive(Clone)]
struct LocalExecutor;

impl<F: Future<Output: 'static> + 'static> Executor<F> for LocalExecutor {
    fn execute(&self, future: F) {
        spawn_local(future);
    }
}

/// Serves a body that cannot leave its thread.
async fn local_server(wire: Wire) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let text = Rc::new(Cell::new(Some(Bytes::from_static(b"local"))));
    let service = guide::layer().layer(service_fn(move |_: Request<Incoming>| {
        std::future::ready(Ok::<_, Infallible>(Response::new(LocalBody(text.clone()))))
    }));
    let service = TowerToHyperService::new(service);
    spawn_local(async move {
        let io = TokioIo::new(listener.accept().await.unwrap().0);
        match wire {
            Wire::Http1 => http1::Builder::new().serve_connection(io, service).await,
            Wire::Http2 => http2::Builder::new(LocalExecutor).serve_connection(io, service).await,
        }
    });
    address
}

#[tokio::test]
async fn a_body_that_is_not_send_is_served_on_one_thread() {
    let test = async {
        for wire in Wire::BOTH {
            let response = wire.get(local_server(wire).await, "/").await;
            assert_covered(response.headers(), &format!("{wire:?}"));
            assert_eq!(text(response).await, "local");
        }
    };
    LocalSet::new().run_until(test).await;
}
