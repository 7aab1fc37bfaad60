//! Tests every example as a process: starts it, sends requests over a real socket, and stops it.
#![cfg(all(feature = "axum", feature = "deployment", feature = "reload", feature = "test-util"))]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod accounts;
mod attacks;
mod attempts;
mod audit;
mod bare;
mod check;
mod client;
mod csrf;
mod environment;
mod explain;
mod files;
mod first_run;
mod flood;
mod guide;
mod hosts;
mod kill;
mod logging;
mod media;
mod media_host;
mod page;
mod pleroma;
mod process;
mod quota;
mod ranges;
mod rates;
#[cfg(unix)]
mod refusals;
mod reload;
mod removal;
mod restart;
mod sessions;
mod sites;
mod small;
mod streaming;
#[cfg(unix)]
mod systemd;
mod taken;
mod tls;
mod warnings;
