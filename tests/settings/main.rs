//! Tests the settings file: the headers of real servers, and the errors for bad files.
#![cfg(feature = "settings")]
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tower_hardening::{
    Hardening, HostCookies,
    media::{Media, MediaType},
    settings::Settings,
};

mod any_site;
mod cookies;
mod directives;
mod environment;
mod explain;
mod explain_changes;
mod frontend;
mod hosts;
mod idle;
mod linear;
mod lints;
mod media;
mod messages;
mod nonce_in_second_line;
mod reload;
mod remedies;
mod round_trip;
mod schema;
mod site_tables;
mod sites;
mod weakened;

/// Returns the headers of a response that has none of its own, by name.
fn headers(hardening: &Hardening) -> BTreeMap<String, String> {
    let pair = |(name, value): (http::HeaderName, http::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap().to_owned())
    };
    hardening.headers().into_iter().map(pair).collect()
}

/// Returns a policy as browsers see it: order, repeats and white space carry no meaning.
fn directives(policy: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let directives = policy.split(';').map(str::split_ascii_whitespace);
    directives.filter_map(|mut words| Some((words.next()?, words.collect()))).collect()
}

#[test]
fn every_case_gets_the_headers_of_the_real_server() {
    let file: Value = serde_json::from_str(include_str!("../vectors/pleroma.json")).unwrap();
    let cases = file["vectors"].as_array().unwrap();
    assert_eq!(cases.len(), 17);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let settings = toml::to_string(&case["settings"]).unwrap();
        let settings = Settings::from_toml(&settings);
        if let Some(expected) = case["expect_error"].as_str() {
            let error = settings.unwrap_err().to_string();
            for word in expected.split(' ') {
                assert!(error.contains(word), "{name}: {error}");
            }
            continue;
        }
        let sent = headers(&settings.unwrap().hardening());
        for (header, expected) in case["expect"].as_object().unwrap() {
            let sent = sent.get(header).map(String::as_str);
            match (header.as_str(), sent, expected.as_str()) {
                ("content-security-policy", Some(sent), Some(expected)) => {
                    assert_eq!(directives(sent), directives(expected), "{name}");
                }
                ("report-to", Some(sent), Some(expected)) => {
                    let json = |text| serde_json::from_str::<Value>(text).unwrap();
                    assert_eq!(json(sent), json(expected), "{name}");
                }
                (_, sent, expected) => assert_eq!(sent, expected, "{name}: {header}"),
            }
        }
    }
}

#[test]
fn no_file_is_the_guide_and_the_shipped_file_says_the_same() {
    let shipped =
        Settings::from_toml(include_str!("../../examples/pleroma/hardening.toml")).unwrap();
    let site = "https://example.tld".parse().unwrap();
    assert_eq!(Settings::default().hardening(), Hardening::pleroma(&site));
    assert_eq!(shipped.hardening(), Hardening::pleroma(&site));
    assert_eq!(shipped.listen().to_string(), "127.0.0.1:4000");
}

#[test]
fn switched_off_nothing_is_sent() {
    let off = "secure_cookie_flag = false\n[http_security]\nenabled = false\n[frontend_headers]\nx-a = \"b\"";
    assert_eq!(Settings::from_toml(off).unwrap().hardening(), Hardening::empty());
    let cookies = Settings::from_toml("[http_security]\nenabled = false").unwrap().hardening();
    assert!(cookies.headers().is_empty() && cookies.host_cookies().is_some());
}

#[test]
fn types_of_files_are_allowed_for_uploads_and_proxied_files_alike() {
    let settings = Settings::from_toml("[media]\nallow = [\"webvtt\", \"hls\"]").unwrap();
    let allowed = |media: Media| media.allow(MediaType::WebVtt).allow(MediaType::HlsPlaylist);
    assert_eq!(settings.uploads(), allowed(Media::uploads()));
    assert_eq!(settings.proxied(), allowed(Media::proxied()));
    assert_eq!(Settings::default().uploads(), Media::uploads());
    let error = Settings::from_toml("[media]\nallow = [\"hls\", \"html\"]").unwrap_err();
    assert_eq!(
        error.to_string(),
        "settings, line 2, media.allow[1]: 'html' cannot be allowed; write 'pdf', 'text', 'webvtt' or 'hls'",
    );
}

#[test]
fn a_media_host_on_http_is_allowed_by_name_since_https_does_not_cover_it() {
    let file = "[upload]\nbase_url = \"http://localhost:4000/media\"";
    let release = format!("profile = \"pleroma-2.7\"\n{file}");
    let release = headers(&Settings::from_toml(&release).unwrap().hardening());
    assert!(
        !release["content-security-policy"].contains("localhost"),
        "the release has https: only"
    );
    let sent = headers(&Settings::from_toml(file).unwrap().hardening());
    let policy = directives(&sent["content-security-policy"]);
    assert!(policy["img-src"].contains("http://localhost:4000"));
    assert!(policy["media-src"].contains("http://localhost:4000"));
    assert!(!policy["connect-src"].contains("http://localhost:4000"));
}

