//! Tests lints of settings that never act where they are.

use crate::lints::told;

#[test]
fn a_key_that_adds_to_a_policy_that_the_profile_does_not_have_is_linted() {
    let csp = "[csp.default-src]\nset = [\"'self'\"]\n";
    for (keys, key, place) in [
        ("[captcha]\nendpoint = \"https://c.example\"", "captcha.endpoint", "csp.script-src"),
        ("[s3]\npublic_endpoint = \"https://s.example\"", "s3.public_endpoint", "csp.img-src"),
        (
            "[http_security]\nallow_unsafe_eval = true",
            "http_security.allow_unsafe_eval",
            "csp.script-src",
        ),
        (
            "[http_security]\nreport_uri = \"https://r.example\"",
            "http_security.report_uri",
            "csp.report-uri",
        ),
        (
            "[media_proxy]\nenabled = true\nwhitelist = [\"https://w.example\"]",
            "media_proxy.whitelist",
            "csp.img-src",
        ),
    ] {
        for csp in ["", csp] {
            let lints = told(&format!("profile = \"empty\"\n{csp}{keys}"), "csp-key-off");
            let expected = format!(
                "{key}: adds nothing, since the profile has no content-security-policy; write the source in {place}, or write another profile"
            );
            assert_eq!(lints, [expected]);
        }
        assert_eq!(told(&format!("profile = \"recommended\"\n{keys}"), "csp-key-off").len(), 0);
    }
}

#[test]
fn a_redirect_that_never_acts_is_linted() {
    let redirect = "[hosts]\nhttps_redirect = true\n[url]\nhost = \"a.example\"\n";
    let lints = told(redirect, "redirect-never");
    assert!(lints.len() == 1 && lints[0].contains("no proxy is trusted"), "{lints:?}");
    let trusted = format!("{redirect}[proxy]\ntrusted = [\"127.0.0.1\"]");
    assert_eq!(told(&trusted, "redirect-never").len(), 0);
}

#[test]
fn a_file_that_says_how_a_site_is_reached_and_not_which_is_linted_if_its_policy_names_it() {
    for reached in
        ["[proxy]\ntrusted = [\"127.0.0.1\"]", "[upload]\nbase_url = \"https://media.example\""]
    {
        for profile in ["guide", "pleroma-2.7", "strict"] {
            let file = format!("profile = \"{profile}\"\n{reached}");
            let lints = told(&file, "url-not-set");
            assert!(lints.len() == 1 && lints[0].contains("wss://example.tld"), "{lints:?}");
            let named = format!("{file}\n[url]\nhost = \"b.example\"");
            assert_eq!(told(&named, "url-not-set").len(), 0);
            assert_eq!(told(&format!("profile = \"{profile}\""), "url-not-set").len(), 0);
        }
        for profile in ["owasp", "empty", "api", "recommended"] {
            let file = format!("profile = \"{profile}\"\n{reached}");
            assert_eq!(told(&file, "url-not-set").len(), 0, "{file}");
        }
    }
}
