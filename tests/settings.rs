//! The settings file: what real servers send for it, and what bad files are told.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, SystemTime},
};

use serde_json::Value;
use tower_hardening::{Hardening, HostCookies, Settings, Severity};

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
            "settings, line 2, http_security.referrer_policy: ' ' cannot stand in a policy's name; separate several with a comma",
        ),
        (
            "[http_security]\nreferrer_policy = \"sameorigin\"",
            "settings, line 2, http_security.referrer_policy: 'sameorigin' is not a policy; did you mean 'same-origin'?",
        ),
        (
            "[http_security]\nsts_max_age = -1",
            "settings, line 2, http_security.sts_max_age: found the number -1; write a number of seconds, like 31536000",
        ),
        (
            "[http_security]\nct_max_age = \"a year\"",
            "settings, line 2, http_security.ct_max_age: found the text 'a year'; write a number of seconds, like 31536000",
        ),
        (
            "[http_security]\nsts_max_age = 1.5",
            "settings, line 2, http_security.sts_max_age: found the number 1.5; write a number of seconds, like 31536000",
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
            "settings, line 2, url.port: found the number 0; write a number from 1 to 65535",
        ),
        (
            "[http]\nport = 70000",
            "settings, line 2, http.port: found the number 70000; write a number from 0 to 65535",
        ),
        (
            "[http]\nip = \"localhost\"",
            "settings, line 2, http.ip: 'localhost' is not an IP address; write one like 127.0.0.1",
        ),
        (
            "[http_security]\nenabled = \"no\"",
            "settings, line 2, http_security.enabled: found the text 'no'; write true or false",
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
        (
            "[http]\nport = 99999999999999999999",
            "settings, line 2, http.port: found the number 99999999999999999999; write a number from 0 to 65535",
        ),
        (
            "[http_security]\nsts_max_age = 99999999999999999999",
            "settings, line 2, http_security.sts_max_age: found the number 99999999999999999999; write a number of seconds, like 31536000",
        ),
        ("[http]\nip = 5", "settings, line 2, http.ip: found the number 5; write a text in quotes"),
        (
            "profile = 3",
            "settings, line 1, profile: found the number 3; write one of 'guide', 'pleroma-2.7', 'strict'",
        ),
        (
            "secure_cookie_flag = 1",
            "settings, line 1, secure_cookie_flag: found the number 1; write true or false",
        ),
        (
            "[url]\nhost = \"https://example.tld\"",
            "settings, line 2, url.host: 'https://' cannot stand in a host; write the scheme by itself, and here 'example.tld'",
        ),
        (
            "[url]\nhost = 2027-01-31",
            "settings, line 2, url.host: found the date 2027-01-31; write a text in quotes",
        ),
        (
            "[upload]\nbase_url = \"//m.example\"",
            "settings, line 2, upload.base_url: '//m.example' has no scheme; write 'https://m.example'",
        ),
        (
            "[upload]\nbase_url = \"https:/a\"",
            "settings, line 2, upload.base_url: 'https:/a' has no '//' after the scheme; write 'https://a'",
        ),
        (
            "[upload]\nbase_url = \"https:a\"",
            "settings, line 2, upload.base_url: 'https:a' has no '//' after the scheme; write 'https://a'",
        ),
        (
            "[upload]\nbase_url = \"https://user:pw@a\"",
            "settings, line 2, upload.base_url: a user name cannot stand in a URL here; write 'https://a'",
        ),
        (
            "[http_security]\nreport_uri = \"\"",
            "settings, line 2, http_security.report_uri: the URL is empty; write one like 'https://example.tld'",
        ),
        (
            "http = 1",
            "settings, line 1, http: found the number 1; write '[http]', and its keys below it",
        ),
        (
            "http = [\"0.0.0.0\", 80]",
            "settings, line 1, http: found a list; write '[http]', and its keys below it",
        ),
        (
            "[[url]]\nhost = \"a.example\"",
            "settings, line 1, url: found a list; write '[url]', and its keys below it",
        ),
        (
            "frontend_headers = [1]",
            "settings, line 1, frontend_headers: found a list; write a table",
        ),
        (
            "[frontend_headers]\nx-a = 1",
            "settings, line 2, frontend_headers.x-a: found the number 1; write a text in quotes",
        ),
        (
            "[frontend_headers]\nx-a = \"1\"\nX-A = \"1\"",
            "settings, line 2, frontend_headers.x-a: two spellings of one header; remove one",
        ),
        (
            "[media_proxy]\nwhitelist = \"https://a.example\"",
            "settings, line 2, media_proxy.whitelist: found the text 'https://a.example'; write a list in brackets",
        ),
        ("[http\nport = 1", "settings, line 1: '[http' is not TOML: unclosed table; write ']'"),
        (
            "[url]\nhost = example.tld",
            "settings, line 2: 'host = example.tld' is not TOML: string values must be quoted; write it in quotes",
        ),
        ("[url]\n[url]", "settings, line 2: '[url]' is not TOML: duplicate key; keep one of them"),
        ("[http]\nport 1", "settings, line 2: 'port 1' is not TOML: key with no value; write '='"),
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
            "[url]\nhost = \"127.0.0.1\"",
            "sts-for-address",
            "http_security.sts: not sent, nor is expect-ct, since browsers ignore it for an IP address, and hold every port of localhost to it; set url.host to a domain",
        ),
        (
            "[url]\nscheme = \"http\"",
            "host-cookie-without-https",
            "secure_cookie_flag: browsers refuse the session cookie, since the site is on http; set url.scheme to 'https'",
        ),
        (
            "[http_security]\nreport_uri = \"http://r.example/csp\"",
            "report-uri-insecure",
            "http_security.report_uri: reports cross the network for all to read, and report-to works with https alone; write 'https://…'",
        ),
        (
            "[url]\nscheme = \"http\"\n[frontend_headers]\nexpect-ct = \"max-age=0\"",
            "sts-without-https",
            "http_security.sts: not sent, nor is expect-ct, since the site is on http; set url.scheme to 'https'",
        ),
        (
            "[http_security]\nsts = false\n[url]\nhost = \"localhost\"\n[frontend_headers]\nstrict-transport-security = \"max-age=1\"",
            "sts-for-address",
            "frontend_headers.strict-transport-security: not sent, since browsers ignore it for an IP address, and hold every port of localhost to it; set url.host to a domain",
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
    let release = format!("profile = \"pleroma-2.7\"\n{file}");
    let release = headers(&Settings::from_toml(&release).unwrap().hardening());
    assert!(
        !release["content-security-policy"].contains("localhost"),
        "the release has https: only"
    );
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
    let nulls =
        r#"{"hardening": {"url": {"port": null}, "upload": {"base_url": null}, "http": null}}"#;
    let nulls: Larger = serde_json::from_str(nulls).unwrap();
    assert_eq!(nulls.hardening.hardening(), Settings::default().hardening());
    let date = "[hardening.cookies]\nmigrate_until = 2027-01-31\nold_domains = [\"a.example\"]";
    toml::from_str::<Larger>(date).unwrap();
    let error = toml::from_str::<Larger>("[hardening.url]\nhost = 2027-01-31").unwrap_err();
    assert!(error.to_string().contains("url.host: found the date 2027-01-31;"), "{error}");
    let error = serde_json::from_str::<Larger>(r#"{"hardening": {"url": {"host": ""}}}"#);
    assert!(error.unwrap_err().to_string().starts_with("url.host: the host '' has an empty"));
    let error =
        serde_json::from_str::<Larger>(r#"{"hardening": {"url": {"hots": "a"}}}"#).unwrap_err();
    assert!(
        error.to_string().starts_with("url.hots: there is no such key; did you mean 'host'?"),
        "{error}"
    );
}

#[test]
fn a_line_is_found_however_the_key_is_written() {
    for (file, line) in [
        ("[url] # comment\nhost = \"\"", 2),
        ("\r\n[ url ]\r\nhost = \"\"", 3),
        ("url = { scheme = \"https\", host = \"\" }", 1),
        ("# url.host\nurl.scheme = \"https\"\nurl.host = \"\"", 3),
        ("[frontend_headers]\nx = \"\"\"\n[url]\nhost = 1\"\"\"\n[url]\nhost = \"\"", 6),
        ("[url]\n\"host\" = \"\"", 2),
        ("[cookies]\n\nnames = [\"a b\"]", 3),
        ("[cookies] # comment\nexcept = [\"a\"]", 2),
        ("cookies.old_domains = [\"a.example\"]", 1),
        ("[media_proxy]\nwhitelist = [\n\"https://a.example\",\n\"b\"]", 4),
    ] {
        let error = Settings::from_toml(file).unwrap_err();
        assert_eq!(error.line(), Some(line), "{file}: {error}");
    }
}

#[test]
fn a_frontend_header_that_no_policy_sends_is_read_by_its_type_and_sent() {
    for (file, name, value) in [
        ("permissions-policy = \"camera=()\"", "permissions-policy", "camera=()"),
        ("Permissions-Policy = \"camera=()\"", "permissions-policy", "camera=()"),
        (
            "Content-Security-Policy-Report-Only = \"default-src 'none'\"",
            "content-security-policy-report-only",
            "default-src 'none'",
        ),
    ] {
        let settings = Settings::from_toml(&format!("[frontend_headers]\n{file}")).unwrap();
        assert_eq!(headers(&settings.hardening())[name], value);
        assert!(settings.lints().iter().all(|lint| lint.id() != "frontend-header-built-in"));
    }
    let strict = "profile = \"strict\"\n[frontend_headers]\nX-XSS-Protection = \"0\"";
    let strict = headers(&Settings::from_toml(strict).unwrap().hardening());
    assert_eq!(strict["x-xss-protection"], "0");
    let off = "[http_security]\nsts = false\n[frontend_headers]\nstrict-transport-security = \"max-age=60\"";
    let off = headers(&Settings::from_toml(off).unwrap().hardening());
    assert_eq!(off["strict-transport-security"], "max-age=60");

    let bad = "[frontend_headers]\npermissions-policy = \"camera\"";
    assert_eq!(
        Settings::from_toml(bad).unwrap_err().to_string(),
        "settings, line 2, frontend_headers.permissions-policy: expected '=' and what is allowed, like camera=()",
    );
}

#[test]
fn a_frontend_header_is_left_out_exactly_where_the_policies_send_it() {
    for (file, name) in [
        ("profile = \"pleroma-2.7\"", "permissions-policy"),
        ("profile = \"strict\"", "Cross-Origin-Opener-Policy"),
        ("http_security.report_uri = \"https://r.example\"", "report-to"),
        ("", "CONTENT-SECURITY-POLICY"),
    ] {
        let without = Settings::from_toml(file).unwrap();
        let file = format!("{file}\n[frontend_headers]\n{name} = \"whatever it is\"");
        let settings = Settings::from_toml(&file).unwrap();
        assert_eq!(settings.hardening(), without.hardening());
        let lints = settings.lints();
        let lint = lints.iter().find(|lint| lint.id() == "frontend-header-built-in").unwrap();
        let expected = format!(
            "frontend_headers.{name}: not sent, since the policy has this header; remove it"
        );
        assert_eq!(lint.message(), expected);
    }
}

#[test]
fn strict_is_the_preset_and_the_session_cookie() {
    let site = "https://example.tld".parse().unwrap();
    let session = HostCookies::new(["pleroma_key"]).unwrap();
    let strict = Settings::from_toml("profile = \"strict\"").unwrap().hardening();
    assert_eq!(strict, Hardening::strict(&site).with(session));
    let own = "profile = \"strict\"\n[http_security]\nsts_max_age = 60\nreferrer_policy = \"origin\"\nct_max_age = 5";
    let own = headers(&Settings::from_toml(own).unwrap().hardening());
    assert_eq!(own["strict-transport-security"], "max-age=60; includeSubDomains");
    assert_eq!(own["referrer-policy"], "origin");
    assert!(!own.contains_key("expect-ct"));
}

#[test]
fn an_address_and_localhost_get_no_transport_headers() {
    for host in ["localhost", "a.localhost", "127.0.0.1", "192.0.2.1", "LOCALHOST"] {
        for profile in ["guide", "pleroma-2.7", "strict"] {
            let file = format!("profile = \"{profile}\"\n[url]\nhost = \"{host}\"");
            let sent = headers(&Settings::from_toml(&file).unwrap().hardening());
            assert!(!sent.contains_key("strict-transport-security"), "{profile} {host}");
            assert!(!sent.contains_key("expect-ct"), "{profile} {host}");
        }
    }
    let named = Settings::from_toml("[url]\nhost = \"localhost.example\"").unwrap();
    assert!(headers(&named.hardening()).contains_key("strict-transport-security"));
}

#[test]
fn a_site_on_http_that_browsers_trust_may_have_a_secure_cookie() {
    for host in ["localhost", "a.localhost", "127.0.0.2", "abc.onion", "abc.i2p"] {
        let file = format!("[url]\nscheme = \"http\"\nhost = \"{host}\"");
        let lints = Settings::from_toml(&file).unwrap().lints();
        assert!(lints.iter().all(|lint| lint.id() != "host-cookie-without-https"), "{host}");
    }
    let off = "secure_cookie_flag = false\n[url]\nscheme = \"http\"";
    let lints = Settings::from_toml(off).unwrap().lints();
    assert!(lints.iter().all(|lint| lint.id() != "host-cookie-without-https"));
}

#[test]
fn each_key_of_cookies_is_the_verb_of_its_name() {
    fn session() -> HostCookies {
        HostCookies::new(["pleroma_key"]).unwrap()
    }
    let day = SystemTime::UNIX_EPOCH + Duration::from_secs(20_849 * 24 * 60 * 60);
    for (keys, expected) in [
        ("", session()),
        ("names = [\"a\", \"b*\"]", HostCookies::new(["a", "b*"]).unwrap()),
        ("prefix = \"__Secure-\"", session().prefix("__Secure-".parse().unwrap())),
        ("same_site = \"Strict\"", session().same_site("Strict".parse().unwrap())),
        ("http_only = true", session().http_only()),
        ("refuse_conflicts = true", session().refuse_conflicts()),
        ("strict = true", session().strict()),
        ("secure_others = true", session().secure_others()),
        ("secure_others = true\nexcept = [\"theme\"]", session().except(["theme"])),
        ("migrate_until = 2027-01-31", session().migrate_until(day)),
        ("migrate_until = \"2027-01-31\"", session().migrate_until(day)),
        (
            "migrate_until = 2027-01-31\nold_domains = [\"a.example\"]",
            session().old_domain("a.example").unwrap().migrate_until(day),
        ),
        ("plain_on_localhost = true", session().dangerous_plain_on_localhost()),
    ] {
        let settings = Settings::from_toml(&format!("[cookies]\n{keys}")).unwrap();
        assert_eq!(settings.hardening().host_cookies(), Some(&expected), "{keys}");
    }
    for (keys, message) in [
        (
            "except = [\"a\"]",
            "except: does nothing without secure_others; write 'secure_others = true'",
        ),
        (
            "old_domains = [\"a.example\"]",
            "old_domains: does nothing without a date in migrate_until; write one",
        ),
        (
            "migrate_until = 2027-01-31T00:00:00Z",
            "migrate_until: found the text '2027-01-31T00:00:00Z'; write a date like 2027-01-31",
        ),
        ("migrate_until = 3", "migrate_until: found the number 3; write a date like 2027-01-31"),
        ("http_only = \"yes\"", "http_only: found the text 'yes'; write true or false"),
    ] {
        let error = Settings::from_toml(&format!("[cookies]\n{keys}")).unwrap_err();
        assert_eq!(error.to_string(), format!("settings, line 2, cookies.{message}"));
    }
}
