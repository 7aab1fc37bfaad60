//! Tests Report-To and NEL, which are JSON.

use std::time::Duration;

use tower_hardening::{
    csp::EndpointName,
    header::{HeaderPolicy, Nel, ReportTo},
};

use super::refused;

const NETWORK: EndpointName = EndpointName::from_static("network");
const DAY: Duration = Duration::from_secs(86_400);

#[test]
fn groups_are_built_and_read_as_they_are_printed() {
    let policy = ReportTo::new(NETWORK, DAY, "https://a.example/r")
        .and_then(|policy| policy.endpoint("http://localhost:3000/"))
        .unwrap()
        .include_subdomains()
        .and(ReportTo::new(EndpointName::from_static("default"), DAY, "https://a.example").unwrap())
        .unwrap();
    let text = "{\"group\":\"network\",\"max_age\":86400,\"endpoints\":[{\"url\":\"https://a.example/r\"},{\"url\":\"http://localhost:3000/\"}],\"include_subdomains\":true}, \
                {\"group\":\"default\",\"max_age\":86400,\"endpoints\":[{\"url\":\"https://a.example\"}]}";
    assert_eq!(policy.to_string(), text);
    assert_eq!(text.parse(), Ok(policy.clone()));
    assert_eq!(policy.defined_endpoints().len(), 2);
    assert!(serde_json::from_str::<serde_json::Value>(&format!("[{policy}]")).is_ok());
    let ordered = " { \"endpoints\" : [ {\"url\":\"https://a.example\", \"weight\": 2, \"priority\":1} ] , \"max_age\":0 } ";
    assert_eq!(
        ordered.parse::<ReportTo>().unwrap().to_string(),
        "{\"group\":\"default\",\"max_age\":0,\"endpoints\":[{\"url\":\"https://a.example\",\"priority\":1,\"weight\":2}]}"
    );
}

#[test]
fn a_misspelt_key_is_an_error_and_not_a_policy_that_reports_nothing() {
    let url = "\"endpoints\":[{\"url\":\"https://a.example\"}]";
    for (text, error) in [
        // Pleroma sends this key, and so no report arrives.
        (
            format!("{{\"group\":\"a\",\"max-age\":1,{url}}}"),
            "byte 13: browsers ignore the key 'max-age'; did you mean 'max_age'?",
        ),
        (
            format!("{{\"group\":\"a\",{url}}}"),
            "byte 0: there is no max_age; write \"max_age\":86400",
        ),
        (
            format!("{{\"max_age\":\"1\",{url}}}"),
            "byte 11: 'max_age' is not a whole number; write one, without quotes",
        ),
        (
            format!("{{\"max_age\":1,\"max_age\":2,{url}}}"),
            "byte 13: duplicate key 'max_age'; write one",
        ),
        (
            "{\"max_age\":1}".into(),
            "byte 0: there are no endpoints; write \"endpoints\":[{\"url\":\"https://…\"}]",
        ),
        (
            "{\"max_age\":1,\"endpoints\":[]}".into(),
            "byte 0: a group without endpoints reports nothing; write {\"url\":\"https://…\"}",
        ),
        (
            "{\"max_age\":1,\"endpoints\":[{\"url\":\"http://a.example\"}]}".into(),
            "byte 34: browsers ignore 'http://a.example', which is not https; write an https URL",
        ),
        (
            "{\"max_age\":1,\"endpoints\":[{}]}".into(),
            "byte 26: there is no url; write {\"url\":\"https://…\"}",
        ),
        ("[]".into(), "byte 0: expected an object, like {\"max_age\":86400}"),
        (
            format!("{{\"max_age\":1,{url},\"include_subdomains\":\"true\"}}"),
            "byte 76: 'include_subdomains' counts only if it is true; write true",
        ),
        ("{\"max_age\":1,}".into(), "byte 13: expected a value behind the comma"),
    ] {
        assert_eq!(refused::<ReportTo>(&text), format!("report-to, {error}"), "{text}");
    }
    let twice = format!("{{\"max_age\":1,{url}}}").repeat(2).replace("}{", "},{");
    assert!(refused::<ReportTo>(&twice).contains("duplicate group 'default'"));
}

#[test]
fn network_error_logging_reports_a_share_from_nothing_to_all() {
    let policy = Nel::new(NETWORK, Duration::from_millis(500))
        .include_subdomains()
        .success_fraction(0.000_001)
        .and_then(|policy| policy.failure_fraction(0.5))
        .unwrap();
    let text = "{\"report_to\":\"network\",\"max_age\":1,\"include_subdomains\":true,\"success_fraction\":0.000001,\"failure_fraction\":0.5}";
    assert_eq!(policy.to_string(), text);
    assert_eq!(text.parse(), Ok(policy.clone()));
    assert_eq!(policy.named_endpoints(), [NETWORK]);
    assert_eq!(Nel::remove().to_string(), "{\"max_age\":0}");
    assert_eq!("{\"max_age\":0}".parse(), Ok(Nel::remove()));
    for share in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        assert!(Nel::new(NETWORK, DAY).success_fraction(share).is_err(), "{share}");
    }
    for (text, error) in [
        (
            "{\"max_age\":60}",
            "byte 0: there is no group to report to; write \"report_to\":\"group\"",
        ),
        (
            "{\"report_to\":\"a\",\"max_age\":60,\"failure_fraction\":2}",
            "byte 49: 'failure_fraction' is not a number from 0.0 to 1.0; write one",
        ),
        (
            "{\"max_age\":0},{\"max_age\":0}",
            "byte 14: browsers read one object; write {\"report_to\":\"group\",\"max_age\":86400}",
        ),
        ("", "byte 0: browsers read one object; write {\"report_to\":\"group\",\"max_age\":86400}"),
        (
            "{\"report-to\":\"a\",\"max_age\":60}",
            "byte 1: browsers ignore the key 'report-to'; did you mean 'report_to'?",
        ),
    ] {
        assert_eq!(refused::<Nel>(text), format!("nel, {error}"), "{text}");
    }
}
