//! The headers are sent with the head, before the body is known.

use std::{convert::Infallible, io, sync::Arc};

use axum::body::Body;
use futures_util::{StreamExt, stream};
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use tokio::sync::Notify;
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::{
    guide::{self, assert_covered},
    server,
    wire::{Wire, request, soon, text},
};

/// Returns the response for a path. A stream waits until the client has the head.
fn respond(request: &Request<Incoming>, head_arrived: Arc<Notify>) -> Response<Body> {
    let wait = async move {
        head_arrived.notified().await;
        Ok::<_, io::Error>(Bytes::from_static(b"late"))
    };
    let body = match request.uri().path() {
        "/streamed" => Body::from_stream(stream::once(wait)),
        "/broken" => {
            let early = stream::once(async { Ok(Bytes::from_static(b"early")) });
            let error = async { wait.await.and(Err(io::Error::other("broken"))) };
            Body::from_stream(early.chain(stream::once(error)))
        }
        "/empty" | "/204" => Body::empty(),
        _ => Body::from("text"),
    };
    let mut response = Response::new(body);
    match request.uri().path() {
        "/length" => {
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("4"));
        }
        "/204" => *response.status_mut() = StatusCode::NO_CONTENT,
        _ => {}
    }
    if request.method() == Method::HEAD {
        *response.body_mut() = Body::from_stream(stream::empty::<io::Result<Bytes>>());
    }
    response
}

fn service(
    head_arrived: Arc<Notify>,
) -> impl Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send>
+ Clone
+ Send {
    guide::layer().layer(service_fn(move |request: Request<Incoming>| {
        let response = respond(&request, head_arrived.clone());
        std::future::ready(Ok(response))
    }))
}

#[tokio::test]
async fn adv_037_every_kind_of_body_has_the_headers() {
    let server = server::plain(service(Arc::default())).await;
    for wire in Wire::BOTH {
        for (method, path, length, body) in [
            (Method::GET, "/text", Some("4"), "text"),
            (Method::GET, "/length", Some("4"), "text"),
            (Method::HEAD, "/length", Some("4"), ""),
            (Method::HEAD, "/streamed", None, ""),
            (Method::GET, "/204", None, ""),
            (Method::GET, "/empty", None, ""),
        ] {
            let case = format!("{method} {path}, {wire:?}");
            let response = wire.send(server, request(method, path)).await;
            assert_covered(response.headers(), &case);
            if let Some(length) = length {
                assert_eq!(response.headers()[header::CONTENT_LENGTH], length, "{case}");
            }
            assert_eq!(text(response).await, body, "{case}");
        }
    }
}

#[tokio::test]
async fn adv_037_the_head_of_a_stream_has_the_headers_before_the_first_byte() {
    for wire in Wire::BOTH {
        let head_arrived = Arc::new(Notify::new());
        let server = server::plain(service(head_arrived.clone())).await;
        let response = wire.get(server, "/streamed").await;
        assert_covered(response.headers(), &format!("{wire:?}"));
        head_arrived.notify_one();
        assert_eq!(text(response).await, "late", "{wire:?}");
    }
}

#[tokio::test]
async fn adv_037_a_body_that_fails_half_way_has_the_headers_and_fails() {
    for wire in Wire::BOTH {
        let head_arrived = Arc::new(Notify::new());
        let server = server::plain(service(head_arrived.clone())).await;
        let response = wire.get(server, "/broken").await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_covered(response.headers(), &format!("{wire:?}"));
        let mut body = response.into_body();
        let first = soon(body.frame()).await.unwrap().unwrap();
        assert_eq!(first.into_data().unwrap(), "early", "{wire:?}");
        head_arrived.notify_one();
        assert!(soon(body.frame()).await.unwrap().is_err(), "{wire:?}");
    }
}

#[tokio::test]
async fn adv_037_a_body_is_not_polled_for_the_headers() {
    let body = stream::poll_fn(|_| -> std::task::Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        panic!("polled")
    });
    let body = StreamBody::new(body);
    let service = service_fn(|request: Request<_>| {
        std::future::ready(Ok::<_, Infallible>(Response::new(request.into_body())))
    });
    let response = guide::layer().layer(service).oneshot(Request::new(body)).await.unwrap();
    assert_covered(response.headers(), "a body that panics");
}
