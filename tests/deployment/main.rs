//! Tests of the scheme, host and peer of requests, and of the layers that use them.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod allowed;
mod ask;
mod connection_info;
mod excluded;
#[cfg(feature = "proxy")]
mod forwarded;
mod hosts;
#[cfg(feature = "tracing")]
#[path = "../support/logged.rs"]
mod logged;
mod many;
#[path = "../support/now.rs"]
mod now;
mod redirect;
#[cfg(feature = "proxy")]
mod scheme_headers;
#[cfg(feature = "proxy")]
mod spoofed;
mod tenants;
mod virtual_hosts;
mod withheld;
#[cfg(feature = "proxy")]
mod x_forwarded;
