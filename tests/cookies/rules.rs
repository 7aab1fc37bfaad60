//! Sent lines satisfy the rules that browsers check, and match the test vectors.

use http::HeaderValue;
use proptest::{
    collection::{SizeRange, vec},
    prelude::*,
    sample::select,
};
use serde_json::Value;
use tower_hardening::{
    HostCookies,
    cookie::{CookiePrefix, SameSite},
};

use crate::{
    browser::{self, Jar},
    policy::{read, sent, sid},
};

fn vectors(key: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../vectors/cookies.json")).unwrap();
    all[key].as_array().unwrap().clone()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn the_model_of_a_browser_decides_like_the_web_platform_tests() {
    let vectors = vectors("browser");
    assert_eq!(vectors.len(), 28);
    for vector in vectors {
        let (line, host) = (vector["set_cookie"].as_str().unwrap(), vector["host"].as_str());
        let https = vector["https"].as_bool().unwrap();
        let stored = browser::store(line.as_bytes(), https, host.unwrap());
        assert_eq!(stored.is_some(), vector["accepted"].as_bool().unwrap(), "{vector}");
    }
}

#[test]
fn the_model_of_a_browser_splits_a_line_as_the_vectors_require() {
    for vector in vectors("set_cookie_parse") {
        let line = vector[0].as_str().unwrap();
        let pair = |value: &Value| -> (Vec<u8>, Vec<u8>) {
            let text = strings(value);
            (text[0].into(), text[1].into())
        };
        let expected = vector[1].as_array().map(|_| pair(&vector[1]));
        assert_eq!(browser::name_and_value(line.as_bytes()), expected, "{line:?}");
    }
}

#[test]
fn the_layer_splits_a_line_as_the_vectors_require() {
    for vector in vectors("set_cookie_parse") {
        let line = vector[0].as_str().unwrap();
        if HeaderValue::from_str(line).is_err() || vector[1].is_null() {
            continue;
        }
        let [name, value] = strings(&vector[1])[..] else { panic!("{vector}") };
        if name.is_empty() {
            assert_eq!(sent(&sid(), &[line]), [line]);
            continue;
        }
        // A name that a parser might decode cannot be guarded.
        let Ok(policy) = HostCookies::new([name.to_owned()]) else {
            assert!(name.contains('%'), "{name}");
            continue;
        };
        let lines = sent(&policy, &[line]);
        let (wire, same) = browser::name_and_value(lines[0].as_bytes()).unwrap();
        assert_eq!(wire, format!("__Host-{name}").as_bytes(), "{line:?}");
        assert_eq!(same, value.as_bytes(), "{line:?}");
    }
}

#[test]
fn responses_are_renamed_as_the_vectors_require() {
    let vectors = vectors("host_rename_response");
    assert_eq!(vectors.len(), 10);
    for vector in vectors {
        let [line, expected] = strings(&vector)[..] else { panic!("{vector}") };
        assert_eq!(sent(&sid(), &[line]), [expected], "{line}");
    }
}

#[test]
fn requests_are_renamed_as_the_vectors_require() {
    let vectors = vectors("host_rename_request");
    assert_eq!(vectors.len(), 14);
    for vector in vectors {
        assert_eq!(read(&sid(), &strings(&vector[0])), strings(&vector[1]), "{vector}");
    }
}

#[cfg(feature = "settings")]
#[test]
fn pleromas_own_cookie_is_sent_as_by_the_real_server() {
    use tower_hardening::settings::Settings;
    let attributes = |line: &str| {
        let (pair, attributes) = line.split_once(';').unwrap();
        let known = |attribute: &str| match attribute.trim() {
            path if path.eq_ignore_ascii_case("path=/") => "Path=/".to_owned(),
            secure if secure.eq_ignore_ascii_case("secure") => "Secure".to_owned(),
            other => other.to_owned(),
        };
        let mut attributes: Vec<_> = attributes.split(';').map(known).collect();
        attributes.sort_unstable();
        (pair.to_owned(), attributes)
    };
    let vectors = vectors("pleroma");
    assert_eq!(vectors.len(), 5);
    for vector in vectors {
        let flag = vector["secure_cookie_flag"].as_bool().unwrap();
        let settings = Settings::from_toml(&format!("secure_cookie_flag = {flag}")).unwrap();
        let hardening = settings.hardening();
        assert_eq!(hardening.host_cookies().is_some(), flag);
        let mut line = format!(
            "pleroma_key={{v}}; path=/; HttpOnly; {}",
            strings(&vector["attributes"]).join(";")
        );
        if let Some(policy) = hardening.host_cookies() {
            line = sent(policy, &[line]).remove(0);
        }
        // This crate adds Secure last.
        let expected = vector["set_cookie"].as_str().unwrap();
        assert_eq!(attributes(&line), attributes(expected), "{vector}");
    }
}

const ATTRIBUTES: [&str; 30] = [
    "Secure",
    "secure=false",
    "SECURE",
    "HttpOnly",
    "httponly = x",
    "Partitioned",
    "SameSite=Strict",
    "samesite=lax",
    "SameSite=None",
    "SameSite=wrong",
    "SameSite",
    "Path=/",
    "path=/app",
    "Path=",
    "Path=app",
    "PATH",
    "Domain=a.example",
    "domain=.A.EXAMPLE",
    "Domain=",
    "Max-Age=0",
    "max-age=-1",
    "Max-Age=60",
    "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "Expires=Thu, 01-Jan-2099 00:00:00 GMT",
    "Priority=High",
    "",
    "=",
    "=Path=/x",
    "Secure Path=/x",
    "\"Path=/x\"",
];

/// Generates attributes as applications write them, and malformed ones.
fn attributes(number: impl Into<SizeRange>) -> impl Strategy<Value = String> {
    let long = select(vec!["Path=/", "Secure=", "Domain=", "SameSite=", "Max-Age="])
        .prop_map(|name| format!("{name}{}", "1".repeat(1025)));
    let one = prop_oneof![
        20 => select(ATTRIBUTES.to_vec()).prop_map(str::to_owned),
        2 => "[ -:<-~]{0,12}",
        1 => long,
    ];
    vec((one, select(vec![";", "; ", ";\t", " ;  "])), number).prop_map(|all| {
        all.into_iter().map(|(attribute, separator)| separator.to_owned() + &attribute).collect()
    })
}

fn prefix() -> impl Strategy<Value = CookiePrefix> {
    use CookiePrefix::{Host, HostHttp, Http, Secure};
    select(vec![Host, HostHttp, Http, Secure])
}

fn policy() -> impl Strategy<Value = HostCookies> {
    let same_site = select(vec![None, Some(SameSite::Lax), Some(SameSite::Strict)]);
    (prefix(), same_site, any::<bool>(), any::<bool>()).prop_map(
        |(prefix, same_site, http, all)| {
            let policy = HostCookies::new(["sid", "app_*"]).unwrap().prefix(prefix);
            let policy = if http { policy.http_only() } else { policy };
            let policy = if all { policy.secure_other_cookies() } else { policy };
            match same_site {
                Some(same_site) => policy.same_site(same_site),
                None => policy,
            }
        },
    )
}

/// Returns the attributes that the policy adds if the application does not set them.
fn added(policy: &HostCookies) -> browser::Cookie {
    let line = sent(policy, &["sid=1"]).remove(0);
    browser::store(line.as_bytes(), true, "a.example").unwrap()
}

/// Returns `true` if browsers know the value of the last `SameSite` that is not too long.
fn says_same_site(attributes: &str) -> bool {
    let mut values = attributes.split(';').filter_map(|attribute| {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let blank = [' ', '\t'];
        let is_same_site = name.trim_matches(blank).eq_ignore_ascii_case("samesite");
        let value = value.trim_matches(blank);
        (is_same_site && value.len() <= 1024).then(|| value.to_ascii_lowercase())
    });
    values.next_back().is_some_and(|value| ["strict", "lax", "none"].contains(&&*value))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// The policy adds attributes, and keeps all others.
    #[test]
    fn every_line_satisfies_the_rules_that_browsers_check(
        policy in policy(),
        name in select(vec!["sid", " sid\t", "app_", "app_x", "app_Http-"]),
        value in "[ -:<-~\u{e4}]{0,9}",
        attributes in attributes(0..6),
    ) {
        let line = format!("{name}={value}{attributes}");
        let lines = sent(&policy, &[line.as_bytes()]);
        prop_assert_eq!(lines.len(), 1);
        let bytes: Vec<u8> = lines[0].chars().map(|byte| byte as u8).collect();
        let after = browser::store(&bytes, true, "a.example");
        let after = after.unwrap_or_else(|| panic!("{lines:?} is not stored"));
        let added = added(&policy);
        let host = added.name.starts_with(b"__Host-");
        let before = browser::store(format!("{line}; Secure").as_bytes(), true, "a.example").unwrap();
        let wire = added.name.strip_suffix(b"sid").unwrap();
        prop_assert_eq!(after, browser::Cookie {
            name: [wire, &before.name].concat(),
            domain: before.domain.filter(|_| !host),
            path: if host { Some(b"/".to_vec()) } else { before.path },
            secure: true,
            http_only: before.http_only || added.http_only,
            same_site: if says_same_site(&attributes) { before.same_site } else { added.same_site },
            ..before
        });
    }

    /// The rules also hold for cookies that are not guarded, including those with a prefix.
    #[test]
    fn every_other_line_satisfies_the_rules_too_when_others_are_secured(
        name in select(vec!["a", "__Host-a", "__hOST-a", "__Secure-a", "__Http-a", "__Host-Http-a", "__HTTP-a"]),
        attributes in attributes(0..6),
        except in any::<bool>(),
    ) {
        let policy = sid().secure_other_cookies();
        let policy = if except { policy.secure_other_cookies_except([name]).unwrap() } else { policy };
        let lines = sent(&policy, &[format!("{name}=1{attributes}")]);
        let stored = browser::store(lines[0].as_bytes(), true, "a.example");
        prop_assert!(stored.as_ref().is_some_and(|cookie| cookie.secure), "{lines:?}");
        let stored = stored.unwrap();
        prop_assert!(except || stored.http_only);
        if !except && !says_same_site(&attributes) {
            prop_assert_eq!(stored.same_site, browser::SameSite::Lax);
        }
        prop_assert_eq!(sent(&policy, &lines), lines, "once is enough");
    }

    #[test]
    fn a_cookie_comes_back_to_the_handler_as_it_was_set(
        policy in policy(),
        value in "[!-:<-~\u{e4}]([ -:<-~\u{e4}\u{20ac}]{0,20}[!-:<-~\u{20ac}])?",
        attributes in attributes(0..3).prop_filter("not deleted", |text| {
            !text.contains("1970") && !text.to_ascii_lowercase().contains("max-age=")
        }),
        others in vec("[a-z]{4,9}=[a-z]{0,9}", 0..3),
    ) {
        let mut jar = Jar::default();
        for other in &others {
            jar.receive(other.as_bytes());
        }
        let names: Vec<u8> = jar.line();
        for line in sent(&policy, &[format!("sid={value}{attributes}")]) {
            let bytes: Vec<u8> = line.chars().map(|byte| byte as u8).collect();
            prop_assert!(jar.receive(&bytes), "{}", line);
        }
        let value: String = value.bytes().map(char::from).collect();
        let rest = String::from_utf8(names).unwrap();
        let separator = if rest.is_empty() { "" } else { "; " };
        prop_assert_eq!(read(&policy, &[jar.line()]), [format!("{rest}{separator}sid={value}")]);
    }
}

#[test]
fn a_cookie_that_is_too_long_for_browsers_is_still_sent() {
    // They are never sent under the plain name, which would be dropped from requests.
    let line = format!("sid={}", "v".repeat(4087));
    let sent = sent(&sid(), &[&line]).remove(0);
    assert_eq!(sent, format!("__Host-{line}; Path=/; Secure"));
    assert_eq!(browser::store(sent.as_bytes(), true, "a.example"), None);
    let line = sent.replacen('v', "", 1);
    assert!(browser::store(line.as_bytes(), true, "a.example").is_some());
}
