//! Layers: policies compiled for `tower`, the only place here that knows it.
//!
//! Every layer is `FooLayer::new(policy)`, and cannot fail. It adds no error, no await, no lock and
//! no input or output, touches neither status nor body, and covers exactly what it is put around:
//! put it on last, so that it is outermost and error pages have the headers as well. An error of
//! the inner service passes through; make a response of it further in.

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

/// `X-Content-Type-Options`; replaces what the response says.
pub type ContentTypeOptionsLayer = HeaderLayer<policy::ContentTypeOptions>;
/// `X-Download-Options`, obsolete.
pub type DownloadOptionsLayer = HeaderLayer<policy::DownloadOptions>;
/// `Expect-CT`, obsolete. Not sent over http, nor to an IP address or localhost: see
/// [`EffectiveRequest`](policy::EffectiveRequest).
pub type ExpectCtLayer = HeaderLayer<policy::ExpectCt>;
/// A header that this crate has no type for.
pub type FixedHeaderLayer = HeaderLayer<policy::FixedHeader>;
/// `X-Frame-Options`.
pub type FrameOptionsLayer = HeaderLayer<policy::FrameOptions>;
/// `Permissions-Policy`.
pub type PermissionsPolicyLayer = HeaderLayer<policy::PermissionsPolicy>;
/// `X-Permitted-Cross-Domain-Policies`.
pub type PermittedCrossDomainPoliciesLayer = HeaderLayer<policy::PermittedCrossDomainPolicies>;
/// `Referrer-Policy`.
pub type ReferrerLayer = HeaderLayer<policy::ReferrerPolicy>;
/// `Strict-Transport-Security`; replaces what the response says. Not sent over http, nor to an IP
/// address or localhost: see [`EffectiveRequest`](policy::EffectiveRequest).
pub type StsLayer = HeaderLayer<policy::StrictTransportSecurity>;
/// `X-XSS-Protection`, obsolete.
pub type XssProtectionLayer = HeaderLayer<policy::XssProtection>;
