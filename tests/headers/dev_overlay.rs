//! Policies for hot reload reach a developer's own requests and no others.

use std::net::SocketAddr;

use axum::{Extension, Router, routing::get};
use http::{HeaderMap, Request, Response};
use http_body_util::Empty;
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tower_hardening::{
    ContentSecurityPolicy, Hardening, HardeningLayer,
    connection::{ConnectionInfo, ConnectionInfoLayer, Scheme, Transport},
};

use super::asked;

const POLICY: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'",
);
pub(super) const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'";
pub(super) const RELAXED: &str = "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws:; frame-ancestors 'none'";

pub(super) fn overlay() -> HardeningLayer {
    HardeningLayer::new(Hardening::empty().with(POLICY)).dangerous_dev_overlay()
}

/// Selects how the server knows the peer.
#[derive(Clone, Copy)]
enum Peer {
    Told,
    Untold,
}

async fn serve(app: Router, peer: Peer) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        match peer {
            Peer::Told => {
                let app = app.into_make_service_with_connect_info::<SocketAddr>();
                axum::serve(listener, app).await.unwrap();
            }
            Peer::Untold => axum::serve(listener, app).await.unwrap(),
        }
    });
    address
}

/// Returns the content policy of one request over a new connection.
async fn policy(to: SocketAddr, headers: &[(&str, &str)]) -> String {
    let io = TokioIo::new(TcpStream::connect(to).await.unwrap());
    let (mut sender, connection) = http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    let mut request = Request::builder().uri("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = sender.send_request(request.body(Empty::<Bytes>::new()).unwrap()).await.unwrap();
    csp(answer.headers())
}

pub(super) fn csp(headers: &HeaderMap) -> String {
    headers["content-security-policy"].to_str().unwrap().to_owned()
}

fn app() -> Router {
    Router::new().route("/", get(async || "page")).layer(overlay())
}

#[tokio::test]
async fn a_loopback_peer_that_names_a_loopback_host_over_http_gets_the_relaxed_policy() {
    for app in [
        app(),
        app().layer(ConnectionInfoLayer::from_transport()),
        app().layer(ConnectionInfoLayer::assume_http()),
    ] {
        let server = serve(app, Peer::Told).await;
        let own = server.to_string();
        for host in
            [&own, "localhost", "localhost:5173", "APP.localhost.", "127.9.9.9", "[::1]:3000"]
        {
            assert_eq!(policy(server, &[("host", host)]).await, RELAXED, "{host}");
        }
    }
}

#[tokio::test]
async fn another_host_keeps_the_policy() {
    let server = serve(app(), Peer::Told).await;
    for host in [
        "example.tld",
        "192.168.1.7:3000",
        "0.0.0.0",
        "[::]",
        "[::ffff:127.0.0.1]",
        "localhost.example",
        "notlocalhost",
        "127.0.0.1.example",
        "127.1",
        "localhost, example.tld",
        "user@localhost",
        "",
    ] {
        assert_eq!(policy(server, &[("host", host)]).await, STRICT, "{host}");
    }
    assert_eq!(policy(server, &[("host", "localhost"), ("host", "127.0.0.1")]).await, STRICT);
}

#[tokio::test]
async fn an_unknown_peer_keeps_the_policy() {
    for app in [app(), app().layer(ConnectionInfoLayer::from_transport())] {
        let server = serve(app, Peer::Untold).await;
        assert_eq!(policy(server, &[("host", "localhost")]).await, STRICT);
    }
    let unix = app().layer(Extension(Transport::from_unix_socket()));
    let server = serve(unix, Peer::Untold).await;
    assert_eq!(policy(server, &[("host", "localhost")]).await, STRICT);
}

#[tokio::test]
async fn a_peer_elsewhere_keeps_the_policy() {
    for peer in ["192.0.2.7:1", "[2001:db8::1]:1", "[::ffff:192.0.2.7]:1", "0.0.0.0:1"] {
        let transport = Transport::from_peer(peer.parse().unwrap());
        let server = serve(app().layer(Extension(transport)), Peer::Untold).await;
        assert_eq!(policy(server, &[("host", "localhost")]).await, STRICT, "{peer}");
        let server = serve(app().layer(Extension(transport)), Peer::Told).await;
        assert_eq!(policy(server, &[("host", "localhost")]).await, STRICT, "{peer}");
    }
    let transport = Transport::from_peer("[::ffff:127.0.0.1]:1".parse().unwrap());
    let server = serve(app().layer(Extension(transport)), Peer::Untold).await;
    assert_eq!(policy(server, &[("host", "localhost")]).await, RELAXED);
}

#[tokio::test]
async fn https_keeps_the_policy() {
    let tls = Transport::from_peer("127.0.0.1:1".parse().unwrap()).over_tls();
    for app in [
        app().layer(Extension(tls)),
        app().layer(ConnectionInfoLayer::assume_https()),
        app().layer(ConnectionInfoLayer::assume_http()).layer(Extension(tls)),
    ] {
        let server = serve(app, Peer::Told).await;
        assert_eq!(policy(server, &[("host", "localhost")]).await, STRICT);
    }
}

#[tokio::test]
async fn a_request_through_a_proxy_keeps_the_policy() {
    let server = serve(app(), Peer::Told).await;
    for (name, value) in [
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-host", "localhost"),
        ("x-real-ip", "::1"),
        ("forwarded", "for=127.0.0.1;proto=http"),
        ("via", "1.1 proxy"),
    ] {
        let headers = [("host", "localhost"), (name, value)];
        assert_eq!(policy(server, &headers).await, STRICT, "{name}");
    }
    for name in [
        "x-forwarded-port",
        "x-forwarded-ssl",
        "x-original-forwarded-for",
        "x-client-ip",
        "cdn-loop",
        "true-client-ip",
        "cf-connecting-ip",
        "cf-visitor",
        "cloudfront-forwarded-proto",
        "front-end-https",
    ] {
        let headers = [("host", "localhost"), (name, "127.0.0.1")];
        assert_eq!(policy(server, &headers).await, STRICT, "{name}");
    }
}

#[test]
fn every_content_policy_is_relaxed_and_no_other_header_and_without_the_option_none() {
    let request = || {
        let mut request = Request::new(());
        request.headers_mut().insert("host", "localhost".parse().unwrap());
        let peer = std::net::Ipv6Addr::LOCALHOST.into();
        let known = ConnectionInfo::new(Scheme::Unknown).with_peer(peer);
        let known = known.with_host("localhost".parse().unwrap());
        request.extensions_mut().insert(known);
        request
    };
    let watched = ContentSecurityPolicy::from_static("default-src 'self'; report-uri /csp");
    let all =
        || Hardening::recommended().with_report_only(watched.clone()).with_additional_csp(POLICY);
    let ask = |layer: &HardeningLayer| asked(layer, request(), Response::new(())).1;
    let lines = |headers: &HeaderMap, name: &str| -> Vec<String> {
        let lines = headers.get_all(name).iter();
        lines.map(|line| line.to_str().unwrap().to_owned()).collect()
    };
    let usual = ask(&HardeningLayer::new(all()));
    let relaxed = ask(&HardeningLayer::new(all()).dangerous_dev_overlay());
    for (name, value) in &usual {
        if !name.as_str().starts_with("content-security") {
            assert_eq!(relaxed.get(name), Some(value), "{name}");
        }
    }
    assert!(!lines(&usual, "content-security-policy").concat().contains("ws:"));
    let sent = lines(&relaxed, "content-security-policy");
    assert_eq!(sent.len(), 2);
    assert!(sent[0].contains("script-src 'self' 'unsafe-eval'") && sent[0].contains(" ws:"));
    assert_eq!(sent[1], RELAXED);
    let sent = lines(&relaxed, "content-security-policy-report-only");
    assert!(sent[0].contains("script-src 'self' 'unsafe-eval'"), "{sent:?}");
    // A hook of the application still adds its sources.
    let layer = HardeningLayer::new(Hardening::empty().with(POLICY));
    let hook = |_: &tower_hardening::csp::RequestHead<'_>| {
        let host = tower_hardening::csp::Source::host("https://cdn.example").unwrap();
        [tower_hardening::csp::Addition::source(
            tower_hardening::csp::SourceDirective::CONNECT_SRC,
            host,
        )]
    };
    for layer in [
        layer.clone().dangerous_dev_overlay().with_sources(hook),
        layer.with_sources(hook).dangerous_dev_overlay(),
    ] {
        let sent = csp(&ask(&layer));
        assert!(sent.contains("connect-src 'self' https://cdn.example ws:"), "{sent}");
    }
}
