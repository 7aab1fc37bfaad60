//! Adds each layer separately, with `tower::ServiceBuilder`.
//!
//! Run `cargo run --example layers`, then request `http://127.0.0.1:3000/`. A `HardeningLayer` with all policies has
//! the same effect, takes less work per request, and is shorter to write.

use std::time::Duration;

use axum::{Router, routing::get};
use tower::ServiceBuilder;
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, ContentTypeOptionsLayer, CspLayer, ExpectCt,
    ExpectCtLayer, FrameOptions, FrameOptionsLayer, HostCookieLayer, HostCookies, ReferrerLayer,
    ReferrerPolicy, StrictTransportSecurity, StsLayer,
    header::{
        DownloadOptions, DownloadOptionsLayer, PermissionsPolicy, PermissionsPolicyLayer,
        PermittedCrossDomainPolicies, PermittedCrossDomainPoliciesLayer, RobotsTag, RobotsTagLayer,
        XssProtection, XssProtectionLayer,
    },
};

const CSP: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("default-src 'self'; frame-ancestors 'none'");
const WISHED_FOR: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("default-src 'none'; report-uri /csp");
const EMBED: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("default-src 'none'; frame-ancestors https://a.example");
const TEN_MINUTES: Duration = Duration::from_secs(600);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let hardening = ServiceBuilder::new()
        .layer(CspLayer::new(CSP))
        .layer(CspLayer::report_only(WISHED_FOR))
        .layer(StsLayer::new(StrictTransportSecurity::new(TEN_MINUTES)))
        .layer(ReferrerLayer::new(ReferrerPolicy::NO_REFERRER))
        .layer(HostCookieLayer::new(HostCookies::new(["session"])?))
        .layer(FrameOptionsLayer::new(FrameOptions::DENY).overriding())
        .layer(ContentTypeOptionsLayer::new(ContentTypeOptions::NOSNIFF))
        .layer(PermissionsPolicyLayer::new(PermissionsPolicy::from_static("camera=()")))
        .layer(RobotsTagLayer::new(RobotsTag::NOINDEX))
        // Obsolete headers, for old browsers.
        .layer(ExpectCtLayer::new(ExpectCt::report_only(TEN_MINUTES)))
        .layer(XssProtectionLayer::new(XssProtection::OFF))
        .layer(DownloadOptionsLayer::new(DownloadOptions::NOOPEN))
        .layer(PermittedCrossDomainPoliciesLayer::new(PermittedCrossDomainPolicies::NONE));

    let app = Router::new()
        .route("/", get(async || ([("set-cookie", "session=1; HttpOnly")], "hello")))
        // The innermost policy wins: this page may be framed.
        .route("/embed", get(async || "framed").layer(CspLayer::new(EMBED)))
        .layer(hardening);

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let bound = tokio::net::TcpListener::bind(&address).await;
    let listener = bound.map_err(|error| format!("{address}: {error}; pass another address"))?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
