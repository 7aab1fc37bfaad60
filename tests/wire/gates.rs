//! Gates accept services whose bodies have no empty value.

use std::{convert::Infallible, future::ready};

use futures_util::stream;
use http::{Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Either, Empty, Full, StreamBody, combinators::BoxBody};
use hyper::body::Bytes;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_hardening::hosts::{AllowedHosts, AllowedHostsLayer};
use tower_http::{limit::RequestBodyLimitLayer, trace::TraceLayer};

fn gate() -> AllowedHostsLayer {
    AllowedHostsLayer::new(AllowedHosts::new(["example.tld"]).unwrap())
}

/// Returns the responses of a gate to a request that passes and to one that it answers.
async fn assert_gated<S, B>(service: S)
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone,
    S::Error: std::fmt::Debug,
    B: Body<Data = Bytes>,
    B::Error: std::fmt::Debug,
{
    let gated = gate().layer(service);
    for (host, status, text) in [
        ("example.tld", StatusCode::OK, &b"inside"[..]),
        ("evil.example", StatusCode::MISDIRECTED_REQUEST, b""),
    ] {
        let request = Request::builder().header("host", host).body(Full::default()).unwrap();
        let response = gated.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.body().is_end_stream(), text.is_empty(), "{host}");
        let body = response.into_body();
        if text.is_empty() {
            assert_eq!(body.size_hint().exact(), Some(0));
        }
        assert_eq!(body.collect().await.unwrap().to_bytes(), text, "{host}");
    }
}

fn full<R>(_: Request<R>) -> std::future::Ready<Result<Response<Full<Bytes>>, Infallible>> {
    ready(Ok(Response::new(Full::from("inside"))))
}

#[tokio::test]
async fn a_gate_accepts_a_trace_layer() {
    assert_gated(TraceLayer::new_for_http().layer(service_fn(full))).await;
}

#[tokio::test]
async fn a_gate_accepts_a_limit_of_request_bodies() {
    assert_gated(RequestBodyLimitLayer::new(16).layer(service_fn(full))).await;
}

#[tokio::test]
async fn a_gate_accepts_a_stream() {
    let frames = async |_: Request<Full<Bytes>>| {
        let parts = ["in", "side"].map(|part| Ok::<_, Infallible>(Frame::data(Bytes::from(part))));
        Ok::<_, Infallible>(Response::new(StreamBody::new(stream::iter(parts))))
    };
    assert_gated(service_fn(frames)).await;
}

#[tokio::test]
async fn a_gate_accepts_one_of_two_bodies() {
    let either = async |request: Request<Full<Bytes>>| {
        let body = match request.uri().path() {
            "/" => Either::Left(Full::from("inside")),
            _ => Either::Right(Empty::new()),
        };
        Ok::<Response<Either<Full<Bytes>, Empty<Bytes>>>, Infallible>(Response::new(body))
    };
    assert_gated(service_fn(either)).await;
}

#[tokio::test]
async fn a_gate_accepts_a_boxed_body() {
    let boxed = async |_: Request<Full<Bytes>>| {
        let body: BoxBody<Bytes, Infallible> = Full::from("inside").boxed();
        Ok::<_, Infallible>(Response::new(body))
    };
    assert_gated(service_fn(boxed)).await;
}

#[tokio::test]
async fn the_frames_and_trailers_of_the_inner_body_pass() {
    let frames = async |_: Request<()>| {
        let mut trailers = http::HeaderMap::new();
        trailers.insert("x-sum", http::HeaderValue::from_static("1"));
        let frames = [Frame::data(Bytes::from("a")), Frame::trailers(trailers)];
        let frames = frames.map(Ok::<_, Infallible>);
        Ok::<_, Infallible>(Response::new(StreamBody::new(stream::iter(frames))))
    };
    let request = Request::builder().header("host", "example.tld").body(()).unwrap();
    let response = gate().layer(service_fn(frames)).oneshot(request).await.unwrap();
    let collected = response.into_body().collect().await.unwrap();
    assert_eq!(collected.trailers().unwrap()["x-sum"], "1");
    assert_eq!(collected.to_bytes(), "a");
}
