//! The laws that the documentation states, for every response of a service.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::{
    convert::Infallible,
    future::ready,
    str::FromStr,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Version};
use proptest::{collection::vec, prelude::*, sample::select};
use tower::{Layer, Service, service_fn};
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, CspLayer, ExpectCt, FrameOptions, Hardening,
    HardeningLayer, HostCookieLayer, HostCookies, Origin, ReferrerPolicy, StrictTransportSecurity,
    connection::{ConnectionInfo, Host, Scheme},
    csp::{EndpointName, Source, SourceDirective},
    header::{
        CacheControl, ClearSiteData, CrossOriginEmbedderPolicy, CrossOriginOpenerPolicy,
        CrossOriginResourcePolicy, DnsPrefetchControl, DocumentIsolationPolicy, DocumentPolicy,
        DownloadOptions, HeaderLayer, HttpUrl, IntegrityPolicy, Nel, OriginAgentCluster,
        PermissionsPolicy, PermittedCrossDomainPolicies, ReportTo, ReportingEndpoints, RobotsTag,
        StaticHeader, XssProtection,
    },
    media::ContentDisposition,
};

/// Returns the answer of a service inside a layer, to a request that is known and named as the
/// response's extensions tell.
fn through<L, S>(layer: &L, response: Response<Vec<u8>>) -> Response<Vec<u8>>
where
    L: Layer<Fixed, Service = S>,
    S: Service<Request<()>, Response = Response<Vec<u8>>, Error = Infallible>,
{
    let mut request = Request::new(());
    request.extensions_mut().extend(response.extensions().clone());
    if let Some(Named(host)) = response.extensions().get() {
        request.headers_mut().insert("host", HeaderValue::from_static(host));
    }
    let mut service = layer.layer(Fixed(response));
    let future = service.call(request);
    future.now_or_never().expect("a ready service became pending").unwrap()
}

/// Represents a service with the same response to every request.
struct Fixed(Response<Vec<u8>>);

impl Service<Request<()>> for Fixed {
    type Response = Response<Vec<u8>>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Ok(self.0.clone()))
    }
}

/// Represents a response extension of another crate.
#[derive(Clone, Debug, PartialEq)]
struct Foreign(u32);

