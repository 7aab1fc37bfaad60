//! A page that a list of origins may frame is sent without `X-Frame-Options`.

use http::{HeaderValue, Response};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, FrameOptions, Hardening, HardeningLayer,
    csp::CspOverride,
    header::HeaderOverride,
    hosts::{VirtualHosts, VirtualHostsLayer},
};

use super::service::ask;

const LIST: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("default-src 'self'; frame-ancestors https://a.example");
const NONE: ContentSecurityPolicy = ContentSecurityPolicy::NONE;

fn guide() -> Hardening {
    Hardening::pleroma(&"https://example.tld".parse().unwrap())
}

fn frame_options<T>(response: &Response<T>) -> Option<&str> {
    response.headers().get("x-frame-options").map(|value| value.to_str().unwrap())
}

/// Returns a layer inside another one. The first member of a tuple is the outermost layer.
fn nested<I: Clone, O: Clone>(inner: &I, outer: &O) -> (O, I) {
    (outer.clone(), inner.clone())
}

#[test]
fn frame_options_that_a_handler_asks_for_are_sent_with_a_list() {
    let response = ask(&HardeningLayer::new(guide()), |_| {
        let mut response = Response::<String>::default();
        let framed = HeaderOverride::new().replace(&FrameOptions::SAMEORIGIN);
        response.extensions_mut().insert(framed);
        response.extensions_mut().insert(CspOverride::new().replace(LIST));
        response
    });
    assert_eq!(frame_options(&response), Some("SAMEORIGIN"));
    assert_eq!(response.headers()["content-security-policy"], LIST.to_string());
}

#[test]
fn a_route_that_a_list_may_frame_has_no_frame_options_from_a_preset() {
    for ancestors in ["https://a.example", "'self' https://a.example", "*", "https:"] {
        let policy: ContentSecurityPolicy =
            format!("default-src 'self'; frame-ancestors {ancestors}").parse().unwrap();
        for outer in
            [guide(), Hardening::empty().with(NONE), Hardening::empty().with(FrameOptions::DENY)]
        {
            let outer = HardeningLayer::new(outer);
            let response =
                ask(&nested(&CspLayer::new(policy.clone()), &outer), |_| Response::default());
            assert_eq!(frame_options(&response), None, "{ancestors}");
            assert_eq!(response.headers()["content-security-policy"], policy.to_string());
            let inner = HardeningLayer::new(Hardening::empty().with(policy.clone()));
            let response = ask(&nested(&inner, &outer), |_| Response::default());
            assert_eq!(frame_options(&response), None, "{ancestors}");
            let replaced = policy.clone();
            let response = ask(&outer, move |_| {
                let mut response = Response::<String>::default();
                response.extensions_mut().insert(CspOverride::new().replace(replaced.clone()));
                response
            });
            let has_policy = response.headers().contains_key("content-security-policy");
            assert_eq!(frame_options(&response), (!has_policy).then_some("DENY"), "{ancestors}");
        }
        let sites = VirtualHostsLayer::new(VirtualHosts::new(guide()));
        let response = ask(&nested(&CspLayer::new(policy), &sites), |_| Response::default());
        assert_eq!(frame_options(&response), None, "{ancestors}");
    }
}

#[test]
fn a_route_that_nobody_else_may_frame_keeps_the_preset_s_frame_options() {
    for policy in [
        "frame-ancestors 'none'",
        "frame-ancestors 'self'",
        "frame-ancestors 'SELF'",
        "default-src 'self'",
    ] {
        let policy: ContentSecurityPolicy = policy.parse().unwrap();
        let outer = HardeningLayer::new(guide());
        let response =
            ask(&nested(&CspLayer::new(policy.clone()), &outer), |_| Response::default());
        assert_eq!(frame_options(&response), Some("DENY"), "{policy}");
    }
    // A report-only policy and an appended policy do not decide.
    for inner in [CspLayer::report_only(LIST), CspLayer::new(LIST).appending()] {
        let response = ask(&nested(&inner, &HardeningLayer::new(guide())), |_| Response::default());
        assert_eq!(frame_options(&response), Some("DENY"));
    }
    // A replaced policy does not decide either.
    let outer = HardeningLayer::new(guide()).overriding();
    let response = ask(&nested(&CspLayer::new(LIST), &outer), |_| Response::default());
    assert_eq!(frame_options(&response), Some("DENY"));
}

#[test]
fn frame_options_that_were_configured_explicitly_stay() {
    let own = |_| {
        let mut response = Response::<String>::default();
        response.headers_mut().insert("x-frame-options", HeaderValue::from_static("SAMEORIGIN"));
        response
    };
    let outer = HardeningLayer::new(guide());
    let response = ask(&nested(&CspLayer::new(LIST), &outer), own);
    assert_eq!(frame_options(&response), Some("SAMEORIGIN"));
    let both = HardeningLayer::new(Hardening::empty().with(LIST).with(FrameOptions::DENY));
    for response in [
        ask(&both, |_| Response::default()),
        ask(&nested(&both, &both), |_| Response::default()),
        ask(&nested(&CspLayer::new(LIST), &both), |_| Response::default()),
    ] {
        assert_eq!(frame_options(&response), Some("DENY"));
    }
}
