//! Tests the host of a request that gets the policies for hot reload.

use std::net::SocketAddr;

use http::{Request, Response};
use tower_hardening::connection::{ConnectionInfo, Scheme, Transport};

use super::{
    asked,
    dev_overlay::{RELAXED, STRICT, csp, overlay},
};

#[test]
fn a_host_of_the_message_that_another_place_contradicts_keeps_the_policy() {
    let ask = |uri: &str, host: Option<&'static str>, found: Option<&str>| {
        let mut request = Request::builder().uri(uri).body(()).unwrap();
        let peer = std::net::Ipv4Addr::LOCALHOST.into();
        host.map(|host| request.headers_mut().insert("host", host.parse().unwrap()));
        match found {
            Some(found) => {
                let known = ConnectionInfo::new(Scheme::Unknown).with_peer(peer);
                let known = known.with_host(found.parse().unwrap());
                request.extensions_mut().insert(known);
            }
            None => {
                let peer = Transport::from_peer(SocketAddr::new(peer, 1));
                request.extensions_mut().insert(peer);
            }
        }
        csp(&asked(&overlay(), request, Response::new(())).1)
    };
    for (uri, host, found) in [
        ("http://localhost/", Some("evil.example"), None),
        ("http://evil.example/", Some("localhost"), None),
        ("http://localhost:1/", Some("localhost:2"), None),
        ("https://localhost/", Some("localhost"), None),
        ("/", Some("evil.example"), Some("localhost")),
        ("/", Some("localhost"), Some("evil.example")),
        ("/", None, Some("localhost")),
        ("/", None, None),
    ] {
        assert_eq!(ask(uri, host, found), STRICT, "{uri} {host:?} {found:?}");
    }
    assert_eq!(ask("http://localhost/", None, None), RELAXED);
    assert_eq!(ask("/", Some("localhost"), Some("localhost")), RELAXED);
}
