//! Fuzzes the printer of received policies: the text is read again as the same policy.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tower_hardening::{ContentSecurityPolicy, csp::ReceivedPolicy};

fuzz_target!(|input: &[u8]| {
    for policy in ReceivedPolicy::parse_list(input) {
        let text = policy.to_string();
        assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b','), "{text:?}");
        let again = ReceivedPolicy::parse_list(text.as_bytes());
        assert_eq!(again, [policy]);
        assert_eq!(again[0].to_string(), text);
        if let Ok(strict) = text.parse::<ContentSecurityPolicy>() {
            assert_eq!(strict.to_string().parse(), Ok(strict));
        }
    }
});
