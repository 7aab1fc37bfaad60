//! Tests the captcha, the whitelist and the endpoint of reports, in the policy.

use std::collections::BTreeSet;

use tower_hardening::settings::Settings;

use crate::{directives, headers};

fn policy(file: &str) -> String {
    headers(&Settings::from_toml(file).unwrap().hardening())["content-security-policy"].clone()
}

#[test]
fn a_captcha_may_run_its_script_frame_its_page_style_it_and_connect() {
    let captcha = "https://captcha.example";
    let mut profiles = vec!["guide", "recommended"];
    profiles.extend(cfg!(feature = "nonce").then_some("strict"));
    for profile in profiles {
        let head = format!("profile = \"{profile}\"\n");
        let (without, with) =
            (policy(&head), policy(&format!("{head}captcha.endpoint = \"{captcha}/api\"")));
        let (without, with) = (directives(&without), directives(&with));
        for directive in ["script-src", "frame-src", "style-src", "connect-src"] {
            assert!(with[directive].contains(captcha), "{profile}: {with:?}");
        }
        let images = &with["img-src"];
        assert!(images.contains(captcha) || images.contains("https:"), "{profile}: {with:?}");
        // Nothing else is allowed, and nothing that was allowed is lost.
        for (name, sources) in &with {
            let fallback = without.get("default-src").filter(|_| *name != "form-action");
            let before = without.get(name).or(fallback).cloned().unwrap_or_default();
            let after: BTreeSet<&str> =
                sources.iter().copied().filter(|source| *source != captcha).collect();
            let is_none = before.iter().eq(["'none'"].iter());
            assert!(after == before || (after.is_empty() && is_none), "{profile} {name}");
        }
    }
}

#[test]
fn an_endpoint_that_browsers_skip_is_in_report_uri_alone() {
    for (uri, is_taken) in [
        ("https://r.example/csp", true),
        ("http://localhost:8080/csp", true),
        ("http://127.0.0.1/csp", true),
        ("http://r.example/csp", false),
        ("http://192.0.2.1/csp", false),
    ] {
        for profile in ["guide", "pleroma-2.7", "recommended"] {
            let file = format!("profile = \"{profile}\"\nhttp_security.report_uri = \"{uri}\"");
            let settings = Settings::from_toml(&file).unwrap();
            let sent = headers(&settings.hardening());
            let csp = &sent["content-security-policy"];
            assert!(csp.contains(&format!("report-uri {uri}")), "{csp}");
            assert_eq!(csp.contains("report-to"), is_taken, "{csp}");
            assert_eq!(sent.contains_key("reporting-endpoints"), is_taken, "{uri}");
            assert_eq!(sent.contains_key("report-to"), is_taken, "{uri}");
            let lints = settings.lints();
            let is_told = lints.iter().any(|lint| lint.id() == "report-uri-insecure");
            assert_eq!(is_told, !is_taken, "{uri}");
        }
    }
}

#[test]
fn a_bare_host_of_the_whitelist_is_sent_as_it_is_under_every_profile() {
    let mut profiles = vec!["guide", "pleroma-2.7", "recommended"];
    profiles.extend(cfg!(feature = "nonce").then_some("strict"));
    for profile in profiles {
        let file = format!(
            "profile = \"{profile}\"\n[media_proxy]\nenabled = true\nwhitelist = [\"cdn.example\"]"
        );
        let policy = policy(&file);
        let policy = directives(&policy);
        for directive in ["img-src", "media-src"] {
            assert!(policy[directive].contains("cdn.example"), "{profile}: {policy:?}");
        }
        let lints = Settings::from_toml(&file).unwrap().lints();
        let id = "media-whitelist-without-scheme";
        assert!(lints.iter().any(|lint| lint.id() == id), "{profile}");
    }
}
