//! The application: a page of each template engine, under one policy.

mod askama;
mod maud;
mod minijinja;
mod tera;

use axum::{Router, http::StatusCode, response::Html};
use tower_hardening::{ContentSecurityPolicy, CspLayer, Nonce, csp::AmbientNonceLayer};

/// The title of each page, which a visitor chose.
const TITLE: &str = "<script>document.body.append('injected')</script>";

const POLICY: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'none'; script-src 'nonce-{}' 'strict-dynamic'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'",
);

pub(crate) fn app() -> Result<Router, Box<dyn std::error::Error>> {
    let pages = Router::new()
        .merge(askama::routes())
        .merge(maud::routes())
        .merge(minijinja::routes()?)
        .merge(tera::routes()?);
    Ok(pages
        // Inside of the policy, which makes the nonce of each request.
        .layer(AmbientNonceLayer::new())
        .layer(CspLayer::new(POLICY)))
}

/// Returns the nonce of the request, for functions of templates that get no arguments.
///
/// Without a nonce the text is empty, and no script runs.
fn nonce() -> String {
    Nonce::current().map(|nonce| nonce.to_string()).unwrap_or_default()
}

/// Sends a page, or the error of its template.
fn page<E: std::fmt::Display>(rendered: Result<String, E>) -> (StatusCode, Html<String>) {
    match rendered {
        Ok(page) => (StatusCode::OK, Html(page)),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, Html(error.to_string())),
    }
}
