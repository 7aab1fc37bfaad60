//! Fuzzes forwarding headers of a client, to which its proxy adds its own: the scheme is https only
//! if the proxy says so, and every host is valid.
#![no_main]

#[path = "../../tests/support/now.rs"]
mod now;

use std::{
    convert::Infallible,
    future::Ready,
    task::{Context, Poll},
};

use http::{HeaderName, HeaderValue, Request, Response};
use libfuzzer_sys::fuzz_target;
use tower_hardening::{
    connection::{
        ConnectionInfo, ConnectionSource, ForwardingHeaders, Host, Scheme, Transport,
        TrustedProxies,
    },
    hosts::{HttpsRedirect, HttpsRedirectLayer},
};
use tower_layer::Layer;
use tower_service::Service;

use self::now::now;

/// Represents a service that is never called: everything over http is answered.
#[derive(Clone)]
struct Unreachable;

impl Service<Request<()>> for Unreachable {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        panic!("{request:?} is passed on over http")
    }
}

fn answer<S, B>(mut service: S, request: Request<()>) -> Response<B>
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
{
    now(service.call(request)).unwrap()
}

const NAMES: [&str; 5] =
    ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "host"];

fuzz_target!(|input: &[u8]| {
    let mut request = Request::new(());
    for line in input.split(|byte| *byte == b'\n') {
        let Some((number, value)) = line.split_first() else { continue };
        let name = NAMES[usize::from(*number) % NAMES.len()];
        if let Ok(value) = HeaderValue::from_bytes(value) {
            request.headers_mut().append(name, value);
        }
    }
    for headers in [ForwardingHeaders::Forwarded, ForwardingHeaders::XForwarded] {
        let own = match headers {
            ForwardingHeaders::Forwarded => &[("forwarded", "for=192.0.2.99;proto=http")][..],
            _ => &[("x-forwarded-for", "192.0.2.99"), ("x-forwarded-proto", "http")],
        };
        let mut request = request.clone();
        for (name, value) in own {
            let name = HeaderName::from_static(name);
            let lines = request.headers().get_all(&name).iter();
            let mut joined: Vec<u8> = Vec::new();
            for line in lines {
                joined.extend_from_slice(line.as_bytes());
                joined.extend_from_slice(b", ");
            }
            joined.extend_from_slice(value.as_bytes());
            let joined = HeaderValue::try_from(joined).expect("lines are header values");
            request.headers_mut().insert(name, joined);
        }
        let proxies = TrustedProxies::hops(1, headers).with_forwarded_host();
        let known = ConnectionSource::trusting(proxies).examine(&request, Transport::new());
        assert_ne!(known.scheme(), Scheme::Https);
        if let Some(host) = known.host() {
            assert_eq!(host.to_string().parse::<Host>().as_ref(), Ok(host));
        }
        let untrusted = TrustedProxies::unix_socket(headers).with_forwarded_host();
        let far = ConnectionSource::trusting(untrusted).examine(&request, Transport::new());
        assert_eq!((far.scheme(), far.peer()), (Scheme::Unknown, None));

        let site = "https://example.tld".parse().expect("an origin");
        let mut redirected = Request::new(());
        let target = String::from_utf8_lossy(input).parse();
        *redirected.uri_mut() = target.unwrap_or_default();
        let over_http = ConnectionInfo::new(Scheme::Http);
        redirected.extensions_mut().insert(over_http);
        let redirect = HttpsRedirect::to_site(&site).expect("on https");
        let answer = answer(HttpsRedirectLayer::new(redirect).layer(Unreachable), redirected);
        if let Some(location) = answer.headers().get("location") {
            let location = location.to_str().expect("visible ASCII");
            assert!(location.starts_with("https://example.tld/"), "{location}");
        }
    }
});
