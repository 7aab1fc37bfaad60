//! Generates policies of every kind, with values that a browser may get.

use std::time::Duration;

use http::Response;
use proptest::{collection::vec, prelude::*, sample::select};
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, CspLayer, ExpectCt, FrameOptions, Hardening,
    HostCookieLayer, HostCookies, ReferrerPolicy, StrictTransportSecurity,
    csp::{EndpointName, Source, SourceDirective},
    header::{
        CacheControl, CrossOriginEmbedderPolicy, CrossOriginOpenerPolicy,
        CrossOriginResourcePolicy, DnsPrefetchControl, DocumentIsolationPolicy, DocumentPolicy,
        DownloadOptions, HeaderLayer, IntegrityPolicy, Nel, OriginAgentCluster, PermissionsPolicy,
        PermittedCrossDomainPolicies, ReportTo, ReportingEndpoints, RobotsTag, StaticHeader,
        XssProtection,
    },
};

use crate::response::through;

/// Represents a policy of any kind.
#[derive(Clone, Debug)]
pub(crate) enum Any {
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
    pub(crate) fn add_to(&self, all: Hardening) -> Hardening {
        each!(self, policy => all.with(policy), csp => all.with(csp), all.with_report_only(csp), cookies => all.with(cookies))
    }

    pub(crate) fn through(&self, response: Response<Vec<u8>>) -> Response<Vec<u8>> {
        each!(self, policy => through(&HeaderLayer::new(policy), response),
            csp => through(&CspLayer::new(csp), response), through(&CspLayer::report_only(csp), response),
            cookies => through(&HostCookieLayer::new(cookies), response))
    }

    pub(crate) fn overriding(&self, response: Response<Vec<u8>>) -> Response<Vec<u8>> {
        each!(self, policy => through(&HeaderLayer::new(policy).overriding(), response),
            csp => through(&CspLayer::new(csp).overriding(), response), through(&CspLayer::report_only(csp).overriding(), response),
            cookies => through(&HostCookieLayer::new(cookies), response))
    }
}

pub(crate) fn seconds() -> impl Strategy<Value = Duration> {
    prop_oneof![Just(0), Just(31_536_000), any::<u64>()].prop_map(Duration::from_secs)
}

pub(crate) fn csp() -> impl Strategy<Value = ContentSecurityPolicy> {
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

pub(crate) fn policy() -> impl Strategy<Value = Any> {
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
pub(crate) fn policies() -> impl Strategy<Value = Vec<Any>> {
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

pub(crate) fn stacked(
    policies: &[Any],
    response: Response<Vec<u8>>,
    overriding: bool,
) -> Response<Vec<u8>> {
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