/// Represents the host of the request, in the response's extensions.
#[derive(Clone, Copy, Debug)]
struct Named(&'static str);

const NAMES_OF_SITES: [&str; 2] = ["example.tld", "example.tld:8443"];

/// Returns a `Host` line, if there is one.
fn named() -> impl Strategy<Value = Option<Named>> {
    let local = ["192.0.2.1", "[::1]:80", "localhost:4000", "a.localhost", "127.1", "0x7f.1"];
    let hosts = [&NAMES_OF_SITES[..], &local].concat();
    proptest::option::of(select(hosts).prop_map(Named))
}

/// Generates the `ConnectionInfo` of a request, or none.
fn known() -> impl Strategy<Value = Option<ConnectionInfo>> {
    let hosts = vec!["example.tld", "192.0.2.1", "[::1]:80", "localhost", "a.localhost"];
    let schemes = vec![Scheme::Https, Scheme::Http, Scheme::Unknown];
    let known =
        (select(schemes), proptest::option::of(select(hosts))).prop_map(|(scheme, host)| {
            let known = ConnectionInfo::new(scheme);
            match host {
                Some(host) => known.with_host(host.parse().unwrap()),
                None => known,
            }
        });
    proptest::option::of(known)
}

const NAMES: [&str; 24] = [
    "content-security-policy",
    "content-security-policy-report-only",
    "strict-transport-security",
    "expect-ct",
    "referrer-policy",
    "x-frame-options",
    "x-content-type-options",
    "x-xss-protection",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-embedder-policy",
    "cross-origin-resource-policy",
    "reporting-endpoints",
    "x-robots-tag",
    "set-cookie",
    "set-cookie",
    "link",
    "vary",
    "content-type",
    "content-length",
    "cache-control",
    "etag",
    "x-a",
    "x-b",
];

fn value() -> impl Strategy<Value = HeaderValue> {
    let bytes = vec(prop_oneof![Just(b'\t'), 0x20..=0x7Eu8, 0x80..=0xFFu8], 0..20);
    let any = bytes.prop_map(|bytes| HeaderValue::from_bytes(&bytes).unwrap());
    let likely =
        select(vec!["DENY", "nosniff", "same-origin", "sid=1; Path=/x", "default-src 'none'"]);
    prop_oneof![any, likely.prop_map(HeaderValue::from_static)]
}

prop_compose! {
    fn response()(
        status in 100..600u16,
        version in select(vec![Version::HTTP_10, Version::HTTP_11, Version::HTTP_2]),
        headers in vec((select(NAMES.to_vec()), value()), 0..24),
        body in vec(any::<u8>(), 0..8),
        foreign in any::<u32>(),
        known in known(),
        named in named(),
    ) -> Response<Vec<u8>> {
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        *response.version_mut() = version;
        for (name, value) in headers {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
        response.extensions_mut().insert(Foreign(foreign));
        known.map(|known| response.extensions_mut().insert(known));
        named.map(|named| response.extensions_mut().insert(named));
        response
    }
}

/// Represents a policy of any kind.
#[derive(Clone, Debug)]
enum Any {
    Sts(StrictTransportSecurity),
    ExpectCt(ExpectCt),
    Referrer(ReferrerPolicy),
    FrameOptions(FrameOptions),
    ContentTypeOptions(ContentTypeOptions),
    XssProtection(XssProtection),
    DownloadOptions(DownloadOptions),
    PermittedCrossDomainPolicies(PermittedCrossDomainPolicies),
    Permissions(PermissionsPolicy),
    Opener(CrossOriginOpenerPolicy),
    Embedder(CrossOriginEmbedderPolicy),
    Resource(CrossOriginResourcePolicy),
    Isolation(DocumentIsolationPolicy),
    AgentCluster(OriginAgentCluster),
    DnsPrefetch(DnsPrefetchControl),
    Endpoints(ReportingEndpoints),
    Cache(CacheControl),
    Document(DocumentPolicy),
    Integrity(IntegrityPolicy),
    NetworkErrors(Nel),
    Groups(ReportTo),
    Robots(RobotsTag),
    Fixed(StaticHeader),
    Csp(ContentSecurityPolicy),
    CspReportOnly(ContentSecurityPolicy),
    Cookies(HostCookies),
}

/// Does the same to the policy, whatever its kind.
macro_rules! each {
    ($any:expr, $policy:ident => $header:expr, $csp:ident => $enforced:expr, $report_only:expr, $cookies:ident => $host:expr) => {
        match $any.clone() {
            Any::Sts($policy) => $header,
            Any::ExpectCt($policy) => $header,
            Any::Referrer($policy) => $header,
            Any::FrameOptions($policy) => $header,
            Any::ContentTypeOptions($policy) => $header,
            Any::XssProtection($policy) => $header,
            Any::DownloadOptions($policy) => $header,
            Any::PermittedCrossDomainPolicies($policy) => $header,
            Any::Permissions($policy) => $header,
            Any::Opener($policy) => $header,
            Any::Embedder($policy) => $header,
            Any::Resource($policy) => $header,
            Any::Isolation($policy) => $header,
            Any::AgentCluster($policy) => $header,
            Any::DnsPrefetch($policy) => $header,
            Any::Endpoints($policy) => $header,
            Any::Cache($policy) => $header,
            Any::Document($policy) => $header,
            Any::Integrity($policy) => $header,
            Any::NetworkErrors($policy) => $header,
            Any::Groups($policy) => $header,
            Any::Robots($policy) => $header,
            Any::Fixed($policy) => $header,
            Any::Csp($csp) => $enforced,
            Any::CspReportOnly($csp) => $report_only,
            Any::Cookies($cookies) => $host,
        }
    };
}

impl Any {
    fn add_to(&self, all: Hardening) -> Hardening {
        each!(self, policy => all.with(policy), csp => all.with(csp), all.with_report_only(csp), cookies => all.with(cookies))
    }

    fn through(&self, response: Response<Vec<u8>>) -> Response<Vec<u8>> {
        each!(self, policy => through(&HeaderLayer::new(policy), response),
            csp => through(&CspLayer::new(csp), response), through(&CspLayer::report_only(csp), response),
            cookies => through(&HostCookieLayer::new(cookies), response))
    }

    fn overriding(&self, response: Response<Vec<u8>>) -> Response<Vec<u8>> {
        each!(self, policy => through(&HeaderLayer::new(policy).overriding(), response),
            csp => through(&CspLayer::new(csp).overriding(), response), through(&CspLayer::report_only(csp).overriding(), response),
            cookies => through(&HostCookieLayer::new(cookies), response))
    }
}

fn seconds() -> impl Strategy<Value = Duration> {
    prop_oneof![Just(0), Just(31_536_000), any::<u64>()].prop_map(Duration::from_secs)
}

fn csp() -> impl Strategy<Value = ContentSecurityPolicy> {
    let sources = select(vec![
        Source::SELF,
        Source::DATA,
        Source::UNSAFE_INLINE,
        Source::host("https://a.example:8443/x/").unwrap(),
        Source::host("*.b.example").unwrap(),
    ]);
    let directives = select(vec![
        SourceDirective::DEFAULT_SRC,
        SourceDirective::SCRIPT_SRC,
        SourceDirective::STYLE_SRC,
        SourceDirective::SCRIPT_SRC_ELEM,
    ]);
    let starts = select(vec![
        ContentSecurityPolicy::NONE,
        ContentSecurityPolicy::from_static("IMG-SRC *;; frame-ancestors  'self' ; sandbox;"),
        ContentSecurityPolicy::from_static("frame-ancestors https://a.example"),
        ContentSecurityPolicy::from_static("img-src 'self'; upgrade-insecure-requests"),
    ]);
    let edits = vec((directives, vec(sources, 0..4), any::<bool>()), 0..4);
    (starts, edits).prop_map(|(start, edits)| {
        edits.into_iter().fold(start, |policy, (directive, sources, extend)| {
            let policy = if extend {
                policy.extend(directive, sources)
            } else {
                policy.set(directive, sources)
            };
            policy.unwrap()
        })
    })
}

fn policy() -> impl Strategy<Value = Any> {
    let sts = (seconds(), 0..3).prop_map(|(seconds, kind)| {
        let policy = StrictTransportSecurity::new(seconds);
        Any::Sts(match kind {
            0 => policy,
            1 => policy.include_subdomains(),
            _ => policy.preload(),
        })
    });
    let expect_ct =
        (seconds(), any::<bool>(), any::<bool>()).prop_map(|(seconds, enforce, report)| {
            let policy =
                if enforce { ExpectCt::enforce(seconds) } else { ExpectCt::report_only(seconds) };
            Any::ExpectCt(if report {
                policy.report_uri("https://a.example/ct?x").unwrap()
            } else {
                policy
            })
        });
    prop_oneof![
        sts,
        expect_ct,
        (select(ReferrerPolicy::VALUES), select(ReferrerPolicy::VALUES))
            .prop_map(|(policy, fallback)| Any::Referrer(policy.with_fallback(fallback))),
        select(FrameOptions::VALUES).prop_map(Any::FrameOptions),
        select(ContentTypeOptions::VALUES).prop_map(Any::ContentTypeOptions),
        select(XssProtection::VALUES).prop_map(Any::XssProtection),
        select(DownloadOptions::VALUES).prop_map(Any::DownloadOptions),
        select(PermittedCrossDomainPolicies::VALUES).prop_map(Any::PermittedCrossDomainPolicies),
        select(CrossOriginOpenerPolicy::VALUES).prop_map(Any::Opener),
        select(CrossOriginEmbedderPolicy::VALUES)
            .prop_map(|policy| Any::Embedder(policy.report_to(EndpointName::from_static("main")))),
        select(CrossOriginResourcePolicy::VALUES).prop_map(Any::Resource),
        select(DocumentIsolationPolicy::VALUES).prop_map(Any::Isolation),
        select(OriginAgentCluster::VALUES).prop_map(Any::AgentCluster),
        select(DnsPrefetchControl::VALUES).prop_map(Any::DnsPrefetch),
        select(vec!["main=\"https://a.example/r\"", "a=\"/r\", b=\"http://localhost:1/\""])
            .prop_map(|text| Any::Endpoints(text.parse().unwrap())),
        select(vec!["no-store", "private, max-age=60"])
            .prop_map(|text| Any::Cache(text.parse().unwrap())),
        select(vec!["document-write=?0", "a=1.5;report-to=main, *;report-to=other"])
            .prop_map(|text| Any::Document(text.parse().unwrap())),
        Just(Any::Integrity(IntegrityPolicy::SCRIPTS.report_to(EndpointName::from_static("main")))),
        (seconds(), 0.0..=1.0).prop_map(|(max_age, share)| {
            let policy = Nel::new(EndpointName::from_static("main"), max_age);
            Any::NetworkErrors(policy.failure_fraction(share).unwrap())
        }),
        seconds().prop_map(|max_age| {
            let name = EndpointName::from_static("main");
            Any::Groups(ReportTo::new(name, max_age, "https://a.example/r").unwrap())
        }),
        select(vec!["noindex", "googlebot: none, max-snippet:20"])
            .prop_map(|text| Any::Robots(text.parse().unwrap())),
        select(vec!["camera=()", "camera=*, usb=(self \"https://a.example\")"])
            .prop_map(|text| Any::Permissions(PermissionsPolicy::from_static(text))),
        select(vec!["a", "b"]).prop_map(|text| Any::Fixed(StaticHeader::from_static("x-a", text))),
        csp().prop_map(Any::Csp),
        csp().prop_map(Any::CspReportOnly),
        Just(Any::Cookies(HostCookies::new(["sid"]).unwrap())),
    ]
}

/// At most one policy of each kind.
fn policies() -> impl Strategy<Value = Vec<Any>> {
    vec(policy(), 0..14).prop_map(|mut all| {
        let mut seen = Vec::new();
        all.retain(|policy| {
            let kind = std::mem::discriminant(policy);
            let new = !seen.contains(&kind);
            seen.push(kind);
            new
        });
        all
    })
}

fn stacked(policies: &[Any], response: Response<Vec<u8>>, overriding: bool) -> Response<Vec<u8>> {
    let frames = |policy: &Any| matches!(policy, Any::FrameOptions(_));
    let derived = policies.iter().find_map(|policy| match policy {
        Any::Csp(policy) => FrameOptions::from_frame_ancestors(policy).map(Any::FrameOptions),
        _ => None,
    });
    let derived = derived.filter(|_| !policies.iter().any(frames));
    policies.iter().chain(&derived).fold(response, |response, policy| {
        if overriding { policy.overriding(response) } else { policy.through(response) }
    })
}

type Parts = (StatusCode, Version, HeaderMap, Vec<u8>, Option<Foreign>);

fn parts(response: &Response<Vec<u8>>) -> Parts {
    let headers = response.headers().clone();
    let foreign = response.extensions().get().cloned();
    (response.status(), response.version(), headers, response.body().clone(), foreign)
}

proptest! {
    #[test]
    fn the_composite_equals_its_layers_stacked(policies in policies(), response in response()) {
        let all = policies.iter().fold(Hardening::empty(), |all, policy| policy.add_to(all));
        let composite = through(&HardeningLayer::new(all.clone()), response.clone());
        prop_assert_eq!(parts(&composite), parts(&stacked(&policies, response.clone(), false)));
        let composite = through(&HardeningLayer::new(all).overriding(), response.clone());
        prop_assert_eq!(parts(&composite), parts(&stacked(&policies, response, true)));
    }

    #[test]
    fn a_layer_twice_equals_once(policy in policy(), response in response()) {
        let once = policy.through(response);
        prop_assert_eq!(parts(&policy.through(once.clone())), parts(&once));
        let once = policy.overriding(once);
        prop_assert_eq!(parts(&policy.overriding(once.clone())), parts(&once));
    }

    #[test]
    fn appending_twice_equals_once_and_keeps_what_is_there(policy in csp(), response in response()) {
        let layer = CspLayer::new(policy).appending();
        let once = through(&layer, response.clone());
        prop_assert_eq!(parts(&through(&layer, once.clone())), parts(&once));
        let lines = |response: &Response<_>| -> Vec<HeaderValue> {
            response.headers().get_all("content-security-policy").iter().cloned().collect()
        };
        prop_assert!(lines(&once).starts_with(&lines(&response)));
    }

    #[test]
    fn layers_for_different_headers_commute(mut policies in policies(), response in response()) {
        let forwards = stacked(&policies, response.clone(), false);
        policies.reverse();
        prop_assert_eq!(parts(&forwards), parts(&stacked(&policies, response, false)));
    }

    #[test]
    fn adv_044_all_but_the_policys_headers_is_untouched(policies in policies(), response in response()) {
        let all = policies.iter().fold(Hardening::empty(), |all, policy| policy.add_to(all));
        let names: Vec<HeaderName> = all.headers().into_iter().map(|(name, _)| name).collect();
        let hardened = through(&HardeningLayer::new(all), response.clone());
        let foreign = |response: &Response<Vec<u8>>| {
            let mut headers = response.headers().clone();
            let cookies: Vec<HeaderValue> = headers.get_all("set-cookie").iter().cloned().collect();
            names.iter().for_each(|name| drop(headers.remove(name)));
            headers.remove("set-cookie");
            (headers, cookies)
        };
        let (before, after) = (foreign(&response), foreign(&hardened));
        prop_assert_eq!(before.0, after.0);
        prop_assert_eq!(before.1.len(), after.1.len());
        let untouched = |response: &Response<Vec<u8>>| {
            let (status, version, _, body, extension) = parts(response);
            (status, version, body, extension)
        };
        prop_assert_eq!(untouched(&response), untouched(&hardened));
        // The policy is sent, unless the response is interim, or the policy is for names over https only.
        let known = response.extensions().get::<ConnectionInfo>();
        let scheme = known.map(ConnectionInfo::scheme).unwrap_or_default();
        let found = known.and_then(ConnectionInfo::host).map(|host| host.name() == "example.tld");
        let named = response.extensions().get().map(|Named(host)| NAMES_OF_SITES.contains(host));
        let secure = match scheme {
            Scheme::Https => found.unwrap_or(true),
            Scheme::Http => false,
            _ => found.or(named).unwrap_or(true),
        };
        let names: Vec<HeaderName> = names.into_iter()
            .filter(|name| secure || name != "strict-transport-security" && name != "expect-ct")
            .collect();
        let bare = names.iter().filter(|name| !hardened.headers().contains_key(*name)).count();
        prop_assert_eq!(bare, if hardened.status().is_informational() {
            names.iter().filter(|name| !response.headers().contains_key(*name)).count()
        } else { 0 });
    }

    #[test]
    fn print_and_parse_are_inverse(policy in policy()) {
        fn law<P: FromStr<Err: std::fmt::Debug> + ToString + PartialEq + std::fmt::Debug>(policy: P) {
            assert_eq!(policy.to_string().parse::<P>().unwrap(), policy);
            let text = policy.to_string();
            assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && text.trim() == text);
            assert!(!text.ends_with([';', ',']));
        }
        match policy {
            Any::Sts(policy) => law(policy),
            Any::ExpectCt(policy) => law(policy),
            Any::Referrer(policy) => law(policy),
            Any::FrameOptions(policy) => law(policy),
            Any::ContentTypeOptions(policy) => law(policy),
            Any::XssProtection(policy) => law(policy),
            Any::DownloadOptions(policy) => law(policy),
            Any::PermittedCrossDomainPolicies(policy) => law(policy),
            Any::Permissions(policy) => law(policy),
            Any::Opener(policy) => law(policy),
            Any::Embedder(policy) => law(policy),
            Any::Resource(policy) => law(policy),
            Any::Isolation(policy) => law(policy),
            Any::AgentCluster(policy) => law(policy),
            Any::DnsPrefetch(policy) => law(policy),
            Any::Endpoints(policy) => law(policy),
            Any::Cache(policy) => law(policy),
            Any::Document(policy) => law(policy),
            Any::Integrity(policy) => law(policy),
            Any::NetworkErrors(policy) => law(policy),
            Any::Groups(policy) => law(policy),
            Any::Robots(policy) => law(policy),
            Any::Csp(policy) | Any::CspReportOnly(policy) => law(policy),
            Any::Fixed(_) | Any::Cookies(_) => {}
        }
    }

    #[test]
    fn no_text_makes_a_parser_panic_and_a_parsed_policy_prints_the_same(
        text in prop_oneof![
            any::<String>(),
            "[a-z'; ,=\"*:/.-]{0,40}",
            "(max-age|no-store|noindex|a: |\\{\"max_age\":|enforce|report-uri|preload|includeSubDomains|script-src|sandbox|camera)[=( ]?(\"|'self'|\\(|[0-9]{1,22}|https://[a-z.:]{0,9}).{0,9}",
        ]
    ) {
        fn law<P: FromStr + ToString>(text: &str) {
            if let Ok(policy) = text.parse::<P>() {
                let printed = policy.to_string();
                let again = printed.parse::<P>().map(|policy| policy.to_string());
                assert_eq!(again.ok(), Some(printed), "{text:?}");
            }
        }
        law::<StrictTransportSecurity>(&text);
        law::<ExpectCt>(&text);
        law::<ReferrerPolicy>(&text);
        law::<FrameOptions>(&text);
        law::<ContentTypeOptions>(&text);
        law::<XssProtection>(&text);
        law::<DownloadOptions>(&text);
        law::<PermittedCrossDomainPolicies>(&text);
        law::<PermissionsPolicy>(&text);
        law::<CrossOriginOpenerPolicy>(&text);
        law::<CrossOriginEmbedderPolicy>(&text);
        law::<CrossOriginResourcePolicy>(&text);
        law::<DocumentIsolationPolicy>(&text);
        law::<OriginAgentCluster>(&text);
        law::<DnsPrefetchControl>(&text);
        law::<ReportingEndpoints>(&text);
        law::<CacheControl>(&text);
        law::<DocumentPolicy>(&text);
        law::<IntegrityPolicy>(&text);
        law::<Nel>(&text);
        law::<ReportTo>(&text);
        law::<RobotsTag>(&text);
        law::<ClearSiteData>(&text);
        law::<ContentSecurityPolicy>(&text);
        law::<Source>(&text);
        law::<Origin>(&text);
        law::<HttpUrl>(&text);
        law::<Host>(&text);
        let _ = HostCookies::new([text.clone()]);
        let _ = StaticHeader::new(&text, "a").and_then(|_| StaticHeader::new("x-a", &text));
        ContentDisposition::attachment(&text).value();
    }

    #[test]
    fn a_cookie_sent_and_received_is_unchanged_for_a_handler(value in "[!#-+.-:<-~]{0,20}") {
        let cookies = HostCookies::new(["sid"]).unwrap();
        let layer = HardeningLayer::new(Hardening::empty().with(cookies));
        let line = format!("sid={value}; HttpOnly");
        let (mut request, ()) = Request::new(()).into_parts();
        let (mut response, ()) = Response::new(()).into_parts();
        response.headers.insert("set-cookie", line.parse().unwrap());
        layer.begin(&mut request).finish(&mut response);
        let wire = response.headers["set-cookie"].to_str().unwrap();
        let pair = wire.strip_prefix("__Host-").unwrap().split(';').next().unwrap();
        request.headers.insert("cookie", format!("__Host-{pair}").parse().unwrap());
        let _exchange = layer.begin(&mut request);
        prop_assert_eq!(request.headers["cookie"].to_str().unwrap(), format!("sid={value}"));
    }
}

#[test]
fn a_full_header_map_causes_no_panic() {
    let mut response = Response::new(Vec::new());
    for cookie in ["pleroma_key=1", "pleroma_key=2; Path=/"] {
        response.headers_mut().append("set-cookie", HeaderValue::from_static(cookie));
    }
    for index in 0..24_576 {
        let name = HeaderName::try_from(format!("x-{index}")).unwrap();
        if response.headers_mut().try_insert(name, HeaderValue::from_static("")).is_err() {
            break;
        }
    }
    let site = "https://example.tld".parse().unwrap();
    let full = response.headers().keys_len();
    let policies = Hardening::pleroma(&site);
    let hardened = through(&HardeningLayer::new(policies.clone()), response.clone());
    assert_eq!(hardened.headers().keys_len(), full);
    // The policies win, and the last headers of the response make room.
    for (name, value) in policies.headers() {
        assert_eq!(hardened.headers().get(&name), Some(&value), "{name}");
    }
    assert!(hardened.headers().contains_key("x-24000"));
    let layers = tower::ServiceBuilder::new()
        .layer(HeaderLayer::new(ReferrerPolicy::ORIGIN))
        .layer(HeaderLayer::new(FrameOptions::DENY))
        .layer(CspLayer::new(ContentSecurityPolicy::NONE).overriding())
        .into_inner();
    let stacked = through(&layers, response.clone());
    for name in ["referrer-policy", "x-frame-options", "content-security-policy"] {
        assert!(stacked.headers().contains_key(name), "{name}");
    }
    // Changes that need no room are still made.
    let cookies = hardened.headers().get_all("set-cookie").iter();
    let cookies: Vec<_> = cookies.map(|line| line.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2);
    assert!(cookies.iter().all(|line| line.starts_with("__Host-pleroma_key=")), "{cookies:?}");
    Any::Referrer(ReferrerPolicy::ORIGIN).through(response.clone());
    through(&CspLayer::new(ContentSecurityPolicy::NONE).appending(), response);
}

#[test]
fn errors_of_the_inner_service_pass_through() {
    let site = "https://example.tld".parse().unwrap();
    let failing = service_fn(|_: Request<()>| ready(Err::<Response<()>, _>("out of order")));
    let mut service = HardeningLayer::new(Hardening::pleroma(&site)).layer(failing);
    let future = service.call(Request::new(()));
    assert_eq!(future.now_or_never().unwrap().unwrap_err(), "out of order");
}
