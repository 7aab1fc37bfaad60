//! Tests a policy with a nonce in two lines; `split_law.rs` compares their meaning with that of one
//! line.

use http::{HeaderName, HeaderValue};
use tower_hardening::{ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, Nonce, Origin};

use super::{
    service::{ask, empty},
    split_layers::{ENFORCED, FIRST, GUIDE, all, layer, lines, page},
};

/// Policies, each with its two lines.
const SPLITS: [(&str, &str, &str); 8] = [
    // Without `default-src` nothing needs to be allowed in the first line.
    (
        "img-src 'self'; script-src 'nonce-{}' 'strict-dynamic'",
        "img-src 'self'",
        "script-src 'nonce-N' 'strict-dynamic'",
    ),
    // A scheme that `*` is not for.
    (
        "default-src a.example; script-src 'nonce-{}' 'unsafe-eval' app:",
        "default-src a.example; script-src * about: blob: data: filesystem: app: 'unsafe-inline' 'unsafe-eval'",
        "script-src 'nonce-N' 'unsafe-eval' app:",
    ),
    // Attributes and workers would fall back to the second line's `script-src`.
    (
        "default-src 'none'; script-src 'nonce-{}'; script-src-attr 'none'; worker-src 'self'; style-src 'self'",
        "default-src 'none'; script-src * about: blob: data: filesystem: 'unsafe-inline' 'unsafe-eval'; style-src 'self'",
        "script-src 'nonce-N'; script-src-attr 'none'; worker-src 'self'",
    ),
    // Workers fall back to `child-src`, and frames with it.
    (
        "default-src 'none'; script-src 'nonce-{}'; child-src 'self'; frame-src a.example",
        "default-src 'none'; script-src * about: blob: data: filesystem: 'unsafe-inline' 'unsafe-eval'; \
         child-src * about: blob: data: filesystem:",
        "script-src 'nonce-N'; child-src 'self'; frame-src a.example",
    ),
    // Elements alone have a nonce, so that `script-src` decides the rest, as before.
    (
        "script-src 'self' 'unsafe-eval'; script-src-elem 'nonce-{}'",
        "script-src 'self' 'unsafe-eval'; script-src-elem * about: blob: data: filesystem: 'unsafe-inline'",
        "script-src-elem 'nonce-N'",
    ),
    (
        "default-src 'self'; script-src 'nonce-{}'; style-src 'nonce-{}'; style-src-attr 'unsafe-inline'",
        "default-src 'self'; script-src * about: blob: data: filesystem: 'unsafe-inline' 'unsafe-eval'; \
         style-src * about: blob: data: filesystem: 'unsafe-inline'",
        "script-src 'nonce-N'; style-src 'nonce-N'; style-src-attr 'unsafe-inline'",
    ),
    // Both lines report to the same place.
    (
        "default-src 'self'; script-src 'nonce-{}'; report-uri /r; report-to csp",
        "default-src 'self'; script-src * about: blob: data: filesystem: 'unsafe-inline' 'unsafe-eval'; report-uri /r; report-to csp",
        "script-src 'nonce-N'; report-uri /r; report-to csp",
    ),
    // Directives that decide no load stay in the first line.
    (
        "base-uri 'none'; form-action 'self'; sandbox allow-scripts; trusted-types one; script-src 'nonce-{}'",
        "base-uri 'none'; form-action 'self'; sandbox allow-scripts; trusted-types one",
        "script-src 'nonce-N'",
    ),
];

/// Returns the lines of a policy that is split.
fn split(policy: &str) -> Result<[String; 2], String> {
    let policy: ContentSecurityPolicy = policy.parse().unwrap();
    let layer = CspLayer::new(policy).nonce_in_second_line().map_err(|error| error.to_string())?;
    Ok(lines(&ask(&layer, page), ENFORCED).try_into().unwrap())
}

#[test]
fn the_first_line_is_the_same_in_each_response_and_the_second_has_the_nonce() {
    for response in [ask(&layer(), page), ask(&all(), page)] {
        assert_eq!(lines(&response, ENFORCED), [FIRST, "script-src 'self' 'nonce-N'"]);
        assert_eq!(response.headers()[http::header::CACHE_CONTROL], "private");
    }
}

