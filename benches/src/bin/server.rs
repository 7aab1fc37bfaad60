//! Runs an axum server with an empty handler: `server bare`, `server by-hand`, `server hardened`, or
//! with a nonce that the handler reads, `server nonce` or `server nonce-in-second-line`.
//!
//! It prints its port, serves HTTP/1.1 and HTTP/2, and runs until it is stopped.

use std::{env, error::Error, net::Ipv4Addr};

use axum::{
    Extension, Router,
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::net::TcpListener;
use tower_hardening::{
    ContentSecurityPolicy, Hardening, HardeningLayer, Nonce, ParseError,
    csp::{Source, SourceDirective},
};
use tower_hardening_bench::guide;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = match env::args().nth(1).as_deref() {
        Some("bare") => Router::new().route("/", get(async || ())),
        Some("by-hand") => Router::new().route("/", get(by_hand)),
        Some("hardened") => {
            Router::new().route("/", get(async || ())).layer(HardeningLayer::new(policies()?))
        }
        Some("nonce") => reading(with_nonce()?),
        Some("nonce-in-second-line") => reading(with_nonce()?.nonce_in_second_line()?),
        _ => {
            return Err(
                "usage: server bare | by-hand | hardened | nonce | nonce-in-second-line".into()
            );
        }
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?.port());
    axum::serve(listener, app).await?;
    Ok(())
}

fn policies() -> Result<Hardening, ParseError> {
    Ok(Hardening::pleroma(&"https://example.tld".parse()?))
}

fn with_nonce() -> Result<Hardening, ParseError> {
    let csp = guide::CSP.parse::<ContentSecurityPolicy>()?;
    Ok(policies()?.with(csp.extend(SourceDirective::SCRIPT_SRC, [Source::NONCE])?))
}

/// Returns an application whose handler reads its nonce.
fn reading(policies: Hardening) -> Router {
    let handler = async |Extension(nonce): Extension<Nonce>| drop(nonce.to_string());
    Router::new().route("/", get(handler)).layer(HardeningLayer::new(policies))
}

async fn by_hand() -> Response {
    let mut response = ().into_response();
    guide::insert_all(response.headers_mut());
    response
}
