//! Tests Integrity-Policy and Document-Policy.

use tower_hardening::{
    csp::EndpointName,
    header::{DocumentPolicy, HeaderPolicy, IntegrityPolicy, ReportOnly},
};

use super::refused;

#[test]
fn an_integrity_policy_has_lists_of_tokens() {
    let main = EndpointName::from_static("main");
    let policy =
        IntegrityPolicy::SCRIPTS_AND_STYLES.report_to(main.clone()).report_to(main.clone());
    assert_eq!(policy.to_string(), "blocked-destinations=(script style), endpoints=(main)");
    assert_eq!(policy.named_endpoints(), [main]);
    assert_eq!(policy.report_only_name(), "integrity-policy-report-only");
    let read = "sources=(inline),  blocked-destinations=( style script ), endpoints=(main)".parse();
    assert_eq!(read, Ok(policy.clone()));
    assert_eq!(policy.lints()[0].id(), "integrity-policy-style");
    assert!(IntegrityPolicy::SCRIPTS.lints().is_empty());
}

#[test]
fn adv_005_an_integrity_policy_that_does_nothing_is_an_error() {
    for (text, error) in [
        (
            "blocked-destinations=(\"script\")",
            "byte 22: '\"script\"' is not a token; write it without quotes",
        ),
        (
            "blocked-destinations=script",
            "byte 0: 'blocked-destinations' is not a list; write tokens in parentheses",
        ),
        (
            "blocked-destinations=()",
            "byte 0: the policy blocks nothing; write blocked-destinations=(script)",
        ),
        (
            "sources=(inline)",
            "byte 0: the policy blocks nothing; write blocked-destinations=(script)",
        ),
        (
            "blocked-destinations=(scripts)",
            "byte 22: browsers ignore 'scripts'; did you mean 'script'?",
        ),
        (
            "blocked-destination=(script)",
            "byte 0: browsers ignore the member 'blocked-destination'; did you mean 'blocked-destinations'?",
        ),
        (
            "blocked-destinations=(script), sources=(header)",
            "byte 40: browsers ignore 'header'; write one of 'inline'",
        ),
        (
            "blocked-destinations=(script), blocked-destinations=(style)",
            "byte 31: duplicate member 'blocked-destinations'; write one",
        ),
    ] {
        assert_eq!(
            refused::<IntegrityPolicy>(text),
            format!("integrity-policy, {error}"),
            "{text}"
        );
    }
    let error = refused::<IntegrityPolicy>("blocked-destinations=(script), endpoints=(Main)");
    assert!(
        error.starts_with("integrity-policy, byte 42: 'Main' is not an endpoint name"),
        "{error}"
    );
}

#[test]
fn adv_005_a_document_policy_takes_any_feature_once_with_a_value_that_browsers_read() {
    let text = "document-write=?0;report-to=main, *;report-to=other, a=2.0;report-to=none, b=token";
    let policy: DocumentPolicy = text.parse().unwrap();
    assert_eq!(policy.to_string(), text);
    let names = policy.named_endpoints();
    assert_eq!(names.iter().map(EndpointName::as_str).collect::<Vec<_>>(), ["main", "other"]);
    assert_eq!(policy.report_only_name(), "document-policy-report-only");
    for (text, error) in [
        ("a, a=?0", "byte 3: duplicate feature 'a'; write one"),
        (
            "a=(x)",
            "byte 2: the value of 'a' is not ?0, ?1, a number or a token; browsers ignore it",
        ),
        ("a;report-to=\"x\"", "byte 2: '\"x\"' is not an endpoint; write report-to=main"),
        ("a;b", "byte 2: browsers ignore the parameter 'b'; separate features with ','"),
        ("a;report-to=x;report-to=y", "byte 14: a second parameter; separate features with ','"),
        ("", "byte 0: there is no feature; write one like document-write=?0"),
        ("a=", "byte 2: expected a value"),
    ] {
        assert_eq!(refused::<DocumentPolicy>(text), format!("document-policy, {error}"), "{text}");
    }
}
