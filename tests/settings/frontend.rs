//! Tests additional headers for the page.

use tower_hardening::settings::Settings;

use crate::headers;

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

#[cfg(feature = "nonce")]
#[test]
fn a_header_for_caches_that_a_page_with_a_nonce_does_not_send_has_a_lint() {
    let told = |profile: &str, line: &str| {
        let file = format!("profile = \"{profile}\"\n[frontend_headers]\n{line}");
        let lints = Settings::from_toml(&file).unwrap().lints();
        let lint = lints.into_iter().find(|lint| lint.id() == "cache-header-with-nonce");
        lint.map(|lint| lint.message().to_owned())
    };
    for (line, does) in [
        ("CDN-Cache-Control = \"max-age=60\"", "does not send it"),
        ("surrogate-control = \"max-age=60\"", "does not send it"),
        ("x-accel-expires = \"60\"", "does not send it"),
        ("expires = \"Fri, 31 Dec 2038 23:59:59 GMT\"", "sends '0' instead"),
        ("cache-control = \"public, max-age=60\"", "sends 'private, max-age=60' instead"),
    ] {
        let key = line.split(' ').next().unwrap();
        let message = told("strict", line).unwrap();
        let problem = format!("frontend_headers.{key}: a page that reads its nonce {does}, ");
        assert!(message.starts_with(&problem), "{message}");
        assert_eq!(told("guide", line), None, "{line}");
    }
    assert_eq!(told("strict", "cache-control = \"no-store\""), None);
    assert_eq!(told("strict", "expires = \"0\""), None);
    assert_eq!(told("strict", "pragma = \"no-cache\""), None);
}
