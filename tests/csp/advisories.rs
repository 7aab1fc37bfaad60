//! Faults that others shipped, where no other file here carries the advisory's number.

use tower_hardening::*;

use super::{
    browser::line,
    service::{ask, empty, logged},
};

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
fn adv_029_a_fixed_nonce_that_others_wrote_is_not_sent() {
    let read = |text: &str| ContentSecurityPolicy::parse(text.as_bytes()).remove(0);
    for (text, sent) in [
        ("script-src 'nonce-abc' 'self'", "script-src 'self'"),
        ("script-src 'NONCE-abc' 'unsafe-inline'", "script-src 'none'"),
        ("script-src 'nonce-abc' 'strict-dynamic' https:", "script-src 'strict-dynamic' https:"),
        ("img-src 'nonce-{}' a.example; script-src 'self'", "img-src a.example; script-src 'self'"),
        ("script-src-attr 'nonce-{}' 'unsafe-inline'", "script-src-attr 'none'"),
        ("style-src 'nonce-'", "style-src 'none'"),
        // One's own stays, and is new in every response.
        ("script-src 'nonce-{}' 'nonce-abc'", "script-src 'none'"),
    ] {
        let (policy, other) = (read(text), ContentSecurityPolicy::NONE);
        let (lines, log) = logged(|| {
            let all = Hardening::empty().with(policy.clone());
            let also = Hardening::empty().with_also(policy.clone());
            let change = |policy: ContentSecurityPolicy| {
                move |_| {
                    let mut response = http::Response::new(String::new());
                    let change = CspOverride::new().replace(policy.clone());
                    response.extensions_mut().insert(change);
                    response
                }
            };
            [
                empty(&CspLayer::new(policy.clone())),
                empty(&CspLayer::new(policy.clone()).overriding()),
                empty(&HardeningLayer::new(all.clone())),
                empty(&HardeningLayer::new(also)),
                ask(&CspLayer::new(other.clone()), change(policy.clone())),
                ask(&HardeningLayer::new(Hardening::empty().with(other)), change(policy.clone())),
            ]
            .map(|response| line(response.headers()).to_owned())
        });
        assert!(lines.iter().all(|line| line == sent), "{text}: {lines:?}");
        assert!(log.matches("a fixed nonce").count() >= 6, "{log}");
        let reported = empty(&CspLayer::report_only(policy.clone()));
        assert_eq!(reported.headers()["content-security-policy-report-only"], sent);
        // What is looked at beforehand is what is sent, and the lint tells.
        let hardening = Hardening::empty().with(policy.clone());
        let shown = hardening.headers()[0].1.to_str().unwrap().to_owned();
        assert!(!shown.to_lowercase().replace("'nonce-{}'", "").contains("nonce"), "{shown}");
        let ids: Vec<&str> = hardening.lints().iter().map(Lint::id).collect();
        assert!(ids.iter().any(|id| id.starts_with("csp-nonce-")), "{text}: {ids:?}");
        // Printing what was read is still reading it.
        assert_eq!(read(&policy.to_string()), policy);
    }
}

#[test]
fn adv_097_frame_options_say_what_frame_ancestors_say() {
    let frame_options = |ancestors: &str| {
        let policy = ancestors.parse::<ContentSecurityPolicy>().unwrap();
        let headers = Hardening::empty().with(policy).headers();
        let sent = headers.iter().find(|(name, _)| name == "x-frame-options");
        sent.map(|(_, value)| value.to_str().unwrap().to_owned())
    };
    assert_eq!(frame_options("frame-ancestors 'none'").as_deref(), Some("DENY"));
    assert_eq!(frame_options("frame-ancestors 'self'").as_deref(), Some("SAMEORIGIN"));
    assert_eq!(frame_options("frame-ancestors 'self' a.example"), None);
    assert_eq!(frame_options("frame-ancestors a.example"), None);
    assert_eq!(frame_options("default-src 'none'"), None);
    let disagree = Hardening::empty()
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
