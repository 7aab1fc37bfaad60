//! Tests the layers in frameworks that take minutes to build, over real sockets.
//!
//! ```sh
//! cargo test --manifest-path tests/heavy_stacks/Cargo.toml --target-dir target
//! ```
//!
//! Each framework serves the same site as those in `tests/stacks`.

mod actix_4;
#[path = "../stacks/check.rs"]
mod check;
mod dioxus_0_7;
mod lambda_gateway;
mod leptos_0_8;
mod rocket_0_5;
