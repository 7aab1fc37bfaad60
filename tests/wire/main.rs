//! Tests over real sockets, with HTTP/1.1 and HTTP/2, around axum and around plain services.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod bounds;
mod cookies;
mod errors;
mod every_gate;
mod existing;
mod files;
#[path = "../support/fixed.rs"]
mod fixed;
mod gates;
mod guide;
mod heads;
#[path = "../support/now.rs"]
mod now;
mod order;
#[cfg(all(feature = "axum", feature = "proxy"))]
mod proxies;
mod readiness;
mod repeated;
mod routers;
mod server;
mod statuses;
mod trailers;
mod twice;
mod untouched;
mod upgrades;
mod wire;
