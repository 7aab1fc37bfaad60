//! Runs a server behind a TLS proxy on the same machine, which sets `X-Forwarded-For` and `X-Forwarded-Proto`. It
//! redirects http to https, rejects other hosts, and also serves a hidden service without https.
//!
//! Run `cargo run --example proxy --features axum,proxy`, then send a request as the proxy does:
//! `curl -i -H 'Host: example.tld' -H 'X-Forwarded-For: 192.0.2.7' -H 'X-Forwarded-Proto: http' http://127.0.0.1:3000/`.
//! A browser can also open `http://127.0.0.1:3000/`.

use std::net::SocketAddr;

use axum::{Extension, Router, routing::get};
use tower_hardening::{
    Hardening, Origin,
    connection::{ConnectionInfo, ConnectionInfoLayer, ForwardingHeaders, Scheme, TrustedProxies},
    hosts::{
        AllowedHosts, AllowedHostsLayer, HttpsRedirect, HttpsRedirectLayer, VirtualHosts,
        VirtualHostsLayer,
    },
};

const NO_PROXY: &str = "\
No proxy says how this request came, so that its scheme is unknown. Ask as the proxy would:

curl -i -H 'Host: example.tld' -H 'X-Forwarded-For: 192.0.2.7' -H 'X-Forwarded-Proto: https'";

const ONION: &str = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let site: Origin = "https://example.tld".parse()?;
    let onion: Origin = format!("http://{ONION}").parse()?;

    let proxies = TrustedProxies::networks(["127.0.0.0/8", "::1"], ForwardingHeaders::XForwarded)?;
    // The last two hosts are for tests from this machine, without the proxy.
    let hosts =
        AllowedHosts::new(["example.tld", "www.example.tld", ONION, "localhost", "127.0.0.1"])?;
    let redirect = HttpsRedirect::allowing(AllowedHosts::new(["example.tld", "www.example.tld"])?)
        .canonical_host(&site)?
        .redirect_to_canonical()
        .exempt_hosts(AllowedHosts::hidden_services())
        .exempt_acme();
    let sites =
        VirtualHosts::new(Hardening::pleroma(&site)).with(&onion, Hardening::pleroma(&onion));

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let bound = tokio::net::TcpListener::bind(&address).await;
    let listener = bound.map_err(|error| format!("{address}: {error}; pass another address"))?;
    let url = format!("http://{}/", listener.local_addr()?);

    let app = Router::new()
        .route("/", get(hello))
        .layer(HttpsRedirectLayer::new(redirect))
        .layer(AllowedHostsLayer::new(hosts))
        // This layer is outside those two, so that their responses also have the headers.
        .layer(VirtualHostsLayer::new(sites))
        .layer(Extension(Url(url.clone())))
        // This layer is the outermost, because all others use its result.
        .layer(ConnectionInfoLayer::trusting(proxies))
        .into_make_service_with_connect_info::<SocketAddr>();

    println!("listening on {}", url.trim_end_matches('/'));
    Ok(axum::serve(listener, app).await?)
}

/// Holds the URL on which the server listens.
#[derive(Clone)]
struct Url(String);

/// Shows the values from the proxy. Without a proxy, shows how to send a request as the proxy does.
async fn hello(
    Extension(request): Extension<ConnectionInfo>,
    Extension(Url(url)): Extension<Url>,
) -> String {
    if request.scheme() == Scheme::Unknown {
        return format!("{NO_PROXY} {url}\n");
    }
    let peer =
        request.peer().map_or_else(|| "an unknown address".to_owned(), |peer| peer.to_string());
    format!("{:?} from {peer}", request.scheme())
}
