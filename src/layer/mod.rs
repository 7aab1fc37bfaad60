//! Compiles policies to `tower` layers; no other module depends on `tower`.
//!
//! Every layer is created by `FooLayer::new(policy)`, and cannot fail. It adds no error, no await,
//! no lock and no input or output, and it changes neither status nor body. It covers exactly the
//! service that it wraps: add it last, so that it is outermost and error pages have the headers
//! too. Errors from the inner service are returned unchanged. Convert them to responses before
//! they reach the layer.

mod csp;
mod csp_pending;
mod csp_rule;
mod duplicate_cookies;
mod engine;
mod framing;
mod hardening;
mod head;
mod header;
mod host_cookies;
mod hosts;
mod https_redirect;
mod ingress;
mod left_out;
mod media;
mod own_lines;
mod response;
mod sites;
mod withheld;

pub use csp::CspLayer;
pub use duplicate_cookies::DuplicateCookieLayer;
pub use engine::{
    future::ResponseFuture,
    gate::{GateFuture, Gated},
    gate_body::GateBody,
    service::Hardened,
};
pub use hardening::HardeningLayer;
pub use head::RequestHead;
pub use header::HeaderLayer;
pub use host_cookies::HostCookieLayer;
pub use hosts::HostLayer;
pub use https_redirect::HttpsRedirectLayer;
pub use ingress::IngressLayer;
pub use media::MediaLayer;
pub use sites::SitesLayer;

use crate::policy;

/// Sends `X-Content-Type-Options`, replacing the response's own.
pub type ContentTypeOptionsLayer = HeaderLayer<policy::ContentTypeOptions>;
/// Sends `X-Download-Options`, which is obsolete.
pub type DownloadOptionsLayer = HeaderLayer<policy::DownloadOptions>;
/// Sends `Expect-CT`, which is obsolete.
///
/// The header is not sent over http, or to an IP address or localhost: see
/// [`EffectiveRequest`](policy::EffectiveRequest).
pub type ExpectCtLayer = HeaderLayer<policy::ExpectCt>;
/// Sends a header for which this crate has no type.
pub type FixedHeaderLayer = HeaderLayer<policy::FixedHeader>;
/// Sends `X-Frame-Options`.
pub type FrameOptionsLayer = HeaderLayer<policy::FrameOptions>;
/// Sends `Permissions-Policy`.
pub type PermissionsPolicyLayer = HeaderLayer<policy::PermissionsPolicy>;
/// Sends `X-Permitted-Cross-Domain-Policies`.
pub type PermittedCrossDomainPoliciesLayer = HeaderLayer<policy::PermittedCrossDomainPolicies>;
/// Sends `Referrer-Policy`.
pub type ReferrerLayer = HeaderLayer<policy::ReferrerPolicy>;
/// Sends `Strict-Transport-Security`, replacing the response's own.
///
/// The header is not sent over http, or to an IP address or localhost: see
/// [`EffectiveRequest`](policy::EffectiveRequest).
pub type StsLayer = HeaderLayer<policy::StrictTransportSecurity>;
/// Sends `X-XSS-Protection`, which is obsolete.
pub type XssProtectionLayer = HeaderLayer<policy::XssProtection>;
