//! Fuzzes the check of pages: no bytes make it panic, and its proposal lets the page work.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tower_hardening::{
    ContentSecurityPolicy,
    audit::{InlineHashes, Page, propose},
};

const STRICT: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("default-src 'none'; script-src 'nonce-{}'");

fuzz_target!(|input: &[u8]| {
    let page = Page::new(input);
    let audit = page.clone().enforcing(&STRICT).audit();
    let lines = input.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    for blocked in audit.blocked() {
        assert!((1..=lines).contains(&blocked.line()));
        assert!(!blocked.directive().is_empty() && !blocked.remedy().is_empty());
    }
    let _ = InlineHashes::of_page(input).to_string();
    // A policy can be longer than a header.
    let Ok(proposal) = propose([&page]) else { return };
    assert_eq!(proposal.to_string().parse(), Ok(proposal.policy().clone()));
});
