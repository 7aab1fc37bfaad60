//! Tests names of `StaticHeader`: it rejects headers with a type, and misspelt ones.

use tower_hardening::header::StaticHeader;

/// Returns the error of a header.
pub(super) fn error(name: &str, value: &str) -> String {
    match StaticHeader::new(name, value) {
        Ok(_) => panic!("{name}: {value} is accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_header_with_a_type_is_refused_by_the_name_of_the_type() {
    for (name, policy) in [
        ("Cross-Origin-Opener-Policy", "CrossOriginOpenerPolicy"),
        (
            "cross-origin-opener-policy-report-only",
            "Hardening::with_report_only(CrossOriginOpenerPolicy)",
        ),
        ("content-security-policy", "ContentSecurityPolicy"),
        (
            "content-security-policy-report-only",
            "Hardening::with_report_only(ContentSecurityPolicy)",
        ),
        ("x-robots-tag", "RobotsTag"),
        ("cache-control", "CacheControl"),
        ("clear-site-data", "ClearSiteData"),
        ("report-to", "ReportTo"),
        ("nel", "Nel"),
        ("strict-transport-security", "StrictTransportSecurity"),
        ("permissions-policy-report-only", "Hardening::with_report_only(PermissionsPolicy)"),
    ] {
        let lower = name.to_ascii_lowercase();
        let expected = format!("{lower}, byte 0: this header has its own type; use {policy}");
        assert_eq!(error(name, "x"), expected);
    }
}

#[test]
fn every_header_of_the_readme_s_table_is_refused() {
    let rows = include_str!("../../README.md").lines().filter(|row| row.starts_with('|'));
    let mut seen = 0;
    for row in rows.filter(|row| row.contains("Layer`")) {
        let cells: Vec<&str> = row.split('|').collect();
        let Some(sent) = cells.get(3).and_then(|cell| cell.split('`').nth(1)) else { continue };
        let Some((name, _)) = sent.split_once(':') else { continue };
        if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.contains('-') {
            assert!(StaticHeader::new(name, "x").is_err(), "{name}");
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
}

#[test]
fn a_misspelt_name_of_a_header_with_a_type_is_refused_by_the_name_of_the_type() {
    for (name, policy) in [
        ("referer-policy", "ReferrerPolicy"),
        ("X-Frame-Option", "FrameOptions"),
        ("frame-options", "FrameOptions"),
        ("permission-policy", "PermissionsPolicy"),
        ("content-security-polciy", "ContentSecurityPolicy"),
        (
            "content-security-policy-reportonly",
            "Hardening::with_report_only(ContentSecurityPolicy)",
        ),
        ("strict-transport-securtiy", "StrictTransportSecurity"),
        ("x-content-type-option", "ContentTypeOptions"),
        ("reporting-endpoint", "ReportingEndpoints"),
        ("cross-origin-opener-policys", "CrossOriginOpenerPolicy"),
    ] {
        let lower = name.to_ascii_lowercase();
        let expected =
            format!("{lower}, byte 0: browsers do not read this misspelt name; use {policy}");
        assert_eq!(error(name, "x"), expected);
    }
    for name in ["x-nel", "del", "x-report", "surrogate-control", "x-policy", "x-options", "x-mine"]
    {
        assert!(StaticHeader::new(name, "a").is_ok(), "{name}");
    }
    const MINE: StaticHeader = StaticHeader::from_static("x-mine-or-yours", "a");
    assert_eq!(MINE.to_string(), "a");
}

#[test]
fn another_name_near_that_of_a_header_with_a_type_is_not_a_misspelling() {
    for name in [
        "report-id",
        "x-report-to",
        "x-cache-control",
        "x-dns-protection",
        "x-csp-protection",
        "x-referrer-policy",
        "x-robots-map",
    ] {
        StaticHeader::new(name, "a").unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn a_header_of_requests_is_refused_as_one_and_a_strange_name_is_escaped() {
    for name in ["host", "te", "cookie"] {
        let problem = "this is a request header, and browsers ignore it; remove it";
        assert_eq!(error(name, "a"), format!("{name}, byte 0: {problem}"));
    }
    let problem = "'a\\u{7f}b' is not a header's name; write letters, digits and '-'";
    assert_eq!(error("a\u{7f}b", "a"), format!("header, byte 0: {problem}"));
}

#[test]
fn a_header_that_no_browser_reads_any_more_is_refused() {
    for name in [
        "feature-policy",
        "public-key-pins",
        "x-webkit-csp",
        "x-content-security-policy",
        "cross-origin-window-policy",
    ] {
        assert_eq!(
            error(name, "x"),
            format!("{name}, byte 0: no current browser reads this header; remove it")
        );
    }
}
