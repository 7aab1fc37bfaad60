//! The nonce in the page of each template engine is the nonce in its header.
//!
//! ```sh
//! cargo test --manifest-path tests/templates/Cargo.toml --target-dir target
//! ```

mod pages;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt;
use tower::ServiceExt;

/// Returns the policy and the page of one response.
async fn ask(path: &str) -> (String, String) {
    let app = pages::app().unwrap();
    let request = Request::get(path).body(Body::empty()).unwrap();
    let (head, body) = app.oneshot(request).await.unwrap().into_parts();
    let page = String::from_utf8(body.collect().await.unwrap().to_bytes().into()).unwrap();
    assert_eq!(head.status, StatusCode::OK, "{page}");
    assert_eq!(head.headers["cache-control"], "private");
    let policy = head.headers["content-security-policy"].to_str().unwrap();
    (policy.to_owned(), page)
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).unwrap().0
}

async fn has_its_nonce(path: &str) {
    let (policy, page) = ask(path).await;
    let nonce = between(&page, "<script nonce=\"", "\">");
    assert_eq!(nonce.len(), 24, "{page}");
    assert!(policy.contains(&format!("script-src 'nonce-{nonce}' 'strict-dynamic'")), "{policy}");
    // The title of a visitor is text, and adds no script.
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    let (_, next) = ask(path).await;
    assert_ne!(nonce, between(&next, "<script nonce=\"", "\">"));
}

#[tokio::test]
async fn a_page_of_askama_has_the_nonce_of_its_header() {
    has_its_nonce("/askama").await;
}

#[tokio::test]
async fn a_page_of_maud_has_the_nonce_of_its_header() {
    has_its_nonce("/maud").await;
}

#[tokio::test]
async fn a_page_of_minijinja_has_the_nonce_of_its_header() {
    has_its_nonce("/minijinja").await;
}

#[tokio::test]
async fn a_page_of_tera_has_the_nonce_of_its_header() {
    has_its_nonce("/tera").await;
}