#[test]
fn every_profile_reports_to_the_configured_url() {
    for profile in ["guide", "pleroma-2.7", "recommended", "strict"] {
        let file = format!(
            "profile = \"{profile}\"\n[http_security]\nreport_uri = \"https://r.example/csp?key=1\""
        );
        let sent = headers(&Settings::from_toml(&file).unwrap().hardening());
        let policy = directives(&sent["content-security-policy"]);
        assert_eq!(policy["report-uri"], BTreeSet::from(["https://r.example/csp?key=1"]));
        assert_eq!(policy["report-to"], BTreeSet::from(["csp-endpoint"]));
        assert_eq!(sent["reporting-endpoints"], "csp-endpoint=\"https://r.example/csp?key=1\"");
        assert!(!sent.contains_key("reply-to"));
    }
}

#[test]
fn settings_are_part_of_a_larger_file_too() {
    #[derive(Debug, serde::Deserialize)]
    struct Larger {
        hardening: Settings,
    }

    let larger: Larger =
        serde_json::from_str(r#"{"hardening": {"url": {"host": "a.example"}}}"#).unwrap();
    assert_eq!(larger.hardening.site().host(), "a.example");
    let nulls =
        r#"{"hardening": {"url": {"port": null}, "upload": {"base_url": null}, "http": null}}"#;
    let nulls: Larger = serde_json::from_str(nulls).unwrap();
    assert_eq!(nulls.hardening.hardening(), Settings::default().hardening());
    let date = "[hardening.cookies]\nmigrate_until = 2027-01-31\nlegacy_domains = [\"a.example\"]";
    toml::from_str::<Larger>(date).unwrap();
    let error = toml::from_str::<Larger>("[hardening.url]\nhost = 2027-01-31").unwrap_err();
    assert!(error.to_string().contains("url.host: found the date 2027-01-31;"), "{error}");
    let error = serde_json::from_str::<Larger>(r#"{"hardening": {"url": {"host": ""}}}"#);
    assert!(error.unwrap_err().to_string().starts_with("url.host: the host '' has an empty"));
    let error =
        serde_json::from_str::<Larger>(r#"{"hardening": {"url": {"hots": "a"}}}"#).unwrap_err();
    assert!(
        error.to_string().starts_with("url.hots: unknown key; did you mean 'host'?"),
        "{error}"
    );
}

#[test]
fn strict_is_the_preset_and_the_session_cookie() {
    let site = "https://example.tld".parse().unwrap();
    let session = HostCookies::new(["pleroma_key"]).unwrap();
    let strict = Settings::from_toml("profile = \"strict\"").unwrap().hardening();
    assert_eq!(strict, Hardening::strict(&site).with(session));
    let own = "profile = \"strict\"\n[http_security]\nsts_max_age = 60\nreferrer_policy = \"origin\"\nct_max_age = 5";
    let own = headers(&Settings::from_toml(own).unwrap().hardening());
    assert_eq!(own["strict-transport-security"], "max-age=60; includeSubDomains");
    assert_eq!(own["referrer-policy"], "origin");
    assert!(!own.contains_key("expect-ct"));
}

#[test]
fn recommended_is_the_preset_and_needs_no_site() {
    let read = |more: &str| {
        Settings::from_toml(&format!("profile = \"recommended\"\n{more}")).unwrap().hardening()
    };
    let session = HostCookies::new(["pleroma_key"]).unwrap();
    assert_eq!(read(""), Hardening::recommended().with(session));
    assert_eq!(read("secure_cookie_flag = false"), Hardening::recommended());
    assert_eq!(read("[url]\nhost = \"a.example\""), read(""));
    let own = headers(&read("[http_security]\nsts_max_age = 60\nct_max_age = 5"));
    assert_eq!(own["strict-transport-security"], "max-age=60");
    assert!(!own.contains_key("expect-ct"));
    let http = headers(&read("[url]\nscheme = \"http\""));
    assert!(!http.contains_key("strict-transport-security"));
    let media = "[upload]\nbase_url = \"https://media.example/media\"\n[s3]\npublic_endpoint = \"http://s3.example\"";
    let media = headers(&read(media));
    let policy = directives(&media["content-security-policy"]);
    assert_eq!(
        policy["img-src"],
        BTreeSet::from(["'self'", "data:", "https:", "http://s3.example"])
    );
    assert_eq!(
        policy["media-src"],
        BTreeSet::from(["'self'", "https://media.example", "http://s3.example"])
    );
}
