//! Tests the `[cookies]` table of the settings file: the effect of each key, and the errors for bad
//! values.

use tower_hardening::{HostCookies, cookie::ScopeAction, settings::Settings};

use crate::policy::{read, sent};

fn policy(table: &str) -> HostCookies {
    let settings = Settings::from_toml(&format!("[cookies]\n{table}"));
    settings.unwrap().hardening().host_cookies().unwrap().clone()
}

fn error(table: &str) -> String {
    Settings::from_toml(&format!("[cookies]\n{table}")).unwrap_err().to_string()
}

#[test]
fn every_key_has_the_effect_of_its_method() {
    let pleroma = || HostCookies::new(["pleroma_key"]).unwrap();
    use tower_hardening::cookie::{CookiePrefix, SameSite};
    let day = |days: u64| {
        std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(days * 86_400)
    };
    for (table, expected) in [
        ("", pleroma()),
        ("names = ['sid', 'app_*']", HostCookies::new(["sid", "app_*"]).unwrap()),
        ("prefix = '__Host-'", pleroma()),
        ("prefix = '__Secure-'", pleroma().prefix(CookiePrefix::Secure)),
        ("prefix = '__Http-'", pleroma().prefix(CookiePrefix::Http)),
        ("prefix = '__Host-Http-'", pleroma().prefix(CookiePrefix::HostHttp)),
        ("same_site = 'Strict'", pleroma().same_site(SameSite::Strict)),
        ("same_site = 'lax'", pleroma().same_site(SameSite::Lax)),
        ("same_site = 'None'", pleroma().same_site(SameSite::None)),
        ("http_only = true", pleroma().http_only()),
        ("domain_attribute = 'rewrite'\npath_attribute = 'rewrite'", pleroma()),
        ("domain_attribute = 'drop'", pleroma().domain_attribute(ScopeAction::Drop)),
        ("path_attribute = 'pass-through'", pleroma().path_attribute(ScopeAction::PassThrough)),
        (
            "domain_attribute = 'downgrade'",
            pleroma().domain_attribute(ScopeAction::DowngradeToSecure),
        ),
        ("reject_ambiguous = true", pleroma().reject_ambiguous()),
        ("secure_other_cookies = true", pleroma().secure_other_cookies()),
        (
            "secure_other_cookies = true\nsecure_other_cookies_except = ['theme']",
            pleroma().secure_other_cookies_except(["theme"]).unwrap(),
        ),
        ("plain_on_localhost = true", pleroma().dangerous_plain_on_localhost()),
        ("migrate_until = 2099-03-01", pleroma().migrate_until(day(47_176))),
        ("migrate_until = '1970-01-01'", pleroma().migrate_until(day(0))),
        (
            "migrate_until = 2000-02-29\nlegacy_domains = ['.a.example']",
            pleroma().migrate_until(day(11_016)).legacy_domain("a.example").unwrap(),
        ),
        (
            "http_only = false\nreject_ambiguous = false\nsecure_other_cookies = false\n\
             plain_on_localhost = false\nsecure_other_cookies_except = []\nlegacy_domains = []",
            pleroma(),
        ),
    ] {
        assert_eq!(policy(table), expected, "{table}");
    }
}

#[test]
fn the_table_works_in_both_directions() {
    let policy = policy(
        "names = ['sid']\nprefix = '__Host-Http-'\nsame_site = 'Lax'\nreject_ambiguous = true",
    );
    assert_eq!(
        sent(&policy, &["sid=1"]),
        ["__Host-Http-sid=1; Path=/; Secure; HttpOnly; SameSite=Lax"]
    );
    assert_eq!(read(&policy, &["__Host-Http-sid=1; sid=evil; nameless"]), ["sid=1"]);
}

#[test]
fn without_the_flag_no_cookie_is_guarded_and_a_lint_reports_it() {
    let settings = Settings::from_toml("secure_cookie_flag = false").unwrap();
    assert!(settings.hardening().host_cookies().is_none());
    assert!(settings.lints().iter().any(|lint| lint.id() == "secure-cookie-flag-off"));
    for (table, id) in [
        ("names = []", "cookies-none-guarded"),
        ("plain_on_localhost = true", "cookies-plain-on-localhost"),
        ("same_site = 'None'", "cookies-same-site-none"),
        ("migrate_until = 2099-01-01", "cookies-migrating"),
    ] {
        let settings = Settings::from_toml(&format!("[cookies]\n{table}")).unwrap();
        assert!(settings.lints().iter().any(|lint| lint.id() == id), "{id}");
    }
}

