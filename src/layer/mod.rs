//! Compiles policies to `tower` layers; no other module depends on `tower`.
//!
//! Every layer is created by `FooLayer::new(policy)`, and cannot fail. It adds no error, no await,
//! no lock and no input or output, and it changes neither status nor body. It covers exactly the
//! service that it wraps: add it last, so that it is outermost and error pages have the headers
//! too. Errors from the inner service are returned unchanged. Convert them to responses before
//! they reach the layer.

mod allowed_hosts;
#[cfg(feature = "ambient")]
mod ambient_nonce;
mod connection_info;
mod csp;
mod csp_header;
mod csp_line;
mod csp_pending;
mod csp_record;
#[cfg(feature = "reload")]
mod current;
mod dev_overlay;
mod engine;
mod exchange;
mod excluded_hosts;
#[cfg(feature = "axum")]
mod extract;
mod fetch_metadata;
mod hardening;
mod header;
mod header_layers;
mod host_cookies;
mod https_redirect;
mod media;
mod overrides;
mod policies;
mod prepared;
mod private_cookies;
mod reject_duplicate_cookies;
mod remove_headers;
mod rendered;
mod request_head;
mod response;
mod tenants;
mod virtual_hosts;
mod withheld;

#[cfg(feature = "ambient")]
pub use ambient_nonce::{AmbientNonce, AmbientNonceLayer, NonceScope};
#[cfg(feature = "axum")]
pub use extract::MissingNonce;

pub use allowed_hosts::AllowedHostsLayer;
pub use connection_info::ConnectionInfoLayer;
pub use csp::CspLayer;
pub use engine::{
    future::ResponseFuture,
    gate::{GateFuture, Gated},
    gate_body::GateBody,
    service::Hardened,
};
pub use exchange::Exchange;
pub use fetch_metadata::FetchMetadataLayer;
pub use hardening::HardeningLayer;
pub use header::HeaderLayer;
pub use header_layers::*;
pub use host_cookies::HostCookieLayer;
pub use https_redirect::HttpsRedirectLayer;
pub use media::MediaLayer;
pub use overrides::{CspOverrideLayer, HeaderOverrideLayer, OverrideLayer};
pub use private_cookies::PrivateCookiesLayer;
pub use reject_duplicate_cookies::RejectDuplicateCookiesLayer;
pub use remove_headers::RemoveHeadersLayer;
pub use request_head::RequestHead;
pub use tenants::TenantLayer;
pub use virtual_hosts::VirtualHostsLayer;

use crate::policy::header::StaticHeader;

/// Sends a header for which this crate has no type.
///
/// ```
/// use axum::{Router, body::Body, http::Request};
/// use tower::ServiceExt;
/// use tower_hardening::header::{StaticHeader, StaticHeaderLayer};
///
/// const WORKER: StaticHeader = StaticHeader::from_static("service-worker-allowed", "/");
///
/// #[tokio::main]
/// async fn main() {
///     let app: Router = Router::new().layer(StaticHeaderLayer::new(WORKER));
///     let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
///     assert_eq!(response.headers()["service-worker-allowed"], "/");
/// }
/// ```
pub type StaticHeaderLayer = HeaderLayer<StaticHeader>;
