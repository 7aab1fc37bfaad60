//! Tests several policies together: enforced and report-only, upgrades, sandboxes, nonces.

use http::{HeaderMap, HeaderValue};
use tower_hardening::{
    ContentSecurityPolicy, Hardening, Nonce,
    csp::{Destination::Image, Evaluator, Load},
};

use super::{NONCE, assert_answer, fetch, held_to, page};

#[test]
fn every_enforced_policy_has_to_allow_and_report_only_policies_report() {
    let image = fetch(Image, "https://cdn.example/a.png");
    assert_answer("img-src *, default-src 'self'", &image, "blocked by default-src");
    assert_answer("script-src 'none', img-src *", &image, "allowed by img-src *");
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("content-security-policy", "img-src *"),
        ("content-security-policy", "font-src *"),
        ("content-security-policy-report-only", "img-src 'self', img-src *"),
    ] {
        headers.append(name, HeaderValue::from_static(value));
    }
    let answer = Evaluator::from_headers(page("https://own.example"), &headers).allows(&image);
    assert!(answer.is_allowed());
    assert_eq!(answer.decisions().len(), 4);
    let reported: Vec<usize> = answer.reported().map(|decision| decision.policy()).collect();
    assert_eq!(reported, [2]);
}

#[test]
fn an_upgrade_precedes_the_enforced_policies_only() {
    let image = fetch(Image, "http://own.example:80/a.png");
    assert_answer("img-src 'self'", &image, "blocked by img-src");
    assert_answer("img-src 'self'; upgrade-insecure-requests", &image, "allowed by img-src 'self'");
    let policy = "img-src 'self', upgrade-insecure-requests";
    assert_answer(policy, &image, "allowed by img-src 'self'");
    let report = ContentSecurityPolicy::from_static("img-src 'self'; upgrade-insecure-requests");
    let answer = held_to("upgrade-insecure-requests").reporting(&report).allows(&image);
    assert_eq!(answer.reported().count(), 1);
}

#[test]
fn a_sandbox_blocks_scripts_and_forms() {
    let form = Load::form_action("https://own.example/").unwrap();
    assert_answer("sandbox", &Load::inline_script(""), "blocked by sandbox");
    assert_answer("sandbox", &form, "blocked by sandbox");
    assert_answer("sandbox Allow-Scripts", &Load::eval(), "allowed, since no directive limits it");
    assert_answer("sandbox", &Load::inline_style(""), "allowed, since no directive limits it");
    let report = ContentSecurityPolicy::from_static("sandbox");
    let evaluator = Evaluator::new(page("https://own.example")).reporting(&report);
    assert_eq!(evaluator.allows(&form).reported().count(), 0);
}

#[test]
fn the_placeholder_of_an_own_policy_is_the_nonce_of_each_response() {
    let policy = ContentSecurityPolicy::from_static("script-src 'nonce-{}' 'strict-dynamic'");
    let evaluator = Evaluator::new(page("https://own.example")).enforcing(&policy);
    assert!(evaluator.allows(&Load::inline_script("").with_nonce(NONCE)).is_allowed());
    assert!(!evaluator.allows(&Load::inline_script("")).is_allowed());
    // Browsers get the text of a received policy.
    let received = held_to("script-src 'nonce-{}'");
    assert!(!received.allows(&Load::inline_script("").with_nonce(NONCE)).is_allowed());
    let headers = Hardening::strict(&page("https://own.example"))
        .headers_with_nonce(&Nonce::from_value(NONCE).unwrap());
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(name, value);
    }
    let sent = Evaluator::from_headers(page("https://own.example"), &map);
    assert!(sent.allows(&Load::inline_script("").with_nonce(NONCE)).is_allowed());
}
