//! The settings file: what real servers send for it, and what bad files are told.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tower_hardening::{Hardening, Settings, Severity};

/// The headers of a response that has none of its own, by name.
fn headers(hardening: &Hardening) -> BTreeMap<String, String> {
    let pair = |(name, value): (http::HeaderName, http::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap().to_owned())
    };
    hardening.headers().into_iter().map(pair).collect()
}

/// A policy as browsers see it: order, repeats and white space carry no meaning.
fn directives(policy: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let directives = policy.split(';').map(str::split_ascii_whitespace);
    directives.filter_map(|mut words| Some((words.next()?, words.collect()))).collect()
}

#[test]
fn every_case_of_the_real_server_is_answered_alike() {
    let file: Value = serde_json::from_str(include_str!("vectors/pleroma.json")).unwrap();
    let cases = file["vectors"].as_array().unwrap();
    assert_eq!(cases.len(), 17);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let settings = toml::to_string(&case["settings"]).unwrap();
        let settings = Settings::from_toml(&settings);
        if let Some(expected) = case["expect_error"].as_str() {
            let error = settings.unwrap_err().to_string();
            for word in expected.split(' ') {
                assert!(error.contains(word), "{name}: {error}");
            }
            continue;
        }
        let sent = headers(&settings.unwrap().hardening());
        for (header, expected) in case["expect"].as_object().unwrap() {
            let sent = sent.get(header).map(String::as_str);
            match (header.as_str(), sent, expected.as_str()) {
                ("content-security-policy", Some(sent), Some(expected)) => {
                    assert_eq!(directives(sent), directives(expected), "{name}");
                }
                ("report-to", Some(sent), Some(expected)) => {
                    let json = |text| serde_json::from_str::<Value>(text).unwrap();
                    assert_eq!(json(sent), json(expected), "{name}");
                }
                (_, sent, expected) => assert_eq!(sent, expected, "{name}: {header}"),
            }
        }
    }
}

#[test]
fn no_file_is_the_guide_and_the_shipped_file_says_the_same() {
    let shipped = Settings::from_toml(include_str!("../examples/pleroma/hardening.toml")).unwrap();
    let site = "https://example.tld".parse().unwrap();
    assert_eq!(Settings::default().hardening(), Hardening::pleroma(&site));
    assert_eq!(shipped.hardening(), Hardening::pleroma(&site));
    assert_eq!(shipped.listen().to_string(), "127.0.0.1:4000");
}

