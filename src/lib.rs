//! Tower middleware that sets security headers on any `http`-based service.
//!
//! **A policy is a value; a layer is a compiled policy; a service is an applied layer.** Every
//! policy value is valid. An invalid policy is rejected when it is built, with an error that says
//! what was found, where, and what to write instead. After that nothing fails.
//!
//! ```
//! use axum::{Router, routing::get};
//! use tower_hardening::{Hardening, HardeningLayer};
//!
//! let app: Router = Router::new()
//!     .route("/", get(async || "hello"))
//!     .layer(HardeningLayer::new(Hardening::recommended())); // last, so outermost
//! ```
//!
//! # Where to look
//!
//! - All policies at once: [`HardeningLayer`], and [`Hardening`] with its presets:
//!   [`recommended`](Hardening::recommended), `strict` (scripts by nonce, with feature `nonce`),
//!   [`owasp`](Hardening::owasp), [`pleroma`](Hardening::pleroma), [`api`](Hardening::api), [`media`](Hardening::media).
//! - One header: its policy, such as [`ContentSecurityPolicy`] or [`StrictTransportSecurity`], and
//!   its layer, such as [`CspLayer`] or [`StsLayer`].
//! - Headers of another program: [`ReceivedPolicy`](crate::csp::ReceivedPolicy) and the `Received…`
//!   types of [`header`] and [`media`].
//! - Files that users uploaded or that come from other servers: [`Media`](crate::media::Media) and [`MediaLayer`](crate::media::MediaLayer).
//! - Cookies that no other site can plant: [`HostCookies`] and [`HostCookieLayer`].
//! - The grade of a response, and the fix of each weakness: `audit`, with that feature.
//! - A page that a policy may break: `audit::page`, with feature `html`; one load: [`Evaluator`](crate::csp::Evaluator).
//! - A settings file: `Settings`, with feature `settings`.
//! - The sandbox around the process, and access to its address: `deployment`, with that feature.
//!
//! # Where to put it
//!
//! A layer covers the service that it wraps, so add the hardening layer last. When it is the last
//! `Router::layer` call of an axum router, it also covers 404s, panics, time-outs and rejected
//! bodies. With `route_layer`, a 404 is sent without the headers. A 1xx response passes unchanged,
//! except for its cookies.
//!
//! A header that the application set is kept, so the innermost policy wins.
//! `X-Content-Type-Options` and `Strict-Transport-Security` are replaced. For a layer of one
//! header, change this with `.overriding()` or
//! [`.if_not_present()`](crate::header::HeaderLayer::if_not_present). Headers that a [`MediaLayer`](crate::media::MediaLayer) decided are
//! always kept.
//!
//! # Behind a proxy
//!
//! Over http, `Strict-Transport-Security` and `upgrade-insecure-requests` are not sent. A
//! [`ConnectionInfoLayer`](crate::connection::ConnectionInfoLayer), the outermost layer, decides whether a request came over https. It uses a
//! setting, the [`Transport`](crate::connection::Transport) that the server set, or the headers of [`TrustedProxies`](crate::connection::TrustedProxies), and
//! stores a [`ConnectionInfo`](crate::connection::ConnectionInfo) in the extensions. Without a `ConnectionInfoLayer` the scheme is
//! unknown, and both are sent, unless the `Host` is an IP address or localhost: a public https
//! site has neither.
//!
//! [`HttpsRedirectLayer`](crate::hosts::HttpsRedirectLayer) and [`AllowedHostsLayer`](crate::hosts::AllowedHostsLayer) also use the [`ConnectionInfo`](crate::connection::ConnectionInfo). They answer
//! requests themselves, so put them inside the [`HardeningLayer`]. A [`VirtualHostsLayer`](crate::hosts::VirtualHostsLayer) has separate
//! policies for each of several hosts.
//!
//! # Life of a request
//!
//! For a request, cookie names on the wire are changed to the application's names, and a policy
//! with nonces stores a `Nonce` in the extensions. When the response's head is ready, cookies are
//! renamed for the wire and the headers are added, in one pass. Status, version, body, trailers and
//! other extensions are not changed. Errors of the inner service are returned unchanged.
//!
//! # Features
//!
//! `nonce` (default): nonces in policies. `ambient`: the nonce for templates without arguments. `axum`: extractors, and the peer's address. `headers`:
//! `headers::Header` for every policy. `proxy`: trusted proxies by network. `serde`:
//! policies as text in any serde format. `settings`: the settings file. `reload`: new settings
//! for a running service. `sha2`: hashes of inline scripts. `tracing`: events. `audit`: grades.
//! `html`: what a policy breaks in a page. `test-util`: assertions. `deployment`: protection for
//! the process. Features are additive.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "audit")]
pub mod audit;
#[cfg(feature = "deployment")]
pub mod deployment;
mod error;
#[cfg(test)]
mod failed_nonce;
#[cfg(test)]
mod header_laws;
mod layer;
mod lint;
mod policy;
mod preset;
mod request;
#[cfg(feature = "settings")]
pub mod settings;
mod syntax;
mod trace;

