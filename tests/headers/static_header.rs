//! Tests `StaticHeader`: it rejects headers with a type, and values that browsers ignore.

use tower_hardening::header::StaticHeader;

fn error(name: &str, value: &str) -> String {
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

#[test]
fn a_value_that_browsers_ignore_is_refused_where_the_header_is_known() {
    for (name, good, bad) in [
        ("access-control-allow-credentials", &["true"][..], &["True", "1", "false", ""][..]),
        (
            "access-control-allow-origin",
            &["*", "null", "https://a.example", "http://localhost:3000"],
            &[
                "a.example",
                "https://a.example, https://b.example",
                "https://*.a.example",
                "https://a.example/",
            ],
        ),
        (
            "timing-allow-origin",
            &["*", "https://a.example, https://b.example:8443"],
            &["a.example", "https://a.example,", "https://a.example https://b.example", "self"],
        ),
        ("service-worker-allowed", &["/", "/app/"], &["app", "//a.example", "/\\a.example", ""]),
        ("access-control-allow-private-network", &["true"], &["True", "*"]),
        (
            "access-control-allow-methods",
            &["GET, PATCH", "*", "PROPFIND"],
            &["patch", "GET PATCH", "GET,", "GET; PUT", "Delete"],
        ),
        ("access-control-allow-headers", &["x-a, Content-Type", "*"], &["x a", "x-a;x-b", ","]),
        ("access-control-expose-headers", &["x-total"], &["\"x-total\"", ""]),
        ("access-control-max-age", &["600", "-1"], &["10m", "600s", "1.5", "", "-2"]),
        ("vary", &["Origin, Accept-Encoding", "*"], &["Origin; Accept", ""]),
        (
            "accept-ch",
            &["Sec-CH-UA-Model, sec-ch-dpr", "Sec-CH-New-Thing"],
            &["Sec-CH-UA-Modell", "Sec-CH-UA Model", "\"Sec-CH-UA-Model\""],
        ),
        ("critical-ch", &["Sec-CH-UA-Model"], &["Sec-CH-UA-Mobil"]),
        (
            "require-document-policy",
            &["document-write=?0, *;report-to=main"],
            &["document-write: 'none'", "Document-Write=?0", "a=,", "a=?2", "a,"],
        ),
        ("cdn-cache-control", &["max-age=60, private"], &["max-age=60; private,", "Max-Age=60"]),
        (
            "no-vary-search",
            &["key-order, params=(\"a\" \"b\")", "params, except=(\"a\";x)"],
            &["params=(a", "params=(\"a)", "params=(\"a\"\"b\")", "params,", ""],
        ),
        (
            "use-as-dictionary",
            &["match=\"/a/*\", match-dest=(\"script\"), id=\"1\", type=raw"],
            &["match=\"/a", "match=(\"a\"\"b\")", ""],
        ),
        ("observe-browsing-topics", &["?1"], &["1", "true"]),
        ("set-login", &["logged-in", "logged-out"], &["Logged-In", "logged in"]),
        (
            "supports-loading-mode",
            &["credentialed-prerender", "fenced-frame, uncredentialed-prefetch"],
            &["credentialed-prerendering", "Fenced-Frame", ""],
        ),
        (
            "speculation-rules",
            &["\"/rules.json\"", "\"/a.json\", \"/b.json\""],
            &["/rules.json", "\"\"", "\"", "\"/a.json\" \"/b.json\"", "\"/a.json\","],
        ),
        (
            "activate-storage-access",
            &["load", "retry; allowed-origin=*", "retry; allowed-origin=\"https://a.example\""],
            &[
                "Load",
                "retry",
                "retry; allowed-origin=https://a.example",
                "retry; allowed-origin=\"a\"",
            ],
        ),
        ("x-mine", &["anything, at all"], &[]),
    ] {
        for value in good {
            StaticHeader::new(name, value).unwrap_or_else(|error| panic!("{value}: {error}"));
        }
        for value in bad {
            assert!(error(name, value).starts_with(&format!("{name}, byte ")), "{value}");
        }
    }
    assert_eq!(
        error("timing-allow-origin", "https://a.example, b.example"),
        "timing-allow-origin, byte 19: this is not an origin; write * or one like https://a.example"
    );
}

#[test]
fn a_key_that_browsers_do_not_know_is_an_error_with_the_key_that_was_meant() {
    for (name, value, problem) in [
        (
            "no-vary-search",
            "key-ordr",
            "byte 0: browsers do not know this key; did you mean 'key-order'?",
        ),
        (
            "no-vary-search",
            "key-order, prams=(\"a\")",
            "byte 11: browsers do not know this key; did you mean 'params'?",
        ),
        (
            "no-vary-search",
            "params, exept=(\"a,b\")",
            "byte 8: browsers do not know this key; did you mean 'except'?",
        ),
        (
            "no-vary-search",
            "vary",
            "byte 0: browsers do not know this key; write key-order, params or except",
        ),
        (
            "use-as-dictionary",
            "mach=\"/a\"",
            "byte 0: browsers do not know this key; did you mean 'match'?",
        ),
        (
            "use-as-dictionary",
            "match=\"/a\", match-des=()",
            "byte 12: browsers do not know this key; did you mean 'match-dest'?",
        ),
    ] {
        assert_eq!(error(name, value), format!("{name}, {problem}"));
    }
}
