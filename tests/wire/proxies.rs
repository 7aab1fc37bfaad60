//! Tests requests of proxies, and of clients that pretend to be a proxy, byte for byte.

use std::net::SocketAddr;

use axum::{Extension, Router, routing::any};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tower_hardening::{
    Hardening, HardeningLayer, Origin,
    connection::{
        ConnectionInfo, ConnectionInfoLayer, ConnectionSource, ForwardingHeaders, Transport,
        TrustedProxies,
    },
    hosts::{AllowedHosts, AllowedHostsLayer, HttpsRedirect, HttpsRedirectLayer},
};

use crate::{
    server,
    wire::{Wire, request, soon, text},
};

/// Returns the result of the layers for the request.
async fn tell(Extension(known): Extension<ConnectionInfo>) -> String {
    let host = known.host().map(ToString::to_string).unwrap_or_default();
    let peer = known.peer().map(|peer| peer.to_string()).unwrap_or_default();
    format!("{:?} {host} {peer}", known.scheme())
}

fn site() -> Origin {
    "https://example.tld".parse().unwrap()
}

fn trusting(network: &str) -> ConnectionSource {
    let headers = ForwardingHeaders::XForwarded;
    ConnectionSource::trusting(TrustedProxies::networks([network], headers).unwrap())
}

/// Returns a complete application, as an author writes it behind a proxy.
async fn whole(source: ConnectionSource) -> SocketAddr {
    let hosts = || AllowedHosts::new(["example.tld", "www.example.tld"]).unwrap();
    let redirect = HttpsRedirect::allowing(hosts()).exempt_path("/health").unwrap();
    let app = Router::new()
        .fallback(any(tell))
        .layer(HttpsRedirectLayer::new(redirect))
        .layer(AllowedHostsLayer::new(hosts()))
        .layer(HardeningLayer::new(Hardening::pleroma(&site())))
        .layer(ConnectionInfoLayer::new(source))
        .into_make_service_with_connect_info::<SocketAddr>();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

/// Returns the response to these bytes and an end of the head: its status line, its header lines in
/// lower case, and its body.
async fn raw(to: SocketAddr, head: impl AsRef<[u8]>) -> (String, Vec<String>, String) {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(head.as_ref()).await.unwrap();
    stream.write_all(b"\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let (status, lines) = head.split_once("\r\n").unwrap();
    let lines = lines.split("\r\n").map(str::to_owned).collect();
    let status = status.split(' ').nth(1).unwrap();
    (status.to_owned(), lines, body.to_owned())
}

fn value<'a>(lines: &'a [String], name: &str) -> Option<&'a str> {
    let mut found = lines.iter().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let value = found.next();
    assert_eq!(found.next(), None, "{name} twice");
    value
}

