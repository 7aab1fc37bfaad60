//! Reading what others wrote: what the algorithm of CSP3 section 2.2 reads, and no more.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tower_hardening::ContentSecurityPolicy;

mod browser;

fuzz_target!(|input: &[u8]| {
    let read = ContentSecurityPolicy::parse(input);
    let mut expected = browser::read(input);
    // No header holds other control characters; a directive that has one is spoilt.
    let spoilt = |text: &str| text.bytes().any(|byte| byte.is_ascii_control());
    for policy in &mut expected {
        policy.retain(|(name, values)| !spoilt(name) && !values.iter().any(|value| spoilt(value)));
    }
    expected.retain(|policy| !policy.is_empty());
    assert_eq!(read.iter().map(browser::directives).collect::<Vec<_>>(), expected);
    let lints = read.iter().map(|policy| policy.lints().len()).sum();
    assert!(ContentSecurityPolicy::audit(input).len() >= lints);
});
