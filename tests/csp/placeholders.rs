//! Tests the placeholder of a nonce: where it is one, and what is sent if the nonce is not read.

use http::header;
use tower_hardening::{ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, csp::Source};

use super::{
    browser::line,
    nonces::{POLICY, page},
    service::{ask, empty},
};

#[test]
fn an_unread_nonce_removes_unsafe_inline_and_strict_dynamic_too() {
    const HASH: &str = "'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='";
    for (policy, expected) in [
        ("script-src 'nonce-{}'", "script-src 'none'"),
        ("script-src 'nonce-{}' 'unsafe-inline'", "script-src 'none'"),
        ("script-src 'NONCE-{}' 'Unsafe-Inline' a.example", "script-src a.example"),
        ("default-src 'nonce-{}' 'unsafe-inline' 'self'", "default-src 'self'"),
        (
            "style-src 'unsafe-inline'; script-src 'nonce-{}'",
            "style-src 'unsafe-inline'; script-src 'none'",
        ),
        ("script-src 'nonce-{}' 'strict-dynamic'", "script-src 'none'"),
        ("script-src 'self' 'nonce-{}' 'strict-dynamic'", "script-src 'self'"),
        ("script-src 'nonce-{}' 'Strict-Dynamic' 'unsafe-inline' https:", "script-src https:"),
        ("default-src 'nonce-{}' 'strict-dynamic' a.example", "default-src a.example"),
        ("script-src-elem 'strict-dynamic' 'nonce-{}'", "script-src-elem 'none'"),
        // No nonce was removed from these lists.
        (
            "script-src 'nonce-{}'; default-src 'unsafe-inline' 'strict-dynamic'",
            "script-src 'none'; default-src 'unsafe-inline' 'strict-dynamic'",
        ),
        // A hash has the same effect as the nonce.
        (
            &format!("script-src 'nonce-{{}}' 'strict-dynamic' 'unsafe-inline' {HASH}"),
            &format!("script-src 'strict-dynamic' 'unsafe-inline' {HASH}"),
        ),
        // A hash in another list has no such effect.
        (
            &format!("style-src {HASH}; script-src 'nonce-{{}}' 'strict-dynamic'"),
            &format!("style-src {HASH}; script-src 'none'"),
        ),
    ] {
        let policy: ContentSecurityPolicy = policy.parse().unwrap();
        for response in [
            empty(&CspLayer::new(policy.clone())),
            empty(&HardeningLayer::new(Hardening::empty().with(policy.clone()))),
        ] {
            assert_eq!(line(response.headers()), expected);
            assert!(response.headers().get(header::CACHE_CONTROL).is_none());
        }
    }
    // Next to a hash, a browser still ignores it.
    let rest =
        "'unsafe-inline' 'strict-dynamic' 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='";
    let policy = format!("script-src 'nonce-{{}}' {rest}").parse().unwrap();
    assert_eq!(line(empty(&CspLayer::new(policy)).headers()), format!("script-src {rest}"));
}

#[test]
fn adv_011_braces_and_percent_signs_elsewhere_are_left_alone() {
    let policy = POLICY
        .img_src([Source::host("a.example/%20%3B%73$NONCE").unwrap()])
        .unwrap()
        .report_uri("/csp?{}&%d")
        .unwrap()
        .dangerous_directive("x-new", "{} nonce-{}")
        .unwrap();
    let response = ask(&CspLayer::new(policy), page);
    let page = response.body();
    let expected = format!(
        "default-src 'none'; script-src 'nonce-{page}' 'strict-dynamic'; \
         img-src a.example/%20%3B%73$NONCE; report-uri /csp?{{}}&%d; x-new {{}} nonce-{{}}"
    );
    assert_eq!(line(response.headers()), expected);
}

#[test]
fn a_nonce_s_placeholder_is_read_in_any_letter_case() {
    let policy: ContentSecurityPolicy = "script-src 'NonCe-{}'".parse().unwrap();
    assert_eq!(policy.to_string(), "script-src 'nonce-{}'");
    assert_eq!(policy, ContentSecurityPolicy::from_static("script-src 'nonce-{}'"));
    let response = ask(&CspLayer::new(policy), page);
    assert_eq!(line(response.headers()), format!("script-src 'nonce-{}'", response.body()));
}
