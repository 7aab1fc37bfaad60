//! Tests the explanation of the headers that are sent.

use tower_hardening::settings::{SettingPlace, Settings};

use crate::any_site::read;

#[test]
fn each_header_has_its_settings_the_one_that_changes_it_and_its_browsers() {
    let text = "\
profile = \"recommended\"
additional_csp = [\"object-src 'none'\"]
[http_security]
sts_max_age = 60
[csp.script-src]
add = [\"https://js.example\"]
[csp.frame-ancestors]
set = [\"'none'\"]
[csp_report_only.report-uri]
set = [\"/csp\"]
[headers]
Permissions-Policy = \"camera=()\"
[frontend_headers]
x-own = \"1\"
";
    let explanation = read(text).explain().to_string();
    let (headers, _) = explanation.split_once("\n# https://example.tld, the app").unwrap();
    assert_eq!(
        headers,
        "\
# https://example.tld
strict-transport-security: max-age=60
  set by: http_security.sts_max_age (line 4)
  changed by: http_security.sts_max_age
  browsers: all, over https
x-content-type-options: nosniff
  set by: profile = \"recommended\" (line 1)
  changed by: headers.x-content-type-options
  browsers: all
x-frame-options: DENY
  set by: csp.frame-ancestors.set (line 8)
  changed by: csp.frame-ancestors
  browsers: all, where no policy has `frame-ancestors`
referrer-policy: strict-origin-when-cross-origin
  set by: profile = \"recommended\" (line 1)
  changed by: http_security.referrer_policy
  browsers: all
cross-origin-opener-policy: same-origin-allow-popups
  set by: profile = \"recommended\" (line 1)
  changed by: headers.cross-origin-opener-policy
  browsers: all
permissions-policy: camera=()
  set by: headers.Permissions-Policy (line 12)
  changed by: headers.Permissions-Policy
  browsers: Chromium
x-own: 1
  set by: frontend_headers.x-own (line 14)
  changed by: frontend_headers.x-own
  browsers: not known to this crate
content-security-policy: default-src 'self'; base-uri 'self'; object-src 'none'; img-src 'self' data: https:; font-src 'self' data:; script-src 'self' https://js.example; script-src-attr 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'
  set by: profile = \"recommended\" (line 1)
  set by: csp.frame-ancestors.set (line 8)
  set by: csp.script-src.add (line 6)
  changed by: csp.<directive>
  browsers: all
content-security-policy: object-src 'none'
  set by: additional_csp[0] (line 2)
  changed by: additional_csp[0]
  browsers: all
content-security-policy-report-only: report-uri /csp
  set by: csp_report_only.report-uri.set (line 10)
  changed by: csp_report_only.<directive>
  browsers: all
"
    );
}

#[test]
fn the_defaults_and_each_site_are_explained() {
    let file = "[http_security]\nreport_uri = \"https://r.example\"\n\
                [upload]\nbase_url = \"http://m.example\"\n\
                [[site]]\nscheme = \"http\"\nhost = \"a.onion\"";
    let explanation = read(file).explain();
    let of = |site: &str, name: &str| {
        let mut all = explanation.headers().iter();
        let header = all.find(|one| one.site().to_string() == site && one.name() == name);
        let set_by = header.unwrap().set_by().iter().map(ToString::to_string);
        (set_by.collect::<Vec<_>>().join(", "), header.unwrap().changed_by().to_owned())
    };
    let pair = |set_by: &str, changed_by: &str| (set_by.to_owned(), changed_by.to_owned());
    assert_eq!(
        of("https://example.tld", "content-security-policy"),
        pair(
            "profile = \"guide\" (default), url.host (default), http_security.report_uri (line 2), upload.base_url (line 4)",
            "csp.<directive>"
        ),
    );
    assert_eq!(
        of("http://a.onion", "content-security-policy").0,
        "profile = \"guide\" (default), site[0].host (line 7), http_security.report_uri (line 2), upload.base_url (line 4)",
    );
    assert_eq!(
        of("https://example.tld", "reporting-endpoints"),
        pair("http_security.report_uri (line 2)", "http_security.report_uri"),
    );
    assert_eq!(
        of("https://example.tld", "x-xss-protection"),
        pair("profile = \"guide\" (default)", "headers.x-xss-protection"),
    );
    let sent = |site: &str| {
        explanation.headers().iter().filter(|one| one.site().to_string() == site).count()
    };
    let settings = read(file);
    assert_eq!(sent("https://example.tld"), settings.hardening().headers().len());
    assert!(sent("http://a.onion") < sent("https://example.tld"));
}

#[test]
fn a_header_of_the_frontend_that_a_policy_sends_is_not_the_setting_behind_it() {
    let explanation = read("[frontend_headers]\nx-frame-options = \"SAMEORIGIN\"").explain();
    let mut headers = explanation.headers().iter();
    let framing = headers.find(|header| header.name() == "x-frame-options").unwrap();
    assert_eq!(framing.set_by()[0].key(), "profile");
}

#[test]
fn settings_of_a_larger_file_have_no_line() {
    #[derive(serde::Deserialize)]
    struct Larger {
        hardening: Settings,
    }

    let text = r#"{"hardening": {"profile": "api", "headers": {"x-own": "1"}}}"#;
    let larger: Larger = serde_json::from_str(text).unwrap();
    let explanation = larger.hardening.explain();
    let places = explanation.headers().iter().flat_map(|header| header.set_by());
    assert!(places.map(|source| source.place()).all(|place| *place == SettingPlace::File));
}

#[test]
fn the_explanation_is_json_too() {
    let explanation = read("[headers]\nx-own = \"1\"\n[http_security]\nct_max_age = 60").explain();
    let json = serde_json::to_value(explanation).unwrap();
    let headers = json["headers"].as_array().unwrap();
    let of = |name: &str| headers.iter().find(|header| header["name"] == name).unwrap().clone();
    assert_eq!(
        of("x-own"),
        serde_json::json!({
            "site": "https://example.tld",
            "name": "x-own",
            "value": "1",
            "set_by": [{"key": "headers.x-own", "from": "file", "line": 2}],
            "changed_by": "headers.x-own",
            "browsers": "not known to this crate",
        })
    );
    assert_eq!(
        of("x-xss-protection")["set_by"],
        serde_json::json!([{"key": "profile", "value": "guide", "from": "default"}])
    );
    assert_eq!(of("expect-ct")["browsers"], "none since Chrome 106");
}
