//! Tests the layers in other frameworks, over real sockets.
//!
//! ```sh
//! cargo test --manifest-path tests/stacks/Cargo.toml --target-dir target
//! ```
//!
//! Each framework serves the same site: `/` shows the cookies that the application received, has a script with the
//! nonce, and sets the cookie `sid`. Every other path is the framework's own 404.

mod axum_0_7;
mod axum_0_8;
mod check;
mod composed;

mod hyper_1;
mod poem_3;
mod salvo_1;
mod tonic_0_14;
mod warp_0_4;
