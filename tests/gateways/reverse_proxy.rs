//! Tests the example in front of upstreams in other languages.

use std::{net::SocketAddr, process::Command, time::Duration};

use futures_util::{SinkExt, StreamExt};
use http::{HeaderMap, Request, Response, StatusCode, Version, header};
use http_body_util::{BodyExt, Channel, Full};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{accept_async, client_async, tungstenite::Message};

use crate::client::{self, VERSIONS, assert_headers, get, text, values};
use crate::process::{Directory, Server, example};
use crate::upstreams::{self, Python};
use crate::{GUIDE, echo};

const SITE: &str = "example.tld";

fn before(upstream: SocketAddr) -> Server {
    let arguments = ["127.0.0.1:0", &upstream.to_string(), "https://example.tld"];
    Server::start(example("reverse_proxy").args(arguments))
}

/// Sends a request, for the site's host by default.
async fn ask(
    address: SocketAddr,
    version: Version,
    mut request: Request<Full<Bytes>>,
) -> Response<Bytes> {
    request.headers_mut().entry(header::HOST).or_insert(SITE.parse().unwrap());
    client::ask(address, version, request).await
}

/// Sends the bytes, and returns the whole response.
async fn answer_to(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// Asserts that each of the nine headers occurs once with our value, without any value of the upstream.
#[track_caller]
fn assert_hardened(headers: &HeaderMap, context: &str) {
    assert_headers(headers, &GUIDE, context);
    for name in ["server", "x-powered-by", "connection", "keep-alive"] {
        assert_eq!(values(headers, name), [""; 0], "{context}: {name}");
    }
}

#[tokio::test]
async fn python_s_answers_leave_with_the_nine_headers() {
    let directory = Directory::new();
    directory.file("index.html", "<p>from Python");
    let large: String = (0..200_000).map(|index| format!("{index}\n")).collect();
    directory.file("large.txt", &large);
    let Some(python) = Python::serve(&directory) else { return };
    let server = before(python.address);
    for version in VERSIONS {
        for (path, status, body) in [
            ("/", StatusCode::OK, Some("<p>from Python")),
            ("/index.html?a=b", StatusCode::OK, Some("<p>from Python")),
            ("/large.txt", StatusCode::OK, Some(&*large)),
            ("/nothing", StatusCode::NOT_FOUND, None),
        ] {
            let response = ask(server.address, version, get(path)).await;
            assert_eq!(response.status(), status, "{path}");
            assert_hardened(response.headers(), path);
            if let Some(body) = body {
                assert_eq!(text(&response), body, "{path}");
            }
        }
        let posted = Request::post("/").body(Full::<Bytes>::from("a=b")).unwrap();
        let response = ask(server.address, version, posted).await;
        assert_eq!(response.status(), StatusCode::NOT_IMPLEMENTED);
        assert_hardened(response.headers(), "501");
    }
}

#[tokio::test]
async fn nginx_s_own_policies_are_replaced_and_ranges_pass() {
    let own = [
        ("X-Powered-By", "PHP/5.2"),
        ("X-Frame-Options", "ALLOWALL"),
        ("Content-Security-Policy", "script-src *"),
        ("Content-Security-Policy", "img-src *"),
        ("Strict-Transport-Security", "max-age=0"),
        ("X-Own", "stays"),
    ];
    let Some((nginx, address)) = upstreams::nginx(&own) else { return };
    nginx.directory.file("a.html", "<p>from nginx");
    let server = before(address);
    for version in VERSIONS {
        for (path, status) in [("/a.html", StatusCode::OK), ("/nothing", StatusCode::NOT_FOUND)] {
            let response = ask(server.address, version, get(path)).await;
            assert_eq!(response.status(), status);
            assert_hardened(response.headers(), path);
            assert_headers(response.headers(), &[("x-own", "stays")], path);
        }
        let mut request = get("/a.html");
        request.headers_mut().insert(header::RANGE, "bytes=3-6".parse().unwrap());
        let part = ask(server.address, version, request).await;
        assert_eq!((part.status(), text(&part)), (StatusCode::PARTIAL_CONTENT, "from"));
        assert_hardened(part.headers(), "206");
    }
}

#[tokio::test]
async fn a_websocket_goes_through_both_ways() {
    let upstream = echo::serve(|stream: TcpStream| async {
        let Ok(mut socket) = accept_async(stream).await else { return };
        while let Some(Ok(message)) = socket.next().await {
            if message.is_text() || message.is_binary() {
                socket.send(message).await.unwrap();
            }
        }
    });
    let server = before(upstream.await);
    let stream = TcpStream::connect(server.address).await.unwrap();
    let (mut socket, response) = client_async(format!("ws://{SITE}/a"), stream).await.unwrap();
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    for message in
        [Message::text("hello"), Message::binary(vec![7; 300_000]), Message::text("again")]
    {
        socket.send(message.clone()).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap(), message);
    }
    socket.close(None).await.unwrap();
    let end = async { while let Some(Ok(_)) = socket.next().await {} };
    tokio::time::timeout(Duration::from_secs(10), end).await.unwrap();
}

