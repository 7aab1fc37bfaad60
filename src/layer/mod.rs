//! Compiles policies to `tower` layers; no other module depends on `tower`.
//!
//! Every layer is created by `FooLayer::new(policy)`, and cannot fail. It adds no error, no await,
//! no lock and no input or output, and it changes neither status nor body. It covers exactly the
//! service that it wraps: add it last, so that it is outermost and error pages have the headers
//! too. Errors from the inner service are returned unchanged. Convert them to responses before
//! they reach the layer.

mod allowed_hosts;
mod connection_info;
mod csp;
mod csp_pending;
mod csp_rule;
mod engine;
#[cfg(feature = "axum")]
mod extract;
mod framing;
mod hardening;
mod header;
mod host_cookies;
mod https_redirect;
mod left_out;
mod media;
mod own_lines;
mod reject_duplicate_cookies;
mod request_head;
mod response;
mod virtual_hosts;
mod withheld;

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
pub use hardening::HardeningLayer;
pub use header::HeaderLayer;
pub use host_cookies::HostCookieLayer;
pub use https_redirect::HttpsRedirectLayer;
pub use media::MediaLayer;
pub use reject_duplicate_cookies::RejectDuplicateCookiesLayer;
pub use request_head::RequestHead;
pub use virtual_hosts::VirtualHostsLayer;

use crate::policy::header::{
    ContentTypeOptions, DownloadOptions, ExpectCt, FrameOptions, PermissionsPolicy,
    PermittedCrossDomainPolicies, ReferrerPolicy, StaticHeader, StrictTransportSecurity,
    XssProtection,
};

/// Sends `X-Content-Type-Options`, replacing the response's own.
pub type ContentTypeOptionsLayer = HeaderLayer<ContentTypeOptions>;
/// Sends `X-Download-Options`, which is obsolete.
pub type DownloadOptionsLayer = HeaderLayer<DownloadOptions>;
/// Sends `Expect-CT`, which is obsolete.
///
/// The header is not sent over http, or to an IP address or localhost: see
/// [`ConnectionInfo`](crate::connection::ConnectionInfo).
pub type ExpectCtLayer = HeaderLayer<ExpectCt>;
/// Sends a header for which this crate has no type.
pub type StaticHeaderLayer = HeaderLayer<StaticHeader>;
/// Sends `X-Frame-Options`.
pub type FrameOptionsLayer = HeaderLayer<FrameOptions>;
/// Sends `Permissions-Policy`.
pub type PermissionsPolicyLayer = HeaderLayer<PermissionsPolicy>;
/// Sends `X-Permitted-Cross-Domain-Policies`.
pub type PermittedCrossDomainPoliciesLayer = HeaderLayer<PermittedCrossDomainPolicies>;
/// Sends `Referrer-Policy`.
pub type ReferrerLayer = HeaderLayer<ReferrerPolicy>;
/// Sends `Strict-Transport-Security`, replacing the response's own.
///
/// The header is not sent over http, or to an IP address or localhost: see
/// [`ConnectionInfo`](crate::connection::ConnectionInfo).
pub type StsLayer = HeaderLayer<StrictTransportSecurity>;
/// Sends `X-XSS-Protection`, which is obsolete.
pub type XssProtectionLayer = HeaderLayer<XssProtection>;
