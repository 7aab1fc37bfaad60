//! Tests the policy for uploads and proxied files.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod advisories;
mod disposition;
#[path = "../support/fixed.rs"]
mod fixed;
mod laws;
mod names;
#[path = "../support/now.rs"]
mod now;
mod policies;
mod proxied;
mod survival;
mod types;
mod vectors;

use std::convert::Infallible;

use http::{HeaderMap, Request, Response, StatusCode};
use tower::{Layer, Service};
use tower_hardening::media::{Media, MediaLayer};

use self::{fixed::Fixed, now::now};

/// A body that must not be changed.
const BODY: &str = "the bytes of a file";

type Inner = Fixed<&'static str>;

/// Sends a request for the path through the layer to a service with this response.
fn through<L>(layer: &L, path: &str, answer: Response<&'static str>) -> Response<&'static str>
where
    L: Layer<Inner>,
    L::Service: Service<Request<()>, Response = Response<&'static str>, Error = Infallible>,
{
    let request = Request::get(path).body(()).unwrap();
    now(layer.layer(Fixed(answer)).call(request)).unwrap()
}

fn answer(status: StatusCode, headers: &[(&'static str, &str)]) -> Response<&'static str> {
    let mut response = Response::new(BODY);
    *response.status_mut() = status;
    for (name, value) in headers {
        let value = http::HeaderValue::from_bytes(value.as_bytes()).unwrap();
        response.headers_mut().append(*name, value);
    }
    response
}

fn uploaded(path: &str, headers: &[(&'static str, &str)]) -> HeaderMap {
    let response =
        through(&MediaLayer::new(Media::uploads()), path, answer(StatusCode::OK, headers));
    assert_eq!((response.status(), *response.body()), (StatusCode::OK, BODY));
    response.headers().clone()
}

fn proxied(status: StatusCode, headers: &[(&'static str, &str)]) -> HeaderMap {
    let answer = answer(status, headers);
    let response = through(&MediaLayer::new(Media::proxied()), "/proxy/a.html", answer);
    assert_eq!((response.status(), *response.body()), (status, BODY));
    response.headers().clone()
}

/// Returns all lines of a header.
fn lines<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
}
