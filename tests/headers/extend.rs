//! Tests members that one response or one route adds to the headers of layers.

use http::{HeaderMap, Response};
use tower_hardening::{
    FrameOptions, Hardening, HardeningLayer,
    csp::EndpointName,
    header::{
        CacheControl, CacheControlLayer, ClearSiteData, ClearSiteDataLayer, DocumentPolicy,
        HeaderOverride, HeaderOverrideLayer, PermissionsPolicy, PermissionsPolicyLayer, ReportTo,
        ReportingEndpoints, SiteData,
    },
};

use super::answered;

const FEATURES: PermissionsPolicy =
    PermissionsPolicy::from_static("camera=(), usb=(), fullscreen=(self)");

fn endpoint(name: &'static str, url: &str) -> ReportingEndpoints {
    ReportingEndpoints::new(EndpointName::from_static(name), url).unwrap()
}

fn with(change: &HeaderOverride) -> Response<()> {
    let mut response = Response::new(());
    response.extensions_mut().insert(change.clone());
    response
}

fn headers(all: Hardening, change: &HeaderOverride) -> HeaderMap {
    answered(&HardeningLayer::new(all), with(change)).headers().clone()
}

#[test]
fn a_response_adds_features_and_changes_those_that_are_there() {
    let call = PermissionsPolicy::from_static("camera=(self), midi=*;report-to=main");
    let change = HeaderOverride::new().extend(&call);
    let sent = headers(Hardening::empty().with(FEATURES), &change);
    let expected = "camera=(self), usb=(), fullscreen=(self), midi=*;report-to=main";
    assert_eq!(sent["permissions-policy"], expected);
    // The layer of one header and the layer of a route do the same.
    let one = PermissionsPolicyLayer::new(FEATURES);
    assert_eq!(answered(&one, with(&change)).headers()["permissions-policy"], expected);
    let route = (one, HeaderOverrideLayer::new(change));
    assert_eq!(answered(&route, Response::new(())).headers()["permissions-policy"], expected);
    // Other responses keep the layer's own policy.
    let all = HardeningLayer::new(Hardening::empty().with(FEATURES));
    let usual = answered(&all, Response::new(()));
    assert_eq!(usual.headers()["permissions-policy"], FEATURES.to_string());
}

