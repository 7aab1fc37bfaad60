//! Tests that the lines that a finding names fix it.

use std::{collections::BTreeSet, time::Duration};

use http::{HeaderMap, HeaderName, StatusCode};
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, FrameOptions, Hardening, HostCookies, ParseError,
    ReferrerPolicy, StrictTransportSecurity,
    audit::{AuditFinding, Observation},
    cookie::{CookiePrefix, SameSite},
    csp::ReceivedPolicy,
    header::{
        CrossOriginEmbedderPolicy, CrossOriginOpenerPolicy, CrossOriginResourcePolicy,
        DnsPrefetchControl, DownloadOptions, PermissionsPolicy, PermittedCrossDomainPolicies,
        RemoveHeaders, XssProtection,
    },
    settings::Settings,
};

use super::headers;

/// The policies of the comparison with CSP Evaluator.
#[path = "../csp_evaluator/policies.rs"]
mod policies;

/// Responses with weaknesses.
const WEAK: &[&[&str]] = &[
    &[],
    &["content-security-policy-report-only: default-src 'self'"],
    &["content-security-policy: "],
    &["content-security-policy: default-src 'self'; default-src *"],
    &["content-security-policy: default-src 'self'; report-to nowhere"],
    &[
        "content-security-policy: default-src 'self'; frame-ancestors 'none'",
        "x-frame-options: SAMEORIGIN",
    ],
    &["content-security-policy: frame-ancestors https://a.example", "x-frame-options: DENY"],
    &["x-frame-options: ALLOW-FROM https://a.example"],
    &["x-frame-options: nope", "x-content-type-options: sniff", "referrer-policy: nope"],
    &["referrer-policy: unsafe-url", "strict-transport-security: max-age=60"],
    &["strict-transport-security: max-age=0", "cross-origin-resource-policy: nope"],
    &["strict-transport-security: includeSubDomains", "cross-origin-opener-policy: nope"],
    &["cross-origin-embedder-policy: require-corp"],
    &["cross-origin-embedder-policy: nope", "permissions-policy: camera=)"],
    &["permissions-policy: camera=(self), camera=()", "x-xss-protection: 1; mode=block"],
    &[
        "x-dns-prefetch-control: maybe",
        "x-download-options: open",
        "nel: {\"report_to\":\"x\",\"max_age\":1}",
    ],
    &[
        "x-permitted-cross-domain-policies: all",
        "integrity-policy: blocked-destinations=(script style)",
    ],
    &["access-control-allow-origin: *", "access-control-allow-credentials: true"],
    &["access-control-allow-origin: null"],
    &["server: nginx/1.24", "x-powered-by: PHP"],
    &["set-cookie: session=1"],
    &["set-cookie: a=1; SameSite=x", "strict-transport-security: max-age=31536000"],
    &["set-cookie: __Host-a=1; Path=/x"],
    &["set-cookie: __Host-Http-login=1; Secure; Path=/"],
    &["set-cookie: csrftoken=1; Secure"],
    &["set-cookie: a=1", "strict-transport-security: max-age=31536000"],
];

/// Reads a call of our API as its text and as a function.
macro_rules! call {
    (|$csp:ident| $($call:tt)+) => {
        (stringify!($($call)+), |hardening: Hardening, $csp: ContentSecurityPolicy| {
            let _ = &$csp;
            Ok(hardening $($call)+)
        })
    };
}

