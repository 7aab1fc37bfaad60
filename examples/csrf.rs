//! Forms that no other site can send: Fetch Metadata and tower-http's `CsrfLayer`, one inside the other.
//!
//! `cargo run --example csrf`, then open `http://localhost:3000/` and send the form. A request of another site gets 403:
//! `curl -i -X POST -H 'sec-fetch-site: cross-site' http://localhost:3000/transfer`.

use axum::{
    Router,
    response::Html,
    routing::{get, post},
};
use tower_hardening::{
    HardeningLayer,
    header::{FetchMetadata, FetchMetadataLayer},
};
use tower_http::csrf::CsrfLayer;

const PAGE: &str = "<!DOCTYPE html><title>transfer</title>\
    <form method=post action=/transfer><button>transfer</button></form>";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let private = Router::new()
        .route("/", get(async || Html(PAGE)))
        .route("/transfer", post(async || "transferred"))
        // For browsers without Fetch Metadata: compares `Origin` with the host of a request that changes something.
        .layer(CsrfLayer::new())
        // Also rejects other sites that load a page or a file: images, scripts, `fetch`.
        .layer(FetchMetadataLayer::new(FetchMetadata::new()));
    let app = private
        // Outside of both layers: a service of another site sends these, with a signature of its own.
        .route("/hook", post(async || "noted"))
        // Outermost, so that both refusals have the headers.
        .layer(HardeningLayer::default());

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let bound = tokio::net::TcpListener::bind(&address).await;
    let listener = bound.map_err(|error| format!("{address}: {error}; pass another address"))?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
