//! Tests lints of settings that weaken a protection, or that another setting makes superfluous.

use tower_hardening::settings::Settings;

use crate::lints::told;

#[test]
fn a_setting_that_weakens_a_protection_has_a_lint() {
    for (file, id, start) in [
        (
            "cookies.reject_duplicates = false",
            "cookies-duplicates-accepted",
            "cookies.reject_duplicates: ",
        ),
        ("cookies.accept_over_http = true", "cookies-accept-over-http", "host cookies: "),
        ("cookies.prefix = '__Secure-'", "cookies-prefix-for-domains", "host cookies: "),
        ("url.port = 80", "port-of-other-scheme", "url.port: 80 is the port of http, "),
        ("url = { scheme = 'http', port = 443 }", "port-of-other-scheme", "url.port: 443 is "),
        (
            "[[site]]\nscheme = 'https'\nhost = 'a.example'\nport = 80",
            "port-of-other-scheme",
            "site[0].port: ",
        ),
        (
            "upload.base_url = 'https://github.io'",
            "host-of-anybody",
            "upload.base_url: 'github.io' ",
        ),
        (
            "url.host = '-a.example'",
            "host-without-certificate",
            "url.host: '-a' begins or ends with ",
        ),
        (
            "[[site]]\nscheme = 'https'\nhost = 'a.b-.example'",
            "host-without-certificate",
            "site[0].host: 'b-' ",
        ),
    ] {
        let told = told(file, id);
        assert!(told.len() == 1 && told[0].starts_with(start), "{file}: {told:?}");
    }
}

#[test]
fn a_sane_setting_of_the_same_keys_has_no_lint() {
    for (file, id) in [
        ("cookies.reject_duplicates = true", "cookies-duplicates-accepted"),
        ("cookies.prefix = '__Host-Http-'", "cookies-prefix-for-domains"),
        ("url.port = 8080", "port-of-other-scheme"),
        ("url = { scheme = 'http', port = 80 }", "port-of-other-scheme"),
        ("hosts.allowed = ['*.example.com', '*.onion', '*.LAN']", "hosts-of-anybody"),
        ("remove_headers = ['x-xss-protection']\nprofile = 'owasp'", "remove-header-sent"),
        ("proxy.trusted = ['10.0.0.0/8', '192.0.2.1', 'unix']", "proxy-network-covered"),
        ("csp.script-src.add = ['https://a.example']", "csp-add-known"),
        ("csp.script-src.add = ['https://a.example']", "csp-add-ignored"),
    ] {
        assert_eq!(told(file, id), [""; 0], "{file}");
    }
}

#[test]
fn a_setting_that_another_one_makes_superfluous_has_a_lint() {
    for (file, id, message) in [
        (
            "hosts.redirect_exempt_paths = ['/x']",
            "redirect-off",
            "hosts.redirect_exempt_paths: this key does nothing, since hosts.https_redirect is false; write 'true'",
        ),
        (
            "proxy.trusted = ['10.1.2.3', '10.0.0.0/8', 'unix']",
            "proxy-network-covered",
            "proxy.trusted[0]: '10.1.2.3' adds nothing to '10.0.0.0/8'; remove one",
        ),
        (
            "csp.script-src.add = [\"'SELF'\"]",
            "csp-add-known",
            "csp.script-src.add[0]: script-src has 'SELF' already; remove it here",
        ),
        (
            "csp.script-src.add = []",
            "csp-add-ignored",
            "csp.script-src.add: the list is empty and adds nothing; remove it",
        ),
        (
            "csp.script-src.remove = []",
            "csp-remove-ignored",
            "csp.script-src.remove: the list is empty and removes nothing; remove it",
        ),
        (
            "cookies = { secure_other_cookies = true, secure_other_cookies_except = ['pleroma_key'] }",
            "cookies-exception-guarded",
            "host cookies: 'pleroma_key' is excepted from secure_other_cookies, and is guarded anyway; remove it from one of the two lists",
        ),
    ] {
        assert_eq!(told(file, id), [message], "{file}");
    }
}

#[test]
fn a_value_that_a_list_has_twice_has_a_lint() {
    for (file, expected) in [
        (
            "media.allow = ['pdf', 'text', 'pdf']",
            "media.allow[2]: 'pdf' repeats media.allow[0]; remove one of them",
        ),
        (
            "remove_headers = ['server', 'Server']",
            "remove_headers[1]: 'server' repeats remove_headers[0]; remove one of them",
        ),
        (
            "media_proxy = { enabled = true, whitelist = ['https://a.example', 'https://A.example/'] }",
            "media_proxy.whitelist[1]: 'https://a.example' repeats media_proxy.whitelist[0]; remove one of them",
        ),
        (
            "hosts.allowed = ['a.example', 'A.example']",
            "hosts.allowed[1]: 'a.example' repeats hosts.allowed[0]; remove one of them",
        ),
        (
            "proxy.trusted = ['10.0.0.0/8', '::1', '10.0.0.0/8']",
            "proxy.trusted[2]: '10.0.0.0/8' repeats proxy.trusted[0]; remove one of them",
        ),
        (
            "additional_csp = [\"img-src 'self'\", \"img-src 'self'\"]",
            "additional_csp[1]: 'img-src 'self'' repeats additional_csp[0]; remove one of them",
        ),
    ] {
        assert_eq!(told(file, "setting-repeated"), [expected], "{file}");
    }
    let once = "media.allow = ['pdf', 'text']\nremove_headers = ['server', 'x-powered-by']";
    assert_eq!(told(once, "setting-repeated"), [""; 0]);
}

