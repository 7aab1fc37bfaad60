//! Tests of guarded cookies with hostile traffic: requests, responses, and the effect in browsers.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod advisories;
mod applications;
mod browser;
mod choices;
mod client;
mod corpus;
mod exchange;
mod forged;
mod found;
mod layers;
mod linear;
mod lints;
#[cfg(feature = "tracing")]
#[path = "../support/logged.rs"]
mod logged;
mod loose;
mod migration;
mod models;
#[path = "../support/now.rs"]
mod now;
mod oracle;
mod planted;
mod policy;
mod rules;
mod same_site;
mod session;
#[cfg(feature = "settings")]
mod settings;
mod sign_out;
mod stacks;
mod switches;
mod threats;
mod unrelated;
