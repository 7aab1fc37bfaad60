//! Tower layers that put one hardening policy on any HTTP service.
//!
//! **A policy is a value; a layer is a policy compiled; a service is a layer applied.** A policy
//! that exists is valid: what can fail fails when it is built, with an error that says what was
//! found, where, and what to write instead. After that nothing fails.
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
//!   [`pleroma`](Hardening::pleroma), [`api`](Hardening::api), [`media`](Hardening::media).
//! - One header: its policy, such as [`ContentSecurityPolicy`] or [`StrictTransportSecurity`], and
//!   its layer, such as [`CspLayer`] or [`StsLayer`].
//! - Policies that another program sent: [`ReceivedPolicy`].
//! - Files that users uploaded or other servers answered: [`Media`] and [`MediaLayer`].
//! - Cookies that nobody else can plant: [`HostCookies`] and [`HostCookieLayer`].
//! - A settings file: `Settings`, with feature `serde`.
//! - The sandbox around the process, and who reaches its address: `deployment`, with that feature.
//!
//! # Where to put it
//!
//! A layer covers what it is put around, so hardening goes on last. With axum's `Router::layer`,
//! after all else, it covers 404s, panics, time-outs and refused bodies too; with `route_layer`
//! a 404 goes out bare. A 1xx passes untouched, but for its cookies.
//!
//! A header that the application set stays: the application knows better, and so the innermost
//! policy wins. `X-Content-Type-Options` and `Strict-Transport-Security` are replaced. A layer of
//! one header can be told otherwise, by `.overriding()` or
//! [`.if_not_present()`](HeaderLayer::if_not_present). What a [`MediaLayer`] settled stays all the same.
//!
//! # Behind a proxy
//!
//! Over http, `Strict-Transport-Security` and `upgrade-insecure-requests` are not sent. Whether a
//! request came over https an [`IngressLayer`] decides, the outermost of all: by a setting, by the
//! [`Connection`] that the server marks, or by the word of [`TrustedProxies`]. It leaves an
//! [`EffectiveRequest`] in the extensions. Without it the scheme is unknown, and both are sent,
//! except to a `Host` that is an IP address or localhost: no public https site has one.
//!
//! [`HttpsRedirectLayer`] and [`HostLayer`] go by it too. They answer by themselves, and so stand
//! inside of the [`HardeningLayer`]. A [`SitesLayer`] has policies for each of several hosts.
//!
//! # Life of a request
//!
//! On the way in, cookies on the wire become the application's own, and a policy with nonces
//! leaves a `Nonce` in the extensions. On the way out, once the response's head is there, cookies
//! are renamed for the wire and the headers are put on, in one pass. Status, version, body,
//! trailers and other extensions are not touched; errors of the inner service pass through.
//!
//! # Features
//!
//! `nonce` (default): nonces in policies. `axum`: extractors, and the peer's address. `headers`:
//! `headers::Header` for every policy. `proxy`: trusted proxies by network. `serde`: the settings
//! file, and policies as text. `sha2`: hashes of inline scripts. `tracing`: events. `deployment`:
//! what protects the process. Features only add.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod base64;
#[cfg(feature = "deployment")]
pub mod deployment;
mod error;
mod event;
#[cfg(feature = "axum")]
mod extract;
mod head;
mod lint;
#[cfg(feature = "nonce")]
mod nonce;

mod layer;
mod policy;
mod preset;
#[cfg(feature = "serde")]
mod settings;

pub use error::ParseError;
#[cfg(feature = "axum")]
pub use extract::NoNonce;
pub use layer::*;
pub use lint::{Lint, Severity};
#[cfg(feature = "nonce")]
pub use nonce::{Nonce, NonceError};
pub use policy::*;
#[cfg(feature = "serde")]
pub use settings::*;

/// Runs what the recipes show.
#[cfg(doctest)]
#[doc = include_str!("../docs/recipes.md")]
struct Recipes;

/// Runs what the README shows.
#[cfg(all(doctest, feature = "nonce"))]
#[doc = include_str!("../README.md")]
struct Readme;
