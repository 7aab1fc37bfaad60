//! Tests the responses of hyper itself, which come before any layer.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::pleroma::ephemeral;
use crate::process::{Server, example};

async fn answer(server: &Server, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    // hyper may close the connection before it has read all of it.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let read = timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "the connection stays open");
    String::from_utf8(answer).unwrap()
}

/// Returns the response without its `Date`.
fn without_date(answer: &str) -> Vec<&str> {
    let is_date = |line: &&str| line.to_ascii_lowercase().starts_with("date: ");
    answer.split("\r\n").filter(|line| !is_date(line)).collect()
}

#[tokio::test]
async fn a_request_that_is_not_http_gets_an_empty_400_or_431_that_no_browser_shows_as_a_page() {
    let upstream = Server::start(example("minimal").arg("127.0.0.1:0"));
    let gateway = ["127.0.0.1:0", &upstream.address.to_string(), "https://example.tld"];
    let gateway = Server::start(example("reverse_proxy").args(gateway));
    let long = format!("GET / HTTP/1.1\r\nHost: example.tld\r\nX: {}\r\n\r\n", "a".repeat(80_000));
    let many = format!("GET / HTTP/1.1\r\nHost: example.tld\r\n{}\r\n", "X: y\r\n".repeat(200));
    let target = format!("GET /{} HTTP/1.1\r\nHost: example.tld\r\n\r\n", "a".repeat(80_000));
    for server in [&ephemeral(), &gateway] {
        for (request, status) in [
            ("GET / HTTP/1.1\r\nHost: a\r\nX y\r\n\r\n", "400 Bad Request"),
            ("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request"),
            ("nonsense\r\n\r\n", "400 Bad Request"),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", "400 Bad Request"),
            (&long, "431 Request Header Fields Too Large"),
            (&many, "431 Request Header Fields Too Large"),
            (&target, "431 Request Header Fields Too Large"),
        ] {
            let answer = answer(server, request.as_bytes()).await;
            let start: String = request.chars().take(60).collect();
            let lines = without_date(&answer);
            // No body, and so no page that could need a policy.
            let expected =
                [&format!("HTTP/1.1 {status}"), "connection: close", "content-length: 0", "", ""];
            assert_eq!(lines, expected, "{start:?}");
        }
    }
}
