//! Reports which machines reach the server, and which sandbox settings are
//! active.
//!
//! The guide ends with a loopback address and six settings of systemd. This module reports which of
//! them apply to the running process. It changes nothing and needs no privilege.
//!
//! ```
//! use tower_hardening::deployment::{Reach, sandbox};
//!
//! assert_eq!(Reach::of("127.0.0.1:4000".parse()?), Reach::Loopback);
//! for finding in sandbox() {
//!     eprintln!("{finding}"); // PrivateTmp=true: no, /tmp is a directory of the mount at /
//! }
//! # Ok::<(), std::net::AddrParseError>(())
//! ```

mod reach;
mod sandbox;

pub use reach::Reach;
pub use sandbox::{Finding, Setting, Status, sandbox};
