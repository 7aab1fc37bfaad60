//! `Hardening` is written and read in the shape of the file.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use tower_hardening::{
    ContentSecurityPolicy, Hardening, HostCookies,
    cookie::{CookiePrefix, SameSite, ScopeAction},
    header::{RemoveHeaders, StaticHeader},
    settings::Settings,
};

fn sites() -> [tower_hardening::Origin; 3] {
    ["https://example.tld", "https://a.example:8443", "http://a.onion"]
        .map(|site| site.parse().unwrap())
}

fn presets() -> Vec<Hardening> {
    let mut presets = vec![
        Hardening::empty(),
        Hardening::recommended(),
        Hardening::api(),
        Hardening::owasp(),
        Hardening::media(),
    ];
    for site in sites() {
        presets.extend([
            Hardening::pleroma(&site),
            Hardening::pleroma_2_7(&site),
            Hardening::pleroma_modern(&site),
            Hardening::akkoma(&site),
            Hardening::strict(&site),
        ]);
    }
    presets
}

fn csp(text: &str) -> ContentSecurityPolicy {
    text.parse().unwrap()
}

/// Adds one policy of each type, by the type itself.
macro_rules! policies {
    ($($policy:ident = $text:literal,)+) => {
        [$(|hardening: Hardening| {
            hardening.with($text.parse::<tower_hardening::header::$policy>().unwrap())
        },)+]
    };
}

type Edit = fn(Hardening) -> Hardening;

const TYPED: [Edit; 18] = policies! {
    CacheControl = "no-store",
    CrossOriginEmbedderPolicy = "require-corp; report-to=\"main\"",
    CrossOriginOpenerPolicy = "same-origin",
    CrossOriginResourcePolicy = "same-site",
    DnsPrefetchControl = "off",
    DocumentIsolationPolicy = "isolate-and-require-corp",
    DocumentPolicy = "document-write=?0",
    DownloadOptions = "noopen",
    IntegrityPolicy = "blocked-destinations=(script), endpoints=(main)",
    Nel = "{\"report_to\":\"network\",\"max_age\":86400}",
    OriginAgentCluster = "?1",
    PermissionsPolicy = "camera=(), geolocation=(self \"https://a.example\")",
    PermittedCrossDomainPolicies = "none",
    ReportTo = "{\"group\":\"network\",\"max_age\":86400,\"endpoints\":[{\"url\":\"https://r.example/\"}]}",
    ReportingEndpoints = "main=\"https://r.example/\"",
    RobotsTag = "noindex",
    XssProtection = "1; mode=block",
    CrossOriginOpenerPolicy = "noopener-allow-popups",
};

const EDITS: [Edit; 16] = [
    |all| all.with("DENY".parse::<tower_hardening::FrameOptions>().unwrap()),
    |all| all.with("origin".parse::<tower_hardening::ReferrerPolicy>().unwrap()),
    |all| all.with("max-age=5".parse::<tower_hardening::StrictTransportSecurity>().unwrap()),
    |all| all.with("enforce, max-age=5".parse::<tower_hardening::ExpectCt>().unwrap()),
    |all| all.with(tower_hardening::ContentTypeOptions::NOSNIFF),
    |all| all.with(StaticHeader::from_static("x-own", "a \"b\" \\ 'c' = [1]")),
    |all| all.with(csp("default-src 'self'; frame-ancestors 'self'")),
    |all| all.with(csp("script-src 'nonce-{}' 'strict-dynamic'; report-to main")),
    |all| all.with_report_only(csp("script-src 'none'; report-uri /csp")),
    |all| {
        all.with_report_only(
            "same-origin".parse::<tower_hardening::header::CrossOriginOpenerPolicy>().unwrap(),
        )
    },
    |all| all.with_additional_csp(csp("object-src 'none'")),
    |all| {
        all.with_additional_csp(csp("object-src 'none'"))
            .with_additional_csp(csp("img-src a.example"))
    },
    |all| all.with(RemoveHeaders::owasp()),
    |all| all.without(&http::header::X_FRAME_OPTIONS),
    |all| all.without(&http::header::CONTENT_SECURITY_POLICY),
    |all| all.without(&http::header::SET_COOKIE),
];

fn cookies() -> impl Strategy<Value = HostCookies> {
    type Verb = fn(HostCookies) -> HostCookies;
    const VERBS: [Verb; 13] = [
        HostCookies::http_only,
        HostCookies::reject_ambiguous,
        HostCookies::accept_over_http,
        HostCookies::allow_nested_layers,
        HostCookies::secure_other_cookies,
        HostCookies::dangerous_plain_on_localhost,
        |all| all.prefix(CookiePrefix::Secure),
        |all| all.same_site(SameSite::Strict),
        |all| all.domain_attribute(ScopeAction::Drop),
        |all| all.path_attribute(ScopeAction::DowngradeToSecure),
        |all| all.secure_other_cookies_except(["theme"]).unwrap(),
        |all| all.legacy_domain("old.example").unwrap(),
        |all| {
            let day = Duration::from_secs(86_400 * 47_482);
            all.migrate_until(SystemTime::UNIX_EPOCH + day)
        },
    ];
    let names = prop::sample::subsequence(vec!["pleroma_key", "id", "app_*"], 0..=3);
    let verbs = prop::sample::subsequence(VERBS.to_vec(), 0..=VERBS.len());
    (names, verbs).prop_map(|(names, verbs)| {
        verbs.into_iter().fold(HostCookies::new(names).unwrap(), |cookies, verb| verb(cookies))
    })
}

