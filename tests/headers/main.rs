//! Tests the headers that isolate pages and report on them, and the text of their errors.
#![cfg(feature = "headers")]
#![allow(clippy::unwrap_used, reason = "a test may")]

#[cfg(feature = "axum")]
mod dev_overlay;
#[cfg(feature = "axum")]
mod dev_overlay_host;
#[cfg(feature = "tracing")]
mod events;
mod extend;
#[path = "../support/fixed.rs"]
mod fixed;
mod full_map;
mod hostile;
mod integrity;
mod isolated;
mod isolation;
mod known_value;
mod layered;
mod linear;
#[cfg(feature = "tracing")]
#[path = "../support/logged.rs"]
mod logged;
mod network;
#[path = "../support/now.rs"]
mod now;
mod overrides;
mod permissions;
mod private_cookies;
mod read_back;
mod removal;
mod reporting;
mod site_data;
mod small;
mod stackless;
mod static_header;
/// The table of all headers, as the crate has it.
#[path = "../../src/policy/header/table.rs"]
#[expect(unused_imports, unused_macros, reason = "the crate uses the rest")]
mod table;

use std::convert::Infallible;

use headers::Header;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use serde_json::Value;
use tower::{Layer, Service};

use self::{fixed::Fixed, now::now};

/// Returns the cases of a set of vectors.
fn cases(set: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../vectors/headers.json")).unwrap();
    let cases = file[set].as_array().unwrap().clone();
    assert!(cases.len() >= 2, "{set}");
    cases
}

/// Returns the lines of a case, read as one header.
fn decoded<H: Header>(lines: &Value) -> Option<H> {
    let lines = lines.as_array().unwrap().iter().map(|line| line.as_str().unwrap());
    let lines: Vec<HeaderValue> = lines.map(|line| line.parse().unwrap()).collect();
    H::decode(&mut lines.iter()).ok()
}

/// Returns the text of the error that a policy's text gives.
fn refused<P: std::str::FromStr<Err = tower_hardening::ParseError>>(text: &str) -> String {
    match text.parse::<P>() {
        Ok(_) => panic!("{text:?} is accepted"),
        Err(error) => error.to_string(),
    }
}

/// Returns the status and headers of the answer to a request, through layers around a service.
fn asked<L, B>(layer: &L, request: Request<()>, response: Response<()>) -> (StatusCode, HeaderMap)
where
    L: Layer<Fixed<()>>,
    L::Service: Service<Request<()>, Response = Response<B>, Error = Infallible>,
{
    let response = now(layer.layer(Fixed(response)).call(request)).unwrap();
    (response.status(), response.headers().clone())
}

/// Returns the answer to a request that says nothing.
fn answered<L>(layer: &L, response: Response<()>) -> Response<()>
where
    L: Layer<Fixed<()>>,
    L::Service: Service<Request<()>, Response = Response<()>, Error = Infallible>,
{
    let (status, headers) = asked(layer, Request::new(()), response);
    let mut answer = Response::new(());
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    answer
}
