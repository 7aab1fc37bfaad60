//! Adds one layer to an axum application. This is the smallest example.
//!
//! Run `cargo run --example minimal`, then request `http://127.0.0.1:3000/`.

use axum::{Router, routing::get};
use tower_hardening::{Hardening, HardeningLayer, Origin};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let site: Origin = "https://example.tld".parse()?;
    let app = Router::new()
        .route("/", get(async || "hello"))
        // The layer is added last, so it is outermost: the 404 also has the headers.
        .layer(HardeningLayer::new(Hardening::pleroma(&site)));

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let bound = tokio::net::TcpListener::bind(&address).await;
    let listener = bound.map_err(|error| format!("{address}: {error}; pass another address"))?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
