//! The gateway's own responses.

use http_body_util::{Either, Full, combinators::UnsyncBoxBody};
use hyper::{
    Method, Response, StatusCode,
    body::Bytes,
    header::{self, HeaderValue},
};

/// Represents the upstream's own bytes, or a rejection by the gateway.
pub(crate) type Body = Either<UnsyncBoxBody<Bytes, hyper::Error>, Full<Bytes>>;

/// The methods that are passed on. With TRACE a page could read cookies that are hidden from it.
pub(crate) const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// Represents the gateway's own response.
pub(crate) struct Refusal(pub(crate) StatusCode, pub(crate) &'static str);

impl Refusal {
    pub(crate) fn into_response(self) -> Response<Body> {
        let Self(status, words) = self;
        let mut response = Response::new(Either::Right(Full::from(words)));
        *response.status_mut() = status;
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, text);
        if status == StatusCode::METHOD_NOT_ALLOWED {
            let methods = METHODS.each_ref().map(Method::as_str).join(", ");
            response.headers_mut().extend(methods.parse().map(|methods| (header::ALLOW, methods)));
        }
        response
    }
}
