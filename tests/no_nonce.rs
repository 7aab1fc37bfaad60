//! Without the feature `nonce` a policy with a nonce cannot be built, and the error says why.
#![cfg(not(feature = "nonce"))]

use tower_hardening::ContentSecurityPolicy;

#[test]
fn a_policy_with_a_nonce_names_the_feature_that_it_needs() {
    let error = "script-src 'nonce-{}'".parse::<ContentSecurityPolicy>().expect_err("no feature");
    assert_eq!(
        error.to_string(),
        "content-security-policy, byte 11: 'nonce-{}' needs the feature 'nonce', which is off; switch it on",
    );
}
