//! Tests of `Content-Security-Policy`: parsing, errors, printing, nonces, overrides and lints.
#![cfg(all(feature = "axum", feature = "nonce", feature = "sha2", feature = "tracing"))]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod advisories;
mod alive;
#[cfg(feature = "ambient")]
mod ambient;
mod browser;
mod carried;
mod compile_fail;
mod composite;
mod constants;
mod editing;
mod effects;
mod examples;
mod extract;
mod found;
mod framing;
mod injection;
mod laws;
mod linear;
mod lints;
mod nested;
mod nonces;
mod not_modified;
mod oracle;
mod overrides;
mod refusals;
mod runtime;
mod service;
mod shared_caches;
mod sockets;
mod sources;
mod split;
mod split_law;
mod split_layers;
mod split_loads;
mod vectors;
