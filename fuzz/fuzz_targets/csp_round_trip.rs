//! Printing what was read, and reading that again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tower_hardening::ContentSecurityPolicy;

fuzz_target!(|input: &[u8]| {
    for policy in ContentSecurityPolicy::parse(input) {
        let text = policy.to_string();
        assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b','), "{text:?}");
        let again = ContentSecurityPolicy::parse(text.as_bytes());
        assert_eq!(again, [policy]);
        assert_eq!(again[0].to_string(), text);
        if let Ok(strict) = text.parse::<ContentSecurityPolicy>() {
            assert_eq!(strict, again[0]);
            assert_eq!(strict.to_string(), text);
        }
    }
});
