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
mod evaluator;
mod examples;
mod extract;
mod found;
mod framing;
mod injection;
mod late_nonces;
mod laws;
mod linear;
mod lint_cases;
mod lint_reports;
mod lints;
#[path = "../support/logged.rs"]
mod logged;
mod nested;
mod nonces;
mod not_modified;
#[path = "../support/now.rs"]
mod now;
mod oracle;
mod overrides;
mod placeholders;
mod private_pages;
mod refusals;
mod refused_parts;
mod report_only_overrides;
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