#[test]
fn a_bad_file_is_told_where_what_and_the_remedy() {
    for (file, message) in [
        (
            "prot = 1",
            "settings, line 1, prot: there is no such key; there are 'profile', 'secure_cookie_flag', 'cookies', 'http', 'url', 'http_security', 'media_proxy', 'upload', 's3', 'captcha', 'frontend_headers'",
        ),
        (
            "[http]\nprot = 1",
            "settings, line 2, http.prot: there is no such key; did you mean 'port'?",
        ),
        (
            "profile = \"giude\"",
            "settings, line 1, profile: there is no 'giude'; did you mean 'guide'?",
        ),
        (
            "profile = \"modern\"",
            "settings, line 1, profile: there is no 'modern'; there are 'guide', 'pleroma-2.7', 'strict'",
        ),
        (
            "[http_security]\nreferrer_policy = \"same origin\"",
            "settings, line 2, http_security.referrer_policy: 'same origin' is not a policy; did you mean 'same-origin'?",
        ),
        (
            "[http_security]\nreferrer_policy = \"sameorigin\"",
            "settings, line 2, http_security.referrer_policy: 'sameorigin' is not a policy; did you mean 'same-origin'?",
        ),
        (
            "[http_security]\nsts_max_age = -1",
            "settings, line 2, http_security.sts_max_age: '-1' is negative; write a number of seconds, like 31536000",
        ),
        (
            "[http_security]\nct_max_age = \"a year\"",
            "settings, line 2, http_security.ct_max_age: 'a year' is not a number; write a number of seconds, like 31536000",
        ),
        (
            "[http_security]\nsts_max_age = 1.5",
            "settings, line 2, http_security.sts_max_age: found floating point '1.5'; write a number of seconds, like 31536000",
        ),
        (
            "[url]\nhost = \"example tld\"",
            "settings, line 2, url.host: ' ' cannot stand in a host; write letters, digits, '-' and '.'",
        ),
        (
            "[url]\nhost = \"example.tld; script-src *\"",
            "settings, line 2, url.host: ';' cannot stand in a host; write letters, digits, '-' and '.'",
        ),
        (
            "[url]\nhost = \"example.tld\\r\\nx: y\"",
            "settings, line 2, url.host: '\\r' cannot stand in a host; write letters, digits, '-' and '.'",
        ),
        (
            "[url]\nhost = \"münchen.example\"",
            "settings, line 2, url.host: 'ü' cannot stand in a host; write its punycode form, which begins with 'xn--'",
        ),
        (
            "[url]\nhost = \"\"",
            "settings, line 2, url.host: the host '' has an empty label; write one like 'example.tld'",
        ),
        (
            "[url]\nhost = \"example.tld:4000\"",
            "settings, line 2, url.host: ':' cannot stand in a host; write the port by itself",
        ),
        (
            "[url]\nscheme = \"htps\"",
            "settings, line 2, url.scheme: there is no 'htps'; did you mean 'https'?",
        ),
        (
            "[url]\nport = 0",
            "settings, line 2, url.port: found integer '0'; write a number from 1 to 65535",
        ),
        (
            "[http]\nport = 70000",
            "settings, line 2, http.port: found integer '70000'; write a number from 0 to 65535",
        ),
        (
            "[http]\nip = \"localhost\"",
            "settings, line 2, http.ip: 'localhost' is not an IP address; write one like 127.0.0.1",
        ),
        (
            "[http_security]\nenabled = \"no\"",
            "settings, line 2, http_security.enabled: found string \"no\"; write true or false",
        ),
        (
            "[http_security]\nreport_uri = \"/csp\"",
            "settings, line 2, http_security.report_uri: '/csp' has no scheme; write 'https://example.tld/csp'",
        ),
        (
            "[http_security]\nreport_uri = \"https://r.example/a,b\"",
            "settings, line 2, http_security.report_uri: ',' cannot stand in a URL here; write '%2C'",
        ),
        (
            "[media_proxy]\nbase_url = \"media.example.tld\"",
            "settings, line 2, media_proxy.base_url: 'media.example.tld' has no scheme; write 'https://media.example.tld'",
        ),
        (
            "[media_proxy]\nwhitelist = [\"https://a.example\", \"b.example\"]",
            "settings, line 2, media_proxy.whitelist[1]: 'b.example' has no scheme; write 'https://b.example'",
        ),
        (
            "[upload]\nbase_url = \"https://m.example/?x=1\"",
            "settings, line 2, upload.base_url: '?x=1' cannot be part of a base; leave it out",
        ),
        (
            "[s3]\npublic_endpoint = \"https://s3.example;\"",
            "settings, line 2, s3.public_endpoint: ';' cannot stand in a host; write letters, digits, '-' and '.'",
        ),
        (
            "[captcha]\nendpoint = \"https://captcha.exämple\"",
            "settings, line 2, captcha.endpoint: 'ä' cannot stand in a host; write its punycode form, which begins with 'xn--'",
        ),
        (
            "[frontend_headers]\nx-a = \"a\\r\\nb: c\"",
            "settings, line 2, frontend_headers.x-a: a control character would end the line; remove it",
        ),
        (
            "[frontend_headers]\nx-a = \"ü\"",
            "settings, line 2, frontend_headers.x-a: the value is not ASCII; write ASCII",
        ),
        (
            "[frontend_headers]\n\"x a\" = \"b\"",
            "settings, line 2, frontend_headers.x a: 'x a' is not a header's name; write letters, digits and '-'",
        ),
        (
            "[frontend_headers]\ncontent-length = \"0\"",
            "settings, line 2, frontend_headers.content-length: this header is the server's own; leave it out",
        ),
        ("[http\nport = 1", "settings, line 1: unclosed table, expected `]`"),
    ] {
        assert_eq!(Settings::from_toml(file).unwrap_err().to_string(), message, "{file}");
    }
}

