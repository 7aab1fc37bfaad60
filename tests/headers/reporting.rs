//! Tests Reporting-Endpoints.

use std::time::Duration;

use tower_hardening::{
    Hardening, Lint,
    csp::EndpointName,
    header::{
        CrossOriginEmbedderPolicy, CrossOriginOpenerPolicy, CrossOriginResourcePolicy,
        HeaderPolicy, IntegrityPolicy, Nel, PermissionsPolicy, PermittedCrossDomainPolicies,
        ReportTo, ReportingEndpoints,
    },
};

use super::refused;

#[test]
fn endpoints_are_named_once_and_have_an_address_that_browsers_use() {
    let text = "main=\"https://reports.example.tld/csp?x=1\", default=\"/reports\"";
    let endpoints: ReportingEndpoints = text.parse().unwrap();
    assert_eq!(endpoints.to_string(), text);
    assert_eq!(endpoints.get("default"), Some("/reports"));
    assert_eq!(endpoints.get("other"), None);
    let names = endpoints.defined_endpoints();
    assert_eq!(names.iter().map(EndpointName::as_str).collect::<Vec<_>>(), ["main", "default"]);
    for local in ["http://localhost:3000/r", "http://127.0.0.1/r", "http://[::1]:3000/r"] {
        let main = EndpointName::from_static("main");
        assert_eq!(ReportingEndpoints::new(main, local).unwrap().get("main"), Some(local));
    }
}

#[test]
fn adv_005_an_endpoint_that_browsers_skip_or_that_breaks_out_is_an_error() {
    for (text, error) in [
        (
            "main=\"http://reports.example.tld/\"",
            "byte 5: browsers ignore 'http://reports.example.tld/', which is not https; write an https URL",
        ),
        (
            "main=https://a.example",
            "byte 5: the address of 'main' is not a string; write main=\"https://…\"",
        ),
        ("Main=\"https://a.example\"", "byte 0: expected a key in lower case"),
        ("a=\"/a\", a=\"/b\"", "byte 10: duplicate endpoint 'a'; write one address for it"),
        ("a=\"/a\";x=1", "byte 7: browsers ignore the parameter 'x'; remove it"),
        ("", "byte 0: there is no endpoint; write main=\"https://…\""),
        ("a=\"/a\",", "byte 6: a comma at the end makes browsers drop the header; remove it"),
    ] {
        let found = refused::<ReportingEndpoints>(text);
        assert_eq!(found, format!("reporting-endpoints, {error}"), "{text}");
    }
    let main = EndpointName::from_static("main");
    for url in
        ["//a.example/", "/a\", b=\"x", "/a\\", "/\u{fc}", "https://a.example/\"", "a", "", "/a b"]
    {
        assert!(ReportingEndpoints::new(main.clone(), url).is_err(), "{url}");
    }
}

#[test]
fn an_endpoint_that_a_header_names_and_none_defines_is_reported() {
    let main = EndpointName::from_static("main");
    let opener = CrossOriginOpenerPolicy::SAME_ORIGIN_ALLOW_POPUPS.report_to(main.clone());
    let all = Hardening::empty()
        .with(opener)
        .with(PermissionsPolicy::from_static("camera=();report-to=main"))
        .with_report_only(IntegrityPolicy::SCRIPTS.report_to(EndpointName::from_static("other")));
    let told = |all: &Hardening| -> Vec<String> {
        let lints = all.lints();
        let missing = lints.iter().filter(|lint| lint.id() == "endpoint-missing");
        missing.map(|lint| lint.message().to_owned()).collect()
    };
    let missing = |header: &str, name: &str| {
        format!(
            "{header}: no report arrives, since no reporting-endpoints header defines the endpoint '{name}'; add that header, with this name"
        )
    };
    assert_eq!(
        told(&all),
        [
            missing("cross-origin-opener-policy", "main"),
            missing("permissions-policy", "main"),
            missing("integrity-policy-report-only", "other"),
        ]
    );
    let defined = all.with(ReportingEndpoints::new(main.clone(), "/reports").unwrap());
    assert_eq!(told(&defined), [missing("integrity-policy-report-only", "other")]);
    // Network errors go to a group of another header.
    let day = Duration::from_secs(86_400);
    let nel = defined.with(Nel::new(main.clone(), day));
    assert!(told(&nel)[1].starts_with("nel: no report arrives, since no report-to header defines"));
    let both = nel.with(ReportTo::new(main, day, "https://a.example").unwrap());
    assert_eq!(told(&both).len(), 1);
}

#[test]
fn an_embedder_policy_without_its_companions_is_reported() {
    let ids = |all: &Hardening| all.lints().iter().map(Lint::id).collect::<Vec<_>>();
    let alone = Hardening::empty().with(CrossOriginEmbedderPolicy::REQUIRE_CORP);
    assert_eq!(
        ids(&alone),
        ["embedder-policy-without-resource-policy", "embedder-policy-without-opener-policy"]
    );
    let isolated = alone
        .with(CrossOriginResourcePolicy::SAME_ORIGIN)
        .with(CrossOriginOpenerPolicy::SAME_ORIGIN);
    assert_eq!(ids(&isolated), ["opener-policy-pop-ups"]);
    let off = Hardening::empty().with(CrossOriginEmbedderPolicy::UNSAFE_NONE);
    assert_eq!(ids(&off), [""; 0]);
}

/// A value of one's own that turns a header off, or opens it, is told (FOUND K6).
#[test]
fn a_group_that_browsers_forget_and_policies_for_everybody_have_a_lint() {
    let ids = |hardening: Hardening| -> Vec<&str> {
        hardening.lints().iter().map(|lint| lint.id()).collect()
    };
    let group = |seconds: u64| {
        let name = EndpointName::from_static("a");
        let age = Duration::from_secs(seconds);
        Hardening::empty().with(ReportTo::new(name, age, "https://r.example/").unwrap())
    };
    assert_eq!(ids(group(0)), ["report-to-max-age-zero"]);
    assert_eq!(ids(group(1)), [""; 0]);
    let files = |policy| ids(Hardening::empty().with(policy));
    assert_eq!(files(PermittedCrossDomainPolicies::ALL), ["cross-domain-policies-all"]);
    assert_eq!(files(PermittedCrossDomainPolicies::MASTER_ONLY), [""; 0]);
}
