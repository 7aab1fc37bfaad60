//! Tests profiles, and the keys that any site has: `[headers]`, `remove_headers`, `additional_csp`.

use tower_hardening::{
    ContentSecurityPolicy, Hardening, HostCookies, Severity,
    header::{CrossOriginOpenerPolicy, RemoveHeaders},
    settings::Settings,
};

use crate::headers;

pub(crate) const EXAMPLE: &str = r#"
profile = "owasp"
remove_headers = ["server", "x-powered-by"]
[csp.script-src]
add = ["https://js.stripe.com"]        # or set = […], remove = […]
[csp_report_only.script-src]
set = ["'nonce-{}'"]
[csp_report_only.report-uri]
set = ["https://reports.example/csp"]
[headers]
cross-origin-opener-policy = "same-origin-allow-popups"   # each header by its own name, in its own syntax
x-frame-options = false                                   # not sent
"#;

pub(crate) fn read(text: &str) -> Settings {
    Settings::from_toml(text).unwrap()
}

#[track_caller]
pub(crate) fn refused(text: &str) -> String {
    Settings::from_toml(text).unwrap_err().to_string()
}

#[test]
fn the_example_of_the_documentation_lints_without_an_error() {
    let settings = read(EXAMPLE);
    let errors = settings.lints().into_iter().filter(|lint| lint.severity() == Severity::Error);
    assert_eq!(errors.collect::<Vec<_>>(), []);
    let sent = headers(&settings.hardening());
    assert!(sent["content-security-policy"].contains("script-src 'self' https://js.stripe.com"));
    assert_eq!(sent["cross-origin-opener-policy"], "same-origin-allow-popups");
    assert!(!sent.contains_key("x-frame-options"));
    let trial: ContentSecurityPolicy =
        "script-src 'nonce-{}'; report-uri https://reports.example/csp".parse().unwrap();
    let hand = Hardening::owasp()
        .with(RemoveHeaders::server())
        .with(CrossOriginOpenerPolicy::SAME_ORIGIN_ALLOW_POPUPS)
        .without(&http::header::X_FRAME_OPTIONS);
    let csp = hand.csp().unwrap().clone();
    let source = "https://js.stripe.com".parse().unwrap();
    let csp = csp.extend(tower_hardening::csp::SourceDirective::SCRIPT_SRC, [source]).unwrap();
    assert_eq!(settings.hardening(), hand.with(csp).with_report_only(trial));
}

#[test]
fn every_profile_is_the_preset_of_its_name() {
    let site = "https://example.tld".parse().unwrap();
    let session = || HostCookies::new(["pleroma_key"]).unwrap();
    for (name, preset) in [
        ("guide", Hardening::pleroma(&site).with(session())),
        ("pleroma-2.7", Hardening::pleroma_2_7(&site).with(session())),
        ("recommended", Hardening::recommended().with(session())),
        ("strict", Hardening::strict(&site).with(session())),
        ("pleroma-modern", Hardening::pleroma_modern(&site).with(session())),
        ("akkoma", Hardening::akkoma(&site).with(session())),
        ("api", Hardening::api()),
        ("owasp", Hardening::owasp()),
        ("empty", Hardening::empty()),
    ] {
        let text = format!("profile = \"{name}\"\n[url]\nhost = \"example.tld\"");
        assert_eq!(read(&text).hardening(), preset, "{name}");
    }
}

#[test]
fn only_a_profile_that_names_the_site_needs_a_url() {
    for name in ["guide", "pleroma-2.7", "recommended", "strict", "api", "owasp", "empty"] {
        read(&format!("profile = \"{name}\""));
    }
    for name in ["pleroma-modern", "akkoma"] {
        assert_eq!(
            refused(&format!("\nprofile = \"{name}\"")),
            format!(
                "settings, line 2, profile: '{name}' names the site in its policy; write 'host = \"…\"' with the site's domain below [url]"
            ),
        );
    }
}