#[tokio::test]
async fn bodies_stream_both_ways() {
    let server = before(echo::chunks().await);
    let stream = TcpStream::connect(server.address).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let (mut outgoing, body) = Channel::<Bytes>::new(1);
    let request = Request::post("/").header(header::HOST, SITE).body(body).unwrap();
    let mut response: Response<hyper::body::Incoming> = sender.send_request(request).await.unwrap();
    assert_hardened(response.headers(), "stream");
    for chunk in ["one", "two", "three"] {
        // Each message is sent after the previous one came back: nothing waits for an end.
        outgoing.send_data(Bytes::from(chunk)).await.unwrap();
        let frame = response.body_mut().frame().await.unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), chunk);
    }
    drop(outgoing);
    assert!(response.body_mut().frame().await.is_none());
}

#[tokio::test]
async fn adv_054_hop_by_hop_headers_are_dropped_and_forwarding_headers_are_set() {
    let lines = "Connection: X-Secret, close\r\nX-Secret: 1\r\nKeep-Alive: timeout=1\r\n\
                 Proxy-Connection: close\r\nServer: a/1\r\nX-Powered-By: b\r\nX-Own: 2\r\n";
    let upstream = echo::heads(lines).await.to_string();
    let arguments = ["127.0.0.1:0", &upstream, "https://example.tld", "X-Named-By-Us"];
    let server = Server::start(example("reverse_proxy").args(arguments));
    for version in VERSIONS {
        let mut request = get("/a%2Fb?c=d");
        for (name, value) in [
            ("forwarded", "proto=http"),
            ("x-forwarded-for", "192.0.2.1"),
            ("x-forwarded-proto", "http"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-anything", "1"),
            ("x-real-ip", "192.0.2.1"),
            ("x_forwarded_for", "192.0.2.1"),
            ("proxy", "http://evil.example"),
            ("cookie", "a=1"),
            ("cookie", "b=2"),
            ("proxy-authorization", "Basic YTpi"),
            ("x-kept", "3"),
            // An upstream may trust any of these.
            ("true-client-ip", "192.0.2.1"),
            ("x-client-ip", "192.0.2.1"),
            ("x-cluster-client-ip", "192.0.2.1"),
            ("cf-connecting-ip", "192.0.2.1"),
            ("x-original-url", "/admin"),
            ("x-rewrite-url", "/admin"),
            ("x-host", "evil.example"),
            ("x-http-method-override", "DELETE"),
            ("x-method-override", "DELETE"),
            ("trailer", "cookie"),
            ("accept", "text/plain"),
            ("sec-fetch-site", "none"),
            ("content-type", "text/plain"),
            ("x-named-by-us", "5"),
        ] {
            request.headers_mut().append(name, value.parse().unwrap());
        }
        // HTTP/2 has no such headers.
        if version == Version::HTTP_11 {
            for (name, value) in [
                ("connection", "x-named, X-Forwarded-For, x-forwarded-proto, te"),
                ("x-named", "4"),
                ("keep-alive", "timeout=1"),
                ("proxy-connection", "keep-alive"),
                ("te", "trailers"),
                ("upgrade", "h2c"),
            ] {
                request.headers_mut().append(name, value.parse().unwrap());
            }
        }
        let response = ask(server.address, version, request).await;
        assert_hardened(response.headers(), "hop");
        for (name, expected) in
            [("x-secret", &[][..]), ("proxy-connection", &[]), ("x-own", &["2"])]
        {
            assert_eq!(values(response.headers(), name), expected, "{name}");
        }
        let head = text(&response);
        assert!(head.starts_with("GET /a%2Fb?c=d HTTP/1.1\r\n"), "{head}");
        for (name, expected) in [
            ("host", &["example.tld"][..]),
            ("via", &["1.1 tower-hardening"]),
            ("x-forwarded-for", &["127.0.0.1"]),
            ("x-forwarded-proto", &["https"]),
            ("x-forwarded-host", &["example.tld"]),
            ("x-forwarded-anything", &[]),
            ("x-real-ip", &[]),
            ("x_forwarded_for", &[]),
            ("proxy", &[]),
            ("forwarded", &[]),
            ("cookie", &["a=1; b=2"]),
            ("proxy-authorization", &[]),
            ("x-kept", &[]),
            ("true-client-ip", &[]),
            ("x-client-ip", &[]),
            ("x-cluster-client-ip", &[]),
            ("cf-connecting-ip", &[]),
            ("x-original-url", &[]),
            ("x-rewrite-url", &[]),
            ("x-host", &[]),
            ("x-http-method-override", &[]),
            ("x-method-override", &[]),
            ("trailer", &[]),
            ("accept", &["text/plain"]),
            ("sec-fetch-site", &["none"]),
            ("content-type", &["text/plain"]),
            ("x-named-by-us", &["5"]),
            ("x-named", &[]),
            ("keep-alive", &[]),
            ("proxy-connection", &[]),
            ("te", &[]),
            ("upgrade", &[]),
            ("connection", &[]),
        ] {
            assert_eq!(echo::values(head, name), expected, "{version:?} {name}");
        }
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_forwarded_is_refused_with_the_nine_headers() {
    let (nobody, _) = crate::nginx::free_address();
    let server = before(nobody);
    for version in VERSIONS {
        let response = ask(server.address, version, get("/")).await;
        assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
        assert_eq!(text(&response), "the upstream does not answer\n");
        assert_hardened(response.headers(), "502");
    }
    for (line, status) in [
        ("CONNECT a.example:443", "405"),
        ("TRACE /", "405"),
        ("TRACK /", "405"),
        ("OPTIONS *", "502"),
    ] {
        let request = format!("{line} HTTP/1.1\r\nHost: {SITE}\r\nConnection: close\r\n\r\n");
        let answer = answer_to(server.address, &request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(answer.contains("\r\nx-frame-options: DENY\r\n"), "{answer}");
    }
}

/// A trailer is not a header.
#[tokio::test]
async fn trailers_of_a_request_go_no_further() {
    for trailer in ["Cookie: planted=1", "X-Forwarded-For: 192.0.2.1", "X-A: b"] {
        let server = before(echo::chunks().await);
        let request = format!(
            "POST / HTTP/1.1\r\nHost: {SITE}\r\nTrailer: Cookie, X-A, X-Forwarded-For\r\n\
             Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n{trailer}\r\n\r\n"
        );
        let answer = answer_to(server.address, &request).await;
        assert!(answer.ends_with("\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "{answer}");
    }
}

#[tokio::test]
async fn trailers_of_a_response_that_are_headers_do_not_reach_the_client() {
    let upstream = echo::serve(|mut stream: TcpStream| async move {
        echo::head(&mut stream).await;
        let answer = b"HTTP/1.1 200 OK\r\nTrailer: Set-Cookie, Server-Timing\r\n\
            Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n\
            5\r\nhello\r\n0\r\nSet-Cookie: planted=1\r\nServer-Timing: a\r\n\r\n";
        let _ = stream.write_all(answer).await;
    });
    let server = before(upstream.await);
    let request =
        format!("GET / HTTP/1.1\r\nHost: {SITE}\r\nTE: trailers\r\nConnection: close\r\n\r\n");
    let answer = answer_to(server.address, &request).await;
    assert!(answer.contains("hello") && !answer.contains("planted"), "{answer}");
}

/// The upstream switches to a protocol that the client did not request.
#[tokio::test]
async fn an_upgrade_that_was_not_asked_for_is_refused() {
    let upstream = echo::serve(|mut stream: TcpStream| async move {
        let answer =
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: a\r\n\r\n";
        let _ = stream.write_all(answer).await;
        let _ = stream.read(&mut [0; 1024]).await;
    });
    let server = before(upstream.await);
    let response = ask(server.address, Version::HTTP_11, get("/")).await;
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    assert_hardened(response.headers(), "502");
}

/// A chunked body has no `Content-Length` (RFC 9112 section 6.3).
#[tokio::test]
async fn a_length_that_chunks_contradict_goes_no_further() {
    const BOTH: &str = "Content-Length: 3\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n\
                        5\r\nhello\r\n0\r\n\r\n";
    let server = before(echo::chunks().await);
    let request = format!("POST / HTTP/1.1\r\nHost: {SITE}\r\n{BOTH}");
    let answer = answer_to(server.address, &request).await;
    assert!(answer.ends_with("\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "{answer}");

    let upstream = echo::serve(|mut stream: TcpStream| async move {
        let _ = stream.read(&mut [0; 1024]).await;
        let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\n{BOTH}").as_bytes()).await;
    });
    let server = before(upstream.await);
    let response = ask(server.address, Version::HTTP_11, get("/")).await;
    assert_eq!(values(response.headers(), "content-length"), [""; 0]);
    assert_eq!(text(&response), "hello");
}

/// There are as many clients as file descriptors. The next client is served after they have left.
#[tokio::test]
async fn more_connections_than_it_can_have_do_not_end_it() {
    let upstream = echo::heads("").await.to_string();
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -n 32 && exec \"$0\" \"$@\""])
        .arg(example("reverse_proxy").get_program())
        .args(["127.0.0.1:0", &upstream, "https://example.tld"]);
    let server = Server::start(&mut limited);
    let mut crowd = Vec::new();
    for _ in 0..64 {
        crowd.push(TcpStream::connect(server.address).await.unwrap());
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(crowd);
    let response = ask(server.address, Version::HTTP_11, get("/")).await;
    assert_eq!(response.status(), StatusCode::OK);
}

/// The gateway passes on the site's name. It rejects other hosts itself, in particular a rebound name.
#[tokio::test]
async fn another_host_than_the_site_s_is_refused() {
    let server = before(echo::heads("").await);
    for version in VERSIONS {
        for (host, status) in [
            ("example.tld", StatusCode::OK),
            ("EXAMPLE.tld:443", StatusCode::OK),
            ("evil.example", StatusCode::MISDIRECTED_REQUEST),
            ("example.tld.evil.example", StatusCode::MISDIRECTED_REQUEST),
            ("example.tld:8443", StatusCode::MISDIRECTED_REQUEST),
            ("127.0.0.1", StatusCode::MISDIRECTED_REQUEST),
        ] {
            let mut request = get("/");
            request.headers_mut().insert(header::HOST, host.parse().unwrap());
            let response = ask(server.address, version, request).await;
            assert_eq!(response.status(), status, "{host}");
            // An address is never that of the site: headers for https are not sent.
            match host {
                "127.0.0.1" => assert!(!response.headers().contains_key("expect-ct")),
                _ => assert_hardened(response.headers(), host),
            }
        }
    }
    for hosts in ["", "Host: example.tld\r\nHost: example.tld\r\n"] {
        let request = format!("GET / HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
        let answer = answer_to(server.address, &request).await;
        assert!(answer.starts_with("HTTP/1.1 421 "), "{answer}");
    }
}
