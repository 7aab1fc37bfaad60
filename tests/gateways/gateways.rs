//! Tests the shipped nginx files with nginx, and `examples/reverse_proxy.rs` with upstreams in other languages.
//!
//! ```sh
//! cargo test --manifest-path tests/gateways/Cargo.toml --target-dir target
//! ```
//!
//! On a machine without nginx or Python the tests that need it report that in one line; with `CI=true` that is a
//! failure. Everything listens on loopback.

#[path = "../examples/client.rs"]
mod client;
mod echo;
mod gateway;
mod media;
mod nginx;
#[expect(dead_code, reason = "the examples' own tests use more of it")]
#[path = "../examples/pleroma.rs"]
mod pleroma;
#[expect(dead_code, reason = "the examples' own tests use more of it")]
#[path = "../examples/process.rs"]
mod process;
mod refusals;
mod reverse_proxy;
mod shipped;
mod site;
mod tls;
mod upstreams;

/// The guide's nine headers for the site at example.tld.
const GUIDE: [(&str, &str); 9] = include!("../golden/guide.rs");
