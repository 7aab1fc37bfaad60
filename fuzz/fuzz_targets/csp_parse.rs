//! Reading what others wrote: what the algorithm of CSP3 section 2.2 reads, and no more.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tower_hardening::ContentSecurityPolicy;

mod browser;

fuzz_target!(|input: &[u8]| {
    // No header holds other control characters; a reader may drop what has them.
    if input.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()) {
        ContentSecurityPolicy::parse(input);
        return;
    }
    let read = ContentSecurityPolicy::parse(input);
    let expected = browser::read(input);
    assert_eq!(read.iter().map(browser::directives).collect::<Vec<_>>(), expected);
    for policy in read {
        policy.lints();
    }
});
