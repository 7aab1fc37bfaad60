//! Fuzzes the reader of received policies: the result of the algorithm of CSP3 section 2.2, and no
//! more.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use tower_hardening::{ContentSecurityPolicy, csp::ReceivedPolicy};

mod browser;

fuzz_target!(|input: &[u8]| {
    let read = ReceivedPolicy::parse_list(input);
    let mut expected = browser::read(input);
    // No header has other control characters; a directive that has one is spoilt.
    let spoilt = |text: &str| text.bytes().any(|byte| byte.is_ascii_control());
    for policy in &mut expected {
        policy.retain(|(name, values)| !spoilt(name) && !values.iter().any(|value| spoilt(value)));
    }
    expected.retain(|policy| !policy.is_empty());
    assert_eq!(read.iter().map(browser::received).collect::<Vec<_>>(), expected);
    let lints = ReceivedPolicy::lint_list(input);
    // A policy that is repeated is linted once.
    let told: BTreeSet<&str> = lints.iter().map(|lint| lint.message()).collect();
    for policy in &read {
        assert!(policy.lints().iter().all(|lint| told.contains(lint.message())));
    }
    for lint in &lints {
        assert!(lint.offset().is_none_or(|offset| offset < input.len()));
        assert!(!lint.to_string().contains('\n'));
    }
    for policy in read {
        let text = policy.to_string();
        match ContentSecurityPolicy::try_from(policy) {
            // Repeats go, and nothing else.
            Ok(policy) => assert_eq!(text.parse(), Ok(policy)),
            Err(error) => assert!(error.offset() <= input.len()),
        }
    }
});