#[test]
fn a_profile_without_a_session_cookie_guards_those_that_the_file_asks_for() {
    let cookies = |more: &str| {
        let settings = read(&format!("profile = \"owasp\"\n{more}"));
        let lints = settings.lints();
        assert!(lints.iter().all(|lint| lint.id() != "secure-cookie-flag-off"), "{lints:?}");
        settings.hardening().host_cookies().cloned()
    };
    assert_eq!(cookies(""), None);
    assert_eq!(cookies("[cookies]\nnames = [\"id\"]"), Some(HostCookies::new(["id"]).unwrap()));
    let none: [&str; 0] = [];
    let others = HostCookies::new(none).unwrap().secure_other_cookies();
    assert_eq!(cookies("[cookies]\nsecure_other_cookies = true"), Some(others));
}

#[test]
fn the_guide_s_keys_change_the_other_profiles_too() {
    let sts = |text: &str| headers(&read(text).hardening())["strict-transport-security"].clone();
    let key = "[http_security]\nsts_max_age = 31536000\n[url]\nhost = \"a.example\"";
    assert_eq!(sts(&format!("profile = \"owasp\"\n{key}")), "max-age=31536000; includeSubDomains");
    assert_eq!(
        sts(&format!("profile = \"akkoma\"\n{key}")),
        "max-age=31536000; includeSubDomains; preload"
    );
    let short = key.replace("31536000", "60");
    assert_eq!(sts(&format!("profile = \"akkoma\"\n{short}")), "max-age=60; includeSubDomains");
    let http = "profile = \"owasp\"\n[url]\nscheme = \"http\"\nhost = \"a.onion\"";
    let sent = headers(&read(http).hardening());
    assert!(!sent.contains_key("strict-transport-security"));
    assert!(!sent["content-security-policy"].contains("upgrade-insecure-requests"));
    let media = "profile = \"owasp\"\n[upload]\nbase_url = \"https://media.example/media\"";
    let sent = headers(&read(media).hardening());
    assert!(sent["content-security-policy"].contains("img-src 'self' https://media.example"));
}

#[test]
fn each_header_and_its_report_only_header_have_their_own_name_and_syntax() {
    let sent = headers(
        &read(
            r#"
            profile = "empty"
            additional_csp = ["object-src 'none'"]
            [headers]
            Permissions-Policy = "camera=()"
            cross-origin-embedder-policy-report-only = "require-corp"
            content-security-policy = "default-src 'self'; frame-ancestors 'none'"
            content-security-policy-report-only = "script-src 'self'; report-uri /csp"
            x-robots-tag = "noindex"
            x-own = "1"
            "#,
        )
        .hardening(),
    );
    let pairs: Vec<_> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        pairs,
        [
            // The map has the last of two lines.
            ("content-security-policy", "object-src 'none'"),
            ("content-security-policy-report-only", "script-src 'self'; report-uri /csp"),
            ("cross-origin-embedder-policy-report-only", "require-corp"),
            ("permissions-policy", "camera=()"),
            ("x-frame-options", "DENY"),
            ("x-own", "1"),
            ("x-robots-tag", "noindex"),
        ]
    );
}

