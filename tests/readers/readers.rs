//! Holds cookie readers of other languages against the cookie guard: none of them reads a guarded name from another
//! cookie.
//!
//! ```sh
//! tests/readers/install
//! cargo test --manifest-path tests/readers/Cargo.toml --target-dir target
//! ```
//!
//! A reader is a process that the files in `in/` start. Each line of its input is a request: its `Cookie` lines in
//! hexadecimal digits, separated by commas. It answers with a line: the pairs that it reads, as `name=value` in
//! hexadecimal digits, separated by spaces; or `!` and the error that it raises.
//!
//! If the readers are not installed, the tests print one line and pass; with `CI=true` they fail.
//! `READERS_LINES` sets the number of random lines per reader, and `READERS_SEED` the first seed.

mod atoms;
mod case;
mod directed;
mod guard;
mod line;
#[path = "../support/now.rs"]
mod now;
mod places;
#[expect(dead_code, unused_imports, reason = "the examples' own tests use more of it")]
#[path = "../examples/process.rs"]
mod process;
mod proxy;
mod random;
mod reader;
mod verdict;

/// The guarded name.
const NAME: &str = "pleroma_key";
