//! Tests changes for one response and for one route.

use http::{HeaderName, Response, header};
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, ContentTypeOptionsLayer, CspLayer, FrameOptions,
    FrameOptionsLayer, Hardening, HardeningLayer, ReferrerPolicy,
    csp::{CspOverride, CspOverrideLayer},
    header::{CrossOriginOpenerPolicy, HeaderOverride, HeaderOverrideLayer},
};

use super::answered;

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

fn with(change: HeaderOverride) -> Response<()> {
    let mut response = Response::new(());
    response.extensions_mut().insert(change);
    response
}

#[test]
fn a_handler_disables_one_header_of_its_response_and_keeps_the_others() {
    let all = HardeningLayer::default();
    let usual = answered(&all, Response::new(()));
    let change = HeaderOverride::new().disable(&header::X_FRAME_OPTIONS, "framed by partners");
    let changed = answered(&all, with(change.unwrap()));
    assert!(!changed.headers().contains_key("x-frame-options"));
    for (name, value) in usual.headers().iter().filter(|(name, _)| *name != "x-frame-options") {
        assert_eq!(changed.headers().get(name), Some(value), "{name}");
    }
    assert_eq!(changed.headers().len() + 1, usual.headers().len());
}

#[test]
fn a_handler_s_policy_takes_the_place_of_the_layers_and_of_what_is_there() {
    let change = HeaderOverride::new()
        .replace(&CrossOriginOpenerPolicy::UNSAFE_NONE)
        .replace(&ReferrerPolicy::NO_REFERRER);
    for layer in [HardeningLayer::default(), HardeningLayer::default().overriding()] {
        let mut response = with(change.clone());
        response.headers_mut().insert(OPENER, "same-origin".parse().unwrap());
        let sent = answered(&layer, response);
        assert_eq!(sent.headers()[OPENER], "unsafe-none");
        assert_eq!(sent.headers()["referrer-policy"], "no-referrer");
        assert_eq!(sent.headers()["x-frame-options"], "SAMEORIGIN");
    }
}

#[test]
fn the_layer_of_one_header_does_as_the_composite_does() {
    let off = HeaderOverride::new().disable(&header::X_FRAME_OPTIONS, "framed by partners");
    let off = off.unwrap().disable(&header::X_CONTENT_TYPE_OPTIONS, "old downloads").unwrap();
    let frame_options = FrameOptionsLayer::new(FrameOptions::DENY).overriding();
    assert!(answered(&frame_options, with(off.clone())).headers().is_empty());
    let content_type = ContentTypeOptionsLayer::new(ContentTypeOptions::NOSNIFF);
    assert!(answered(&content_type, with(off)).headers().is_empty());
    let other = HeaderOverride::new().replace(&FrameOptions::SAMEORIGIN);
    let sent = answered(&(frame_options.clone(), frame_options), with(other));
    assert_eq!(sent.headers()["x-frame-options"], "SAMEORIGIN");
    assert_eq!(sent.headers().len(), 1);
}

#[test]
fn a_header_with_another_way_to_change_it_is_refused() {
    let error =
        |name: &HeaderName| HeaderOverride::new().disable(name, "no").unwrap_err().to_string();
    assert_eq!(
        error(&header::CONTENT_SECURITY_POLICY),
        "content-security-policy, byte 0: a handler changes this header by another type; use CspOverride"
    );
    assert_eq!(
        error(&header::CONTENT_SECURITY_POLICY_REPORT_ONLY),
        "content-security-policy-report-only, byte 0: a handler changes this header by another type; use CspOverride and its verbs in _report_only"
    );
    assert_eq!(
        error(&header::SET_COOKIE),
        "set-cookie, byte 0: a handler cannot change this header; remove it from the override"
    );
}

#[test]
fn one_line_relaxes_one_route_and_the_handler_decides_last() {
    let all = || HardeningLayer::new(Hardening::recommended());
    let off = CspOverrideLayer::new(CspOverride::new().disable("a page of another team"));
    let sent = answered(&(all(), off.clone()), Response::new(()));
    assert!(!sent.headers().contains_key("content-security-policy"));
    let mut response = Response::new(());
    let own = CspOverride::new().replace(ContentSecurityPolicy::from_static("img-src 'none'"));
    response.extensions_mut().insert(own);
    let sent = answered(&(all(), off), response);
    assert_eq!(sent.headers()["content-security-policy"], "img-src 'none'");

    let route = HeaderOverride::new().replace(&CrossOriginOpenerPolicy::UNSAFE_NONE);
    let sent = answered(&(all(), HeaderOverrideLayer::new(route)), Response::new(()));
    assert_eq!(sent.headers()[OPENER], "unsafe-none");
    // A layer of one policy honours both.
    let csp = CspLayer::new(ContentSecurityPolicy::from_static("img-src 'self'"));
    let off = CspOverrideLayer::new(CspOverride::new().disable("a page of another team"));
    assert!(answered(&(csp, off), Response::new(())).headers().is_empty());
}

#[cfg(feature = "nonce")]
mod nonce {
    use http::Request;
    use tower_hardening::Nonce;

    use super::*;
    use crate::asked;

    const POLICY: ContentSecurityPolicy =
        ContentSecurityPolicy::from_static("script-src 'nonce-{}'");

    #[test]
    fn a_nonce_from_outside_is_the_one_in_the_header_and_is_used_once() {
        let layers =
            (HardeningLayer::new(Hardening::empty().with(POLICY)), CspLayer::report_only(POLICY));
        let text = "MTIzNDU2Nzg5MDEyMzQ1Njc4";
        let nonce = Nonce::from_value(text).unwrap();
        let ask = || {
            let mut request = Request::new(());
            request.extensions_mut().insert(nonce.clone());
            let mut response = Response::new(());
            response.headers_mut().insert("cdn-cache-control", "max-age=60".parse().unwrap());
            asked(&layers, request, response).1
        };
        let headers = ask();
        let expected = format!("script-src 'nonce-{text}'");
        assert_eq!(headers["content-security-policy"], expected);
        assert_eq!(headers["content-security-policy-report-only"], expected);
        assert_eq!(headers["cache-control"], "private");
        assert!(!headers.contains_key("cdn-cache-control"));
        // A second response does not get it again.
        assert!(!ask()["content-security-policy"].to_str().unwrap().contains(text));
    }

    #[test]
    fn a_nonce_from_outside_has_the_shape_of_one() {
        for text in [
            "",
            "short",
            "MTIzNDU2Nzg5MDEyMzQ1Njc4x",
            "MTIzNDU2Nzg5MDEyMzQ1Nj'4",
            "MTIzNDU2Nzg5MDEyMzQ1Nj;4",
        ] {
            let error = Nonce::from_value(text).unwrap_err().to_string();
            assert_eq!(
                error,
                "nonce, byte 0: this is not 24 characters of base64; encode 18 random bytes"
            );
        }
        assert_eq!(
            Nonce::from_value("+/-_NDU2Nzg5MDEyMzQ1Njc4").unwrap().get(),
            Ok("+/-_NDU2Nzg5MDEyMzQ1Njc4")
        );
    }
}
