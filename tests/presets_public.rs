//! The presets of other projects, made again by public calls.
#![cfg(feature = "nonce")]
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::time::Duration;

use serde_json::Value;
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, FrameOptions, Hardening, HostCookies, Origin,
    ReferrerPolicy, StrictTransportSecurity,
    header::{
        CrossOriginOpenerPolicy, CrossOriginResourcePolicy, DnsPrefetchControl, PermissionsPolicy,
        PermittedCrossDomainPolicies, RemoveHeaders, XssProtection,
    },
};

const TWO_YEARS: StrictTransportSecurity =
    StrictTransportSecurity::new(Duration::from_secs(63_072_000));

fn site() -> Origin {
    "https://example.tld".parse().unwrap()
}

fn csp(text: &str) -> ContentSecurityPolicy {
    text.parse().unwrap()
}

/// Returns the recommendations of the OWASP Secure Headers Project, as the project publishes them.
fn project() -> Value {
    serde_json::from_str(include_str!("vectors/owasp.json")).unwrap()
}

#[test]
fn owasp_is_what_the_project_recommends_without_three_headers() {
    let project = project();
    let sent = project["send"].as_object().unwrap();
    let text = |name: &str| sent[name].as_str().unwrap();
    let preset = Hardening::owasp().headers();
    let left_out = ["cache-control", "clear-site-data", "cross-origin-embedder-policy"];
    assert_eq!(preset.len() + left_out.len(), sent.len());
    for (name, value) in &preset {
        let expected = text(name.as_str());
        let expected = if name == "x-frame-options" { "DENY" } else { expected };
        assert_eq!(value, expected, "{name}");
    }
    assert!(preset.iter().all(|(name, _)| !left_out.contains(&name.as_str())));
    let removed = project["remove"].as_array().unwrap();
    let removed = RemoveHeaders::new(removed.iter().map(|name| name.as_str().unwrap())).unwrap();
    assert_eq!(removed, RemoveHeaders::owasp());

    let made = Hardening::empty()
        .with(CrossOriginOpenerPolicy::SAME_ORIGIN)
        .with(CrossOriginResourcePolicy::SAME_ORIGIN)
        .with(text("permissions-policy").parse::<PermissionsPolicy>().unwrap())
        .with(ReferrerPolicy::NO_REFERRER)
        .with(TWO_YEARS.include_subdomains())
        .with(ContentTypeOptions::NOSNIFF)
        .with(DnsPrefetchControl::OFF)
        .with(FrameOptions::DENY)
        .with(PermittedCrossDomainPolicies::NONE)
        .with(csp(text("content-security-policy")))
        .into_preset(&["csp-form-action-redirect", "opener-policy-pop-ups"]);
    assert_eq!(made, Hardening::owasp());
}

/// Returns the headers that today's Pleroma and Akkoma share.
fn fediverse() -> Hardening {
    Hardening::empty()
        .with(XssProtection::OFF)
        .with(PermittedCrossDomainPolicies::NONE)
        .with(FrameOptions::DENY)
        .with(ContentTypeOptions::NOSNIFF)
        .with(ReferrerPolicy::SAME_ORIGIN)
}

#[test]
fn pleroma_modern_is_the_guide_with_today_s_values() {
    let made = fediverse()
        .with(HostCookies::new(["pleroma_key"]).unwrap())
        .with(csp(
            "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
             img-src 'self' data: blob: https:; media-src 'self' https:; \
             style-src 'self' 'nonce-{}'; font-src 'self'; script-src 'self'; \
             connect-src 'self' wss://example.tld; manifest-src 'self'; upgrade-insecure-requests",
        ))
        .into_preset(&["csp-form-action-redirect"])
        .with(StrictTransportSecurity::new(Duration::from_secs(31_536_000)).include_subdomains());
    assert_eq!(made, Hardening::pleroma_modern(&site()));
    let sent: Vec<_> = made.headers().into_iter().map(|(name, _)| name).collect();
    for absent in ["expect-ct", "x-download-options"] {
        assert!(!sent.iter().any(|name| name == absent), "{absent}");
    }
}

#[test]
fn akkoma_sends_the_headers_of_that_server() {
    let made = fediverse()
        .with(PermissionsPolicy::from_static("interest-cohort=()"))
        .with(csp("default-src 'none'; base-uri 'none'; frame-ancestors 'none'; \
             img-src 'self' data: blob: https:; media-src 'self' https:; \
             style-src 'self' 'nonce-{}'; script-src 'self' 'nonce-{}'; font-src 'self'; \
             connect-src 'self' https://example.tld wss://example.tld; manifest-src 'self'; \
             upgrade-insecure-requests"))
        .into_preset(&[])
        .with(TWO_YEARS.preload());
    assert_eq!(made, Hardening::akkoma(&site()));
    let sent: Vec<_> = made.headers().into_iter().map(|(name, _)| name).collect();
    for absent in ["expect-ct", "x-download-options"] {
        assert!(!sent.iter().any(|name| name == absent), "{absent}");
    }
}
