//! Tests layers in other orders, overrides on top of each other, and responses of gates.

use http::{HeaderName, HeaderValue, Request, Response, StatusCode, header};
use tower_hardening::{
    ContentTypeOptions, ContentTypeOptionsLayer, FrameOptions, FrameOptionsLayer, Hardening,
    HardeningLayer, ReferrerPolicy, StrictTransportSecurity, StsLayer,
    connection::ConnectionInfoLayer,
    header::{
        CacheControl, CrossOriginEmbedderPolicy, CrossOriginOpenerPolicy,
        CrossOriginResourcePolicy, FetchMetadata, FetchMetadataLayer, HeaderOverride,
        HeaderOverrideLayer, PermissionsPolicy, RemoveHeaders, RemoveHeadersLayer, StaticHeader,
        XssProtection, XssProtectionLayer,
    },
    hosts::{AllowedHosts, AllowedHostsLayer},
};

use super::{answered, asked};

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

fn disable(name: &HeaderName) -> HeaderOverride {
    HeaderOverride::new().disable(name, "a page of another team").unwrap()
}

fn with(change: HeaderOverride) -> Response<()> {
    let mut response = Response::new(());
    response.extensions_mut().insert(change);
    response
}

#[test]
fn overrides_of_a_router_a_route_and_a_handler_apply_together() {
    let router = HeaderOverrideLayer::new(disable(&header::X_FRAME_OPTIONS));
    let route = HeaderOverride::new().replace(&CrossOriginOpenerPolicy::UNSAFE_NONE);
    let handler = HeaderOverride::new().replace(&ReferrerPolicy::NO_REFERRER);
    let layers = (HardeningLayer::default(), (router, HeaderOverrideLayer::new(route)));
    let sent = answered(&layers, with(handler));
    assert!(!sent.headers().contains_key("x-frame-options"));
    assert_eq!(sent.headers()[OPENER], "unsafe-none");
    assert_eq!(sent.headers()["referrer-policy"], "no-referrer");
}

#[test]
fn the_innermost_override_of_a_header_wins_and_an_inner_one_brings_a_disabled_header_back() {
    let outer = HeaderOverrideLayer::new(disable(&header::REFERRER_POLICY));
    let own = HeaderOverride::new().replace(&ReferrerPolicy::ORIGIN);
    let layers = (HardeningLayer::default(), outer);
    let sent = answered(&layers, with(own.clone()));
    assert_eq!(sent.headers()["referrer-policy"], "origin");
    let reversed = (HardeningLayer::default(), HeaderOverrideLayer::new(own));
    let sent = answered(&reversed, with(disable(&header::REFERRER_POLICY)));
    assert!(!sent.headers().contains_key("referrer-policy"));
    // An inner override of another header keeps the members that an outer one adds.
    let more = HeaderOverride::new().extend(&PermissionsPolicy::from_static("usb=()"));
    let all = Hardening::recommended().with(PermissionsPolicy::from_static("camera=()"));
    let layers = (HardeningLayer::new(all), HeaderOverrideLayer::new(more));
    let sent = answered(&layers, with(disable(&header::X_FRAME_OPTIONS)));
    assert_eq!(sent.headers()["permissions-policy"], "camera=(), usb=()");
}

#[test]
fn a_disabled_header_that_the_application_set_itself_is_kept() {
    let change = disable(&header::X_FRAME_OPTIONS)
        .disable(&header::X_CONTENT_TYPE_OPTIONS, "old downloads")
        .unwrap();
    let own = || {
        let mut response = with(change.clone());
        response.headers_mut().insert("x-frame-options", HeaderValue::from_static("DENY"));
        response.headers_mut().insert("x-content-type-options", HeaderValue::from_static("a"));
        response
    };
    let single = (
        FrameOptionsLayer::new(FrameOptions::SAMEORIGIN).overriding(),
        ContentTypeOptionsLayer::new(ContentTypeOptions::NOSNIFF),
    );
    for sent in [
        answered(&HardeningLayer::default(), own()),
        answered(&HardeningLayer::default().overriding(), own()),
        answered(&single, own()),
    ] {
        assert_eq!(sent.headers()["x-frame-options"], "DENY");
        assert_eq!(sent.headers()["x-content-type-options"], "a");
    }
    // An inner layer of this crate honours the override as well.
    let inner = FrameOptionsLayer::new(FrameOptions::DENY);
    let sent = answered(&(HardeningLayer::default(), inner), with(change));
    assert!(!sent.headers().contains_key("x-frame-options"));
}

#[test]
fn an_override_never_sends_a_header_for_https_over_http() {
    let years = StrictTransportSecurity::ROLLOUT[3];
    let change = || with(HeaderOverride::new().replace(&years));
    let all = Hardening::empty().with(StrictTransportSecurity::ROLLOUT[0]);
    let http = ConnectionInfoLayer::assume_http();
    let sent = answered(&(http.clone(), HardeningLayer::new(all.clone())), change());
    assert!(sent.headers().is_empty(), "{sent:?}");
    let single = StsLayer::new(StrictTransportSecurity::ROLLOUT[0]);
    assert!(answered(&(http, single), change()).headers().is_empty());
    let https = (ConnectionInfoLayer::assume_https(), HardeningLayer::new(all));
    assert_eq!(
        answered(&https, change()).headers()["strict-transport-security"],
        years.to_string()
    );
}

