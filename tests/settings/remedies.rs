//! Tests messages about values that belong to another key, or whose quotes are lost.

use tower_hardening::settings::Settings;

use crate::any_site::refused;

#[test]
fn a_host_that_has_the_value_of_another_key_is_an_error_with_both_keys() {
    for (host, problem) in [
        ("a.example:8443", "has a port; write 'host = \"a.example\"' and 'port = 8443'"),
        ("[::1]:8443", "has a port; write 'host = \"[::1]\"' and 'port = 8443'"),
        ("https://a.example", "is a URL; write 'host = \"a.example\"' and 'scheme = \"https\"'"),
        (
            "http://A.example:8080/x",
            "is a URL; write 'host = \"a.example\"', 'scheme = \"http\"' and 'port = 8080'",
        ),
    ] {
        let url = refused(&format!("url.host = '{host}'"));
        assert_eq!(url, format!("settings, line 1, url.host: '{host}' {problem}"));
        let site = refused(&format!("[[site]]\nscheme = 'https'\nhost = '{host}'"));
        assert_eq!(site, format!("settings, line 3, site[0].host: '{host}' {problem}"));
    }
}

#[test]
fn text_in_a_list_that_is_not_a_host_is_an_error_with_the_host_that_was_meant() {
    for (host, problem) in [
        ("https://a.example", "'https://' is not part of a host; write 'a.example'"),
        ("wss://a.example:81/x?y", "'wss://' is not part of a host; write 'a.example:81'"),
        ("//a.example", "'//' is not part of a host; write 'a.example'"),
        ("a.example/x", "'/' is not allowed in a host; remove the path"),
        ("a.example:http", "'http' is not a port; write a number from 1 to 65535"),
        ("2001:db8::1", "'2001:db8::1' is an IPv6 address; write '[2001:db8::1]'"),
        (".a.example", "'.a.example' begins with a dot; write '*.a.example' for the names below"),
        (
            "a.example, b.example",
            "'a.example, b.example' is more than one host; write each as a text of its own, or with commas in a variable",
        ),
        (" a.example", "' a.example' has blanks around the host; write 'a.example'"),
    ] {
        let error = refused(&format!("hosts.allowed = ['x.example', '{host}']"));
        assert_eq!(error, format!("settings, line 1, hosts.allowed[1]: {problem}"));
    }
}

#[test]
fn a_network_that_is_not_one_is_an_error_with_its_place_in_the_list() {
    assert_eq!(
        refused("proxy.trusted = ['unix', '10.0.0.0/8', 'nginx']"),
        "settings, line 1, proxy.trusted[2]: 'nginx' is not a network; write one like '10.0.0.0/8' or '192.0.2.1'"
    );
}

#[test]
fn a_keyword_without_single_quotes_is_an_error_that_shows_both_pairs_of_quotes() {
    for (file, key, word, meant) in [
        ("csp.script-src.add = ['self']", "csp.script-src.add[0]", "self", "'self'"),
        (
            "csp.script-src.set = ['https://a.example', 'Unsafe-Eval']",
            "csp.script-src.set[1]",
            "Unsafe-Eval",
            "'unsafe-eval'",
        ),
        ("csp.img-src.remove = ['self']", "csp.img-src.remove[0]", "self", "'self'"),
        ("csp.frame-ancestors.set = ['none']", "csp.frame-ancestors.set[0]", "none", "'none'"),
        (
            "csp_report_only.style-src.set = ['sha256-Ab']",
            "csp_report_only.style-src.set[0]",
            "sha256-Ab",
            "'sha256-Ab'",
        ),
        (
            "csp.require-trusted-types-for.set = ['script']",
            "csp.require-trusted-types-for.set[0]",
            "script",
            "'script'",
        ),
        (
            "csp.trusted-types.add = ['default', 'allow-duplicates']",
            "csp.trusted-types.add[1]",
            "allow-duplicates",
            "'allow-duplicates'",
        ),
        ("csp.webrtc.set = ['block']", "csp.webrtc.set[0]", "block", "'block'"),
    ] {
        let problem = format!(
            "the keyword {word} has no single quotes; write \"{meant}\", with the single quotes inside the double quotes"
        );
        assert_eq!(refused(file), format!("settings, line 1, {key}: {problem}"));
    }
}

#[test]
fn a_header_that_does_harm_or_nothing_on_every_page_is_an_error() {
    for (name, start) in [
        ("content-disposition", "browsers would save every page"),
        ("Refresh", "browsers would reload or leave every page"),
        ("retry-after", "this header belongs on single responses"),
        ("warning", "no current browser reads this header"),
        ("x-litespeed-location", "the server itself sets this header"),
    ] {
        for table in ["headers", "frontend_headers"] {
            let error = refused(&format!("{table}.{name} = '1'"));
            let start = format!("settings, line 1, {table}.{name}: {start}");
            assert!(error.starts_with(&start), "{error}");
        }
    }
}

#[test]
fn a_curly_quote_in_a_list_is_named() {
    let error = refused("csp.script-src.add = ['\u{2018}self\u{2019}']");
    let problem = "'\u{2018}' is a curly quote, and browsers ignore the directive that has it; write a straight quote";
    assert_eq!(error, format!("settings, line 1, csp.script-src.add[0]: {problem}"));
}

#[test]
fn a_nickname_or_the_beginning_of_a_header_s_name_is_an_error_that_names_the_header() {
    for (name, meant) in [
        ("hsts", "strict-transport-security"),
        ("csp", "content-security-policy"),
        ("strict-transport", "strict-transport-security"),
        ("x-content-type", "x-content-type-options"),
        ("x-xss", "x-xss-protection"),
        ("cross-origin-opener", "cross-origin-opener-policy"),
    ] {
        let error = format!("[headers]\n{name} = '1'").parse::<Settings>().unwrap_err().to_string();
        assert!(error.contains(&format!("did you mean '{meant}'?")), "{name}: {error}");
    }
}
