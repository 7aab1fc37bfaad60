//! Where the server stands: who reaches its address, and the sandbox around its process.
//!
//! The guide ends with a loopback address and six settings of systemd. This module tells which of
//! them a running process has. It changes nothing and needs no privilege.
//!
//! ```
//! use tower_hardening::deployment::{Reach, listen, sandbox};
//!
//! assert_eq!(listen("127.0.0.1:4000".parse()?), Reach::Loopback);
//! for finding in sandbox() {
//!     eprintln!("{finding}"); // PrivateTmp=true: no, /tmp is a directory of the mount at /
//! }
//! # Ok::<(), std::net::AddrParseError>(())
//! ```

mod listen;
mod sandbox;

pub use listen::{Reach, listen};
pub use sandbox::{Answer, Finding, Setting, sandbox};
