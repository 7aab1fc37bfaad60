//! Generates responses of a service, and returns the answer to a request through a layer around it.

use std::convert::Infallible;

use http::{HeaderName, HeaderValue, Request, Response, StatusCode, Version};
use proptest::{collection::vec, prelude::*, sample::select};
use tower::{Layer, Service};
use tower_hardening::connection::{ConnectionInfo, Scheme};

use crate::{fixed::Fixed, now::now};

/// Returns the answer of a service inside a layer, to a request that is known and named as the
/// response's extensions tell.
pub(crate) fn through<L, S>(layer: &L, response: Response<Vec<u8>>) -> Response<Vec<u8>>
where
    L: Layer<Fixed<Vec<u8>>, Service = S>,
    S: Service<Request<()>, Response = Response<Vec<u8>>, Error = Infallible>,
{
    let mut request = Request::new(());
    request.extensions_mut().extend(response.extensions().clone());
    if let Some(Named(host)) = response.extensions().get() {
        request.headers_mut().insert("host", HeaderValue::from_static(host));
    }
    now(layer.layer(Fixed(response)).call(request)).unwrap()
}

/// Represents a response extension of another crate.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Foreign(pub(crate) u32);

/// Represents the host of the request, in the response's extensions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named(pub(crate) &'static str);

pub(crate) const NAMES_OF_SITES: [&str; 2] = ["example.tld", "example.tld:8443"];

/// Returns a `Host` line, if there is one.
fn named() -> impl Strategy<Value = Option<Named>> {
    let local = ["192.0.2.1", "[::1]:80", "localhost:4000", "a.localhost", "127.1", "0x7f.1"];
    let hosts = [&NAMES_OF_SITES[..], &local].concat();
    proptest::option::of(select(hosts).prop_map(Named))
}

/// Generates the `ConnectionInfo` of a request, or none.
fn known() -> impl Strategy<Value = Option<ConnectionInfo>> {
    let hosts = vec!["example.tld", "192.0.2.1", "[::1]:80", "localhost", "a.localhost"];
    let schemes = vec![Scheme::Https, Scheme::Http, Scheme::Unknown];
    let known =
        (select(schemes), proptest::option::of(select(hosts))).prop_map(|(scheme, host)| {
            let known = ConnectionInfo::new(scheme);
            match host {
                Some(host) => known.with_host(host.parse().unwrap()),
                None => known,
            }
        });
    proptest::option::of(known)
}

pub(crate) const NAMES: [&str; 24] = [
    "content-security-policy",
    "content-security-policy-report-only",
    "strict-transport-security",
    "expect-ct",
    "referrer-policy",
    "x-frame-options",
    "x-content-type-options",
    "x-xss-protection",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-embedder-policy",
    "cross-origin-resource-policy",
    "reporting-endpoints",
    "x-robots-tag",
    "set-cookie",
    "set-cookie",
    "link",
    "vary",
    "content-type",
    "content-length",
    "cache-control",
    "etag",
    "x-a",
    "x-b",
];

pub(crate) fn value() -> impl Strategy<Value = HeaderValue> {
    let bytes = vec(prop_oneof![Just(b'\t'), 0x20..=0x7Eu8, 0x80..=0xFFu8], 0..20);
    let any = bytes.prop_map(|bytes| HeaderValue::from_bytes(&bytes).unwrap());
    let likely =
        select(vec!["DENY", "nosniff", "same-origin", "sid=1; Path=/x", "default-src 'none'"]);
    prop_oneof![any, likely.prop_map(HeaderValue::from_static)]
}

prop_compose! {
    pub(crate) fn response()(
        status in 100..600u16,
        version in select(vec![Version::HTTP_10, Version::HTTP_11, Version::HTTP_2]),
        headers in vec((select(NAMES.to_vec()), value()), 0..24),
        body in vec(any::<u8>(), 0..8),
        foreign in any::<u32>(),
        known in known(),
        named in named(),
    ) -> Response<Vec<u8>> {
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        *response.version_mut() = version;
        for (name, value) in headers {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
        response.extensions_mut().insert(Foreign(foreign));
        known.map(|known| response.extensions_mut().insert(known));
        named.map(|named| response.extensions_mut().insert(named));
        response
    }
}
