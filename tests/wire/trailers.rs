//! Trailers of requests and responses are passed on.

use std::convert::Infallible;

use futures_util::{Stream, stream};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::{Bytes, Frame, Incoming};
use tower::{Layer, service_fn};

use crate::{
    guide::{self, assert_covered},
    server,
    wire::{Wire, soon},
};

type AnyBody = UnsyncBoxBody<Bytes, Infallible>;

fn trailers() -> HeaderMap {
    server::headers([("x-checksum", &b"42"[..]), ("x-checksum", b"4\xFF"), ("x-count", b"2")])
}

/// Returns two pieces of data, and the trailers.
fn frames() -> impl Stream<Item = Result<Frame<Bytes>, Infallible>> {
    stream::iter([
        Ok(Frame::data(Bytes::from_static(b"one "))),
        Ok(Frame::data(Bytes::from_static(b"two"))),
        Ok(Frame::trailers(trailers())),
    ])
}

/// Answers with the request's own body, or with one of its own.
async fn respond(request: Request<Incoming>) -> Result<Response<AnyBody>, hyper::Error> {
    let body = match request.uri().path() {
        "/echo" => {
            let sent = request.into_body().collect().await?;
            let trailers = sent.trailers().cloned();
            let frames = [Some(Frame::data(sent.to_bytes())), trailers.map(Frame::trailers)];
            StreamBody::new(stream::iter(frames.into_iter().flatten().map(Ok))).boxed_unsync()
        }
        "/frames" => StreamBody::new(frames()).boxed_unsync(),
        _ => {
            let body = Full::new(Bytes::from_static(b"one two"));
            body.with_trailers(async { Some(Ok(trailers())) }).boxed_unsync()
        }
    };
    let mut response = Response::new(body);
    let names = HeaderValue::from_static("x-checksum, x-count");
    response.headers_mut().insert("trailer", names);
    Ok(response)
}

fn request(path: &str) -> Request<AnyBody> {
    let mut request = Request::post(path).header("te", "trailers");
    if path == "/echo" {
        request = request.header("trailer", "x-checksum, x-count");
        return request.body(StreamBody::new(frames()).boxed_unsync()).unwrap();
    }
    request.body(Full::default().boxed_unsync()).unwrap()
}

#[tokio::test]
async fn adv_044_trailers_arrive_in_both_directions() {
    let server = server::plain(guide::layer().layer(service_fn(respond))).await;
    for (wire, path) in [
        (Wire::Http1, "/frames"),
        (Wire::Http1, "/echo"),
        (Wire::Http2, "/frames"),
        (Wire::Http2, "/echo"),
        // In HTTP/1.1 a body of known length is sent without chunks, and so without trailers.
        (Wire::Http2, "/full"),
    ] {
        let case = format!("{path}, {wire:?}");
        let response = wire.send(server, request(path)).await;
        assert_covered(response.headers(), &case);
        let body = soon(response.into_body().collect()).await.unwrap();
        assert_eq!(body.trailers(), Some(&trailers()), "{case}");
        assert_eq!(body.to_bytes(), "one two", "{case}");
    }
}
