//! Host cookies against hostile traffic: what is read, what is sent, and what browsers make of it.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod advisories;
mod applications;
mod browser;
mod choices;
mod client;
mod forged;
mod found;
mod layers;
mod linear;
mod lints;
mod migration;
mod oracle;
mod policy;
mod rules;
mod session;
#[cfg(feature = "serde")]
mod settings;
mod stacks;
mod switches;
mod threats;