#[test]
fn a_load_falls_back_to_no_other_directive_than_in_one_line() {
    for (policy, first, second) in SPLITS {
        let expected = [first, second].map(str::to_owned);
        assert_eq!(split(policy), Ok(expected), "{policy}");
    }
}

#[test]
fn a_policy_that_cannot_be_split_is_an_error_that_names_the_directive() {
    let without = "content-security-policy, byte 0: no directive has 'nonce-{}', so a second line would be empty; \
         add it to script-src, or send the policy in one line";
    assert_eq!(split("default-src 'self'").unwrap_err(), without);
    let default = "content-security-policy, byte 16: default-src has 'nonce-{}', and a second line with default-src \
         would have to repeat the policy; write the nonce in script-src or style-src";
    assert_eq!(split("img-src 'self'; default-src 'nonce-{}'").unwrap_err(), default);
    let empty = split("script-src 'nonce-{}'; worker-src 'self'; report-uri /r").unwrap_err();
    assert!(empty.contains("a first line would be empty"), "{empty}");
    let hosts: Vec<_> = (0..813).map(|index| format!("a{index:03}.test")).collect();
    let long = format!("default-src {}; script-src 'nonce-{{}}'", hosts.join(" "));
    let error = split(&long).unwrap_err();
    assert!(error.contains("longer than 8192 bytes"), "{error}");
    for hardening in [Hardening::empty(), Hardening::recommended()] {
        assert_eq!(hardening.nonce_in_second_line().unwrap_err().to_string(), without);
    }
    let default = ContentSecurityPolicy::from_static("default-src 'nonce-{}'");
    for hardening in [
        Hardening::empty().with(default.clone()),
        Hardening::empty().with(GUIDE).with_report_only(default.clone()),
        Hardening::empty().with(GUIDE).with_additional_csp(default.clone()),
    ] {
        let error = hardening.nonce_in_second_line().unwrap_err().to_string();
        assert!(error.contains("byte 0: default-src has 'nonce-{}'"), "{error}");
    }
    // Set afterwards, it stays in one line.
    let hardening = Hardening::empty().with(GUIDE).nonce_in_second_line().unwrap().with(default);
    let response = ask(&HardeningLayer::new(hardening), page);
    assert_eq!(lines(&response, ENFORCED), ["default-src 'nonce-N'"]);
}

#[test]
fn the_listed_headers_are_those_that_are_sent() {
    let site: Origin = "https://example.tld".parse().unwrap();
    let strict = Hardening::strict(&site).nonce_in_second_line().unwrap();
    let nonce = Nonce::from_value("MTIzNDU2Nzg5MDEyMzQ1Njc4").unwrap();
    let listed = strict.headers_with_nonce(&nonce);
    let more = |request| {
        let mut response = page(request);
        for index in 0..9 {
            let name = HeaderName::try_from(format!("x-own-{index}")).unwrap();
            response.headers_mut().insert(name, HeaderValue::from_static("1"));
        }
        response
    };
    let listed =
        shown(listed.iter().map(|(name, value)| (name, value)), "MTIzNDU2Nzg5MDEyMzQ1Njc4");
    let strict = HardeningLayer::new(strict);
    for response in [ask(&strict, page), ask(&strict, more)] {
        let sent =
            response.headers().iter().filter(|(name, _)| !name.as_str().starts_with("x-own"));
        assert_eq!(shown(sent, response.body()), listed);
        assert_eq!(lines(&response, ENFORCED).len(), 2);
    }
    assert_eq!(lines(&empty(&strict), ENFORCED).len(), 1);
}

/// Returns sorted header lines, in which `N` replaces the nonce.
fn shown<'a>(
    headers: impl Iterator<Item = (&'a HeaderName, &'a HeaderValue)>,
    nonce: &str,
) -> Vec<String> {
    let line = |(name, value): (_, &HeaderValue)| {
        format!("{name}: {}", value.to_str().unwrap().replace(nonce, "N"))
    };
    let mut lines: Vec<_> = headers.map(line).collect();
    lines.sort();
    lines
}
