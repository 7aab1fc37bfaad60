//! Fuzzes the response side: what is sent under the prefix is stored, once is enough, and no line
//! is lost.
#![no_main]

use http::{HeaderMap, header::SET_COOKIE};
use libfuzzer_sys::fuzz_target;
use tower_hardening::HostCookies;

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/cookies/browser.rs"]
mod browser;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/cookies/exchange.rs"]
mod exchange;
mod policies;

use exchange::Apply;
use policies::{is_guarded, trim};

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    let (policy, prefix) = (policies::policy(*first), policies::prefix(*first).as_str());
    let before = policies::headers(SET_COOKIE, rest);
    let set = policies::lines(&before, SET_COOKIE);
    let sent = rewritten(&policy, before);

    let refuses = first & 0b1000_0100 != 0 || set.iter().any(|line| is_nameless(line));
    assert!(sent.len() == set.len() || (refuses && sent.len() < set.len()));
    assert_eq!(rewritten(&policy, policies::map(SET_COOKIE, &sent)), sent);

    for line in &sent {
        let Some((name, value)) = browser::name_and_value(line) else { continue };
        let guarded = name.strip_prefix(prefix.as_bytes()).is_some_and(is_guarded);
        // The domain itself answers, so that only the prefix decides; one that is no text cannot.
        let host = domain(line).map_or(Ok("a.example".to_owned()), String::from_utf8);
        if let (true, Ok(host)) = (guarded, &host) {
            assert!(browser::store(line, true, host).is_some(), "{}", line.escape_ascii());
        }
        assert!(!guarded || !prefix.starts_with("__Host-") || domain(line).is_none());
        assert!(!is_guarded(&name), "{} is sent", line.escape_ascii());
        let bytes = |text: &str| {
            value.len() >= text.len() && value[..text.len()].eq_ignore_ascii_case(text.as_bytes())
        };
        let imitates = ["__Host-", "__Secure-", "__Http-"].into_iter().any(bytes);
        assert!(!(name.is_empty() && imitates), "{} is sent", line.escape_ascii());
    }
});

fn rewritten(policy: &HostCookies, mut headers: HeaderMap) -> Vec<Vec<u8>> {
    policy.on_response(policy.idle(), &mut headers);
    policies::lines(&headers, SET_COOKIE)
}

fn is_nameless(line: &[u8]) -> bool {
    let pair = line.split(|byte| *byte == b';').next().unwrap_or_default();
    let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
    name == pair || name.iter().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// Returns the last domain that counts.
fn domain(line: &[u8]) -> Option<Vec<u8>> {
    let attributes = line.split(|byte| *byte == b';').skip(1);
    let domains = attributes.filter_map(|attribute| {
        let equals = attribute.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (trim(&attribute[..equals]), trim(&attribute[equals + 1..]));
        let counts = name.eq_ignore_ascii_case(b"domain") && (1..=1024).contains(&value.len());
        counts.then(|| value.strip_prefix(b".").unwrap_or(value).to_ascii_lowercase())
    });
    domains.last()
}
