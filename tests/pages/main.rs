//! Tests the check of pages: what a policy blocks in them, and the remedies.
#![cfg(all(feature = "html", feature = "nonce", feature = "settings", feature = "test-util"))]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod elements;
mod example;
mod limits;
mod proposals;
mod remedies;

use tower_hardening::{audit::Page, csp::ReceivedPolicy};

/// A policy that blocks everything that a policy can block in a page.
pub(crate) const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'";

/// Returns what a policy blocks in a page of `https://own.example/docs/`: kind, directive and URL.
pub(crate) fn blocked(html: &str, policy: &str) -> Vec<String> {
    let page = Page::new(html).at("https://own.example/docs/page").unwrap();
    let policies = ReceivedPolicy::parse_list(policy.as_bytes());
    let audit = policies.into_iter().fold(page, Page::enforcing).audit();
    let describe = |one: &tower_hardening::audit::Blocked| {
        let url = one.url().map_or_else(String::new, |url| format!(" {url}"));
        format!("{} {}{url}", one.kind(), one.directive())
    };
    audit.blocked().iter().map(describe).collect()
}
