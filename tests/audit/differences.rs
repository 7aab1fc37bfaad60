//! Tests the comparison of configured and received headers.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use tower_hardening::{
    ContentSecurityPolicy, FrameOptions, Hardening, Nonce, Origin, ReferrerPolicy,
    StrictTransportSecurity,
    audit::{Observation, diff},
    header::{CacheControl, RemoveHeaders},
};

use super::headers;

fn texts(hardening: &Hardening, received: &HeaderMap) -> Vec<String> {
    diff(hardening, received).iter().map(ToString::to_string).collect()
}

#[test]
fn a_response_with_or_without_its_nonce_is_as_configured() {
    let site: Origin = "https://example.tld".parse().unwrap();
    for preset in [
        Hardening::strict(&site),
        Hardening::strict(&site).nonce_in_second_line().unwrap(),
        Hardening::owasp().with(CacheControl::NO_STORE),
    ] {
        let plain: HeaderMap = preset.headers().into_iter().collect();
        assert_eq!(texts(&preset, &plain), [""; 0]);
        let nonce = Nonce::from_value("YWJjZGVmZ2hpamtsbW5vcHFy").unwrap();
        let mut page = HeaderMap::new();
        preset.headers_with_nonce(&nonce).into_iter().for_each(|(name, value)| {
            page.append(name, value);
        });
        assert_eq!(texts(&preset, &page), [""; 0]);
    }
}

#[test]
fn the_directives_that_a_proxy_changed_are_named() {
    let csp = "default-src 'self'; img-src 'self'; object-src 'none'";
    let hardening = Hardening::empty().with(ContentSecurityPolicy::from_static(csp));
    let received =
        headers(&["content-security-policy: Default-Src 'SELF'; img-src *; script-src x.example"]);
    assert_eq!(
        texts(&hardening, &received),
        ["content-security-policy: img-src configured \"'self'\", received \"*\"; \
          object-src configured \"'none'\", and not received; \
          script-src received \"x.example\", and not configured"],
    );
}

#[test]
fn headers_that_a_proxy_added_removed_or_repeated_are_found() {
    let hardening = Hardening::api().with(RemoveHeaders::server());
    let mut received: HeaderMap = hardening.headers().into_iter().collect();
    received.insert("server", "nginx".parse().unwrap());
    received.insert("x-xss-protection", "1".parse().unwrap());
    received.append("x-frame-options", "DENY".parse().unwrap());
    received.remove("strict-transport-security");
    received.insert("date", "today".parse().unwrap());
    let names: Vec<String> =
        diff(&hardening, &received).iter().map(|one| one.name().to_string()).collect();
    let expected = ["server", "strict-transport-security", "x-frame-options", "x-xss-protection"];
    assert_eq!(names, expected);
    let repeated = &diff(&hardening, &received)[2];
    assert_eq!((repeated.configured().len(), repeated.received().len()), (1, 2));
}

#[test]
fn a_nonce_in_the_report_only_policy_is_as_configured() {
    let policy = ContentSecurityPolicy::from_static("script-src 'nonce-{}'; report-uri /reports");
    let hardening = Hardening::empty().with_report_only(policy);
    let nonce = Nonce::from_value("YWJjZGVmZ2hpamtsbW5vcHFy").unwrap();
    let page: HeaderMap = hardening.headers_with_nonce(&nonce).into_iter().collect();
    assert_eq!(texts(&hardening, &page), [""; 0]);
}

#[test]
fn the_order_of_directives_and_sources_is_no_difference() {
    let csp = "default-src 'self'; img-src 'self' x.example; style-src x.example";
    let hardening = Hardening::empty().with(ContentSecurityPolicy::from_static(csp));
    let line = "style-src x.example; img-src x.example 'self'; Default-Src 'SELF'; img-src *";
    let received = headers(&[&format!("content-security-policy: {line}")]);
    assert_eq!(texts(&hardening, &received), [""; 0]);
    let received = headers(&[&format!("content-security-policy: {line}; font-src x.example")]);
    assert_eq!(
        texts(&hardening, &received),
        ["content-security-policy: font-src received \"x.example\", and not configured"],
    );
}

#[test]
fn letter_case_and_white_space_that_browsers_ignore_are_no_difference() {
    let year = StrictTransportSecurity::new(Duration::from_secs(31_536_000));
    let hardening = Hardening::empty()
        .with(FrameOptions::SAMEORIGIN)
        .with(ReferrerPolicy::NO_REFERRER)
        .with(year.include_subdomains());
    let received = headers(&[
        "x-frame-options: sameorigin",
        "referrer-policy: No-Referrer",
        "strict-transport-security: includesubdomains;max-age=31536000",
    ]);
    assert_eq!(texts(&hardening, &received), [""; 0]);
    let received = headers(&["x-frame-options: deny", "referrer-policy: no-referrer, origin"]);
    assert_eq!(diff(&hardening, &received).len(), 3);
}

#[test]
fn headers_that_a_layer_withholds_over_http_are_no_difference() {
    let csp = "default-src 'self'; upgrade-insecure-requests";
    let hardening = Hardening::recommended().with(ContentSecurityPolicy::from_static(csp));
    let complete: HeaderMap = hardening.headers().into_iter().collect();
    let mut withheld = complete.clone();
    withheld.remove("strict-transport-security");
    withheld.insert("content-security-policy", "default-src 'self'".parse().unwrap());
    for received in [&complete, &withheld] {
        assert_eq!(Observation::new(StatusCode::OK, received).over_http().diff(&hardening), []);
    }
    assert_eq!(Observation::new(StatusCode::OK, &withheld).diff(&hardening).len(), 2);
    withheld.remove("x-frame-options");
    assert_eq!(Observation::new(StatusCode::OK, &withheld).over_http().diff(&hardening).len(), 1);
}
