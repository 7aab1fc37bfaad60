//! Applies one policy to all tenants. Each tenant adds the host of its content delivery network, and has its own
//! policies under `/whole`.
//!
//! Run `cargo run --example tenants`, then `curl -i -H "Host: red.example" http://127.0.0.1:3000/`.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use axum::{Router, http::header, routing::get};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer,
    csp::{Addition, RequestHead, Source, SourceDirective},
    hosts::TenantLayer,
};

const POLICY: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// The host of each tenant's images, from the tenant's settings.
const CACHES: [(&str, &str); 3] = [
    ("red.example", "https://cdn.red.example"),
    ("blue.example", "https://cdn.blue.example:8443"),
    ("rogue.example", "https://cdn.rogue.example; script-src *"),
];

/// Parses each tenant's text once. Text that is not one host is left out, and the policy is still sent.
fn caches() -> HashMap<&'static str, Addition> {
    let mut caches = HashMap::new();
    for (tenant, text) in CACHES {
        match Source::host(text) {
            Ok(host) => {
                caches.insert(tenant, Addition::source(SourceDirective::IMG_SRC, host));
            }
            Err(error) => eprintln!("{tenant}: {error}"),
        }
    }
    caches
}

/// Returns the tenant's cache, if `Host` names a tenant. A client can only choose among the tenants.
fn sources(caches: &HashMap<&str, Addition>, head: &RequestHead<'_>) -> Option<Addition> {
    let host = head.headers().get(header::HOST).and_then(|host| host.to_str().ok())?;
    // Browsers also send the port, unless it is the default of the scheme.
    let name = host.split(':').next()?.to_ascii_lowercase();
    caches.get(&*name).cloned()
}

/// Holds the compiled policies of each tenant, for requests to look up. A server fills it as it loads
/// its tenants, and can change it at any time.
type Policies = Arc<RwLock<HashMap<String, HardeningLayer>>>;

/// Looks up the tenant's own layer. It does not wait: the default applies while another thread changes the map.
fn whole(policies: &Policies, head: &RequestHead<'_>) -> Option<HardeningLayer> {
    let host = head.headers().get(header::HOST)?.to_str().ok()?;
    policies.try_read().ok()?.get(host).cloned()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let caches = Arc::new(caches());
    let others = Arc::clone(&caches);
    // The layer of this header and the layer of all policies both take the hook.
    let csp = CspLayer::new(POLICY).with_sources(move |head| sources(&caches, head));
    let all = HardeningLayer::new(Hardening::empty().with(POLICY))
        .with_sources(move |head| sources(&others, head));
    let policies = Policies::default();
    let red = POLICY.frame_ancestors(["https://red.example".parse()?])?;
    let red = HardeningLayer::new(Hardening::recommended().with(red));
    policies.write().expect("no thread panics").insert("red.example".to_owned(), red);
    let tenants = TenantLayer::new(HardeningLayer::default(), move |head| whole(&policies, head));
    let app = Router::new()
        .route("/whole", get(async || "one tenant's page").layer(tenants))
        .route("/", get(async || "one tenant's page").layer(csp))
        .route("/all", get(async || "one tenant's page").layer(all));

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let bound = tokio::net::TcpListener::bind(&address).await;
    let listener = bound.map_err(|error| format!("{address}: {error}; pass another address"))?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
