//! Cross-Origin-Opener-Policy, -Embedder-Policy and -Resource-Policy, Origin-Agent-Cluster,
//! Document-Isolation-Policy.

use tower_hardening::{
    Hardening,
    csp::EndpointName,
    header::{
        CrossOriginEmbedderPolicy, CrossOriginEmbedderPolicyLayer, CrossOriginOpenerPolicy,
        CrossOriginResourcePolicy, DocumentIsolationPolicy, HeaderPolicy, OriginAgentCluster,
        ReportOnly,
    },
};

use super::{cases, decoded, refused};

#[test]
fn an_opener_policy_is_read_as_browsers_read_it() {
    for case in cases("coop") {
        let read = decoded::<CrossOriginOpenerPolicy>(&case[0]);
        assert_eq!(read.map_or("unsafe-none", |policy| policy.as_str()), case[1], "{case}");
    }
}

#[test]
fn a_resource_policy_is_read_as_browsers_read_it() {
    for case in cases("corp_effective_under_unsafe_none") {
        let read = decoded::<CrossOriginResourcePolicy>(&case[0]);
        assert_eq!(read.map(|policy| policy.as_str()), case[1].as_str(), "{case}");
    }
}

#[test]
fn every_value_of_the_specifications_is_there() {
    let texts = |values: &[&str]| values.join(" ");
    let all = CrossOriginOpenerPolicy::VALUES.iter().map(|value| value.as_str());
    assert_eq!(
        texts(&all.collect::<Vec<_>>()),
        "same-origin same-origin-allow-popups noopener-allow-popups unsafe-none"
    );
    let all = CrossOriginEmbedderPolicy::VALUES.iter().map(|value| value.as_str());
    assert_eq!(texts(&all.collect::<Vec<_>>()), "require-corp credentialless unsafe-none");
    let all = DocumentIsolationPolicy::VALUES.iter().map(|value| value.as_str());
    assert_eq!(
        texts(&all.collect::<Vec<_>>()),
        "isolate-and-require-corp isolate-and-credentialless none"
    );
}

#[test]
fn an_endpoint_is_a_string_of_the_structured_field() {
    let main = EndpointName::from_static("main");
    let policy = CrossOriginEmbedderPolicy::REQUIRE_CORP.report_to(main.clone());
    assert_eq!(policy.to_string(), "require-corp;report-to=\"main\"");
    assert_eq!(policy.endpoint(), Some(&main));
    assert_eq!(policy.named_endpoints(), [main]);
    assert_eq!(policy, " require-corp; report-to=\"main\" ".parse().unwrap());
    assert_eq!(
        refused::<CrossOriginOpenerPolicy>("same-origin; report-to=main"),
        "cross-origin-opener-policy, byte 13: 'main' is not a string; write the endpoint in double quotes, like report-to=\"main\""
    );
    assert_eq!(
        refused::<CrossOriginOpenerPolicy>("same-origin;report-to=\"a\";report-to=\"b\""),
        "cross-origin-opener-policy, byte 26: duplicate parameter report-to; write one"
    );
    assert_eq!(
        refused::<CrossOriginOpenerPolicy>("same-origin;report-uri=\"a\""),
        "cross-origin-opener-policy, byte 12: browsers ignore the parameter 'report-uri'; remove it"
    );
    let error = refused::<CrossOriginOpenerPolicy>("same-origin;report-to=\"Main\"");
    assert!(error.contains("'Main' is not an endpoint name; write lower-case"), "{error}");
}

#[test]
fn a_value_that_browsers_ignore_is_an_error_with_a_remedy() {
    assert_eq!(
        refused::<CrossOriginOpenerPolicy>("Same-Origin"),
        "cross-origin-opener-policy, byte 0: 'Same-Origin' is not a value of this header; did you mean 'same-origin'?"
    );
    assert_eq!(
        refused::<CrossOriginOpenerPolicy>("\"same-origin\""),
        "cross-origin-opener-policy, byte 0: '\"same-origin\"' is not a value of this header; did you mean 'same-origin'?"
    );
    assert_eq!(
        refused::<CrossOriginEmbedderPolicy>(""),
        "cross-origin-embedder-policy, byte 0: there is no value; write one of 'require-corp', 'credentialless', 'unsafe-none'"
    );
    assert_eq!(
        refused::<CrossOriginResourcePolicy>("Same-Site"),
        "cross-origin-resource-policy, byte 0: 'Same-Site' is not a value of this header; did you mean 'same-site'?"
    );
    assert_eq!(
        refused::<OriginAgentCluster>("true"),
        "origin-agent-cluster, byte 0: 'true' is not a value of this header; write one of '?1', '?0'"
    );
    for text in
        ["same-origin, same-origin", "same-origin;", "same-origin-plus-COEP", "(same-origin)"]
    {
        refused::<CrossOriginOpenerPolicy>(text);
    }
}

#[test]
fn a_report_only_policy_has_its_own_header_name() {
    let policy = CrossOriginEmbedderPolicy::REQUIRE_CORP;
    assert_eq!(policy.report_only_name(), "cross-origin-embedder-policy-report-only");
    let opener = CrossOriginOpenerPolicy::SAME_ORIGIN;
    assert_eq!(opener.report_only_name(), "cross-origin-opener-policy-report-only");
    let isolation = DocumentIsolationPolicy::ISOLATE_AND_REQUIRE_CORP;
    assert_eq!(isolation.report_only_name(), "document-isolation-policy-report-only");
    let _layer = CrossOriginEmbedderPolicyLayer::report_only(policy.clone());
    let both = Hardening::empty().with(opener).with_report_only(policy).headers();
    let names: Vec<&str> = both.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["cross-origin-opener-policy", "cross-origin-embedder-policy-report-only"]);
}
