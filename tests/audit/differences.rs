//! Tests the comparison of configured and received headers.

use http::HeaderMap;
use tower_hardening::{
    ContentSecurityPolicy, Hardening, Nonce, Origin,
    audit::diff,
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
