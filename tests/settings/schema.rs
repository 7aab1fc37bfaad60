//! The JSON Schema accepts what the reader accepts.

use proptest::{prelude::*, sample::subsequence};
use serde_json::{Value, json};
use tower_hardening::{Hardening, settings::Settings};

use crate::any_site::EXAMPLE;

/// Returns the path of the first value that the schema rejects.
fn rejected(root: &Value, schema: &Value, value: &Value, path: &str) -> Option<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let definition = root.pointer(reference.trim_start_matches('#')).unwrap();
        return rejected(root, definition, value, path);
    }
    let bad = || Some(path.to_owned());
    if let Some(any) = schema["anyOf"].as_array() {
        let fits = |schema: &Value| rejected(root, schema, value, path).is_none();
        return if any.iter().any(fits) { None } else { bad() };
    }
    if let Some(words) = schema["enum"].as_array() {
        return if words.contains(value) { None } else { bad() };
    }
    if let Some(only) = schema.get("const") {
        return if only == value { None } else { bad() };
    }
    match schema["type"].as_str() {
        None => None,
        Some("boolean") => {
            if value.is_boolean() {
                None
            } else {
                bad()
            }
        }
        Some("string") => {
            if value.is_string() {
                None
            } else {
                bad()
            }
        }
        Some("integer") => {
            let within = |number: i64| {
                number >= schema["minimum"].as_i64().unwrap_or(i64::MIN)
                    && number <= schema["maximum"].as_i64().unwrap_or(i64::MAX)
            };
            if value.as_i64().is_some_and(within) { None } else { bad() }
        }
        Some("array") => {
            let Some(members) = value.as_array() else { return bad() };
            members.iter().enumerate().find_map(|(index, member)| {
                rejected(root, &schema["items"], member, &format!("{path}[{index}]"))
            })
        }
        Some("object") => {
            let Some(members) = value.as_object() else { return bad() };
            let required = schema["required"].as_array().into_iter().flatten();
            if required.filter_map(Value::as_str).any(|key| !members.contains_key(key)) {
                return bad();
            }
            members.iter().find_map(|(key, member)| {
                let path = format!("{path}.{key}");
                let own = schema["properties"].get(key);
                match own.or_else(|| schema.get("additionalProperties")) {
                    Some(Value::Bool(false)) => Some(path),
                    Some(schema) => rejected(root, schema, member, &path),
                    None => None,
                }
            })
        }
        Some(other) => panic!("the schema has the type {other}"),
    }
}