#[tokio::test]
async fn the_headers_of_a_trusted_proxy_are_used() {
    let server = whole(trusting("127.0.0.0/8")).await;
    let proxied = |proto: &str| {
        format!(
            "GET /a?b HTTP/1.1\r\nhost: example.tld\r\nx-forwarded-for: 192.0.2.66, 192.0.2.7\r\nx-forwarded-proto: {proto}"
        )
    };
    for proto in ["https", "HTTPS", "wss", "http, https", "http\r\nx-forwarded-proto: https"] {
        let (status, lines, body) = raw(server, proxied(proto)).await;
        assert_eq!((&*status, &*body), ("200", "Https example.tld 192.0.2.7"), "{proto}");
        assert!(value(&lines, "strict-transport-security").is_some());
    }
    for proto in ["http", "ws", "https, http"] {
        let (status, lines, body) = raw(server, proxied(proto)).await;
        assert_eq!((&*status, &*body), ("301", ""), "{proto}");
        assert_eq!(value(&lines, "location"), Some("https://example.tld/a?b"));
        assert_eq!(value(&lines, "content-length"), Some("0"));
        assert_eq!(value(&lines, "strict-transport-security"), None);
        let policy = value(&lines, "content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("upgrade-insecure"));
        assert_eq!(value(&lines, "x-frame-options"), Some("DENY"));
    }
    for proto in ["", "ftp", "\"https\""] {
        let (status, _, body) = raw(server, proxied(proto)).await;
        assert_eq!((&*status, &*body), ("200", "Unknown example.tld 192.0.2.7"), "{proto}");
    }
}

#[tokio::test]
async fn adv_052_any_other_peer_is_not_trusted() {
    let server = whole(trusting("192.0.2.0/24")).await;
    for line in [
        "x-forwarded-proto: https",
        "x-forwarded-proto: http",
        "x-forwarded-for: 192.0.2.1\r\nx-forwarded-proto: https",
        "forwarded: for=192.0.2.1;proto=https",
        "x-forwarded-host: evil.example",
        "x-forwarded-for: 192.0.2.1\r\nconnection: x-forwarded-for",
    ] {
        let head = format!("GET / HTTP/1.1\r\nhost: example.tld\r\n{line}");
        let (status, _, body) = raw(server, head).await;
        assert_eq!((&*status, &*body), ("200", "Unknown example.tld 127.0.0.1"), "{line}");
    }
}

#[tokio::test]
async fn adv_055_nothing_of_what_was_forwarded_is_echoed() {
    let server = whole(trusting("127.0.0.0/8")).await;
    for proto in ["javascript:alert(1)//", "http://evil.example/?", "https\"><script>"] {
        for host in ["example.tld", "evil.example"] {
            let head = format!(
                "GET / HTTP/1.1\r\nhost: {host}\r\nx-forwarded-proto: {proto}\r\nx-forwarded-host: {proto}"
            );
            let (_, lines, body) = raw(server, head).await;
            let all = lines.join("\n") + &body;
            assert!(
                !all.contains("javascript") && !all.contains("evil") && !all.contains("<"),
                "{all}"
            );
        }
    }
}

#[tokio::test]
async fn adv_056_the_host_is_one_that_is_configured() {
    let server = whole(trusting("127.0.0.0/8")).await;
    for (lines, expected) in [
        ("GET / HTTP/1.1\r\nhost: WWW.example.tld.:80", "200"),
        ("GET / HTTP/1.0\r\nx-a: b", "421"),
        ("GET / HTTP/1.1\r\nhost:", "421"),
        ("GET / HTTP/1.1\r\nhost: evil.example", "421"),
        ("GET / HTTP/1.1\r\nhost: example.tld@evil.example", "421"),
        ("GET / HTTP/1.1\r\nhost: evil.example/.example.tld", "421"),
        ("GET / HTTP/1.1\r\nhost: example.tld\r\nhost: evil.example", "421"),
        ("GET / HTTP/1.1\r\nhost: example.tld\r\nhost: example.tld", "421"),
        ("GET http://evil.example/ HTTP/1.1\r\nhost: example.tld", "421"),
        ("GET http://example.tld/ HTTP/1.1\r\nhost: example.tld", "200"),
        ("GET http://a@example.tld/ HTTP/1.1\r\nhost: example.tld", "421"),
    ] {
        let (status, headers, _) = raw(server, lines).await;
        assert_eq!(status, expected, "{lines:?}");
        assert!(value(&headers, "content-security-policy").is_some(), "{lines:?}");
    }
    // In HTTP/2, only the target has the host.
    for wire in Wire::BOTH {
        for (host, expected) in [("example.tld", 200), ("127.0.0.1", 421)] {
            let mut asked = request(http::Method::GET, "/");
            asked.headers_mut().insert("host", host.parse().unwrap());
            assert_eq!(wire.send(server, asked).await.status(), expected, "{wire:?} {host}");
        }
    }
}

#[tokio::test]
async fn adv_059_the_target_of_a_request_does_not_lead_elsewhere() {
    let server = whole(trusting("127.0.0.0/8")).await;
    for (target, location) in [
        ("//evil.example", "https://example.tld//evil.example"),
        ("/%0d%0aset-cookie:a=b", "https://example.tld/%0d%0aset-cookie:a=b"),
        ("http://example.tld//evil.example", "https://example.tld//evil.example"),
        ("http://example.tld", "https://example.tld/"),
        ("/\\evil.example", "https://example.tld/%5Cevil.example"),
    ] {
        let head =
            format!("HEAD {target} HTTP/1.1\r\nhost: example.tld:80\r\nx-forwarded-proto: http");
        let (status, lines, _) = raw(server, head).await;
        assert_eq!((&*status, value(&lines, "location")), ("301", Some(location)), "{target}");
    }
    let post =
        "POST / HTTP/1.1\r\nhost: example.tld\r\nx-forwarded-proto: http\r\ncontent-length: 0";
    assert_eq!(raw(server, post).await.0, "308");
    let health = "GET /health HTTP/1.1\r\nhost: example.tld\r\nx-forwarded-proto: http";
    assert_eq!(raw(server, health).await.0, "200");
    let socket =
        "GET / HTTP/1.1\r\nhost: example.tld\r\nx-forwarded-proto: http\r\nupgrade: websocket";
    let (status, lines, _) = raw(server, socket).await;
    assert_eq!((&*status, value(&lines, "location")), ("403", None));
}

#[tokio::test]
async fn the_acceptors_marker_counts_without_axum() {
    for (connection, scheme) in [
        (Transport::new().over_tls(), "Https"),
        (Transport::new().in_clear_text(), "Http"),
        (Transport::new(), "Unknown"),
    ] {
        // A TLS acceptor adds a layer for each connection.
        let app = Router::new()
            .fallback(any(tell))
            .layer(ConnectionInfoLayer::from_transport())
            .layer(Extension(connection));
        let server = server::axum(app).await;
        for wire in Wire::BOTH {
            let mut asked = request(http::Method::GET, "/");
            asked.headers_mut().insert("x-forwarded-proto", "https".parse().unwrap());
            let told = text(wire.send(server, asked).await).await;
            assert_eq!(told, format!("{scheme} example.tld "), "{wire:?}");
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_headers_of_a_proxy_at_a_unix_socket_are_used() {
    use hyper_util::{rt::TokioIo, service::TowerToHyperService};
    use tokio::net::{UnixListener, UnixStream};

    let path = std::env::temp_dir().join(format!("tower-hardening-{}.socket", std::process::id()));
    let listener = UnixListener::bind(&path).unwrap();
    let proxies = TrustedProxies::unix_socket(ForwardingHeaders::Forwarded);
    let app = Router::new()
        .fallback(any(tell))
        .layer(ConnectionInfoLayer::trusting(proxies))
        .layer(Extension(Transport::from_unix_socket()));
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let connection = hyper::server::conn::http1::Builder::new();
        let served =
            connection.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
        served.await.unwrap();
    });
    let mut stream = UnixStream::connect(&path).await.unwrap();
    std::fs::remove_file(&path).unwrap();
    let head = "GET / HTTP/1.1\r\nhost: internal\r\nforwarded: for=\"[2001:db8::7]:1\";proto=https;host=example.tld\r\nconnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.ends_with("\r\n\r\nHttps example.tld 2001:db8::7"), "{answer}");
}