#[test]
fn a_bad_header_is_an_error_with_the_line_the_value_and_the_remedy() {
    for (line, message) in [
        (
            "x-frame-options = \"ALLOW\"",
            "x-frame-options: 'ALLOW' is not a value of this header; write one of 'DENY', 'SAMEORIGIN'",
        ),
        (
            "referrer-policy = \"same origin\"",
            "referrer-policy: 'same origin' is not a policy; did you mean 'same-origin'?",
        ),
        (
            "content-security-policy = \"default-src self\"",
            "content-security-policy: 'self' is an unquoted keyword; write it in single quotes",
        ),
        (
            "x-frame-option = \"DENY\"",
            "x-frame-option: browsers do not know this header; did you mean 'x-frame-options'?",
        ),
        (
            "x-frame-option = false",
            "x-frame-option: no policy sends this header; did you mean 'x-frame-options'?",
        ),
        (
            "server = false",
            "server: no policy sends this header; to remove that of the application write 'server' in remove_headers",
        ),
        (
            "x-frame-options = true",
            "x-frame-options: found true; write the header's value in quotes, or false",
        ),
        (
            "x-frame-options = [\"DENY\"]",
            "x-frame-options: found a list; write the header's value in quotes, or false",
        ),
        (
            "clear-site-data = '\"cookies\"'",
            "clear-site-data: this header belongs on single responses, such as a sign-out; remove it, and put a ClearSiteDataLayer around those",
        ),
        ("content-length = \"1\"", "content-length: the server itself sets this header; remove it"),
        ("\"a b\" = false", "a b: 'a b' is not a header's name; write letters, digits and '-'"),
    ] {
        let error = refused(&format!("profile = \"owasp\"\n[headers]\n{line}"));
        assert_eq!(error, format!("settings, line 3, headers.{message}"));
    }
    for (text, message) in [
        (
            "remove_headers = [\"server\", \"content-type\"]",
            "line 1, remove_headers[1]: a response cannot be read without 'content-type'; remove it from the list",
        ),
        (
            "remove_headers = [\"Content-Security-Policy\"]",
            "line 1, remove_headers[0]: 'content-security-policy' protects files and pages, and uploads would lose it too; remove it from the list, and for pages without it write 'headers.content-security-policy = false'",
        ),
        (
            "remove_headers = [\"content-disposition\"]",
            "line 1, remove_headers[0]: 'content-disposition' protects files and pages, and uploads would lose it too; remove it from the list",
        ),
        (
            "[headers]\ncontent-disposition = false",
            "line 2, headers.content-disposition: no policy sends this header; remove this key",
        ),
        (
            "remove_headers = \"server\"",
            "line 1, remove_headers: found the text 'server'; write a list in brackets",
        ),
        (
            "additional_csp = [\"img-src 'self'\", \"img-scr 'self'\"]",
            "line 1, additional_csp[1]: 'img-scr' is not a directive; did you mean 'img-src'?",
        ),
        (
            "[headers]\nx-frame-options = \"DENY\"\nX-Frame-Options = \"DENY\"",
            "line 2, headers.x-frame-options: two spellings of one header; remove one",
        ),
        ("headers = 1", "line 1, headers: found the number 1; write a table"),
        ("header = 1", "line 1, header: unknown key; did you mean 'headers'?"),
        ("remove_header = 1", "line 1, remove_header: unknown key; did you mean 'remove_headers'?"),
    ] {
        assert_eq!(refused(text), format!("settings, {message}"));
    }
}