/// For example
/// `export! { [tower_hardening] frame_options::FrameOptions => FrameOptionsLayer = "x-frame-options": "DENY", }`.
macro_rules! export {
    ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
        pub use crate::{layer::{$($layer),+}, policy::header::{$($policy),+}};
    };
}

policy::header::paved_headers!(export);
pub use error::ParseError;
pub use layer::{CspLayer, HardeningLayer, HostCookieLayer};
pub use lint::{Lint, Severity};
#[cfg(feature = "nonce")]
pub use policy::csp::{Nonce, NonceError};
pub use policy::{cookie::HostCookies, csp::ContentSecurityPolicy, hardening::Hardening};
pub use request::Origin;

/// Defines the sources, directives and overrides of `Content-Security-Policy`.
pub mod csp {
    #[cfg(feature = "ambient")]
    pub use crate::layer::AmbientNonceLayer;
    #[cfg(feature = "axum")]
    pub use crate::layer::MissingNonce;
    pub use crate::{
        layer::{CspOverrideLayer, RequestHead},
        policy::csp::{
            Addition, CspOverride, Destination, Directive, EndpointName, EngineDifference,
            EvaluatedPolicy, Evaluation, Evaluator, FrameAncestor, Load, PolicyDecision,
            ReceivedPolicy, SandboxToken, Source, SourceDirective, TrustedTypesPolicy, WebRtc,
        },
    };
}

/// Contains all other headers: policies, layers and insert modes.
pub mod header {
    crate::policy::header::other_headers!(export);
    crate::policy::header::single_headers!(export);
    pub use crate::{
        layer::{
            FetchMetadataLayer, HeaderLayer, HeaderOverrideLayer, RemoveHeadersLayer,
            StaticHeaderLayer,
        },
        policy::{
            FetchMetadata, HeaderOverride, RemoveHeaders,
            hardening::Requirement,
            header::{
                Allowlist, FeatureStatus, FixedPolicy, HeaderPolicy, InsertMode, ListPolicy,
                PermissionsFeature, ReceivedContentTypeOptions, ReceivedExpectCt,
                ReceivedFrameOptions, ReceivedReferrerPolicy, ReceivedStrictTransportSecurity,
                ReportOnly, SiteData, StaticHeader,
            },
        },
        request::HttpUrl,
    };
}

/// Configures the cookies of [`HostCookies`], and keeps cookies out of shared caches.
pub mod cookie {
    pub use crate::{
        layer::{PrivateCookiesLayer, RejectDuplicateCookiesLayer},
        policy::cookie::{CookiePrefix, DuplicateCookies, LegacyCookies, SameSite, ScopeAction},
    };
}

/// Describes the scheme, host and peer of a request, and the proxies to trust.
pub mod connection {
    pub use crate::{
        layer::ConnectionInfoLayer,
        request::{
            ConnectionInfo, ConnectionSource, ForwardingHeaders, Host, Scheme, SchemeHeader,
            Transport, TrustedProxies,
        },
    };
}

/// Selects policies by host, rejects unknown hosts, and redirects http to https.
pub mod hosts {
    pub use crate::{
        layer::{AllowedHostsLayer, HttpsRedirectLayer, TenantLayer, VirtualHostsLayer},
        policy::VirtualHosts,
        request::{AllowedHosts, HttpsRedirect},
    };
}

/// Serves files from users and other servers safely.
pub mod media {
    pub use crate::{
        layer::MediaLayer,
        policy::{ContentDisposition, Media, MediaType, ReceivedContentDisposition},
    };
}

/// Lists the service, future and body types that appear in signatures.
pub mod service {
    #[cfg(feature = "ambient")]
    pub use crate::layer::{AmbientNonce, NonceScope};
    pub use crate::layer::{
        Exchange, GateBody, GateFuture, Gated, Hardened, OverrideLayer, ResponseFuture,
    };
}

/// Runs the examples of the recipes.
#[cfg(doctest)]
#[doc = include_str!("../docs/recipes.md")]
struct Recipes;

/// Runs the examples of the README.
#[cfg(all(doctest, feature = "nonce", feature = "proxy"))]
#[doc = include_str!("../README.md")]
struct Readme;
