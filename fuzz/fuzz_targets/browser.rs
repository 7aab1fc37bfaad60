//! Models how a browser reads a header's line (CSP3 section 2.2).
#![allow(dead_code, reason = "every target takes what it needs")]

use tower_hardening::{
    ContentSecurityPolicy,
    csp::{Directive, ReceivedPolicy},
};

/// Represents a policy as a browser holds it.
pub type Read = Vec<(String, Vec<String>)>;

pub fn read(line: &[u8]) -> Vec<Read> {
    let policies = line.split(|byte| *byte == b',').map(|policy| {
        let mut read = Read::new();
        for token in policy.split(|byte| *byte == b';').filter(|token| token.is_ascii()) {
            let token = std::str::from_utf8(token).unwrap();
            let mut words = token.split_ascii_whitespace();
            let Some(name) = words.next().map(str::to_ascii_lowercase) else { continue };
            if read.iter().all(|(other, _)| *other != name) {
                read.push((name, words.map(Into::into).collect()));
            }
        }
        read
    });
    policies.filter(|policy| !policy.is_empty()).collect()
}

pub fn directives(policy: &ContentSecurityPolicy) -> Read {
    policy.directives().map(one).collect()
}

pub fn received(policy: &ReceivedPolicy) -> Read {
    policy.directives().map(one).collect()
}

fn one(directive: Directive<'_>) -> (String, Vec<String>) {
    (directive.name().into(), directive.values().map(Into::into).collect())
}
