//! A 304 replaces all policies of the page in the browser's cache.

use http::{Response, StatusCode, header};
use tower::Layer;
use tower_hardening::{ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, ReferrerPolicy};

use super::{
    browser::line,
    nonces::{POLICY, page},
    service::{Handler, ask},
};

const NONCE: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("script-src 'nonce-{}'; frame-ancestors https://a.example");

const FIXED: ContentSecurityPolicy = ContentSecurityPolicy::from_static("img-src 'self'");

fn not_modified<T>(_: T) -> Response<String> {
    let mut response = Response::new(String::new());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    response
}

/// Returns the policies of a 304.
fn policies<L: Layer<Handler>>(layer: &L) -> Vec<String>
where
    L::Service: tower::Service<
            http::Request<()>,
            Response = Response<String>,
            Error = std::convert::Infallible,
        >,
{
    let response = ask(layer, not_modified);
    let lines = response.headers().get_all("content-security-policy").iter();
    lines.map(|line| line.to_str().unwrap().to_owned()).collect()
}

#[test]
fn no_outer_layer_replaces_a_stored_policy_with_a_nonce() {
    let page = || CspLayer::new(NONCE);
    let all = |policy| HardeningLayer::new(Hardening::empty().with(policy));
    assert_eq!(policies(&(CspLayer::new(FIXED), page())), [""; 0]);
    assert_eq!(policies(&(HardeningLayer::default(), page())), [""; 0]);
    assert_eq!(policies(&(HardeningLayer::default(), all(NONCE))), [""; 0]);
    assert_eq!(policies(&(all(FIXED), CspLayer::new(FIXED), page())), [""; 0]);
    assert_eq!(policies(&(CspLayer::new(FIXED).appending(), page())), [""; 0]);
    // A layer that replaces the page's policy replaces it on the 304 too.
    assert_eq!(policies(&(CspLayer::new(FIXED).overriding(), page())), ["img-src 'self'"]);
    let appended = CspLayer::new(ContentSecurityPolicy::NONE).appending();
    let both = ["img-src 'self'".to_owned(), ContentSecurityPolicy::NONE.to_string()];
    assert_eq!(policies(&(appended, CspLayer::new(FIXED).overriding(), page())), both);
}

#[test]
fn one_of_several_policies_does_not_replace_all_of_them() {
    let appending = CspLayer::new(NONCE).appending();
    assert_eq!(policies(&(appending, CspLayer::new(FIXED))), [""; 0]);
    for hardening in [
        Hardening::empty().with(NONCE).with_additional_csp(FIXED),
        Hardening::empty().with(FIXED).with_additional_csp(NONCE),
    ] {
        assert_eq!(policies(&HardeningLayer::new(hardening)), [""; 0]);
    }
    // A policy under another header name is not affected.
    let watched = HardeningLayer::new(Hardening::empty().with(FIXED).with_report_only(NONCE));
    assert_eq!(policies(&watched), ["img-src 'self'"]);
}

#[test]
fn a_page_that_a_list_may_frame_gets_no_frame_options_by_its_304() {
    let response = ask(&(HardeningLayer::default(), CspLayer::new(NONCE)), not_modified);
    assert!(!response.headers().contains_key("x-frame-options"));
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    let watched = CspLayer::report_only(NONCE);
    let response = ask(&(HardeningLayer::default(), watched), not_modified);
    assert_eq!(response.headers()["x-frame-options"], "SAMEORIGIN");
}

#[test]
fn adv_025_a_304_has_no_policy_with_a_nonce() {
    let not_modified = |request| {
        let mut response = page(request);
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    };
    let layers = |policy: ContentSecurityPolicy| {
        Hardening::empty()
            .with(policy.clone())
            .with_report_only(policy)
            .with(ReferrerPolicy::SAME_ORIGIN)
    };
    let response = ask(&HardeningLayer::new(layers(POLICY)), not_modified);
    assert!(response.headers().keys().all(|name| !name.as_str().starts_with("content-security")));
    assert_eq!(response.headers()["referrer-policy"], "same-origin");
    assert!(
        ask(&CspLayer::new(POLICY), not_modified)
            .headers()
            .get("content-security-policy")
            .is_none()
    );
    // A policy without a nonce is kept.
    let response = ask(&HardeningLayer::new(layers(ContentSecurityPolicy::NONE)), not_modified);
    assert_eq!(line(response.headers()), ContentSecurityPolicy::NONE.to_string());
    let response = ask(&CspLayer::new(ContentSecurityPolicy::NONE), not_modified);
    assert_eq!(line(response.headers()), ContentSecurityPolicy::NONE.to_string());
}

#[test]
fn adv_025_a_gateway_that_overrides_takes_the_inner_policy_off_a_304() {
    let not_modified = |_| {
        let mut response = Response::new(String::new());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, "script-src 'nonce-old'".parse().unwrap());
        response
    };
    let gone = |response: Response<String>| {
        assert!(response.headers().get("content-security-policy").is_none())
    };
    gone(ask(&CspLayer::new(POLICY).overriding(), not_modified));
    gone(ask(&HardeningLayer::new(Hardening::empty().with(POLICY)).overriding(), not_modified));
    // A layer that keeps existing headers keeps this one too.
    assert_eq!(line(ask(&CspLayer::new(POLICY), not_modified).headers()), "script-src 'nonce-old'");
}
