//! Tests presets of other projects.

use super::*;

#[test]
fn the_presets_of_other_projects_have_these_lints_and_no_others() {
    let expected: &[(&str, &[&str])] = &[
        ("owasp", &["permissions-policy-retired"]),
        ("pleroma_modern", &[]),
        ("akkoma", &["permissions-policy-retired", "sts-preload", "csp-form-action-missing"]),
        (
            "pleroma_2_7",
            &[
                "xss-protection-filter",
                "expect-ct-obsolete",
                "permissions-policy-retired",
                "csp-style-unsafe-inline",
                "csp-connect-anywhere",
                "csp-form-action-missing",
            ],
        ),
    ];
    for (name, hardening, _) in presets() {
        if let Some((_, lints)) = expected.iter().find(|(expected, _)| *expected == name) {
            assert_eq!(ids(&hardening), *lints, "{name}");
        }
    }
}

#[test]
fn adv_103_no_preset_sends_an_embedder_policy() {
    for (name, hardening, _) in presets() {
        assert!(!lines(&hardening).join("\n").contains("cross-origin-embedder-policy"), "{name}");
    }
}

#[test]
fn owasp_sends_no_header_that_is_not_for_every_response() {
    let source = include_str!("../../src/preset/owasp.rs");
    let sent = lines(&Hardening::owasp()).join("\n");
    for name in ["Cross-Origin-Embedder-Policy", "Clear-Site-Data", "Cache-Control"] {
        assert!(!sent.contains(&name.to_ascii_lowercase()), "{name}");
        assert!(source.contains(&format!("/// - `{name}")), "{name}");
    }
}

#[cfg(feature = "nonce")]
#[test]
fn akkoma_has_the_policy_of_that_server_with_its_nonces() {
    let policy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; img-src 'self' data: blob: https:; media-src 'self' https:; style-src 'self' 'nonce-{}'; script-src 'self' 'nonce-{}'; font-src 'self'; connect-src 'self' https://example.tld wss://example.tld; manifest-src 'self'; upgrade-insecure-requests";
    assert_eq!(Hardening::akkoma(&site()).csp().unwrap().to_string(), policy);
    let plain = Hardening::akkoma(&"http://localhost:4000".parse().unwrap());
    let lines = lines(&plain).join("\n");
    assert!(lines.contains(" ws://localhost:4000") && !lines.contains("upgrade"), "{lines}");
    assert!(!lines.contains("strict-transport-security"), "{lines}");
}