fn check(text: &str) -> Option<String> {
    let schema = include_str!("../../examples/pleroma/hardening.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    let value: toml::Table = text.parse().unwrap();
    rejected(&schema, &schema, &json!(value), "")
}

#[test]
fn the_schema_accepts_the_shipped_file_the_example_and_what_a_hardening_is_written_as() {
    let shipped = include_str!("../../examples/pleroma/hardening.toml");
    assert!(shipped.starts_with("#:schema ./hardening.schema.json\n"));
    let written = toml::to_string(&Hardening::owasp()).unwrap();
    for text in [shipped, EXAMPLE, &written] {
        Settings::from_toml(text).unwrap();
        assert_eq!(check(text), None, "{text}");
    }
}

#[test]
fn the_schema_rejects_what_the_reader_rejects() {
    for (text, path) in [
        ("colour = 1", ".colour"),
        ("profile = \"giude\"", ".profile"),
        ("[http]\nprot = 1", ".http.prot"),
        ("[http]\nport = 70000", ".http.port"),
        ("[url]\nport = 0", ".url.port"),
        ("[url]\nhost = 1", ".url.host"),
        ("[[site]]\nscheme = \"ftp\"\nhost = \"a\"", ".site[0].scheme"),
        (
            "[[site]]\nscheme = \"http\"\nhost = \"a\"\n[site.csp.img-scr]\nadd = []",
            ".site[0].csp.img-scr",
        ),
        ("[[site]]\nscheme = \"http\"\nhost = \"a\"\nheaders.x = 1", ".site[0].headers.x"),
        ("[[site]]\nscheme = \"http\"", ".site[0]"),
        ("[csp.scirpt-src]\nadd = []", ".csp.scirpt-src"),
        ("[csp.img-src]\nad = []", ".csp.img-src"),
        ("[csp]\nimg-src = true", ".csp.img-src"),
        ("[headers]\nx-frame-options = true", ".headers.x-frame-options"),
        ("remove_headers = \"server\"", ".remove_headers"),
        ("[media]\nallow = [\"html\"]", ".media.allow[0]"),
        ("[[site]]\nscheme = \"http\"\nhost = \"a\"\nhots = \"a\"", ".site[0].hots"),
    ] {
        Settings::from_toml(text).unwrap_err();
        assert_eq!(check(text).as_deref(), Some(path));
    }
}

/// Lines of a file. The reader rejects some of them.
const LINES: &[&str] = &[
    "profile = 'strict'",
    "profile = 'owasp'",
    "profile = 'empty'",
    "secure_cookie_flag = false",
    "remove_headers = ['server', 'x-powered-by']",
    "remove_headers = []",
    "additional_csp = [\"object-src 'none'\"]",
    "headers.X-Own = '1'",
    "headers.x-frame-options = false",
    "headers.permissions-policy = 'camera=()'",
    "headers.permissions-policy-report-only = 'camera=()'",
    "headers.nel = 0",
    "csp.img-src = false",
    "csp.img-src.add = ['data:']",
    "csp.script-src.set = []",
    "csp.report-uri.set = ['/csp']",
    "csp.sandbox.set = ['allow-forms']",
    "csp_report_only.script-src.set = [\"'self'\"]",
    "csp_report_only.style-src.remove = ['x']",
    "cookies.names = ['sid', 'app_*']",
    "cookies.prefix = '__Secure-'",
    "cookies.same_site = 'lax'",
    "cookies.same_site = 'Lax'",
    "cookies.migrate_until = 2030-01-31",
    "cookies.migrate_until = '2030-01-31'",
    "cookies.migrate_until = 7",
    "cookies.path_attribute = 'downgrade'",
    "http.ip = '::1'",
    "http.port = 0",
    "url.host = 'a.example'",
    "url.port = 8443",
    "url.scheme = 'http'",
    "http_security.enabled = false",
    "http_security.sts_max_age = 0",
    "http_security.sts_max_age = -1",
    "http_security.sts_max_age = 9223372036854775807",
    "http_security.referrer_policy = 'origin, no-referrer'",
    "http_security.report_uri = 'HTTPS://r.example/csp'",
    "http_security.report_uri = 'r.example'",
    "media.allow = ['pdf', 'hls']",
    "media_proxy.enabled = true",
    "media_proxy.whitelist = ['cdn.example']",
    "upload.base_url = 'http://m.example'",
    "captcha.endpoint = 'https://c.example'",
    "hosts.allowed = ['*.a.example']",
    "proxy.trusted = ['unix', '10.0.0.0/8']",
    "proxy.header = 'forwarded'",
    "proxy.scheme_header = 'cf-visitor'",
    "frontend_headers.x-more = '1'",
    "frontend_headers.x-none = false",
    "site = [{ scheme = 'http', host = 'a.onion' }]",
    "site = [{ scheme = 'https', host = 'b.example', port = 8443, headers = { x-own = '2', x-frame-options = false } }]",
    "site = [{ scheme = 'https', host = 'b.example', csp = { img-src = false, font-src = { set = [] } } }]",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_schema_accepts_every_file_that_the_reader_accepts(
        lines in subsequence(LINES, 0..8),
    ) {
        let text = lines.join("\n");
        if Settings::from_toml(&text).is_ok() {
            prop_assert_eq!(check(&text), None, "{}", text);
        }
    }
}

#[test]
fn each_of_these_lines_is_judged_alike_by_the_schema_and_the_reader() {
    for line in LINES {
        // A line alone has no conflict: the types of its values decide.
        let is_read = Settings::from_toml(line).is_ok();
        let is_of_a_type = check(line).is_none();
        assert!(is_of_a_type || !is_read, "{line}");
    }
    let read = LINES.iter().filter(|line| Settings::from_toml(line).is_ok()).count();
    assert!(read > 40, "{read}");
}
