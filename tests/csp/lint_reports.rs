//! Tests lints of reports: endpoints that are missing, and policies that are for reports alone.

use tower_hardening::{
    ContentSecurityPolicy, Hardening, Lint, csp::EndpointName, header::ReportingEndpoints,
};

#[test]
fn an_endpoint_must_be_defined_under_its_own_name() {
    let with = |endpoints: Option<&str>| -> Vec<&'static str> {
        let policy = ContentSecurityPolicy::NONE.report_uri("/csp").unwrap();
        let policy = policy.report_to(EndpointName::from_static("csp")).unwrap();
        let mut hardening = Hardening::empty().with(policy);
        if let Some(value) = endpoints {
            hardening = hardening.with(value.parse::<ReportingEndpoints>().unwrap());
        }
        hardening.lints().iter().map(Lint::id).collect()
    };
    for defined in ["csp=\"/csp\"", "a=\"/a?b=c\", csp=\"/csp\""] {
        assert_eq!(with(Some(defined)), [] as [&str; 0], "{defined}");
    }
    for other in [None, Some("csp-endpoint=\"/csp\""), Some("a=\"/a?csp=b\"")] {
        assert_eq!(with(other), ["csp-endpoint-missing"], "{other:?}");
    }
}

#[test]
fn a_report_only_policy_without_reports_or_with_ineffective_directives_is_linted() {
    let with = |policy: &str| -> Vec<&'static str> {
        let policy: ContentSecurityPolicy = policy.parse().unwrap();
        Hardening::empty().with_report_only(policy).lints().iter().map(Lint::id).collect()
    };
    assert_eq!(with("img-src 'self'"), ["csp-report-only-without-reports"]);
    assert_eq!(with("img-src 'self'; report-uri /csp"), [] as [&str; 0]);
    assert_eq!(with("sandbox; report-uri /csp"), ["csp-report-only-without-effect"]);
    assert_eq!(
        with("upgrade-insecure-requests; report-uri /csp"),
        ["csp-report-only-without-effect"]
    );
    assert_eq!(
        with("img-src 'self'; report-to csp"),
        ["csp-report-to-without-report-uri", "csp-endpoint-missing"]
    );
}

#[test]
fn a_report_only_policy_has_the_lints_of_an_enforced_one_under_its_own_name() {
    let lints = |policy: &str| {
        let policy: ContentSecurityPolicy = policy.parse().unwrap();
        Hardening::empty().with_report_only(policy).lints()
    };
    for (policy, id) in [
        ("script-src *; report-uri /csp", "csp-script-anywhere"),
        ("script-src 'unsafe-inline'; report-uri /csp", "csp-script-unsafe-inline"),
        ("img-src a.example/../x; report-uri /csp", "csp-path-dots"),
        ("connect-src https:; report-uri /csp", "csp-connect-anywhere"),
        ("script-src 'strict-dynamic'; report-uri /csp", "csp-strict-dynamic-without-nonce"),
        ("img-src 'self'; report-uri http://a.example/", "csp-report-insecure"),
        ("plugin-types a/b; report-uri /csp", "csp-directive-deprecated"),
    ] {
        let all = lints(policy);
        assert_eq!(all.iter().map(Lint::id).collect::<Vec<_>>(), [id], "{policy}");
        assert_eq!(all[0].header(), "content-security-policy-report-only");
        assert!(all[0].offset().is_some(), "{}", all[0]);
    }
}

#[test]
fn every_report_only_header_without_an_endpoint_is_reported() {
    use tower_hardening::header::{
        CrossOriginEmbedderPolicy, CrossOriginOpenerPolicy, DocumentPolicy, IntegrityPolicy,
        PermissionsPolicy,
    };
    let mute = |hardening: &Hardening| -> Vec<String> {
        let lints = hardening.lints();
        let mute = lints.iter().filter(|lint| lint.id() == "report-only-mute");
        mute.map(|lint| lint.header().to_owned()).collect()
    };
    let opener: CrossOriginOpenerPolicy = "same-origin".parse().unwrap();
    let embedder: CrossOriginEmbedderPolicy = "require-corp".parse().unwrap();
    let integrity: IntegrityPolicy = "blocked-destinations=(script)".parse().unwrap();
    let permissions: PermissionsPolicy = "camera=()".parse().unwrap();
    let document: DocumentPolicy = "document-write=?0".parse().unwrap();
    let all = Hardening::empty()
        .with_report_only(opener)
        .with_report_only(embedder)
        .with_report_only(integrity)
        .with_report_only(permissions)
        .with_report_only(document);
    let (both, default) = (
        [
            "cross-origin-opener-policy-report-only",
            "cross-origin-embedder-policy-report-only",
            "integrity-policy-report-only",
        ],
        ["permissions-policy-report-only", "document-policy-report-only"],
    );
    assert_eq!(mute(&all), [&both[..], &default[..]].concat());
    // Two of them report to the endpoint of this name without naming it.
    let endpoints: ReportingEndpoints = "default=\"/reports\"".parse().unwrap();
    assert_eq!(mute(&all.with(endpoints)), both);
    let opener: CrossOriginOpenerPolicy = "same-origin; report-to=\"a\"".parse().unwrap();
    let integrity: IntegrityPolicy =
        "blocked-destinations=(script), endpoints=(a)".parse().unwrap();
    let named = Hardening::empty().with_report_only(opener).with_report_only(integrity);
    assert_eq!(mute(&named), [""; 0]);
    let missing = named.lints();
    assert_eq!(missing.iter().filter(|lint| lint.id() == "endpoint-missing").count(), 2);
}
