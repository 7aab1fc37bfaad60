//! Tests text that breaks out of a header, does nothing in a browser, or is very long.

use std::time::Duration;

use tower_hardening::{
    ContentTypeOptions, ExpectCt, FrameOptions, Lint, ParseError, ReferrerPolicy,
    StrictTransportSecurity, csp::EndpointName, header::*,
};

use super::refused;

/// Calls the function `check` of the caller with each header and the value in its row of the table.
macro_rules! check_each {
    () => {
        crate::table::paved_headers!(check_each);
        crate::table::other_headers!(check_each);
        crate::table::single_headers!(check_each);
    };
    ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
        $(check::<$policy>($sample);)+
    };
}

pub(super) use check_each;

pub(super) trait Policy:
    HeaderPolicy + std::str::FromStr<Err = ParseError> + std::fmt::Display
{
}

impl<P: HeaderPolicy + std::str::FromStr<Err = ParseError> + std::fmt::Display> Policy for P {}

#[test]
fn no_text_breaks_out_of_a_header_or_hides_behind_a_character_that_is_not_seen() {
    fn check<P: Policy>(valid: &str) {
        assert_eq!(valid.parse::<P>().unwrap_or_else(|error| panic!("{error}")).to_string(), valid);
        let middle = valid.len() / 2;
        for strange in [
            "\r\nx: y",
            "\0",
            "\u{b}",
            "\u{c}",
            "\u{7f}",
            "\u{85}",
            "\u{a0}",
            "\u{ad}",
            "\u{200b}",
            "\u{2028}",
            "\u{feff}",
            "\u{ff0c}",
            "\u{e9}",
            "\u{1f512}",
        ] {
            for text in [
                format!("{strange}{valid}"),
                format!("{valid}{strange}"),
                format!("{}{strange}{}", &valid[..middle], &valid[middle..]),
                format!("{valid},{strange}"),
                format!("{valid};{strange}"),
            ] {
                let error = refused::<P>(&text);
                assert!(!error.contains(char::is_control), "{error:?}");
            }
        }
    }
    check_each!();
}

#[test]
fn an_empty_value_is_an_error_and_a_second_value_is_no_silent_one() {
    fn check<P: Policy>(valid: &str) {
        for text in ["", " ", "\t", ",", ";", "=", "()", "\"\"", "{}", "[]", "?", "*"] {
            refused::<P>(text);
        }
        for text in [format!("{valid}, {valid}"), format!("{valid};x"), format!("{valid};x=1")] {
            refused::<P>(&text);
        }
    }
    check_each!();
}

#[test]
fn a_number_that_browsers_cannot_hold_is_an_error_and_a_long_time_is_a_shorter_one() {
    let group = "\"group\":\"n\",\"endpoints\":[{\"url\":\"https://r.example/\"";
    for number in ["2147483648", "4294967296", "99999999999999999999"] {
        let error = refused::<Nel>(&format!("{{\"report_to\":\"n\",\"max_age\":{number}}}"));
        let expected = "nel, byte 27: 'max_age' is too large, so browsers ignore the object; write at most 2147483647";
        assert_eq!(error, expected);
        refused::<ReportTo>(&format!("{{{group}}}],\"max_age\":{number}}}"));
        refused::<ReportTo>(&format!("{{{group},\"weight\":{number}}}],\"max_age\":1}}"));
    }
    assert!("{\"report_to\":\"n\",\"max_age\":2147483647}".parse::<Nel>().is_ok());
    let name = EndpointName::from_static("n");
    let nel = Nel::new(name.clone(), Duration::MAX);
    assert_eq!(nel.to_string(), "{\"report_to\":\"n\",\"max_age\":2147483647}");
    let group = ReportTo::new(name, Duration::MAX, "https://r.example/").unwrap();
    assert!(group.to_string().contains("\"max_age\":2147483647,"), "{group}");
}

