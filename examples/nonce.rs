//! Serves a page, written with askama and with maud, whose scripts have the response's nonce.
//!
//! Run `cargo run --example nonce --features axum`, then open `http://127.0.0.1:3000/`, which links to both pages. An
//! injected script has no nonce, and does not run.

use askama::Template;
use axum::{
    Router,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use maud::{DOCTYPE, html};
use tower_hardening::{ContentSecurityPolicy, CspLayer, Nonce, NonceError};

/// Checked at compile time. Every response has its own nonce in place of the braces.
const POLICY: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'none'; script-src 'nonce-{}' 'strict-dynamic'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'",
);

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!DOCTYPE html><html><head><title>{{ title }}</title></head><body>
<script nonce="{{ nonce }}">document.body.append("run")</script></body></html>"#
)]
struct Page<'a> {
    title: &'a str,
    nonce: &'a str,
}

async fn by_askama(nonce: Nonce) -> Result<Html<String>, Failure> {
    let page = Page { title: "askama", nonce: nonce.get()? };
    Ok(Html(page.render()?))
}

async fn by_maud(nonce: Nonce) -> Result<Html<String>, Failure> {
    let page = html! {
        (DOCTYPE)
        html {
            head { title { "maud" } }
            body { script nonce=(nonce.get()?) { "document.body.append('run')" } }
        }
    };
    Ok(Html(page.into_string()))
}

async fn links() -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html {
            head { title { "nonces" } }
            body { a href="/askama" { "by askama" } " " a href="/maud" { "by maud" } }
        }
    };
    Html(page.into_string())
}

/// Represents the reason for which a page fails: no random bytes, or an error of the template.
struct Failure(String);

impl From<NonceError> for Failure {
    fn from(error: NonceError) -> Self {
        Self(error.to_string())
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        Self(error.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0).into_response()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pages = Router::new()
        .route("/", get(links))
        .route("/askama", get(by_askama))
        .route("/maud", get(by_maud));
    let app = pages.layer(CspLayer::new(POLICY));

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let bound = tokio::net::TcpListener::bind(&address).await;
    let listener = bound.map_err(|error| format!("{address}: {error}; pass another address"))?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
