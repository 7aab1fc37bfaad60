//! Tests the keys of `[cookies]`.

use std::time::{Duration, SystemTime};

use tower_hardening::{HostCookies, cookie::ScopeAction, settings::Settings};

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
        ("domain_attribute = \"drop\"", session().domain_attribute(ScopeAction::Drop)),
        ("path_attribute = \"pass-through\"", session().path_attribute(ScopeAction::PassThrough)),
        ("reject_ambiguous = true", session().reject_ambiguous()),
        ("accept_over_http = true", session().accept_over_http()),
        ("allow_nested_layers = true", session().allow_nested_layers()),
        ("secure_other_cookies = true", session().secure_other_cookies()),
        (
            "secure_other_cookies = true\nsecure_other_cookies_except = [\"theme\"]",
            session().secure_other_cookies_except(["theme"]).unwrap(),
        ),
        ("migrate_until = 2027-01-31", session().migrate_until(day)),
        ("migrate_until = \"2027-01-31\"", session().migrate_until(day)),
        (
            "migrate_until = 2027-01-31\nlegacy_domains = [\"a.example\"]",
            session().legacy_domain("a.example").unwrap().migrate_until(day),
        ),
        ("plain_on_localhost = true", session().dangerous_plain_on_localhost()),
    ] {
        let settings = Settings::from_toml(&format!("[cookies]\n{keys}")).unwrap();
        assert_eq!(settings.hardening().host_cookies(), Some(&expected), "{keys}");
    }
    for (keys, message) in [
        (
            "secure_other_cookies_except = [\"a\"]",
            "secure_other_cookies_except: does nothing without secure_other_cookies; write 'secure_other_cookies = true'",
        ),
        (
            "legacy_domains = [\"a.example\"]",
            "legacy_domains: does nothing without a date in migrate_until; write one",
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
