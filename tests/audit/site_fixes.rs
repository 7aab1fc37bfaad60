//! Tests the fixes of redirects and of cookies with odd names.

use http::{HeaderMap, HeaderValue, StatusCode};
use tower_hardening::{
    HostCookies,
    audit::{Observation, Redirection},
    hosts::{AllowedHosts, HttpsRedirect},
    settings::Settings,
};

use super::headers;

#[test]
fn a_redirect_layer_fixes_a_page_over_http() {
    let sent = headers(&[]);
    let observation = Observation::new(StatusCode::OK, &sent);
    let audit = observation.redirection(Redirection::Missing).audit();
    let finding = audit.finding("redirection-missing").unwrap();
    assert_eq!(finding.api(), "HttpsRedirectLayer::new(HttpsRedirect::to_site(&site)?)");
    let settings =
        Settings::from_toml(&format!("url.host = \"example.tld\"\n{}", finding.settings()))
            .unwrap();
    assert!(settings.https_redirect().is_some());
    assert!(HttpsRedirect::to_site(settings.site()).is_ok());
}

#[test]
fn a_fix_of_a_cookie_with_any_name_is_read() {
    for name in
        ["a\"b", "a\\b", "__Host-", "__Host-__Host-a", "a b*", "Host__x", "a\u{e4}", "a%3d", "*"]
    {
        let mut sent = HeaderMap::new();
        sent.insert("set-cookie", HeaderValue::try_from(format!("{name}=1")).unwrap());
        let audit = Observation::new(StatusCode::OK, &sent).audit();
        let fixes = audit.findings().iter().filter(|finding| finding.header() == "set-cookie");
        for finding in fixes.clone() {
            assert!(Settings::from_toml(finding.settings()).is_ok(), "{finding}");
            let rust = finding.api().strip_prefix(".with(HostCookies::new([\"").unwrap();
            let (rust, _) = rust.split_once("\"])?").unwrap();
            assert!(HostCookies::new([rust.to_owned()]).is_ok(), "{finding}");
        }
        assert!(fixes.count() > 0, "{name}");
    }
}

#[test]
fn a_site_without_https_is_fixed_by_a_redirect_and_not_by_a_header_without_effect() {
    let sent = headers(&[]);
    let observation = Observation::new(StatusCode::OK, &sent).over_http();
    let audit = observation.audit();
    let finding = audit.finding("hsts-not-implemented-no-https").unwrap();
    assert_eq!(finding.settings(), "hosts.https_redirect = true");
}

#[test]
fn a_redirect_to_another_host_is_fixed_by_allowing_the_host_that_was_asked() {
    let sent = headers(&[]);
    let observation = Observation::new(StatusCode::OK, &sent);
    let audit = observation.redirection(Redirection::OffHost).audit();
    let finding = audit.finding("redirection-off-host-from-http").unwrap();
    let call = "HttpsRedirectLayer::new(HttpsRedirect::allowing(AllowedHosts::new([\"www.example.tld\"])?))";
    assert_eq!(finding.api(), call);
    let _ = HttpsRedirect::allowing(AllowedHosts::new(["www.example.tld"]).unwrap());
    let text =
        format!("url.host = \"example.tld\"\nhosts.https_redirect = true\n{}", finding.settings());
    assert!(Settings::from_toml(&text).unwrap().https_redirect().is_some());
}