#[test]
fn a_gate_s_answer_has_the_override_of_the_route_around_it_and_no_other() {
    let gate = FetchMetadataLayer::new(FetchMetadata::new());
    let change = HeaderOverrideLayer::new(disable(&header::X_FRAME_OPTIONS));
    let cross = || Request::get("/").header("sec-fetch-site", "cross-site").body(()).unwrap();
    let around = (HardeningLayer::default(), (change.clone(), gate.clone()));
    let (status, headers) = asked(&around, cross(), Response::new(()));
    assert_eq!((status, headers.contains_key("x-frame-options")), (StatusCode::FORBIDDEN, false));
    // The service inside never ran, so its override does not apply.
    let inside = (HardeningLayer::default(), (gate, change));
    let (status, headers) = asked(&inside, cross(), Response::new(()));
    assert_eq!((status, headers.contains_key("x-frame-options")), (StatusCode::FORBIDDEN, true));
}

#[test]
fn a_gate_outside_of_the_hardening_answers_without_its_headers() {
    let hosts = AllowedHosts::new(["example.tld"]).unwrap();
    let stranger = || Request::get("/").header("host", "evil.example").body(()).unwrap();
    let gate = AllowedHostsLayer::new(hosts);
    let (status, headers) =
        asked(&(HardeningLayer::default(), gate.clone()), stranger(), Response::new(()));
    assert_eq!((status, headers.len()), (StatusCode::MISDIRECTED_REQUEST, 6));
    let (status, headers) =
        asked(&(gate, HardeningLayer::default()), stranger(), Response::new(()));
    assert_eq!((status, headers.len()), (StatusCode::MISDIRECTED_REQUEST, 0));
}

#[test]
fn removal_and_sending_do_not_depend_on_the_order_of_layers() {
    let filter = XssProtectionLayer::new(XssProtection::OFF);
    let remove = RemoveHeadersLayer::new(RemoveHeaders::server());
    let response = || {
        let mut response = with(disable(&OPENER));
        response.headers_mut().insert("server", HeaderValue::from_static("a"));
        response
    };
    let one = answered(&(remove.clone(), (filter.clone(), HardeningLayer::default())), response());
    let other = answered(&(HardeningLayer::default(), (remove, filter)), response());
    assert_eq!(one.headers().len(), other.headers().len());
    for (name, value) in one.headers() {
        assert_eq!(other.headers().get(name), Some(value), "{name}");
    }
    assert_eq!(one.headers()["x-xss-protection"], "0");
    assert!(!one.headers().contains_key("server") && !one.headers().contains_key(OPENER));
}

#[test]
fn adv_103_a_route_relaxes_the_resource_policy_of_its_files() {
    let all = Hardening::empty().with(CrossOriginResourcePolicy::SAME_ORIGIN);
    let open = HeaderOverride::new().replace(&CrossOriginResourcePolicy::CROSS_ORIGIN);
    let route = (HardeningLayer::new(all.clone()), HeaderOverrideLayer::new(open));
    let sent = answered(&route, Response::new(()));
    assert_eq!(sent.headers()["cross-origin-resource-policy"], "cross-origin");
    let sent = answered(&HardeningLayer::new(all), Response::new(()));
    assert_eq!(sent.headers()["cross-origin-resource-policy"], "same-origin");
    // The policies that need a trial have a report-only header.
    let trial = CrossOriginEmbedderPolicy::REQUIRE_CORP;
    let sent = Hardening::empty().with_report_only(trial).headers();
    assert_eq!(sent[0].0, "cross-origin-embedder-policy-report-only");
}

#[test]
fn an_override_for_a_header_that_no_layer_sends_does_nothing() {
    let change = HeaderOverride::new()
        .replace(&StaticHeader::from_static("x-a", "b"))
        .replace(&CacheControl::NO_STORE);
    assert!(answered(&HardeningLayer::new(Hardening::empty()), with(change)).headers().is_empty());
}

#[cfg(feature = "nonce")]
#[test]
fn no_override_lets_a_shared_cache_keep_a_page_with_a_nonce() {
    use tower::{Layer, Service, service_fn};
    use tower_hardening::{ContentSecurityPolicy, Nonce};

    let csp = ContentSecurityPolicy::from_static("script-src 'nonce-{}'");
    let public: CacheControl = "public, max-age=600".parse().unwrap();
    for change in [
        HeaderOverride::new().replace(&public),
        HeaderOverride::new().extend(&public),
        disable(&header::CACHE_CONTROL),
    ] {
        let page = service_fn(move |request: Request<()>| {
            let nonce = Nonce::from_extensions(request.extensions()).unwrap();
            assert_eq!(nonce.get().unwrap().len(), 24);
            std::future::ready(Ok::<_, std::convert::Infallible>(with(change.clone())))
        });
        let all = Hardening::empty().with(csp.clone()).with(CacheControl::NO_CACHE);
        let mut service = HardeningLayer::new(all).layer(page);
        let response = futures_util::FutureExt::now_or_never(service.call(Request::new(())));
        let response = response.unwrap().unwrap();
        let sent = response.headers()["cache-control"].to_str().unwrap();
        assert!(sent.contains("private") && !sent.contains("public"), "{sent}");
    }
}