#[test]
fn weak_settings_are_valid_and_warned_about() {
    for (file, id, message) in [
        (
            "secure_cookie_flag = false",
            "secure-cookie-flag-off",
            "secure_cookie_flag: a sibling domain or anybody on the network can plant the session cookie; remove 'secure_cookie_flag = false'",
        ),
        (
            "[http_security]\nenabled = false",
            "http-security-off",
            "http_security.enabled: no security header is sent; remove 'enabled = false'",
        ),
        (
            "[upload]\nbase_url = \"https://example.tld/media\"",
            "media-shares-host",
            "upload.base_url: 'example.tld' is the site's own host, where a file that slips through is a page of the site; use another domain",
        ),
        (
            "[media_proxy]\nbase_url = \"https://Example.tld:8443\"",
            "media-shares-host",
            "media_proxy.base_url: 'example.tld' is the site's own host, where a file that slips through is a page of the site; use another domain",
        ),
        (
            "[url]\nscheme = \"http\"",
            "sts-without-https",
            "http_security.sts: not sent, nor is expect-ct, since the site is on http; set url.scheme to 'https'",
        ),
        (
            "[frontend_headers]\nX-Frame-Options = \"ALLOWALL\"",
            "frontend-header-built-in",
            "frontend_headers.X-Frame-Options: not sent, since the policy has this header; remove it",
        ),
    ] {
        let lints = Settings::from_toml(file).unwrap().lints();
        let lint = lints.iter().find(|lint| lint.id() == id).unwrap();
        assert_eq!((lint.message(), lint.severity()), (message, Severity::Warning));
        assert_eq!(lint.to_string(), format!("warning[{id}]: {message}"));
    }
    let warnings = Settings::default().lints();
    assert!(warnings.iter().all(|lint| lint.severity() < Severity::Warning), "{warnings:?}");
}

#[test]
fn switched_off_nothing_is_sent() {
    let off = "secure_cookie_flag = false\n[http_security]\nenabled = false\n[frontend_headers]\nx-a = \"b\"";
    assert_eq!(Settings::from_toml(off).unwrap().hardening(), Hardening::new());
    let cookies = Settings::from_toml("[http_security]\nenabled = false").unwrap().hardening();
    assert!(cookies.headers().is_empty() && cookies.host_cookies().is_some());
}

#[test]
fn a_frontend_header_never_overrides_a_built_in_one() {
    let file = "[frontend_headers]\nx-frame-options = \"ALLOWALL\"\nContent-Security-Policy = \"*\"\nX-Robots-Tag = \"noindex\"";
    let sent = headers(&Settings::from_toml(file).unwrap().hardening());
    assert_eq!(sent["x-frame-options"], "DENY");
    assert_eq!(
        sent["content-security-policy"],
        headers(&Settings::default().hardening())["content-security-policy"]
    );
    assert_eq!(sent["x-robots-tag"], "noindex");
}

#[test]
fn a_media_host_on_http_is_allowed_by_name_since_https_does_not_cover_it() {
    let file = "[upload]\nbase_url = \"http://localhost:4000/media\"";
    let sent = headers(&Settings::from_toml(file).unwrap().hardening());
    let policy = directives(&sent["content-security-policy"]);
    assert!(policy["img-src"].contains("http://localhost:4000"));
    assert!(policy["media-src"].contains("http://localhost:4000"));
    assert!(!policy["connect-src"].contains("http://localhost:4000"));
}

#[test]
fn every_profile_reports_where_it_is_told_to() {
    for profile in ["guide", "pleroma-2.7", "strict"] {
        let file = format!(
            "profile = \"{profile}\"\n[http_security]\nreport_uri = \"https://r.example/csp?key=1\""
        );
        let sent = headers(&Settings::from_toml(&file).unwrap().hardening());
        let policy = directives(&sent["content-security-policy"]);
        assert_eq!(policy["report-uri"], BTreeSet::from(["https://r.example/csp?key=1"]));
        assert_eq!(policy["report-to"], BTreeSet::from(["csp-endpoint"]));
        assert_eq!(sent["reporting-endpoints"], "csp-endpoint=\"https://r.example/csp?key=1\"");
        assert!(!sent.contains_key("reply-to"));
    }
}

#[test]
fn settings_are_part_of_a_larger_file_too() {
    #[derive(Debug, serde::Deserialize)]
    struct Larger {
        hardening: Settings,
    }

    let larger: Larger =
        serde_json::from_str(r#"{"hardening": {"url": {"host": "a.example"}}}"#).unwrap();
    assert_eq!(larger.hardening.site().host(), "a.example");
    let error =
        serde_json::from_str::<Larger>(r#"{"hardening": {"url": {"hots": "a"}}}"#).unwrap_err();
    assert!(
        error.to_string().starts_with("url.hots: there is no such key; did you mean 'host'?"),
        "{error}"
    );
}
