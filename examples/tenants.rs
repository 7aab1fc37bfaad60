//! One policy for all tenants, to which each adds its own network of caches.
//!
//! `cargo run --example tenants`, then `curl -i -H "Host: red.example" http://127.0.0.1:3000/`.

use std::{collections::HashMap, sync::Arc};

use axum::{Router, http::header, routing::get};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, RequestHead, SourceDirective,
};

const POLICY: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// Where each tenant's images are, as its administrator wrote it: not to be trusted.
fn caches() -> HashMap<&'static str, &'static str> {
    HashMap::from([
        ("red.example", "https://cdn.red.example"),
        ("blue.example", "https://cdn.blue.example:8443"),
        // Left out, with an event; the policy stands.
        ("rogue.example", "https://cdn.rogue.example; script-src *"),
    ])
}

/// The tenant's cache, if `Host` names a tenant: a client may choose among those, and no more.
fn sources(caches: &HashMap<&str, &str>, head: &RequestHead<'_>) -> Vec<(SourceDirective, String)> {
    let host = head.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let cache = host.and_then(|host| caches.get(host));
    cache.map(|cache| (SourceDirective::IMG_SRC, cache.to_string())).into_iter().collect()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let caches = Arc::new(caches());
    let others = Arc::clone(&caches);
    // A layer of this header only, and one of them all: both take the hook.
    let csp = CspLayer::new(POLICY).with_sources(move |head| sources(&caches, head));
    let all = HardeningLayer::new(Hardening::empty().with(POLICY))
        .with_sources(move |head| sources(&others, head));
    let app = Router::new()
        .route("/", get(async || "one tenant's page").layer(csp))
        .route("/all", get(async || "one tenant's page").layer(all));

    let address = std::env::args().nth(1).unwrap_or("127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