#[test]
fn a_share_of_requests_that_is_not_nothing_stays_so() {
    let nel = Nel::new(EndpointName::from_static("n"), Duration::from_secs(1));
    let tiny = nel.clone().failure_fraction(1e-9).unwrap().success_fraction(f64::MIN_POSITIVE);
    let text = "{\"report_to\":\"n\",\"max_age\":1,\"success_fraction\":0.000001,\"failure_fraction\":0.000001}";
    assert_eq!(tiny.unwrap().to_string(), text);
    let none = nel.failure_fraction(0.0).unwrap();
    assert_eq!(none.to_string(), "{\"report_to\":\"n\",\"max_age\":1,\"failure_fraction\":0.0}");
}

#[test]
fn a_part_of_a_list_that_browsers_skip_is_an_error() {
    for (text, error) in [
        (
            "blocked-destinations=(script);report-to=a",
            "byte 30: browsers ignore the parameter 'report-to'; remove it",
        ),
        ("blocked-destinations=(script script)", "byte 29: duplicate token 'script'; write one"),
        (
            "blocked-destinations=(script), endpoints=(a a)",
            "byte 44: duplicate token 'a'; write one",
        ),
        (
            "blocked-destinations=(script), sources=()",
            "byte 0: the policy blocks nothing without a source; remove 'sources'",
        ),
    ] {
        assert_eq!(
            refused::<IntegrityPolicy>(text),
            format!("integrity-policy, {error}"),
            "{text}"
        );
    }
}

#[test]
fn an_asterisk_without_an_endpoint_does_nothing_and_is_an_error() {
    assert_eq!(
        refused::<DocumentPolicy>("a=?0, *"),
        "document-policy, byte 6: '*' only names the endpoint of all features; write *;report-to=main"
    );
}

#[test]
fn a_rule_that_is_written_twice_and_a_date_that_is_none_are_errors() {
    for (text, error) in [
        ("noindex, nofollow, NoIndex", "byte 19: duplicate rule 'noindex'; write one"),
        ("googlebot: noindex, noindex", "byte 20: duplicate rule 'noindex'; write one"),
        ("max-snippet:1, max-snippet:2", "byte 15: duplicate rule 'max-snippet:2'; write one"),
    ] {
        assert_eq!(refused::<RobotsTag>(text), format!("x-robots-tag, {error}"), "{text}");
    }
    assert!("googlebot: noindex, otherbot: noindex".parse::<RobotsTag>().is_ok());
    for date in ["1", "2027", "31-01-2027", "2027-1-31", "25 Juni 2027", "25 Jun", "20270131"] {
        let error = refused::<RobotsTag>(&format!("unavailable_after: {date}"));
        assert!(error.contains("is not a value of unavailable_after"), "{error}");
    }
    for date in ["2027-01-31", "2027-01-31T15:00:00Z", "25 Jun 2027 15:00:00 PST", "25-Jun-27"] {
        let text = format!("unavailable_after: {date}");
        assert_eq!(text.parse::<RobotsTag>().unwrap().to_string(), text);
    }
}

#[test]
fn a_list_with_a_repeated_member_or_one_next_to_a_star_is_linted() {
    for (text, lint) in [
        (
            "camera=(self self)",
            Some("byte 13: the list of 'camera' names self twice; write it once"),
        ),
        (
            "usb=(), camera=(* self)",
            Some("byte 15: the list of 'camera' allows everybody by '*'; write '*' alone"),
        ),
        (
            "camera=(\"https://a.example\" \"https://a.example\")",
            Some("byte 28: the list of 'camera' names \"https://a.example\" twice; write it once"),
        ),
        ("camera=(*)", None),
        ("camera=(self \"https://a.example\")", None),
    ] {
        let lints = text.parse::<PermissionsPolicy>().unwrap().lints();
        let expected = lint
            .map(|lint| format!("note[permissions-policy-redundant]: permissions-policy, {lint}"));
        assert_eq!(lints.first().map(Lint::to_string), expected);
    }
    let origin = "https://a.example".parse().unwrap();
    let list = Allowlist::SELF.and(&origin).unwrap().and(&origin).unwrap();
    assert_eq!(list.to_string(), "(self \"https://a.example\")");
}
