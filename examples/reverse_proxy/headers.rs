//! Lists the headers and trailers that pass through the gateway.
//!
//! An upstream may trust any header that gateways set, such as `True-Client-IP`, `X-Original-URL` or
//! `X-HTTP-Method-Override`. There are too many of them to list. The gateway therefore passes only the headers that are
//! listed here.

use http_body_util::BodyExt;
use hyper::{
    HeaderMap,
    body::{Body, Bytes, Frame},
    header::{self, HeaderName, HeaderValue},
};

/// The headers of a single connection (RFC 9110 sections 7.6.1 and 11.7), in addition to those that `Connection` names.
const HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// The request headers of browsers, feed readers and other servers of the fediverse.
const PASSED_ON: [&str; 44] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-signature",
    "access-control-request-headers",
    "access-control-request-method",
    "authorization",
    "cache-control",
    "collection-synchronization",
    "content-digest",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-type",
    "cookie",
    "date",
    "digest",
    "dnt",
    "early-data",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-event-id",
    "origin",
    "pragma",
    "prefer",
    "priority",
    "range",
    "referer",
    "save-data",
    "signature",
    "signature-input",
    "upgrade-insecure-requests",
    "user-agent",
    "want-digest",
    "x-csrf-token",
    "x-requested-with",
];

/// The beginnings of names that only browsers set, or that belong to WebSockets.
const PASSED_ON_BELOW: &str = "sec-";

/// The trailers of a response that pass. They report how the response ended, and are not headers.
pub(crate) const TRAILERS: [HeaderName; 4] = [
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-status"),
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("server-timing"),
];

/// Returns the headers of a request for the upstream: the listed ones, and those of the command line.
pub(crate) fn passed_on(received: HeaderMap, more: &[HeaderName]) -> HeaderMap {
    let mut passed = HeaderMap::with_capacity(received.len());
    let mut current = None;
    for (name, value) in received {
        // A further value of the same header has no name.
        current = name.or(current);
        let Some(name) = current.clone() else { continue };
        let text = name.as_str();
        let is_known = PASSED_ON.contains(&text) || text.starts_with(PASSED_ON_BELOW);
        if is_known || more.contains(&name) {
            passed.append(name, value);
        }
    }
    passed
}

/// Returns the body without its trailers, except those that may pass.
pub(crate) fn without_trailers<B: Body<Data = Bytes>>(
    body: B,
    may_pass: fn(&HeaderName) -> bool,
) -> impl Body<Data = Bytes, Error = B::Error> {
    body.map_frame(move |frame| match frame.into_trailers() {
        Ok(trailers) => {
            let trailers = trailers.iter().filter(|(name, _)| may_pass(name));
            let trailers = trailers.map(|(name, value)| (name.clone(), value.clone()));
            Frame::trailers(trailers.collect())
        }
        Err(frame) => frame,
    })
}

/// Returns the options of `Connection`: the names of headers that are not passed on.
pub(crate) fn options(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(header::CONNECTION).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

pub(crate) fn remove_hop_by_hop(headers: &mut HeaderMap) {
    // A length next to chunks would contradict them (RFC 9112 section 6.3).
    if headers.contains_key(header::TRANSFER_ENCODING) {
        headers.remove(header::CONTENT_LENGTH);
    }
    let named: Vec<HeaderName> = options(headers).filter_map(|name| name.parse().ok()).collect();
    named.iter().chain(&HOP_BY_HOP).for_each(|name| drop(headers.remove(name)));
}

/// HTTP/2 may have a line for each cookie, HTTP/1.1 has one for all (RFC 9113 section 8.2.3).
pub(crate) fn join_cookies(headers: &mut HeaderMap) {
    let lines: Vec<_> = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if lines.len() > 1 {
        if let Ok(line) = HeaderValue::from_bytes(&lines.join(&b"; "[..])) {
            headers.insert(header::COOKIE, line);
        }
    }
}
