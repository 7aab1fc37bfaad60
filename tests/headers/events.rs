//! Tests that a header that a response loses or gets weaker causes an event.

use http::{Request, Response, header};
use tower_hardening::{
    ContentSecurityPolicy, Hardening, HardeningLayer,
    connection::{ConnectionInfo, Scheme},
    csp::{CspOverride, EndpointName},
    header::{FetchMetadata, FetchMetadataLayer, HeaderOverride, ReportingEndpoints},
};

use super::{answered, asked, logged::logged};

fn with<T: Clone + Send + Sync + 'static>(change: T) -> Response<()> {
    let mut response = Response::new(());
    response.extensions_mut().insert(change);
    response
}

#[test]
fn a_disabled_header_is_logged_with_the_reason_and_others_are_not() {
    let layer = HardeningLayer::default();
    let off = HeaderOverride::new().disable(&header::X_FRAME_OPTIONS, "partners frame it").unwrap();
    let log = logged(|| drop(answered(&layer, with(off))));
    assert!(log.contains("x-frame-options: disabled for a response"), "{log}");
    assert!(log.contains("partners frame it") && log.lines().count() == 1, "{log}");
    let off = CspOverride::new().disable("a page of another team");
    let log = logged(|| drop(answered(&layer, with(off))));
    assert!(log.contains("content-security-policy: disabled for a response"), "{log}");
    assert!(log.contains("a page of another team") && log.lines().count() == 1, "{log}");
    let watched = ContentSecurityPolicy::from_static("default-src 'self'; report-uri /csp");
    let layer = HardeningLayer::new(Hardening::empty().with_report_only(watched));
    let off = CspOverride::new().disable_report_only("too many reports");
    let log = logged(|| drop(answered(&layer, with(off))));
    assert!(log.contains("content-security-policy-report-only: disabled"), "{log}");
    assert!(log.contains("too many reports") && log.lines().count() == 1, "{log}");
    assert_eq!(logged(|| drop(answered(&HardeningLayer::default(), Response::new(())))), "");
}

#[test]
fn adv_105_an_addition_that_is_left_out_is_logged() {
    let endpoint = |name: &'static str, url: &str| {
        ReportingEndpoints::new(EndpointName::from_static(name), url).unwrap()
    };
    let layer = HardeningLayer::new(Hardening::empty().with(endpoint("main", "/r")));
    let long = endpoint("long", &format!("/{}", "a".repeat(8190)));
    let change = HeaderOverride::new().extend(&long);
    let log = logged(|| drop(answered(&layer, with(change))));
    assert!(log.contains("longer than 8192 bytes") && log.contains("subject=long"), "{log}");
}

#[test]
fn a_policy_that_is_relaxed_for_development_is_logged() {
    let request = |peer: std::net::Ipv4Addr| {
        let mut request = Request::new(());
        request.headers_mut().insert("host", "localhost".parse().unwrap());
        let host = "localhost".parse().unwrap();
        let known = ConnectionInfo::new(Scheme::Http).with_host(host).with_peer(peer.into());
        request.extensions_mut().insert(known);
        request
    };
    let layer = HardeningLayer::default().dangerous_dev_overlay();
    let own = request(std::net::Ipv4Addr::LOCALHOST);
    let log = logged(|| drop(asked(&layer, own, Response::new(()))));
    assert!(log.contains("relaxed for hot reload") && log.lines().count() == 1, "{log}");
    let other = request(std::net::Ipv4Addr::new(192, 0, 2, 7));
    assert_eq!(logged(|| drop(asked(&layer, other, Response::new(())))), "");
}

#[test]
fn a_rejected_request_of_another_site_is_logged_in_both_modes() {
    let cross = || {
        let mut request = Request::new(());
        request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        request
    };
    let policy = FetchMetadata::new();
    for (policy, text) in
        [(policy.clone(), "rejected a request"), (policy.report_only(), "would reject a request")]
    {
        let layer = FetchMetadataLayer::new(policy);
        let log = logged(|| drop(asked(&layer, cross(), Response::new(()))));
        assert!(log.contains(text) && log.lines().count() == 1, "{log}");
    }
}
