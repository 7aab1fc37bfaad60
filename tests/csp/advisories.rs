//! Faults that others shipped, where no other file here carries the advisory's number.

use tower_hardening::*;

fn refused(text: &str) -> ParseError {
    text.parse::<ContentSecurityPolicy>().expect_err(text)
}

#[test]
fn adv_008_a_misspelt_or_repeated_directive_is_an_error() {
    let error = refused("scirpt-src 'self'");
    assert!(error.problem().ends_with("did you mean 'script-src'?"), "{error}");
    assert!(refused("script-src 'self'; SCRIPT-SRC *").problem().contains("a second time"));
    // The way round is loud, and never for a name that there is.
    let none = ContentSecurityPolicy::NONE;
    assert!(none.clone().dangerous_directive("scirpt-src", "'self'").is_ok());
    assert!(none.dangerous_directive("script-src", "'self'").is_err());
}

#[test]
fn adv_023_what_is_meant_as_a_keyword_is_not_taken_for_a_host() {
    for text in [
        "self",
        "none",
        "unsafe-inline",
        "UNSAFE-EVAL",
        "nonce-x",
        "sha256-x",
        "sha512-x",
        "strict-dynamic",
    ] {
        assert!(refused(&format!("script-src {text}")).problem().contains("in single quotes"));
        assert!(Source::host(text).is_err() && text.parse::<Source>().is_err(), "{text}");
    }
    for text in
        ["\u{2018}self\u{2019}", "\u{201C}self\u{201D}", "\"self\"", "`self`", "'self", "self'"]
    {
        assert_eq!(refused(&format!("script-src {text}")).offset() / 10, 1);
        assert!(Source::host(text).is_err(), "{text}");
    }
}

#[test]
fn adv_029_no_nonce_is_fixed() {
    for text in ["'nonce-abc'", "'NONCE-abc'", "'nonce-{}{}'", "'nonce-{}=='", "'nonce-'"] {
        assert!(refused(&format!("script-src {text}")).problem().contains("fixed nonce"));
        assert!(text.parse::<Source>().is_err(), "{text}");
    }
}

#[test]
fn adv_097_frame_options_say_what_frame_ancestors_say() {
    let frame_options = |ancestors: &str| {
        let policy = ancestors.parse::<ContentSecurityPolicy>().unwrap();
        let headers = Hardening::new().with(policy).headers();
        let sent = headers.iter().find(|(name, _)| name == "x-frame-options");
        sent.map(|(_, value)| value.to_str().unwrap().to_owned())
    };
    assert_eq!(frame_options("frame-ancestors 'none'").as_deref(), Some("DENY"));
    assert_eq!(frame_options("frame-ancestors 'self'").as_deref(), Some("SAMEORIGIN"));
    assert_eq!(frame_options("frame-ancestors 'self' a.example"), None);
    assert_eq!(frame_options("frame-ancestors a.example"), None);
    assert_eq!(frame_options("default-src 'none'"), None);
    let disagree = Hardening::new()
        .with("frame-ancestors 'self'".parse::<ContentSecurityPolicy>().unwrap())
        .with(FrameOptions::DENY);
    assert!(disagree.lints().iter().any(|lint| lint.id() == "frame-options-disagree" && lint.severity() == Severity::Error));
    assert!("ALLOW-FROM https://a.example".parse::<FrameOptions>().is_err());
}

#[test]
fn adv_005_a_permissions_policy_has_each_feature_once_and_no_stray_text() {
    for text in [
        "camera=(), camera=*",
        "camera=(self \"https://a.example,b\")",
        "camera=(\"https://a.example;x\")",
        "camera=(\"https://a.example\\\")",
        "camera=(\"https://a.example\"\")",
        "camera=(), ",
        "Camera=()",
    ] {
        assert!(text.parse::<PermissionsPolicy>().is_err(), "{text}");
    }
}