fn hardenings() -> impl Strategy<Value = Hardening> {
    let all: Vec<Edit> = TYPED.into_iter().chain(EDITS).collect();
    let edits = prop::collection::vec(prop::sample::select(all), 0..8);
    (prop::sample::select(presets()), edits, prop::option::of(cookies())).prop_map(
        |(preset, edits, cookies)| {
            let edited = edits.into_iter().fold(preset, |all, edit| edit(all));
            match cookies {
                Some(cookies) => edited.with(cookies),
                None => edited,
            }
        },
    )
}

#[track_caller]
fn assert_round_trip(hardening: &Hardening) {
    let text = toml::to_string(hardening).unwrap();
    let read: Hardening = toml::from_str(&text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    assert_eq!(&read, hardening, "{text}");
    assert_eq!(toml::to_string(&read).unwrap(), text);
    let json = serde_json::to_string(hardening).unwrap();
    assert_eq!(&serde_json::from_str::<Hardening>(&json).unwrap(), hardening, "{json}");
    let mut ids: [Vec<_>; 2] =
        [&read, hardening].map(|one| one.lints().iter().map(|lint| lint.to_string()).collect());
    ids.iter_mut().for_each(|ids| ids.sort());
    assert_eq!(ids[0], ids[1], "{text}");
    assert_eq!(read.requirements(), hardening.requirements());
    // The same text is a settings file.
    assert_eq!(&Settings::from_toml(&text).unwrap().hardening(), hardening);
}

proptest! {
    #[test]
    fn a_written_file_is_read_back(hardening in hardenings()) {
        assert_round_trip(&hardening);
    }
}

#[test]
fn every_preset_is_written_and_read_back() {
    presets().iter().for_each(assert_round_trip);
}

#[test]
fn policies_are_written_as_a_profile_and_what_differs_from_it() {
    let session = HostCookies::new(["id"]).unwrap().http_only();
    let hardening = Hardening::recommended()
        .with(session)
        .with(RemoveHeaders::server())
        .with_additional_csp(csp("object-src 'none'"))
        .with(StaticHeader::from_static("x-own", "1"))
        .without(&http::header::REFERRER_POLICY);
    assert_eq!(
        toml::to_string(&hardening).unwrap(),
        r#"profile = "recommended"
remove_headers = ["server", "x-powered-by"]
additional_csp = ["object-src 'none'"]

[cookies]
names = ["id"]
http_only = true

[headers]
referrer-policy = false
x-own = "1"
"#
    );
    let plain = "profile = \"recommended\"\nsecure_cookie_flag = false\n";
    assert_eq!(toml::to_string(&Hardening::recommended()).unwrap(), plain);
}

#[test]
fn policies_that_a_file_cannot_hold_are_an_error() {
    let unknown = ContentSecurityPolicy::EMPTY.dangerous_directive("new-src", "'self'").unwrap();
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(12 * 60 * 60);
    let cookies = HostCookies::new(["id"]).unwrap().migrate_until(noon);
    for (hardening, message) in [
        (
            Hardening::empty().with(unknown),
            "content-security-policy: a file cannot hold it: content-security-policy, byte 0: 'new-src' is not a directive",
        ),
        (
            Hardening::empty().with(StaticHeader::from_static("content-langauge", "de")),
            "content-langauge: a file cannot hold this header, which is taken for a misspelt 'content-language'",
        ),
        (
            Hardening::empty().with(ContentSecurityPolicy::EMPTY),
            "content-security-policy: the policy has no directive, and a file cannot hold it; remove it",
        ),
        (
            Hardening::empty().with(cookies),
            "cookies.migrate_until: the time is not the start of a day in UTC from 1970 to 9999, and a file has dates alone; set another time",
        ),
    ] {
        let error = serde_json::to_string(&hardening).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn a_key_that_is_not_about_policies_is_an_error() {
    for (text, key) in [
        ("[http]\nport = 1", "http"),
        ("[proxy]\ntrusted = []", "proxy"),
        ("[media]\nallow = []", "media"),
        ("[cookies]\nreject_duplicates = false", "cookies.reject_duplicates"),
    ] {
        let error = toml::from_str::<Hardening>(text).unwrap_err().to_string();
        let message =
            format!("{key}: is not about policies; remove it, or read the whole as Settings");
        assert!(error.contains(&message), "{error}");
    }
    let error = toml::from_str::<Hardening>("[headers]\nx-frame-options = \"x\"").unwrap_err();
    assert!(error.to_string().contains("headers.x-frame-options: 'x' is not"), "{error}");
}
