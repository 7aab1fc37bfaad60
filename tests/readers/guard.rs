//! Calls the guard in this process, and a naive guard for the controls.

use std::{
    convert::Infallible,
    future::{Ready, ready},
};

use http::{HeaderValue, Request, Response, header};
use tower::{Layer, Service, service_fn, util::BoxService};
use tower_hardening::{
    HostCookieLayer, HostCookies,
    connection::{ConnectionInfoLayer, ConnectionSource},
};

use crate::{NAME, now::now, reader::Lines};

/// Represents the configuration of the guard, and the scheme of the request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mode {
    Default,
    Strict,
    /// All names that begin like the guarded one are guarded.
    Open,
    /// Over http, where no browser sends a guarded cookie.
    DefaultOverHttp,
    StrictOverHttp,
}

impl Mode {
    pub(crate) const ALL: [Self; 5] =
        [Self::Default, Self::Strict, Self::Open, Self::DefaultOverHttp, Self::StrictOverHttp];

    pub(crate) fn is_strict(self) -> bool {
        matches!(self, Self::Strict | Self::StrictOverHttp)
    }

    pub(crate) fn is_https(self) -> bool {
        !matches!(self, Self::DefaultOverHttp | Self::StrictOverHttp)
    }
}

type Inner = fn(Request<()>) -> Ready<Result<Response<Lines>, Infallible>>;

/// Represents the layer around a service that answers with the `Cookie` lines that it gets.
pub(crate) struct Guard(BoxService<Request<()>, Response<Lines>, Infallible>);

impl Guard {
    pub(crate) fn new(mode: Mode) -> Self {
        let name = if mode == Mode::Open { "pleroma_*" } else { NAME };
        let cookies = HostCookies::new([name]).unwrap();
        let cookies = if mode.is_strict() { cookies.reject_ambiguous() } else { cookies };
        let source = if mode.is_https() {
            ConnectionSource::assume_https()
        } else {
            ConnectionSource::assume_http()
        };
        let inner: Inner = |request| ready(Ok(Response::new(lines(&request))));
        let guarded = HostCookieLayer::new(cookies).layer(service_fn(inner));
        Self(BoxService::new(ConnectionInfoLayer::new(source).layer(guarded)))
    }

    /// Returns the lines that the application gets for these.
    pub(crate) fn rewrite(&mut self, sent: &[Vec<u8>]) -> Lines {
        let mut request = Request::builder().header(header::HOST, "example.tld").body(()).unwrap();
        for line in sent {
            let line = HeaderValue::from_bytes(line).unwrap();
            request.headers_mut().append(header::COOKIE, line);
        }
        now(self.0.call(request)).unwrap().into_body()
    }
}

/// Returns the `Cookie` lines without blanks around, as HTTP servers do.
fn lines(request: &Request<()>) -> Lines {
    let lines = request.headers().get_all(header::COOKIE).iter();
    lines.map(|line| line.as_bytes().trim_ascii().to_vec()).collect()
}

/// Applies a guard that compares exact names between semicolons, and nothing else.
pub(crate) fn naive(sent: &[Vec<u8>]) -> Lines {
    let line = |line: &Vec<u8>| {
        let kept: Vec<Vec<u8>> = line.split(|byte| *byte == b';').filter_map(segment).collect();
        kept.join(&b"; "[..])
    };
    sent.iter().map(line).filter(|line| !line.is_empty()).collect()
}

fn segment(segment: &[u8]) -> Option<Vec<u8>> {
    let segment = segment.trim_ascii();
    match name(segment) {
        name if name == NAME.as_bytes() => None,
        b"__Host-pleroma_key" => Some(segment[b"__Host-".len()..].to_vec()),
        _ => Some(segment.to_vec()),
    }
}

/// Returns the name of a segment between two semicolons, as browsers read it.
pub(crate) fn name(segment: &[u8]) -> &[u8] {
    let end = segment.iter().position(|byte| *byte == b'=').unwrap_or(0);
    segment[..end].trim_ascii()
}
