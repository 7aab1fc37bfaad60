//! Tests that all responses of nginx itself are short plain text with the headers: FOUND K10.

use std::net::SocketAddr;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Version, header};
use hyper::body::Bytes;
use rustls::version::TLS13;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::GUIDE;
use crate::client::{VERSIONS, ask, get, text, values};
use crate::pleroma::form;
use crate::shipped::{Gateway, Instance, MEDIA, SITE};
use crate::site::assert_guide;

/// Error responses of nginx itself are short plain text with the headers.
#[track_caller]
pub(crate) fn assert_plain(response: &Response<Bytes>, status: StatusCode, words: &str) {
    assert_eq!((response.status(), text(response)), (status, words));
    assert_eq!(values(response.headers(), "content-type"), ["text/plain; charset=utf-8"]);
}

/// Asserts the guide's headers without those that would bind a host to https.
#[track_caller]
pub(crate) fn assert_guide_in_clear_text(headers: &HeaderMap, context: &str) {
    for (name, value) in GUIDE {
        let value = value.replace("example.tld", SITE).replace("; upgrade-insecure-requests", "");
        let is_for_https = ["strict-transport-security", "expect-ct"].contains(&name);
        let expected = if is_for_https { vec![] } else { vec![&*value] };
        assert_eq!(values(headers, name), expected, "{context}: {name}");
    }
}

/// FOUND K10: on port 80 as well, for the site and its media.
#[tokio::test]
async fn errors_of_nginx_in_clear_text_are_plain_text_with_the_headers() {
    let Some(instance) = Instance::start() else { return };
    let long = format!("/{}", "a".repeat(20_000));
    for (path, status, words) in [
        (&*long, StatusCode::URI_TOO_LONG, "the address is too long\n"),
        ("/.well-known/acme-challenge/a", StatusCode::NOT_FOUND, "there is nothing here\n"),
    ] {
        for host in [SITE, MEDIA] {
            let mut request = get(path);
            request.headers_mut().insert(header::HOST, host.parse().unwrap());
            let response = ask(instance.gateway.http, Version::HTTP_11, request).await;
            assert_plain(&response, status, words);
            let is_media = host == MEDIA && status == StatusCode::NOT_FOUND;
            if is_media {
                let policy = values(response.headers(), "content-security-policy");
                assert_eq!(policy, ["default-src 'none'; sandbox"]);
                let sts = values(response.headers(), "strict-transport-security");
                assert_eq!(sts, [""; 0]);
            } else {
                // A line that is too long has no host yet: the site's words count.
                assert_guide_in_clear_text(response.headers(), path);
            }
        }
    }
}

#[tokio::test]
async fn while_the_instance_is_down_nginx_says_so_in_words_with_the_headers() {
    let Some(instance) = Instance::start() else { return };
    let Instance { gateway, server, .. } = instance;
    drop(server);
    for version in VERSIONS {
        for request in [get("/"), get("/api/v1/timeline"), form("/api/v1/sign_in", "", "a=b")] {
            let response = gateway.ask(version, SITE, request).await;
            let words = "the server is down; try again in a moment\n";
            assert_plain(&response, StatusCode::BAD_GATEWAY, words);
            assert_guide(response.headers(), "502");
        }
    }
    let response = gateway.ask(VERSIONS[0], SITE, get(&format!("/{}", "a".repeat(20_000)))).await;
    assert_plain(&response, StatusCode::URI_TOO_LONG, "the address is too long\n");
    assert_guide(response.headers(), "414");
}

