//! askama: the template has a field for the nonce, which the handler takes as an argument.

use askama::Template;
use axum::{Router, http::StatusCode, response::Html, routing::get};
use tower_hardening::Nonce;

use super::{TITLE, page};

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!DOCTYPE html><html><head><title>{{ title }}</title></head><body>
<script nonce="{{ nonce }}">document.body.append("ran")</script></body></html>"#
)]
struct Page<'a> {
    title: &'a str,
    nonce: &'a Nonce,
}

async fn show(nonce: Nonce) -> (StatusCode, Html<String>) {
    page(Page { title: TITLE, nonce: &nonce }.render())
}

pub(super) fn routes() -> Router {
    Router::new().route("/askama", get(show))
}
