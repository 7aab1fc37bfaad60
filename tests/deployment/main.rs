//! Where a server stands: over which scheme a request came, which host it names, and from where.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod ask;
mod hosts;
mod withheld;
