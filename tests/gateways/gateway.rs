//! Tests the gateway of `reverse_proxy` against odd requests, floods and wrong arguments.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use http::{Request, StatusCode, Version};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{ask, get, text};
use crate::echo;
use crate::process::{Server, example, run};

const PATIENCE: Duration = Duration::from_secs(6);

fn before(upstream: SocketAddr) -> Server {
    let arguments = ["127.0.0.1:0", &upstream.to_string(), "https://example.tld"];
    Server::start(example("reverse_proxy").args(arguments))
}

/// Returns the whole answer to a head that ends with these lines.
async fn answer_to(address: SocketAddr, line: &str, lines: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{line} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    answer
}

#[tokio::test]
async fn the_target_of_a_request_names_the_site_or_is_refused() {
    let server = before(echo::heads("").await);
    let site = "Host: example.tld\r\n";
    for (line, lines, status, upstream) in [
        ("GET /a?b=c", site, 200, Some("GET /a?b=c HTTP/1.1")),
        ("GET http://example.tld/a", site, 200, Some("GET /a HTTP/1.1")),
        ("GET http://evil.example/a", site, 421, None),
        ("GET http://user@example.tld/a", site, 421, None),
        ("GET http://example.tld/a", "Host: evil.example\r\n", 421, None),
        ("GET example.tld:443", site, 421, None),
        ("OPTIONS *", site, 200, Some("OPTIONS * HTTP/1.1")),
        ("GET *", site, 400, None),
        ("PROPFIND /", site, 405, None),
    ] {
        let answer = answer_to(server.address, line, lines).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {answer}");
        assert!(answer.contains("\r\nx-frame-options: DENY\r\n"), "{line}: {answer}");
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        assert_eq!(upstream.map(|it| body.starts_with(it)), upstream.map(|_| true), "{answer}");
        let allow = "\r\nallow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n";
        assert_eq!(answer.contains(allow), status == 405, "{answer}");
    }
}

#[tokio::test]
async fn an_upgrade_is_passed_on_for_a_websocket_only_and_expect_is_not() {
    let server = before(echo::heads("").await);
    let site = "Host: example.tld\r\n";
    for (line, lines) in [
        ("GET /", "Upgrade: h2c\r\nHTTP2-Settings: AA\r\nConnection: Upgrade, HTTP2-Settings\r\n"),
        ("GET /", "Upgrade: websocket, h2c\r\nConnection: Upgrade\r\n"),
        ("GET /", "Upgrade: websocket\r\n"),
        ("POST /", "Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 0\r\n"),
        ("POST /", "Expect: 100-continue\r\nContent-Length: 0\r\n"),
        ("GET /", "Connection: Host, X-Forwarded-For, Cookie\r\nCookie: a=b\r\n"),
    ] {
        let answer = answer_to(server.address, line, &format!("{site}{lines}")).await;
        let (_, head) = answer.split_once("\r\n\r\n").unwrap();
        for name in ["upgrade", "connection", "http2-settings", "expect", "cookie"] {
            assert_eq!(echo::values(head, name), [""; 0], "{lines}: {answer}");
        }
        assert_eq!(echo::values(head, "host"), ["example.tld"], "{answer}");
        assert_eq!(echo::values(head, "x-forwarded-for"), ["127.0.0.1"], "{answer}");
    }
}

/// Each stream needs a connection to the upstream, which here answers one path only.
#[tokio::test]
async fn streams_of_one_connection_do_not_take_the_files_of_others() {
    let upstream = echo::serve(|mut stream: TcpStream| async move {
        let head = echo::head(&mut stream).await;
        if head.starts_with("GET /slow ") {
            let _ = stream.read(&mut [0]).await;
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    })
    .await;
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -n 64 && exec \"$0\" \"$@\""])
        .arg(example("reverse_proxy").get_program())
        .args(["127.0.0.1:0", &upstream.to_string(), "https://example.tld"]);
    let server = Server::start(&mut limited);
    let mut held = Vec::new();
    for _ in 0..2 {
        let stream = TokioIo::new(TcpStream::connect(server.address).await.unwrap());
        let (mut sender, connection) =
            http2::handshake(TokioExecutor::new(), stream).await.unwrap();
        tokio::spawn(connection);
        for _ in 0..60 {
            let request = Request::get("http://example.tld/slow");
            let request = request.body(Full::<Bytes>::default()).unwrap();
            held.push(tokio::spawn(sender.send_request(request)));
        }
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let response = timeout(PATIENCE, ask(server.address, version, get("/"))).await;
        let response = response.expect("nobody is served");
        assert_eq!(response.status(), StatusCode::OK, "{}", text(&response));
    }
}

#[tokio::test]
async fn sigterm_ends_the_gateway_cleanly_while_a_websocket_is_open() {
    let upstream = echo::serve(|stream: TcpStream| async move {
        let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
        while futures_util::StreamExt::next(&mut socket).await.is_some() {}
    });
    let server = before(upstream.await);
    let stream = TcpStream::connect(server.address).await.unwrap();
    let socket = tokio_tungstenite::client_async("ws://example.tld/", stream).await;
    let (_socket, response) = socket.unwrap();
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    let finished = server.stop(Duration::from_secs(20));
    assert_eq!(finished.status.code(), Some(0), "{finished:?}");
}

#[tokio::test]
async fn wrong_arguments_are_reported_in_plain_words() {
    let server = before(echo::heads("").await);
    let in_use = server.address.to_string();
    for (arguments, words) in [
        (&["nowhere"][..], "'nowhere': invalid socket address syntax; write an address"),
        (&["127.0.0.1:0", "http://a b"], "'http://a b': invalid uri character; write the upstream"),
        (&["127.0.0.1:0", "127.0.0.1:1", "example.tld"], "'example.tld': "),
        (&["127.0.0.1:0", "127.0.0.1:1", "https://a.example", "a b"], "'a b': invalid HTTP header"),
        (&["--help"], "'--help': "),
        (&[&in_use], &format!("{in_use}: cannot be listened on: ")),
    ] {
        let finished = run(example("reverse_proxy").args(arguments));
        let expected = format!("error: {words}");
        assert!(finished.stderr.starts_with(&expected), "{}", finished.stderr);
        let is_usage = !words.contains("listened");
        assert_eq!(finished.stderr.contains("\nusage: reverse_proxy "), is_usage, "{words}");
        assert_eq!((finished.stdout.as_str(), finished.status.code()), ("", Some(2)));
    }
}
