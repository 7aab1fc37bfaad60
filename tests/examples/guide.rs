//! Tests the guide's nine headers, byte for byte, on every response.

use http::{Method, Request, StatusCode};
use http_body_util::{Full, StreamBody};
use hyper::body::{Bytes, Frame};

use crate::client::{VERSIONS, ask, assert_headers, text};
use crate::pleroma::ephemeral;

pub(crate) const GUIDE: [(&str, &str); 9] = include!("../golden/guide.rs");

/// Represents a request, with the status and the text of its response.
struct Case(
    Method,
    &'static str,
    &'static [(&'static str, &'static str)],
    StatusCode,
    &'static str,
);

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

const CASES: [Case; 15] = [
    Case(Method::GET, "/", &[], StatusCode::OK, "A hardened instance"),
    Case(Method::HEAD, "/", &[], StatusCode::OK, ""),
    Case(Method::GET, "/api/v1/timeline", &[], StatusCode::OK, "[]"),
    Case(Method::GET, "/static/instance.css", &[], StatusCode::OK, "stylesheet"),
    Case(
        Method::GET,
        "/static/instance.css",
        &[("range", "bytes=0-1")],
        StatusCode::PARTIAL_CONTENT,
        "/*",
    ),
    Case(Method::GET, "/nothing", &[], StatusCode::NOT_FOUND, "there is nothing here"),
    Case(Method::GET, "/static/nothing", &[], StatusCode::NOT_FOUND, "there is nothing here"),
    Case(Method::GET, "/static/..%2fmain.rs", &[], StatusCode::NOT_FOUND, "there is nothing here"),
    Case(Method::GET, "/media/nothing", &[], StatusCode::NOT_FOUND, "there is nothing here"),
    Case(Method::PUT, "/", &[], StatusCode::METHOD_NOT_ALLOWED, "not with this method"),
    Case(
        Method::PUT,
        "/api/v1/timeline",
        &[],
        StatusCode::METHOD_NOT_ALLOWED,
        "not with this method",
    ),
    Case(Method::POST, "/api/v1/statuses", &[FORM], StatusCode::UNAUTHORIZED, "sign in first"),
    Case(Method::POST, "/api/v1/accounts", &[FORM], StatusCode::BAD_REQUEST, "a name has"),
    Case(
        Method::POST,
        "/api/v1/accounts",
        &[],
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "application/x-www-form-urlencoded",
    ),
    Case(
        Method::POST,
        "/api/v1/sign_in",
        &[FORM, ("sec-fetch-site", "cross-site")],
        StatusCode::FORBIDDEN,
        "this came from another site",
    ),
];

#[tokio::test]
async fn every_answer_has_the_nine_headers_over_both_protocols() {
    let server = ephemeral();
    for version in VERSIONS {
        for Case(method, path, headers, status, says) in &CASES {
            let context = format!("{version:?} {method} {path}");
            let mut request = Request::builder().method(method).uri(*path);
            for (name, value) in *headers {
                request = request.header(*name, *value);
            }
            let request = request.body(Full::<Bytes>::default()).unwrap();
            let response = ask(server.address, version, request).await;
            assert_eq!(response.status(), *status, "{context}");
            assert!(text(&response).contains(says), "{context}: {}", text(&response));
            // An upload's own policy replaces that of the page.
            let media = path.starts_with("/media/");
            let expected = if media { &GUIDE[..8] } else { &GUIDE };
            assert_headers(response.headers(), expected, &context);
        }
    }
}

/// The response for a file that is larger than the limit.
pub(crate) const TOO_LARGE: &str = "the file is too large: at most 16 MiB can be uploaded";

#[tokio::test]
async fn an_upload_announced_as_too_large_is_refused_with_the_nine_headers() {
    let server = ephemeral();
    for version in VERSIONS {
        // No byte is sent, since the connection may already be closed.
        let nothing = futures_util::stream::pending::<Result<Frame<Bytes>, std::io::Error>>();
        let request = Request::post("/api/v1/media")
            .header("content-type", "multipart/form-data; boundary=XX")
            .header("content-length", 17 * 1024 * 1024)
            .body(StreamBody::new(nothing))
            .unwrap();
        let response = ask(server.address, version, request).await;
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(text(&response), TOO_LARGE);
        assert_headers(response.headers(), &GUIDE, "413");
    }
}

#[tokio::test]
async fn a_request_that_comes_too_slowly_is_given_up_with_the_nine_headers() {
    let server = ephemeral();
    let nothing = futures_util::stream::pending::<Result<Frame<Bytes>, std::io::Error>>();
    let request = Request::post("/api/v1/sign_in")
        .header(FORM.0, FORM.1)
        .header("content-length", 10)
        .body(StreamBody::new(nothing))
        .unwrap();
    let response = ask(server.address, VERSIONS[0], request).await;
    assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
    assert_eq!(text(&response), "the request came too slowly");
    assert_headers(response.headers(), &GUIDE, "408");
}
