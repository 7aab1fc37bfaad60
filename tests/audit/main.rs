//! Tests the grades, findings and fixes of an audit.
#![cfg(all(feature = "test-util", feature = "nonce", feature = "settings"))]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod assertions;
mod differences;
mod fixes;
mod grades;
mod linear;
mod site_fixes;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tower_hardening::audit::{Audit, Observation};

/// Returns headers from lines of text.
fn headers(lines: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        let name = HeaderName::try_from(name).unwrap();
        headers.append(name, HeaderValue::try_from(value).unwrap());
    }
    headers
}

fn audit(lines: &[&str]) -> Audit {
    Observation::new(StatusCode::OK, &headers(lines)).audit()
}