type Call = (&'static str, fn(Hardening, ContentSecurityPolicy) -> Result<Hardening, ParseError>);

fn calls() -> Vec<Call> {
    vec![
        call!(|csp| .with(ContentSecurityPolicy::from_static("default-src 'self'; base-uri 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'self'"))),
        call!(|csp| .with(ContentTypeOptions::NOSNIFF)),
        call!(|csp| .with(CrossOriginEmbedderPolicy::REQUIRE_CORP)),
        call!(|csp| .with(CrossOriginOpenerPolicy::SAME_ORIGIN)),
        call!(|csp| .with(CrossOriginOpenerPolicy::SAME_ORIGIN_ALLOW_POPUPS)),
        call!(|csp| .with(CrossOriginResourcePolicy::SAME_ORIGIN)),
        call!(|csp| .with(CrossOriginResourcePolicy::SAME_SITE)),
        call!(|csp| .with(DnsPrefetchControl::OFF)),
        call!(|csp| .with(DownloadOptions::NOOPEN)),
        call!(|csp| .with(FrameOptions::DENY)),
        call!(|csp| .with(FrameOptions::SAMEORIGIN)),
        call!(|csp| .with(PermissionsPolicy::from_static("camera=(), geolocation=(), microphone=()"))),
        call!(|csp| .with(PermittedCrossDomainPolicies::NONE)),
        call!(|csp| .with(ReferrerPolicy::NO_REFERRER)),
        call!(|csp| .with(ReferrerPolicy::STRICT_ORIGIN_WHEN_CROSS_ORIGIN)),
        call!(|csp| .with(StrictTransportSecurity::new(Duration::from_secs(31_536_000)))),
        call!(|csp| .with(StrictTransportSecurity::new(Duration::from_secs(63_072_000)).include_subdomains())),
        call!(|csp| .with(XssProtection::OFF)),
        call!(|csp| .with(RemoveHeaders::new(["access-control-allow-credentials"])?)),
        call!(|csp| .with(RemoveHeaders::new(["access-control-allow-origin"])?)),
        call!(|csp| .with(RemoveHeaders::new(["server"])?)),
        call!(|csp| .with(RemoveHeaders::new(["x-powered-by"])?)),
        call!(|csp| .with(HostCookies::new(["a"])?.http_only().same_site(SameSite::Lax))),
        call!(|csp| .with(HostCookies::new(["csrftoken"])?.same_site(SameSite::Lax))),
        call!(|csp| .with(HostCookies::new(["login"])?.prefix(CookiePrefix::HostHttp).http_only().same_site(SameSite::Lax))),
        call!(|csp| .with(HostCookies::new(["session"])?.http_only().same_site(SameSite::Lax))),
        call!(|csp| .without(&HeaderName::from_static("integrity-policy"))),
        call!(|csp| .without(&HeaderName::from_static("nel"))),
        call!(|csp| .without(&HeaderName::from_static("x-frame-options"))),
    ]
}

/// Returns the text without white space, and without the comma after a last argument.
fn tight(text: &str) -> String {
    text.split_whitespace().collect::<String>().replace(",)", ")")
}

/// Applies the line of our API, which edits or replaces a policy.
fn by_api(finding: &AuditFinding, csp: &ContentSecurityPolicy) -> Hardening {
    let api = finding.api();
    let empty = Hardening::empty();
    if let Some(call) = api.strip_prefix(".with(csp.set_text(\"") {
        let (name, rest) = call.split_once("\", \"").unwrap();
        let sources = rest.strip_suffix("\")?)").unwrap();
        return empty.with(csp.clone().set_text(name, sources).unwrap());
    }
    if let Some(call) = api.strip_prefix(".with(csp.remove(\"") {
        let name = call.strip_suffix("\")?)").unwrap();
        return empty.with(csp.clone().remove(name).unwrap());
    }
    let mut known = calls().into_iter();
    let call = known.find(|(text, _)| tight(text) == tight(api));
    let (_, call) = call.unwrap_or_else(|| panic!("no test knows the call {api}"));
    call(empty, csp.clone()).unwrap()
}

/// Applies the line of the settings file.
fn by_settings(finding: &AuditFinding, csp: &ContentSecurityPolicy) -> Hardening {
    let base = match finding.settings().starts_with("csp.") {
        true => format!("headers.content-security-policy = \"{csp}\"\n"),
        false => String::new(),
    };
    let text = format!("profile = \"empty\"\n{base}{}\n", finding.settings());
    Settings::from_toml(&text).unwrap_or_else(|error| panic!("{error}\n{text}")).hardening()
}

/// Returns the response of an application that sends these headers, in a layer that fixes them.
fn in_layer(sent: &HeaderMap, finding: &AuditFinding, fixed: Hardening) -> HeaderMap {
    let (mut request, ()) = http::Request::new(()).into_parts();
    let exchange = tower_hardening::HardeningLayer::new(fixed).overriding().begin(&mut request);
    let (mut response, ()) = http::Response::new(()).into_parts();
    response.headers = sent.clone();
    if finding.api().starts_with(".without(") {
        response.headers.remove(finding.header());
    }
    exchange.finish(&mut response);
    response.headers
}

/// Returns the policy of a response, with a placeholder for a nonce.
fn policy(sent: &HeaderMap) -> ContentSecurityPolicy {
    let line = sent.get("content-security-policy").and_then(|line| line.to_str().ok());
    line.unwrap_or_default().parse().unwrap_or(ContentSecurityPolicy::NONE)
}

/// Applies both lines of each finding, and returns the number of findings.
fn fix_all(sent: &HeaderMap) -> usize {
    let audit = Observation::new(StatusCode::OK, sent).audit();
    let csp = policy(sent);
    for finding in audit.findings() {
        for fixed in [by_api(finding, &csp), by_settings(finding, &csp)] {
            let headers = in_layer(sent, finding, fixed);
            let after = Observation::new(StatusCode::OK, &headers).audit();
            let is_same = |other: &&AuditFinding| {
                other.id() == finding.id()
                    && other.header() == finding.header()
                    && other.directive() == finding.directive()
            };
            let left = after.findings().iter().find(is_same);
            assert_eq!(left, None, "of {sent:?}:\n{finding}\n\nleaves\n{headers:?}");
        }
    }
    audit.findings().len()
}

#[test]
fn the_lines_that_a_finding_names_fix_it() {
    let mut ids = BTreeSet::new();
    for lines in WEAK {
        let sent = headers(lines);
        assert!(fix_all(&sent) > 0, "{lines:?}");
        let audit = Observation::new(StatusCode::OK, &sent).audit();
        ids.extend(audit.findings().iter().map(AuditFinding::id));
    }
    assert!(ids.len() >= 40, "{ids:?}");
}

#[test]
fn the_lines_that_a_lint_of_a_policy_names_fix_it() {
    let mut count = 0;
    for text in [policies::REAL, policies::MADE].concat() {
        count += fix_all(&headers(&[&format!("content-security-policy: {text}")]));
        assert!(!ReceivedPolicy::parse_list(text.as_bytes()).is_empty());
    }
    assert!(count > 500, "{count}");
}

#[test]
fn credentials_for_every_site_are_fixed_by_removing_the_header() {
    let answer = headers(&[
        "access-control-allow-origin: https://x.example",
        "access-control-allow-credentials: true",
    ]);
    let observe = |answer: &HeaderMap| {
        Observation::new(StatusCode::OK, &HeaderMap::new())
            .preflight("https://x.example", answer)
            .audit()
    };
    let audit = observe(&answer);
    let id = "cross-origin-resource-sharing-implemented-with-universal-access";
    let finding = audit.finding(id).unwrap();
    for fixed in [by_api(finding, &policy(&answer)), by_settings(finding, &policy(&answer))] {
        let fixed = in_layer(&answer, finding, fixed);
        assert_eq!(observe(&fixed).finding(id), None);
    }
}
