//! The headers that isolate pages and report on them: what browsers read of them, and what an
//! error says.
#![cfg(feature = "headers")]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod fixed;
mod integrity;
mod isolation;
mod network;
mod permissions;
mod reporting;
mod site_data;
mod small;

use headers::Header;
use http::HeaderValue;
use serde_json::Value;

/// The cases of a set of vectors.
fn cases(set: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../vectors/headers.json")).unwrap();
    let cases = file[set].as_array().unwrap().clone();
    assert!(cases.len() >= 2, "{set}");
    cases
}

/// The lines of a case, read as one header.
fn decoded<H: Header>(lines: &Value) -> Option<H> {
    let lines = lines.as_array().unwrap().iter().map(|line| line.as_str().unwrap());
    let lines: Vec<HeaderValue> = lines.map(|line| line.parse().unwrap()).collect();
    H::decode(&mut lines.iter()).ok()
}

/// The text of the error that a policy's text gives.
fn refused<P: std::str::FromStr<Err = tower_hardening::ParseError>>(text: &str) -> String {
    match text.parse::<P>() {
        Ok(_) => panic!("{text:?} is accepted"),
        Err(error) => error.to_string(),
    }
}