#[test]
fn every_list_is_extended_as_its_own_type_joins_it() {
    let document = |text: &str| text.parse::<DocumentPolicy>().unwrap();
    let group = |text: &str| text.parse::<ReportTo>().unwrap();
    let group_a = r#"{"group":"a","max_age":1,"endpoints":[{"url":"https://a.example/"}]}"#;
    let group_ab = r#"{"group":"ab","max_age":1,"endpoints":[{"url":"https://b.example/"}]}"#;
    let later = r#"{"group":"a","max_age":2,"endpoints":[{"url":"https://c.example/"}]}"#;
    let all = Hardening::empty()
        .with(endpoint("main", "/reports"))
        .with(document("document-write=?0, *;report-to=main"))
        .with(group(group_a))
        .with("private, no-cache=\"set-cookie, x\", max-age=60".parse::<CacheControl>().unwrap());
    let change = HeaderOverride::new()
        .extend(&endpoint("editor", "/reports?a"))
        .extend(&document("document-write, js-profiling"))
        .extend(&group(&format!("{group_ab}, {later}")))
        .extend(&"max-age=5, no-store".parse::<CacheControl>().unwrap());
    let sent = headers(all, &change);
    assert_eq!(sent["reporting-endpoints"], r#"main="/reports", editor="/reports?a""#);
    assert_eq!(sent["document-policy"], "document-write, *;report-to=main, js-profiling");
    assert_eq!(sent["report-to"], format!("{later}, {group_ab}"));
    let expected = "private, no-cache=\"set-cookie, x\", max-age=5, no-store";
    assert_eq!(sent["cache-control"], expected);
    for (name, value) in &sent {
        let text = value.to_str().unwrap();
        let is_read = match name.as_str() {
            "reporting-endpoints" => text.parse::<ReportingEndpoints>().is_ok(),
            "document-policy" => text.parse::<DocumentPolicy>().is_ok(),
            "report-to" => text.parse::<ReportTo>().is_ok(),
            _ => text.parse::<CacheControl>().is_ok(),
        };
        assert!(is_read, "{name}: {text}");
    }
}

#[test]
fn a_route_of_sign_outs_deletes_more_on_one_response() {
    let layer = ClearSiteDataLayer::new(ClearSiteData::logout());
    let more = ClearSiteData::only(SiteData::CACHE).and(SiteData::COOKIES);
    let sent = answered(&layer, with(&HeaderOverride::new().extend(&more)));
    assert_eq!(sent.headers()["clear-site-data"], r#""cookies", "storage", "cache""#);
}

#[test]
fn a_header_is_replaced_then_extended_then_disabled_in_any_order_of_the_calls() {
    let other = PermissionsPolicy::from_static("usb=(self)");
    let more = PermissionsPolicy::from_static("midi=()");
    let all = || Hardening::empty().with(FEATURES).with(FrameOptions::DENY);
    for change in [
        HeaderOverride::new().replace(&other).extend(&more),
        HeaderOverride::new().extend(&more).replace(&other),
    ] {
        assert_eq!(headers(all(), &change)["permissions-policy"], "usb=(self), midi=()");
        let name = http::HeaderName::from_static("permissions-policy");
        let off = change.disable(&name, "a page of another team").unwrap().extend(&more);
        let sent = headers(all(), &off);
        assert!(!sent.contains_key("permissions-policy") && sent.contains_key("x-frame-options"));
    }
    let twice =
        HeaderOverride::new().extend(&more).extend(&PermissionsPolicy::from_static("midi=*"));
    let sent = headers(all(), &twice);
    assert_eq!(sent["permissions-policy"], format!("{FEATURES}, midi=*"));
}

#[test]
fn a_header_of_the_response_is_kept_and_nothing_is_sent_where_no_layer_has_a_policy() {
    let change = HeaderOverride::new().extend(&PermissionsPolicy::from_static("midi=()"));
    let mut response = with(&change);
    response.headers_mut().insert("permissions-policy", "usb=*".parse().unwrap());
    let layer = PermissionsPolicyLayer::new(FEATURES);
    assert_eq!(answered(&layer, response).headers()["permissions-policy"], "usb=*");
    assert!(headers(Hardening::empty(), &change).is_empty());
    // Inside another layer the header is extended once.
    let outer =
        HardeningLayer::new(Hardening::empty().with(PermissionsPolicy::from_static("hid=()")));
    let sent = answered(&(outer, layer), with(&change));
    assert_eq!(sent.headers()["permissions-policy"], format!("{FEATURES}, midi=()"));
    assert_eq!(sent.headers().get_all("permissions-policy").iter().count(), 1);
}

#[test]
fn a_report_only_header_is_changed_under_its_own_name() {
    let all = || Hardening::empty().with(FEATURES).with_report_only(FEATURES);
    let more = PermissionsPolicy::from_static("camera=*");
    let sent = headers(all(), &HeaderOverride::new().extend_report_only(&more));
    assert_eq!(sent["permissions-policy"], FEATURES.to_string());
    let watched = "camera=*, usb=(), fullscreen=(self)";
    assert_eq!(sent["permissions-policy-report-only"], watched);
    let change = HeaderOverride::new().replace_report_only(&more);
    assert_eq!(headers(all(), &change)["permissions-policy-report-only"], "camera=*");
}

#[test]
fn adv_105_an_addition_that_is_too_long_is_left_out_and_the_policy_stays() {
    let url = |length: usize| format!("/{}", "a".repeat(length));
    let layer = HardeningLayer::new(Hardening::empty().with(endpoint("main", "/r")));
    let change = HeaderOverride::new()
        .extend(&endpoint("long", &url(8180)))
        .extend(&endpoint("fits", &url(8100)))
        .extend(&endpoint("late", &url(80)))
        .extend(&endpoint("s", "/s"));
    let sent = answered(&layer, with(&change)).headers()["reporting-endpoints"].clone();
    let expected = format!("main=\"/r\", fits=\"{}\", s=\"/s\"", url(8100));
    assert!(sent == expected && sent.len() <= 8192, "{} bytes", sent.len());
    let whole = HeaderOverride::new().extend(&CacheControl::NO_STORE);
    let cache = CacheControlLayer::new(CacheControl::PRIVATE);
    assert_eq!(answered(&cache, with(&whole)).headers()["cache-control"], "private, no-store");
}
