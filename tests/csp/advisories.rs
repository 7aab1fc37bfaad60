//! Tests faults of other projects; the advisories without a test in another file of this folder.

use tower_hardening::{
    ContentSecurityPolicy, CspLayer, FrameOptions, Hardening, Lint, ParseError, Severity,
    csp::{ReceivedPolicy, Source},
    header::PermissionsPolicy,
};

use super::{browser::line, service::empty};

fn refused(text: &str) -> ParseError {
    text.parse::<ContentSecurityPolicy>().expect_err(text)
}

#[test]
fn adv_008_a_misspelt_or_repeated_directive_is_an_error() {
    let error = refused("scirpt-src 'self'");
    assert!(error.problem().ends_with("did you mean 'script-src'?"), "{error}");
    assert!(refused("script-src 'self'; SCRIPT-SRC *").problem().contains("duplicate directive"));
    // The method for unknown directives has "dangerous" in its name, and rejects known names.
    let none = ContentSecurityPolicy::NONE;
    assert!(none.clone().dangerous_directive("scirpt-src", "'self'").is_ok());
    assert!(none.dangerous_directive("script-src", "'self'").is_err());
}

#[test]
fn adv_023_an_unquoted_keyword_is_an_error_and_not_a_host() {
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
        assert!(refused(&format!("script-src {text}")).problem().contains("unquoted keyword"));
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
fn adv_029_a_received_policy_with_a_fixed_nonce_cannot_go_into_a_layer() {
    for (text, at) in [
        ("script-src 'nonce-abc' 'self'", 11),
        ("script-src 'NONCE-abc' 'unsafe-inline'", 11),
        ("img-src 'nonce-{}' a.example; script-src 'self'", 8),
        ("script-src-attr 'nonce-{}' 'unsafe-inline'", 16),
        ("style-src 'nonce-'", 10),
        ("script-src 'nonce-{}' 'nonce-abc'", 22),
    ] {
        let received = ReceivedPolicy::parse_list(text.as_bytes()).remove(0);
        let ids: Vec<&str> = received.lints().iter().map(Lint::id).collect();
        assert!(ids.iter().any(|id| id.starts_with("csp-nonce-")), "{text}: {ids:?}");
        assert_eq!(ReceivedPolicy::parse_list(received.to_string().as_bytes())[0], received);
        let error = ContentSecurityPolicy::try_from(received).unwrap_err();
        assert_eq!(error.offset(), at, "{error}");
    }
}

#[test]
fn a_received_policy_goes_into_a_layer_once_it_is_converted() {
    let list = b"img-src *, DEFAULT-SRC\t'SELF'; script-src a.example a.example";
    let received = ReceivedPolicy::parse_list(list).remove(1);
    assert_eq!(received.to_string(), "default-src 'self'; script-src a.example a.example");
    let policy = ContentSecurityPolicy::try_from(received).unwrap();
    let response = empty(&CspLayer::new(policy));
    assert_eq!(line(response.headers()), "default-src 'self'; script-src a.example");
}

#[test]
fn the_error_of_a_conversion_names_the_obstacle_and_its_position_in_the_list() {
    for (list, expected) in [
        (
            "img-src *, x; script-src 'self'",
            "byte 11: 'x' is not a directive; see CSP Level 3 for the directives that exist",
        ),
        (
            "img-src *, img-src a; script-src 'self'; IMG-SRC b",
            "byte 41: browsers ignore 'IMG-SRC', which is a duplicate directive; merge the two",
        ),
        (
            "img-src *; font-src \u{e9}",
            "byte 11: browsers ignore 'font-src', which has a byte that is not ASCII; write a host in \
             its 'xn--' form",
        ),
        (
            "img-src *; font-src \u{1}",
            "byte 11: browsers ignore 'font-src', which has a control character; write spaces between \
             sources",
        ),
        (", ,script-src self", "byte 14: 'self' is an unquoted keyword; write it in single quotes"),
    ] {
        let received = ReceivedPolicy::parse_list(list.as_bytes()).pop().unwrap();
        let error = ContentSecurityPolicy::try_from(received).unwrap_err();
        assert_eq!(error.to_string(), format!("content-security-policy, {expected}"));
    }
}

#[test]
fn adv_097_frame_options_follow_frame_ancestors() {
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

#[test]
fn adv_106_a_meta_element_is_escaped_for_its_attribute_and_has_no_directive_that_it_ignores() {
    let policy: ContentSecurityPolicy =
        "script-src 'self' https://a.example/x&y=%22; style-src 'unsafe-inline'".parse().unwrap();
    let element = policy.to_meta().unwrap();
    let content = element
        .strip_prefix("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        .and_then(|rest| rest.strip_suffix("\">"))
        .unwrap();
    assert!(!content.contains(['"', '<']) && content.contains("x&amp;y"), "{content}");
    assert!(content.contains("'self'"), "quotes of keywords stay: {content}");
    let read = content.replace("&quot;", "\"").replace("&lt;", "<").replace("&amp;", "&");
    assert_eq!(read.parse(), Ok(policy));
    for ignored in
        ["frame-ancestors 'none'", "report-uri /csp", "report-to main", "sandbox allow-scripts"]
    {
        let policy: ContentSecurityPolicy = format!("img-src 'self'; {ignored}").parse().unwrap();
        let name = ignored.split(' ').next().unwrap();
        assert_eq!(
            policy.to_meta().unwrap_err().to_string(),
            format!(
                "content-security-policy, byte 0: browsers ignore '{name}' in a <meta> element; remove it, and send it in a header"
            )
        );
    }
    let nonce = ContentSecurityPolicy::from_static("script-src 'nonce-{}'").to_meta();
    assert!(nonce.unwrap_err().to_string().contains("has no nonce of its own"));
}
