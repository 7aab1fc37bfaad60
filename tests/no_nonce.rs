//! Without the feature `nonce` a policy with a nonce cannot be built, and the error says why.
#![cfg(not(feature = "nonce"))]

use tower_hardening::ContentSecurityPolicy;

#[test]
fn a_policy_with_a_nonce_names_the_feature_that_it_needs() {
    let error = "script-src 'nonce-{}'".parse::<ContentSecurityPolicy>().expect_err("no feature");
    assert_eq!(
        error.to_string(),
        "content-security-policy, byte 11: 'nonce-{}' needs the feature 'nonce', which is off; enable it",
    );
}

#[cfg(feature = "settings")]
#[test]
fn the_profile_strict_names_the_feature_that_it_needs() {
    for file in ["profile = \"strict\"", "profile = \"strict\"\n[http_security]\nenabled = false"] {
        let error = tower_hardening::settings::Settings::from_toml(file).expect_err("no feature");
        assert_eq!(
            error.to_string(),
            "settings, line 1, profile: 'strict' needs the feature 'nonce' of tower-hardening, which is off; enable it in Cargo.toml, or write 'recommended'",
        );
    }
}