#[test]
fn a_source_that_an_edit_has_twice_has_a_lint() {
    for (file, expected) in [
        (
            "csp.img-src.add = ['https://a.example/x', 'https://A.example/x']",
            "csp.img-src.add[1]: 'https://a.example/x' repeats csp.img-src.add[0]; remove one of them",
        ),
        (
            "csp_report_only.Script-Src.set = [\"'self'\", 'https://a.example', \"'Self'\"]",
            "csp_report_only.Script-Src.set[2]: ''self'' repeats csp_report_only.Script-Src.set[0]; remove one of them",
        ),
    ] {
        assert_eq!(told(file, "setting-repeated"), [expected], "{file}");
    }
    let paths = "csp.img-src.add = ['https://a.example/x', 'https://a.example/X']\ncsp.report-uri.set = ['/a', '/A']";
    assert_eq!(told(paths, "setting-repeated"), [""; 0]);
}

#[test]
fn a_header_to_remove_that_the_policies_send_again_has_a_lint() {
    let told = told("remove_headers = ['server', 'Expect-CT']", "remove-header-sent");
    let lint = "remove_headers[1]: this removes the application's 'expect-ct' alone, and the policies still send theirs; to send none write 'headers.expect-ct = false'";
    assert_eq!(told, [lint]);
}

#[test]
fn a_misspelt_header_to_remove_has_a_lint() {
    let told = told("remove_headers = ['servr']", "remove-headers-misspelt");
    assert_eq!(told, ["remove_headers: no known software sends 'servr'; did you mean 'server'?"]);
}

#[test]
fn a_key_that_switches_off_a_protecting_header_has_a_lint() {
    for (file, id, start) in [
        (
            "content-security-policy = false",
            "header-off",
            "headers.content-security-policy: pages lose",
        ),
        (
            "strict-transport-security = false",
            "header-off",
            "headers.strict-transport-security: an attacker",
        ),
        (
            "x-content-type-options = false",
            "header-off",
            "headers.x-content-type-options: pages lose the protection of 'nosniff'",
        ),
        (
            "cross-origin-opener-policy = false",
            "header-off",
            "headers.cross-origin-opener-policy: pages lose",
        ),
        (
            "cross-origin-opener-policy = 'unsafe-none'",
            "header-weaker",
            "headers.cross-origin-opener-policy: this value",
        ),
        (
            "cross-origin-resource-policy = 'cross-origin'",
            "header-weaker",
            "headers.cross-origin-resource-policy: ",
        ),
        ("origin-agent-cluster = '?0'", "header-weaker", "headers.origin-agent-cluster: "),
    ] {
        let told = told(&format!("profile = 'strict'\n[headers]\n{file}"), id);
        assert!(told.len() == 1 && told[0].starts_with(start), "{file}: {told:?}");
    }
    let of_site = "profile = 'strict'\n[[site]]\nscheme = 'https'\nhost = 'a.example'\n[site.headers]\nx-content-type-options = false";
    assert!(told(of_site, "header-off")[0].starts_with("site[0].headers.x-content-type-options: "));
}

#[test]
fn a_header_that_protects_nothing_is_switched_off_without_a_lint() {
    for file in ["x-frame-options = false", "cross-origin-opener-policy = 'same-origin'"] {
        let settings: Settings = format!("profile = 'strict'\n[headers]\n{file}").parse().unwrap();
        let ids: Vec<String> = settings.lints().iter().map(|lint| lint.id().to_owned()).collect();
        assert!(!ids.iter().any(|id| id.starts_with("header-")), "{file}: {ids:?}");
    }
}

#[test]
fn headers_that_proxies_or_browsers_refuse_for_their_size_are_told() {
    let of = |count: usize| {
        let line = |index: usize| format!("x-a{index} = '{}'\n", "a".repeat(2000));
        format!("[headers]\n{}", (0..count).map(line).collect::<String>())
    };
    assert_eq!(told(&of(1), "headers-large").len(), 0);
    assert!(told(&of(5), "headers-large")[0].contains("proxies refuse more than 8192"));
    let error = of(200).parse::<Settings>().unwrap_err().to_string();
    assert!(error.contains("browsers refuse more than 262144"), "{error}");
}

#[test]
fn a_legacy_domain_below_which_anybody_gets_a_host_has_a_lint() {
    for (host, domain) in [("a.co.uk", "co.uk"), ("a.github.io", "github.io")] {
        let file = format!(
            "[cookies]\nmigrate_until = 2999-01-01\nlegacy_domains = ['{domain}']\n[url]\nhost = '{host}'"
        );
        let told = told(&file, "legacy-domain-foreign");
        assert!(told.len() == 1 && told[0].contains("below which anybody gets a host"), "{told:?}");
    }
}
