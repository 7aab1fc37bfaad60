//! Tests values of `StaticHeader` that browsers ignore, in headers without a type.

use tower_hardening::header::StaticHeader;

use super::static_header::error;

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
fn a_dictionary_that_browsers_drop_is_refused_where_the_header_is_known() {
    for (name, good, bad) in [
        (
            "no-vary-search",
            &["key-order, params=(\"a\" \"b\")", "params, except=(\"a\";x)"][..],
            &["params=(a", "params=(\"a)", "params=(\"a\"\"b\")", "params,", ""][..],
        ),
        (
            "use-as-dictionary",
            &["match=\"/a/*\", match-dest=(\"script\"), id=\"1\", type=raw"],
            &["match=\"/a", "match=(\"a\"\"b\")", ""],
        ),
    ] {
        for value in good {
            StaticHeader::new(name, value).unwrap_or_else(|error| panic!("{value}: {error}"));
        }
        for value in bad {
            assert!(error(name, value).starts_with(&format!("{name}, byte ")), "{value}");
        }
    }
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
