//! Generates policies of every kind, with values that a browser may get.

use std::time::Duration;

use http::Response;
use proptest::{collection::vec, prelude::*, sample::select};
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, CspLayer, ExpectCt, FrameOptions, Hardening,
    HostCookieLayer, HostCookies, ReferrerPolicy, StrictTransportSecurity,
    csp::{EndpointName, Source, SourceDirective},
    header::*,
};

use crate::{
    line::{Line, line},
    response::through,
    table,
};

/// Represents a policy of any kind.
#[derive(Clone, Debug)]
pub(crate) enum Any {
    Line(Line),
    Csp(ContentSecurityPolicy),
    CspReportOnly(ContentSecurityPolicy),
    Cookies(HostCookies),
}

impl Any {
    /// Returns the name of the header, or of the kind of policy.
    pub(crate) fn kind(&self) -> &str {
        match self {
            Self::Line(line) => line.name.as_str(),
            Self::Csp(_) => "csp",
            Self::CspReportOnly(_) => "csp-report-only",
            Self::Cookies(_) => "cookies",
        }
    }

    pub(crate) fn add_to(&self, all: Hardening) -> Hardening {
        match self.clone() {
            Self::Line(line) => (line.add_to)(all),
            Self::Csp(csp) => all.with(csp),
            Self::CspReportOnly(csp) => all.with_report_only(csp),
            Self::Cookies(cookies) => all.with(cookies),
        }
    }

    pub(crate) fn through(&self, response: Response<Vec<u8>>) -> Response<Vec<u8>> {
        match self.clone() {
            Self::Line(line) => (line.through)(response),
            Self::Csp(csp) => through(&CspLayer::new(csp), response),
            Self::CspReportOnly(csp) => through(&CspLayer::report_only(csp), response),
            Self::Cookies(cookies) => through(&HostCookieLayer::new(cookies), response),
        }
    }

    pub(crate) fn overriding(&self, response: Response<Vec<u8>>) -> Response<Vec<u8>> {
        match self.clone() {
            Self::Line(line) => (line.overriding)(response),
            Self::Csp(csp) => through(&CspLayer::new(csp).overriding(), response),
            Self::CspReportOnly(csp) => through(&CspLayer::report_only(csp).overriding(), response),
            Self::Cookies(cookies) => through(&HostCookieLayer::new(cookies), response),
        }
    }
}

/// Returns the value of each row of the table of headers.
fn rows() -> Vec<Any> {
    let mut all = Vec::new();
    macro_rules! row {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            $(all.push(line!($sample.parse::<$policy>().unwrap()));)+
        };
    }
    table::paved_headers!(row);
    table::other_headers!(row);
    all
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
        line!(match kind {
            0 => policy,
            1 => policy.include_subdomains(),
            _ => policy.preload(),
        })
    });
    let expect_ct =
        (seconds(), any::<bool>(), any::<bool>()).prop_map(|(seconds, enforce, report)| {
            let policy =
                if enforce { ExpectCt::enforce(seconds) } else { ExpectCt::report_only(seconds) };
            line!(if report {
                policy.report_uri("https://a.example/ct?x").unwrap()
            } else {
                policy
            })
        });
    prop_oneof![
        select(rows()),
        sts,
        expect_ct,
        (select(ReferrerPolicy::VALUES), select(ReferrerPolicy::VALUES))
            .prop_map(|(policy, fallback)| line!(policy.with_fallback(fallback))),
        select(FrameOptions::VALUES).prop_map(|policy| line!(policy)),
        select(ContentTypeOptions::VALUES).prop_map(|policy| line!(policy)),
        select(XssProtection::VALUES).prop_map(|policy| line!(policy)),
        select(DownloadOptions::VALUES).prop_map(|policy| line!(policy)),
        select(PermittedCrossDomainPolicies::VALUES).prop_map(|policy| line!(policy)),
        select(CrossOriginOpenerPolicy::VALUES).prop_map(|policy| line!(policy)),
        select(CrossOriginEmbedderPolicy::VALUES)
            .prop_map(|policy| line!(policy.report_to(EndpointName::from_static("main")))),
        select(CrossOriginResourcePolicy::VALUES).prop_map(|policy| line!(policy)),
        select(DocumentIsolationPolicy::VALUES).prop_map(|policy| line!(policy)),
        select(OriginAgentCluster::VALUES).prop_map(|policy| line!(policy)),
        select(DnsPrefetchControl::VALUES).prop_map(|policy| line!(policy)),
        select(vec!["main=\"https://a.example/r\"", "a=\"/r\", b=\"http://localhost:1/\""])
            .prop_map(|text| line!(text.parse::<ReportingEndpoints>().unwrap())),
        select(vec!["no-store", "private, max-age=60"])
            .prop_map(|text| line!(text.parse::<CacheControl>().unwrap())),
        select(vec!["document-write=?0", "a=1.5;report-to=main, *;report-to=other"])
            .prop_map(|text| line!(text.parse::<DocumentPolicy>().unwrap())),
        Just(line!(IntegrityPolicy::SCRIPTS.report_to(EndpointName::from_static("main")))),
        (seconds(), 0.0..=1.0).prop_map(|(max_age, share)| {
            let policy = Nel::new(EndpointName::from_static("main"), max_age);
            line!(policy.failure_fraction(share).unwrap())
        }),
        seconds().prop_map(|max_age| {
            let name = EndpointName::from_static("main");
            line!(ReportTo::new(name, max_age, "https://a.example/r").unwrap())
        }),
        select(vec!["noindex", "googlebot: none, max-snippet:20"])
            .prop_map(|text| line!(text.parse::<RobotsTag>().unwrap())),
        select(vec!["camera=()", "camera=*, usb=(self \"https://a.example\")"])
            .prop_map(|text| line!(PermissionsPolicy::from_static(text))),
        select(vec!["a", "b"])
            .prop_map(|text| line!(StaticHeader::from_static("x-a", text), |_: &StaticHeader| ())),
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
            let kind = policy.kind().to_owned();
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
    let frames = |policy: &Any| policy.kind() == "x-frame-options";
    let derived = policies.iter().find_map(|policy| match policy {
        Any::Csp(policy) => FrameOptions::from_frame_ancestors(policy).map(|policy| line!(policy)),
        _ => None,
    });
    let derived = derived.filter(|_| !policies.iter().any(frames));
    policies.iter().chain(&derived).fold(response, |response, policy| {
        if overriding { policy.overriding(response) } else { policy.through(response) }
    })
}
