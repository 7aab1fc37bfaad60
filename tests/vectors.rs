//! Tests the vectors of browsers and of the standards, for each header.
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
    header::{
        DownloadOptions, PermissionsPolicy, PermittedCrossDomainPolicies,
        ReceivedContentTypeOptions, ReceivedExpectCt, ReceivedFrameOptions, ReceivedReferrerPolicy,
        ReceivedStrictTransportSecurity, XssProtection,
    },
};

fn cases(set: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("vectors/headers.json")).unwrap();
    let cases = file[set].as_array().unwrap().clone();
    assert!(cases.len() >= 5, "{set}");
    cases
}

#[test]
fn a_received_strict_transport_security_is_read_as_browsers_read_it() {
    for case in cases("hsts_parse") {
        let text = case[0].as_str().unwrap();
        let received = ReceivedStrictTransportSecurity::parse(text);
        if case[1].is_null() {
            assert!(received.is_err(), "{text:?}");
            assert!(text.parse::<StrictTransportSecurity>().is_err(), "{text:?}");
            continue;
        }
        let received = received.unwrap_or_else(|error| panic!("{text:?}: {error}"));
        let max_age = case[1]["max_age"].as_u64().unwrap_or(u64::MAX);
        assert_eq!(received.max_age().as_secs(), max_age, "{text:?}");
        assert_eq!(received.includes_subdomains(), case[1]["include"], "{text:?}");
        assert_eq!(received.is_preload(), case[1]["preload"], "{text:?}");
        // One's own policy has the same meaning, and nothing that browsers ignore.
        match text.parse::<StrictTransportSecurity>() {
            Ok(policy) => {
                assert!(received.ignored().is_empty(), "{text:?}");
                assert_eq!(policy.max_age(), received.max_age(), "{text:?}");
                assert_eq!(policy.includes_subdomains(), case[1]["include"], "{text:?}");
                assert_eq!(policy.to_string().parse(), Ok(policy), "{text:?}");
            }
            Err(error) => {
                let is_careless = !received.ignored().is_empty() || received.is_preload();
                assert!(is_careless, "{text:?}: {error}");
            }
        }
    }
}

#[test]
fn adv_101_a_policy_with_preload_meets_the_conditions_of_the_list() {
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
fn the_last_known_of_several_received_referrer_policies_applies() {
    for case in cases("referrer_policy") {
        let lines: Vec<&str> =
            case[0].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let text = lines.join(",");
        let received = ReceivedReferrerPolicy::parse(&text);
        assert_eq!(received.policy().unwrap_or_default(), case[1], "{lines:?}");
        // A list of one's own has each member once, and none that browsers do not know.
        let own = text.parse::<ReferrerPolicy>().ok();
        let words: Vec<_> = text.split(',').map(|word| word.trim_matches([' ', '\t'])).collect();
        let is_known = words.iter().all(|word| word.parse::<ReferrerPolicy>().is_ok());
        let is_single = words.iter().collect::<std::collections::HashSet<_>>().len() == words.len();
        let effective = own.map(|policy| policy.effective().to_string());
        assert_eq!(effective.as_deref(), received.policy().filter(|_| is_known && is_single));
    }
}

#[test]
fn the_first_of_several_received_content_type_options_applies() {
    for case in cases("x_content_type_options") {
        let lines: Vec<&str> =
            case[0].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let text = lines.join(",");
        assert_eq!(ReceivedContentTypeOptions::parse(&text).is_nosniff(), case[1], "{lines:?}");
        let is_own = text.parse::<ContentTypeOptions>().is_ok();
        assert_eq!(is_own, text.eq_ignore_ascii_case("nosniff"), "{lines:?}");
    }
}

#[test]
fn received_frame_options_that_contradict_each_other_forbid_framing() {
    for (text, expected) in [
        ("DENY", ReceivedFrameOptions::Deny),
        (" deny\t,DENY", ReceivedFrameOptions::Deny),
        ("sameorigin", ReceivedFrameOptions::SameOrigin),
        ("SAMEORIGIN,DENY", ReceivedFrameOptions::Deny),
        ("SAMEORIGIN,", ReceivedFrameOptions::Deny),
        ("ALLOWALL, x", ReceivedFrameOptions::Deny),
        ("ALLOWALL", ReceivedFrameOptions::Unprotected),
        ("x, y", ReceivedFrameOptions::Unprotected),
        ("\"DENY\"", ReceivedFrameOptions::Unprotected),
        ("DENY; SAMEORIGIN", ReceivedFrameOptions::Unprotected),
        ("", ReceivedFrameOptions::Unprotected),
    ] {
        assert_eq!(ReceivedFrameOptions::parse(text), expected, "{text}");
    }
}

#[test]
fn a_received_expect_ct_keeps_what_one_s_own_would_reject() {
    let text = "enforce, max-age=99999999999999999999, report-uri=\"http://a.example\", new";
    let received = ReceivedExpectCt::parse(text).unwrap();
    assert!(received.is_enforced());
    assert_eq!(received.max_age(), Duration::from_secs(u64::MAX));
    assert_eq!(received.report_uri(), Some("http://a.example"));
    assert_eq!(received.ignored(), ["new"]);
    for text in ["enforce", "max-age=", "max-age=1, max-age=1", "max-age=1, x=\"\0\""] {
        assert!(ReceivedExpectCt::parse(text).is_err(), "{text}");
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
        // A bare URL is valid syntax, but browsers skip it: it is rejected too.
        let expected = case[1] == true && !text.contains("(self https:");
        assert_eq!(text.parse::<PermissionsPolicy>().is_ok(), expected, "{text:?}");
    }
}

#[test]
fn a_source_is_one_that_browsers_match_or_it_is_refused() {
    // Legal, but not what an author means: a ':' without a port makes a scheme, and a fixed nonce
    // protects nothing.
    let refused = ["example.com:", "'nonce-ch4hvvbHDpv7xCSvXCs3BrNggHdTzxUA'"];
    for case in cases("csp_source_valid") {
        let text = case[0].as_str().unwrap();
        let expected = case[1] == true && !refused.contains(&text);
        assert_eq!(text.parse::<Source>().is_ok(), expected, "{text:?}");
    }
}
