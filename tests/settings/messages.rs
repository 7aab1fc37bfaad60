//! Tests the error for each kind of bad file, with its position.

use tower_hardening::settings::Settings;

#[test]
fn the_error_of_a_bad_file_has_the_place_the_problem_and_the_remedy() {
    for (file, message) in [
        (
            "colour = 1",
            "settings, line 1, colour: unknown key; write one of 'profile', 'secure_cookie_flag', 'remove_headers', 'headers', 'csp', 'csp_report_only', 'additional_csp', 'cookies', 'http', 'url', 'http_security', 'media', 'media_proxy', 'upload', 's3', 'captcha', 'frontend_headers', 'hosts', 'proxy', 'site'",
        ),
        ("[http]\nprot = 1", "settings, line 2, http.prot: unknown key; did you mean 'port'?"),
        (
            "profile = \"giude\"",
            "settings, line 1, profile: unknown value 'giude'; did you mean 'guide'?",
        ),
        (
            "profile = \"modern\"",
            "settings, line 1, profile: unknown value 'modern'; write one of 'guide', 'pleroma-2.7', 'recommended', 'strict', 'api', 'owasp', 'pleroma-modern', 'akkoma', 'empty'",
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
            "settings, line 2, url.host: ' ' is not allowed in a host; write letters, digits, '-' and '.'",
        ),
        (
            "[url]\nhost = \"example.tld; script-src *\"",
            "settings, line 2, url.host: ';' is not allowed in a host; write letters, digits, '-' and '.'",
        ),
        (
            "[url]\nhost = \"example.tld\\r\\nx: y\"",
            "settings, line 2, url.host: '\\r' is not allowed in a host; write letters, digits, '-' and '.'",
        ),
        (
            "[url]\nhost = \"münchen.example\"",
            "settings, line 2, url.host: 'ü' is not allowed in a host; write its punycode form, which begins with 'xn--'",
        ),
        (
            "[url]\nhost = \"\"",
            "settings, line 2, url.host: the host '' has an empty label; write one like 'example.tld'",
        ),
        (
            "[url]\nhost = \"example.tld:4000\"",
            "settings, line 2, url.host: 'example.tld:4000' has a port; write 'host = \"example.tld\"' and 'port = 4000'",
        ),
        (
            "[url]\nscheme = \"htps\"",
            "settings, line 2, url.scheme: unknown value 'htps'; did you mean 'https'?",
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
            "settings, line 2, http_security.report_uri: ',' is not allowed in this URL; write '%2C'",
        ),
        (
            "[media_proxy]\nbase_url = \"media.example.tld\"",
            "settings, line 2, media_proxy.base_url: 'media.example.tld' has no scheme; write 'https://media.example.tld'",
        ),
        (
            "[media_proxy]\nwhitelist = [\"https://a.example\", \"*\"]",
            "settings, line 2, media_proxy.whitelist[1]: '*' allows every host; write hosts, like 'https://cdn.example'",
        ),
        (
            "[upload]\nbase_url = \"https://m.example/?x=1\"",
            "settings, line 2, upload.base_url: '?x=1' is not allowed in this URL; remove it",
        ),
        (
            "[s3]\npublic_endpoint = \"https://s3.example;\"",
            "settings, line 2, s3.public_endpoint: ';' is not allowed in a host; write letters, digits, '-' and '.'",
        ),
        (
            "[captcha]\nendpoint = \"https://captcha.exämple\"",
            "settings, line 2, captcha.endpoint: 'ä' is not allowed in a host; write its punycode form, which begins with 'xn--'",
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
            "settings, line 2, frontend_headers.content-length: the server itself sets this header; remove it",
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
            "settings, line 1, profile: found the number 3; write one of 'guide', 'pleroma-2.7', 'recommended', 'strict', 'api', 'owasp', 'pleroma-modern', 'akkoma', 'empty'",
        ),
        (
            "secure_cookie_flag = 1",
            "settings, line 1, secure_cookie_flag: found the number 1; write true or false",
        ),
        (
            "[url]\nhost = \"https://example.tld\"",
            "settings, line 2, url.host: 'https://example.tld' is a URL; write 'host = \"example.tld\"' and 'scheme = \"https\"'",
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
            "settings, line 2, upload.base_url: a user name is not allowed in this URL; write 'https://a'",
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
fn a_line_is_found_however_the_key_is_written() {
    for (file, line) in [
        ("[url] # comment\nhost = \"\"", 2),
        ("\r\n[ url ]\r\nhost = \"\"", 3),
        ("url = { scheme = \"https\", host = \"\" }", 1),
        ("# url.host\nurl.scheme = \"https\"\nurl.host = \"\"", 3),
        ("[frontend_headers]\nx = \"\"\"\n[url]\nhost = 1\"\"\"\n[url]\nhost = \"\"", 6),
        ("[url]\n\"host\" = \"\"", 2),
        ("[cookies]\n\nnames = [\"a b\"]", 3),
        ("[cookies] # comment\nsecure_other_cookies_except = [\"a\"]", 2),
        ("cookies.legacy_domains = [\"a.example\"]", 1),
        ("[media_proxy]\nwhitelist = [\n\"https://a.example\",\n\"b c\"]", 4),
    ] {
        let error = Settings::from_toml(file).unwrap_err();
        assert_eq!(error.line(), Some(line), "{file}: {error}");
    }
}

#[test]
fn a_policy_that_a_list_makes_too_long_is_an_error_at_the_key_of_the_list() {
    let hosts: Vec<String> =
        (0..900).map(|index| format!("\"https://h{index}.example\"")).collect();
    let proxy = format!("[media_proxy]\nenabled = true\nwhitelist = [{}]", hosts.join(", "));
    let problem =
        "the policy is longer than 8192 bytes, which proxies and servers reject; shorten it";
    for profile in ["pleroma-2.7", "strict"] {
        let error = Settings::from_toml(&format!("profile = \"{profile}\"\n{proxy}")).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("settings, line 4, media_proxy.whitelist: {problem}")
        );
    }
    // Under the profile `guide`, `https:` covers them.
    assert!(Settings::from_toml(&proxy).is_ok());
    let path = "x".repeat(8000);
    let long = format!("[http_security]\nreport_uri = \"https://a.example/{path}\"");
    let error = Settings::from_toml(&long).unwrap_err();
    assert_eq!(error.to_string(), format!("settings, line 2, http_security.report_uri: {problem}"));
}

#[test]
fn text_is_shown_as_the_person_wrote_it() {
    for (file, message) in [
        (
            "'profile = \"strict\"'",
            "settings, line 1: ''profile = \"strict\"'' is not TOML: key with no value; write '='",
        ),
        (
            "profile = 'a\"b\\c'",
            "settings, line 1, profile: unknown value 'a\"b\\c'; write one of 'guide', 'pleroma-2.7', 'recommended', 'strict', 'api', 'owasp', 'pleroma-modern', 'akkoma', 'empty'",
        ),
        (
            "http.port = 'it\"s'",
            "settings, line 1, http.port: found the text 'it\"s'; write a number from 0 to 65535",
        ),
        (
            "http.port = \"a\\nb\"",
            "settings, line 1, http.port: found the text 'a\\nb'; write a number from 0 to 65535",
        ),
    ] {
        assert_eq!(Settings::from_toml(file).unwrap_err().to_string(), message, "{file}");
    }
}

#[test]
fn a_file_that_is_not_utf_8_is_reported_by_its_path_and_line() {
    let path = std::env::temp_dir().join(format!("settings-{}.toml", std::process::id()));
    std::fs::write(&path, b"[url]\n# caf\xE9\nhost = \"a.example\"\n").unwrap();
    let error = Settings::load(&path).unwrap_err();
    std::fs::remove_file(&path).unwrap();
    let problem = "line 2: the byte 0xE9 is not UTF-8; save the file as UTF-8";
    assert_eq!(error.to_string(), format!("{}, {problem}", path.display()));
    assert_eq!(error.line(), Some(2));
}

#[test]
fn a_frontend_header_that_the_server_or_a_client_decides_is_an_error() {
    let own = "the server itself sets this header; remove it";
    let request = "this is a request header, and browsers ignore it; remove it";
    let sign_out = "this header has its own type; use ClearSiteData";
    for (name, problem) in [
        ("content-encoding", own),
        ("location", own),
        ("transfer-encoding", own),
        ("content-length", own),
        ("set-cookie", own),
        ("ETag", own),
        ("last-modified", own),
        ("sec-websocket-accept", own),
        ("age", own),
        ("x-accel-redirect", own),
        ("cookie", request),
        ("sec-fetch-site", request),
        ("X-Forwarded-Proto", request),
        ("x-real-ip", request),
        ("clear-site-data", sign_out),
    ] {
        let error =
            Settings::from_toml(&format!("[frontend_headers]\n{name} = \"x\"")).unwrap_err();
        let message = format!("settings, line 2, frontend_headers.{name}: {problem}");
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn a_frontend_header_with_a_type_is_read_by_it_and_a_misspelt_name_is_an_error() {
    for (header, problem) in [
        ("cross-origin-embedder-policy = \"require_corp\"", "did you mean 'require-corp'?"),
        ("reporting-endpoints = 'csp=\"http://r.example\"'", "https"),
        ("permissions-policy-report-only = \"camera\"", "expected '='"),
    ] {
        let error = Settings::from_toml(&format!("[frontend_headers]\n{header}")).unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
    }
    let read = |name: &str| {
        let file = format!("profile = \"recommended\"\n[frontend_headers]\n{name} = \"none\"");
        Settings::from_toml(&file)
    };
    for (name, meant) in [
        ("x-frame-option", "x-frame-options"),
        ("Refferer-Policy", "referrer-policy"),
        ("content-security-polcy", "content-security-policy"),
        ("content-security-policy-report-onli", "content-security-policy-report-only"),
    ] {
        let message = format!(
            "settings, line 3, frontend_headers.{name}: browsers do not know this header; did you mean '{meant}'?"
        );
        assert_eq!(read(name).unwrap_err().to_string(), message);
    }
    for name in [
        "x-robots-tag",
        "x-a",
        "server-timing",
        "link",
        "x-report-to",
        "x-cache-control",
        "x-dns-protection",
        "report-id",
        "x-surrogate-control",
        "x-permitted-cross-domain-policies",
    ] {
        let lints = read(name).unwrap().lints();
        assert!(lints.iter().all(|lint| lint.id() != "frontend-header-misspelt"), "{name}");
    }
}
