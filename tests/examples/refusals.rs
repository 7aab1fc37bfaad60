//! Tests that a request which cannot be served gets the right status, and words of the instance.

use http::{Method, Request, Response, StatusCode, Version};
use http_body_util::Full;
use hyper::body::Bytes;

use crate::client::{ask, get, text, values};
use crate::pleroma::{ephemeral, form, multipart, upload};
use crate::process::Server;

const STREAMING: &str = "/api/v1/streaming";

/// Asks for a WebSocket of this version.
async fn upgrade(server: &Server, version: &str) -> Response<Bytes> {
    let request = Request::get(STREAMING)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-version", version);
    server.ask(request.body(Full::default()).unwrap()).await
}

/// RFC 9110 section 15.5.6.
#[tokio::test]
async fn streaming_allows_get_alone_and_says_so() {
    let server = ephemeral();
    for method in [Method::HEAD, Method::POST, Method::PUT] {
        for version in [Version::HTTP_11, Version::HTTP_2] {
            let request = Request::builder().method(&method).uri(STREAMING);
            let request = request.body(Full::<Bytes>::default()).unwrap();
            let response = ask(server.address, version, request).await;
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
            assert_eq!(values(response.headers(), "allow"), ["GET"], "{method}");
        }
    }
}

/// RFC 6455 section 4.4, RFC 9110 section 15.5.22.
#[tokio::test]
async fn a_web_socket_of_another_version_is_told_the_supported_version() {
    let server = ephemeral();
    for version in ["8", "14", "thirteen"] {
        let response = upgrade(&server, version).await;
        assert_eq!(response.status(), StatusCode::UPGRADE_REQUIRED, "{version}");
        for (name, value) in [("sec-websocket-version", "13"), ("upgrade", "websocket")] {
            assert_eq!(values(response.headers(), name), [value], "{version}");
        }
        assert_eq!(text(&response), "live updates need a WebSocket of version 13");
    }
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let plain = ask(server.address, version, get(STREAMING)).await;
        assert_eq!(plain.status(), StatusCode::BAD_REQUEST);
        assert_eq!(text(&plain), "live updates need a WebSocket over HTTP/1.1");
    }
}

#[tokio::test]
async fn a_name_that_is_not_utf_8_is_not_found() {
    let server = ephemeral();
    let cookie = server.register("alice").await;
    for (method, path) in [
        (Method::DELETE, "/api/v1/media/%ff"),
        (Method::DELETE, "/api/v1/statuses/%ff"),
        (Method::GET, "/media/%ff"),
    ] {
        let request = Request::builder().method(&method).uri(path).header("cookie", &cookie);
        let response = server.ask(request.body(Full::default()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{method} {path}");
        assert_eq!(text(&response), "there is nothing here", "{method} {path}");
    }
}

#[tokio::test]
async fn a_form_of_another_type_is_refused_in_words() {
    let server = ephemeral();
    let cookie = server.register("alice").await;
    for path in ["accounts", "sign_in", "statuses"] {
        let path = format!("/api/v1/{path}");
        let request = Request::post(&path).header("content-type", "text/plain");
        let request = request.header("cookie", &cookie).body("name=bob".to_owned().into());
        let response = server.ask(request.unwrap()).await;
        assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path}");
        assert_eq!(text(&response), "send this form as application/x-www-form-urlencoded");
        let twice = server.ask(form(&path, &cookie, "name=a&name=b&status=a&status=b")).await;
        assert_eq!(twice.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert_eq!(text(&twice), "this form is malformed, or has a field twice");
    }
}

/// A 201 says that the text is stored as it came.
#[tokio::test]
async fn a_form_that_is_not_utf_8_is_refused_and_not_repaired() {
    let server = ephemeral();
    let cookie = server.register("alice").await;
    for body in ["status=%ff", "status=a%C3", "status=%C3&media=%A9", "status=%ED%A0%80"] {
        let response = server.ask(form("/api/v1/statuses", &cookie, body)).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(text(&response), "this form is not text in UTF-8", "{body}");
    }
    for status in ["%C3%A9", "100%", "%zz", "%EF%BF%BD"] {
        assert_eq!(server.post(&cookie, status).await, StatusCode::CREATED, "{status}");
    }
    assert_eq!(server.timeline().await, ["\u{fffd}", "%zz", "100%", "é"]);
}

#[tokio::test]
async fn a_form_with_two_files_or_without_its_end_is_refused_and_no_file_is_lost_in_silence() {
    let server = ephemeral();
    let cookie = server.register("ann").await;
    let one = multipart("a.txt", "text/plain", b"a");
    let open = &one[..one.len() - b"--XX--\r\n".len()];
    let two = [open, &multipart("b.txt", "text/plain", b"b")].concat();
    for (body, words) in [
        (two, "the form has two files; send each by itself"),
        (open.to_vec(), "the form is broken"),
    ] {
        let mut request = upload(&cookie, "a.txt", "text/plain", b"");
        *request.body_mut() = Full::from(body);
        let response = server.ask(request).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert_eq!(response.body(), words);
    }
}
