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
mod fixed;
mod framing;
mod future;
mod gate;
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
mod rule;
mod service;
mod sites;
mod withheld;

pub use csp::CspLayer;
pub use csp_pending::CspPending;
pub use csp_rule::CspRule;
pub use duplicate_cookies::{DuplicateCookieGate, DuplicateCookieLayer};
pub use future::ResponseFuture;
pub use gate::{Gate, GateFuture, Gated};
pub use hardening::{HardeningLayer, HardeningRule};
pub use head::RequestHead;
pub use header::{HeaderLayer, HeaderRule};
pub use host_cookies::{HostCookieLayer, HostCookieRule};
pub use hosts::{HostGate, HostLayer};
pub use https_redirect::{HttpsRedirectGate, HttpsRedirectLayer};
pub use ingress::{IngressLayer, IngressRule};
pub use media::{MediaLayer, MediaRule};
pub use rule::Rule;
pub use service::Hardened;
pub use sites::{SitesLayer, SitesRule};
pub use withheld::Withheld;

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
