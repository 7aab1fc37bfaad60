//! Runs an axum server with an empty handler: `server bare`, `server by-hand` or `server hardened`.
//!
//! It prints its port, serves HTTP/1.1 and HTTP/2, and runs until it is stopped.

use std::{env, error::Error, net::Ipv4Addr};

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::net::TcpListener;
use tower_hardening::{Hardening, HardeningLayer};
use tower_hardening_bench::guide;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = match env::args().nth(1).as_deref() {
        Some("bare") => Router::new().route("/", get(async || ())),
        Some("by-hand") => Router::new().route("/", get(by_hand)),
        Some("hardened") => {
            let site = "https://example.tld".parse()?;
            Router::new()
                .route("/", get(async || ()))
                .layer(HardeningLayer::new(Hardening::pleroma(&site)))
        }
        _ => return Err("usage: server bare | by-hand | hardened".into()),
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?.port());
    axum::serve(listener, app).await?;
    Ok(())
}

async fn by_hand() -> Response {
    let mut response = ().into_response();
    guide::insert_all(response.headers_mut());
    response
}