#[test]
fn a_bad_value_is_an_error_with_its_line_its_key_and_the_remedy() {
    for (table, expected) in [
        (
            "names = ['__Host-sid']",
            "cookies.names: '__Host-sid' has a prefix already; write the name that the application uses, 'sid'",
        ),
        (
            "names = ['__HOST-sid']",
            "cookies.names: '__HOST-sid' has a prefix already; write the name that the application uses, 'sid'",
        ),
        (
            "names = ['Host__sid']",
            "cookies.names: 'Host__sid' nearly begins with '__Host-', which the policy adds; write the name alone",
        ),
        (
            "names = ['a b']",
            "cookies.names: ' ' is not allowed in a cookie's name; write letters, digits, '-' and '_'",
        ),
        ("names = ['']", "cookies.names: the name is empty; write one"),
        ("names = ['*']", "cookies.names: the name is empty; write one"),
        ("names = ['sid', 'sid']", "cookies.names: 'sid' is a duplicate; remove one"),
        (
            "names = ['sid', 'SID']",
            "cookies.names: 'sid' and 'SID' guard the same names; remove one",
        ),
        (
            "names = ['app_*', 'app_x']",
            "cookies.names: 'app_' and 'app_x' guard the same names; remove one",
        ),
        ("names = 'sid'", "cookies.names: found the text 'sid'; write a list in brackets"),
        ("names = [1]", "cookies.names[0]: found the number 1; write a text in quotes"),
        (
            "prefix = '__host-'",
            "cookies.prefix: '__host-' is not a prefix; did you mean '__Host-'?",
        ),
        ("prefix = 'Host'", "cookies.prefix: 'Host' is not a prefix; write '__Host-'"),
        ("prefix = 1", "cookies.prefix: found the number 1; write a text in quotes"),
        (
            "same_site = 'maybe'",
            "cookies.same_site: 'maybe' is not a SameSite value; write 'Strict', 'Lax' or 'None'",
        ),
        ("same_site = true", "cookies.same_site: found true; write a text in quotes"),
        ("http_only = 'yes'", "cookies.http_only: found the text 'yes'; write true or false"),
        (
            "domain_attribute = 'drops'",
            "cookies.domain_attribute: 'drops' is not a scope action; did you mean 'drop'?",
        ),
        (
            "path_attribute = 'strip'",
            "cookies.path_attribute: 'strip' is not a scope action; write 'rewrite', 'downgrade', 'pass-through' or 'drop'",
        ),
        (
            "secure_other_cookies = true\nsecure_other_cookies_except = ['a b']",
            "cookies.secure_other_cookies_except: ' ' is not allowed in a cookie's name; write letters, digits, '-' and '_'",
        ),
        (
            "names = ['__HostHttp-sid']",
            "cookies.names: '__HostHttp-sid' nearly begins with '__Host-Http-', which the policy adds; write the name alone",
        ),
        (
            "reject_ambiguous = 'true'",
            "cookies.reject_ambiguous: found the text 'true'; write true or false",
        ),
        (
            "secure_other_cookies = 0",
            "cookies.secure_other_cookies: found the number 0; write true or false",
        ),
        (
            "secure_other_cookies_except = ['theme']",
            "cookies.secure_other_cookies_except: does nothing without secure_other_cookies; write 'secure_other_cookies = true'",
        ),
        (
            "secure_other_cookies_except = 'theme'",
            "cookies.secure_other_cookies_except: found the text 'theme'; write a list in brackets",
        ),
        (
            "migrate_until = 'tomorrow'",
            "cookies.migrate_until: found the text 'tomorrow'; write a date like 2027-01-31",
        ),
        (
            "migrate_until = 2027-01-31T00:00:00Z",
            "cookies.migrate_until: found the text '2027-01-31T00:00:00Z'; write a date like 2027-01-31",
        ),
        (
            "migrate_until = 1969-12-31",
            "cookies.migrate_until: found the text '1969-12-31'; write a date like 2027-01-31",
        ),
        (
            "migrate_until = 20270131",
            "cookies.migrate_until: found the number 20270131; write a date like 2027-01-31",
        ),
        (
            "migrate_until = '2027-02-30'",
            "cookies.migrate_until: found the text '2027-02-30'; write a date like 2027-01-31",
        ),
        (
            "legacy_domains = ['a.example']",
            "cookies.legacy_domains: does nothing without a date in migrate_until; write one",
        ),
        (
            "migrate_until = 2099-01-01\nlegacy_domains = ['a b']",
            "cookies.legacy_domains: ' ' is not allowed in a host; write letters, digits, '-' and '.'",
        ),
        (
            "migrate_until = 2099-01-01\nlegacy_domains = ['https://a.example']",
            "cookies.legacy_domains: 'https://' is not part of a host; write 'a.example'",
        ),
        (
            "migrate_until = 2099-01-01\nlegacy_domains = ['']",
            "cookies.legacy_domains: the host '' has an empty label; write one like 'example.tld'",
        ),
        (
            "migrate_until = 2099-01-01\nlegacy_domains = ['127.1']",
            "cookies.legacy_domains: '127.1' is an address, which cannot be the Domain of a cookie; write a host name",
        ),
        (
            "plain_on_localhost = 'yes'",
            "cookies.plain_on_localhost: found the text 'yes'; write true or false",
        ),
        ("nams = ['sid']", "cookies.nams: unknown key; did you mean 'names'?"),
        ("http-only = true", "cookies.http-only: unknown key; did you mean 'http_only'?"),
    ] {
        let line = 1 + table.lines().count();
        assert_eq!(error(table), format!("settings, line {line}, {expected}"), "{table}");
    }
}

#[test]
fn duplicates_are_rejected_unless_the_settings_allow_them() {
    let rejects = |text: &str| Settings::from_toml(text).unwrap().reject_duplicate_cookies();
    assert!(rejects("") && rejects("[cookies]\nreject_duplicates = true"));
    assert!(!rejects("[cookies]\nreject_duplicates = false"));
}