#[test]
fn two_keys_that_set_the_same_are_an_error_that_names_both() {
    for (text, message) in [
        (
            "[http_security]\nreferrer_policy = \"origin\"\n[headers]\nreferrer-policy = \"no-referrer\"",
            "line 4, headers.referrer-policy: http_security.referrer_policy sets this header too; remove one of the two",
        ),
        (
            "[http_security]\nsts_max_age = 60\n[headers]\nstrict-transport-security = false",
            "line 4, headers.strict-transport-security: http_security.sts_max_age sets this header too; remove one of the two",
        ),
        (
            "[http_security]\nsts = true\n[headers]\nstrict-transport-security = \"max-age=60\"",
            "line 4, headers.strict-transport-security: http_security.sts sets this header too; remove one of the two",
        ),
        (
            "[http_security]\nct_max_age = 60\n[headers]\nexpect-ct = \"max-age=60\"",
            "line 4, headers.expect-ct: http_security.ct_max_age sets this header too; remove one of the two",
        ),
        (
            "[http_security]\nreport_uri = \"https://r.example\"\n[headers]\nreport-to = false",
            "line 4, headers.report-to: http_security.report_uri sets this header too; remove one of the two",
        ),
        (
            "[http_security]\nreport_uri = \"https://r.example\"\n[csp.report-uri]\nadd = [\"/csp\"]",
            "line 4, csp.report-uri.add: http_security.report_uri sets this directive too; remove one of the two",
        ),
        (
            "[upload]\nbase_url = \"https://m.example\"\n[headers]\ncontent-security-policy = \"default-src 'self'\"",
            "line 4, headers.content-security-policy: upload.base_url sets this header too; remove one of the two",
        ),
        (
            "[upload]\nbase_url = \"https://m.example\"\n[csp.img-src]\nset = [\"'self'\"]",
            "line 4, csp.img-src.set: upload.base_url sets this directive too; remove one of the two, or write other sources as 'add'",
        ),
        (
            "[upload]\nbase_url = \"https://m.example\"\n[csp]\nmedia-src = false",
            "line 4, csp.media-src: upload.base_url sets this directive too; remove one of the two, or write other sources as 'add'",
        ),
        (
            "[http_security]\nallow_unsafe_eval = true\n[csp.script-src]\nremove = [\"'WASM-unsafe-eval'\"]",
            "line 4, csp.script-src.remove: http_security.allow_unsafe_eval sets this directive too; remove one of the two, or write other sources as 'add'",
        ),
        (
            "[frontend_headers]\nX-Own = \"1\"\n[headers]\nx-own = \"2\"",
            "line 4, headers.x-own: frontend_headers.X-Own sets this header too; remove one of the two",
        ),
        (
            "[http_security]\nenabled = false\n[csp.img-src]\nadd = [\"data:\"]",
            "line 3, csp.img-src: http_security.enabled is false, so that no header is sent; remove one of the two",
        ),
        (
            "[headers]\ncontent-security-policy = false\n[csp.img-src]\nadd = [\"data:\"]",
            "line 3, csp.img-src: headers.content-security-policy is false, so that there is no policy to edit; remove one of the two",
        ),
    ] {
        assert_eq!(refused(text), format!("settings, {message}"));
    }
    // Sources are added to those of the other key.
    let both =
        "[upload]\nbase_url = \"http://m.example\"\n[csp.img-src]\nadd = [\"https://a.example\"]";
    let sent = headers(&read(both).hardening());
    assert!(sent["content-security-policy"].contains("http://m.example https://a.example"));
}

#[test]
fn a_header_for_https_is_not_sent_by_a_site_on_http() {
    let text = "profile = \"empty\"\n[url]\nscheme = \"http\"\nhost = \"a.example\"\n\
                [headers]\nstrict-transport-security = \"max-age=60\"";
    let settings = read(text);
    assert!(settings.hardening().headers().is_empty());
    let lints = settings.lints();
    let lint = lints.iter().find(|lint| lint.message().starts_with("headers.")).unwrap();
    assert_eq!(
        lint.to_string(),
        "warning[sts-without-https]: headers.strict-transport-security: not sent, since the site is on http; set url.scheme to 'https'"
    );
}

#[test]
fn a_base_url_with_an_ipv6_address_is_an_error_where_a_policy_has_to_name_it() {
    let problem = "'https://[2001:db8::1]' is an IPv6 address, which a policy cannot contain; write a host name";
    let url = "\"https://[2001:db8::1]/media\"";
    for (text, place) in [
        (
            format!("profile = \"recommended\"\n[upload]\nbase_url = {url}"),
            "line 3, upload.base_url",
        ),
        (
            format!("profile = \"pleroma-2.7\"\n[media_proxy]\nenabled = true\nbase_url = {url}"),
            "line 4, media_proxy.base_url",
        ),
        (format!("[captcha]\nendpoint = {url}"), "line 2, captcha.endpoint"),
        (
            format!("[media_proxy]\nenabled = true\nwhitelist = [{url}]"),
            "line 3, media_proxy.whitelist[0]",
        ),
    ] {
        assert_eq!(refused(&text), format!("settings, {place}: {problem}"));
    }
    // The policy of the guide has `https:`, which covers the address.
    read(&format!("[upload]\nbase_url = {url}"));
}