/// Requests that nginx answers by itself, each with the status.
fn broken() -> Vec<(String, u16)> {
    let head =
        |line: &str, fields: &str| format!("{line} HTTP/1.1\r\nHost: {SITE}\r\n{fields}\r\n");
    let long = "a".repeat(9_000);
    vec![
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n".to_owned(), 400),
        (head("GE T /", ""), 400),
        (head("GET /%00", ""), 400),
        (head("GET /../../etc", ""), 400),
        (head(&format!("CONNECT {SITE}:443"), ""), 400),
        (head("TRACE /", ""), 405),
        (head("POST /", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400),
        (head("GET /", "Transfer-Encoding: gzip\r\n"), 501),
        (head("GET /", &format!("X-A: {}\r\n", long.repeat(5))), 400),
        (head(&format!("GET /{}", long.repeat(5)), ""), 414),
        ("GET / HTTP/9.1\r\n\r\n".to_owned(), 505),
        ("\x16\x02\r\n\r\n".to_owned(), 400),
    ]
}

/// Returns the status, headers and body that the bytes are answered with.
async fn raw(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    sent: &str,
) -> (u16, HeaderMap, String) {
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
    let _reset = read.unwrap_or_else(|_| panic!("no end: {sent:.60}"));
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) =
        answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{sent:.60}: {answer}"));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| line.split_once(": ").unwrap());
    let headers = headers.map(|(name, value)| {
        (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
    });
    (status, headers.collect(), body.to_owned())
}

#[track_caller]
fn assert_words(headers: &HeaderMap, body: &str, context: &str) {
    assert_eq!(values(headers, "content-type"), ["text/plain; charset=utf-8"], "{context}");
    assert!(body.ends_with('\n') && body.len() < 80 && !body.contains('<'), "{context}: {body}");
}

#[tokio::test]
async fn a_request_that_nginx_cannot_read_is_answered_in_words_with_the_headers() {
    let Some(instance) = Instance::start() else { return };
    let gateway = &instance.gateway;
    for (sent, expected) in broken() {
        let clear = TcpStream::connect(gateway.http).await.unwrap();
        let (status, headers, body) = raw(clear, &sent).await;
        assert_eq!(status, expected, "{sent:.60}");
        assert_words(&headers, &body, &sent[..sent.len().min(60)]);
        assert_guide_in_clear_text(&headers, &sent[..sent.len().min(60)]);

        let tls = gateway.authority.connect(gateway.https, SITE, "http/1.1", &[&TLS13]).await;
        let (status, headers, body) = raw(tls.unwrap(), &sent).await;
        assert_eq!(status, expected, "{sent:.60}");
        assert_words(&headers, &body, &sent[..sent.len().min(60)]);
        // An answer to no host says nothing of https.
        match headers.contains_key("strict-transport-security") {
            false if !sent.contains(SITE) => assert_guide_in_clear_text(&headers, &sent),
            _ => assert_guide(&headers, &sent[..sent.len().min(60)]),
        }
    }
}

#[tokio::test]
async fn clear_text_on_the_port_of_https_is_answered_in_words_with_the_headers() {
    let Some(instance) = Instance::start() else { return };
    for host in [SITE, MEDIA, "unknown.example"] {
        let mut request = get("/");
        request.headers_mut().insert(header::HOST, host.parse().unwrap());
        let response = ask(instance.gateway.https, Version::HTTP_11, request).await;
        assert_plain(&response, StatusCode::BAD_REQUEST, "the request is broken\n");
        assert_eq!(values(response.headers(), "x-frame-options"), ["DENY"], "{host}");
        assert_eq!(values(response.headers(), "x-content-type-options"), ["nosniff"], "{host}");
    }
}

/// Returns a server that takes connections and says nothing.
async fn silent() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    address
}

#[tokio::test]
async fn an_instance_that_says_nothing_is_a_504_in_words_with_the_headers() {
    // The one change to the shipped file: a test does not wait for a minute.
    let change = [("proxy_read_timeout 60s", "proxy_read_timeout 1s")];
    let Some(gateway) = Gateway::start_with(silent().await, &change) else { return };
    let response = gateway.ask(VERSIONS[0], SITE, get("/")).await;
    let words = "the server takes too long; try again in a moment\n";
    assert_plain(&response, StatusCode::GATEWAY_TIMEOUT, words);
    assert_guide(response.headers(), "504");
}

#[tokio::test]
async fn redirects_of_media_in_clear_text_are_plain_text_with_the_headers() {
    let Some(instance) = Instance::start() else { return };
    let mut request = get("/media/a.png");
    request.headers_mut().insert(header::HOST, MEDIA.parse().unwrap());
    let response = ask(instance.gateway.http, Version::HTTP_11, request).await;
    assert_plain(&response, StatusCode::PERMANENT_REDIRECT, "this is at https\n");
    assert_eq!(values(response.headers(), "location"), [format!("https://{MEDIA}/media/a.png")]);
    let policy = values(response.headers(), "content-security-policy");
    assert_eq!(policy, ["default-src 'none'; sandbox"]);
}
