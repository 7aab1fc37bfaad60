//! What browsers' own tests and the standards say of each header.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::{
    fmt::{Debug, Display},
    str::FromStr,
    time::Duration,
};

use serde_json::Value;
use tower_hardening::{
    ContentTypeOptions, FrameOptions, ParseError, ReferrerPolicy, StrictTransportSecurity,
    csp::Source,
    header::{DownloadOptions, PermissionsPolicy, PermittedCrossDomainPolicies, XssProtection},
};

fn cases(set: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("vectors/headers.json")).unwrap();
    let cases = file[set].as_array().unwrap().clone();
    assert!(cases.len() >= 5, "{set}");
    cases
}

#[test]
fn strict_transport_security_is_read_as_browsers_read_it() {
    for case in cases("hsts_parse") {
        let text = case[0].as_str().unwrap();
        let policy = text.parse::<StrictTransportSecurity>();
        // `preload` alone is valid to a browser, which does not look at it; it cannot be written here.
        let lone_preload = case[1]["preload"] == true && case[1]["include"] == false;
        if case[1].is_null() || lone_preload {
            assert!(policy.is_err(), "{text:?}");
            continue;
        }
        let policy = policy.unwrap_or_else(|error| panic!("{text:?}: {error}"));
        let max_age = case[1]["max_age"].as_u64().unwrap_or(u64::MAX);
        assert_eq!(policy.max_age().as_secs(), max_age, "{text:?}");
        assert_eq!(policy.includes_subdomains(), case[1]["include"], "{text:?}");
        assert_eq!(policy.to_string().parse(), Ok(policy), "{text:?}");
    }
}

#[test]
fn adv_101_what_asks_to_be_preloaded_can_be() {
    for case in cases("hsts_preloadable") {
        let policy = case[0].as_str().unwrap().parse::<StrictTransportSecurity>();
        assert_eq!(policy.is_ok_and(|policy| policy.is_preload()), case[1], "{}", case[0]);
    }
    for seconds in [0, 300, 31_536_000, 63_072_000] {
        let policy = StrictTransportSecurity::new(Duration::from_secs(seconds)).preload();
        assert!(policy.max_age().as_secs() >= 31_536_000 && policy.includes_subdomains());
        assert_eq!(policy.to_string().parse(), Ok(policy));
    }
}

#[test]
fn of_several_referrer_policies_the_last_known_one_counts() {
    for case in cases("referrer_policy") {
        let lines: Vec<&str> =
            case[0].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let policy = lines.join(",").parse::<ReferrerPolicy>().ok();
        assert_eq!(policy.map_or("", |policy| policy.as_str()), case[1], "{lines:?}");
    }
}

#[test]
fn of_several_content_type_options_the_first_counts() {
    for case in cases("x_content_type_options") {
        let lines: Vec<&str> =
            case[0].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(lines.join(",").parse::<ContentTypeOptions>().is_ok(), case[1], "{lines:?}");
    }
}

#[test]
fn a_header_with_a_handful_of_values_reads_them_in_any_case_and_with_white_space_around() {
    fn law<P: FromStr<Err = ParseError> + Display + Debug>(values: &[P]) {
        for value in values.iter().map(P::to_string) {
            for spelt in [value.to_ascii_uppercase(), value.to_ascii_lowercase()] {
                let read: P = format!(" \t{spelt}\t ").parse().unwrap();
                assert_eq!(read.to_string(), value);
            }
        }
    }
    law(ReferrerPolicy::VALUES);
    law(FrameOptions::VALUES);
    law(ContentTypeOptions::VALUES);
    law(DownloadOptions::VALUES);
    law(PermittedCrossDomainPolicies::VALUES);
    law(XssProtection::VALUES);
}

#[test]
fn a_permissions_policy_with_an_error_of_syntax_is_refused() {
    for text in [
        "camera=();",
        "camera=();;",
        "camera=();=",
        "camera=();X=1",
        "camera=();1a",
        "camera=();report-to=",
        "camera=(), camera=*",
        "camera=(\"x\")",
        "camera=(\"javascript:alert(1)\")",
        "camera=(\"https://a/b\")",
        "camera=(SELF)",
        "camera=(self\"https://a\")",
        "",
        " ",
        ",",
        "camera=(),",
    ] {
        assert!(text.parse::<PermissionsPolicy>().is_err(), "{text:?}");
    }
    let spaced: PermissionsPolicy =
        " camera=( self  \"https://*.a.example:8443\" );  report-to=ep\t,usb=() ".parse().unwrap();
    assert_eq!(
        spaced.to_string(),
        "camera=(self \"https://*.a.example:8443\");report-to=ep, usb=()"
    );
    assert_eq!(spaced, spaced.to_string().parse().unwrap());
    for case in cases("permissions_policy") {
        let text = case[0].as_str().unwrap();
        // A bare URL is no error of syntax, but browsers skip it: refused as well.
        let expected = case[1] == true && !text.contains("(self https:");
        assert_eq!(text.parse::<PermissionsPolicy>().is_ok(), expected, "{text:?}");
    }
}

#[test]
fn a_source_is_one_that_browsers_match_or_it_is_refused() {
    // Legal, and yet not what an author means: a ':' without a port makes a scheme, and a fixed nonce
    // protects nothing.
    let refused = ["example.com:", "'nonce-ch4hvvbHDpv7xCSvXCs3BrNggHdTzxUA'"];
    for case in cases("csp_source_valid") {
        let text = case[0].as_str().unwrap();
        let expected = case[1] == true && !refused.contains(&text);
        assert_eq!(text.parse::<Source>().is_ok(), expected, "{text:?}");
    }
}
