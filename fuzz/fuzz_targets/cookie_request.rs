//! Fuzzes the request side: no cookie is read as guarded unless the wire has its exact name.
#![no_main]

use std::collections::BTreeSet;

use http::{HeaderMap, Request, header::COOKIE};
use libfuzzer_sys::fuzz_target;
use tower_hardening::HostCookies;

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/cookies/exchange.rs"]
mod exchange;
mod policies;

use exchange::Apply;
use policies::{is_guarded, trim};

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    let (policy, prefixes) = (policies::policy(*first), policies::prefixes(*first));
    let plain =
        |name| prefixes.iter().find_map(|prefix| <[u8]>::strip_prefix(name, prefix.as_bytes()));
    let before = policies::headers(COOKIE, rest);
    let wire = policies::lines(&before, COOKIE);
    let read = rewritten(&policy, before);

    // Guarded cookies that came under their exact names, with their values.
    let exact: BTreeSet<(&[u8], &[u8])> = segments(&wire)
        .filter_map(|(name, value)| Some((plain(name)?, value)))
        .filter(|(name, _)| is_guarded(name))
        .collect();
    let mut seen = BTreeSet::new();
    for (name, value) in segments(&read) {
        if is_guarded(name) {
            assert!(exact.contains(&(name, value)), "{}", name.escape_ascii());
            assert!(seen.insert(name), "{} twice", name.escape_ascii());
        }
    }
    // As the cookie crate reads it, after the white space that str::trim knows.
    let exact: BTreeSet<String> =
        exact.iter().flat_map(|(name, _)| decoded(&[name, &b"="[..]].concat())).collect();
    for name in read.iter().flat_map(|line| decoded(line)) {
        assert!(!is_guarded(name.as_bytes()) || exact.contains(&name), "{name}");
    }
    // The remaining cookies were in the input, in the same order.
    let mut before = segments(&wire);
    for (name, value) in segments(&read) {
        assert!(before.any(|(n, v)| v == value && (n == name || plain(n) == Some(name))));
    }
    // The second time the guarded ones are plain ones; after that nothing changes any more.
    let twice = rewritten(&policy, policies::map(COOKIE, &read));
    assert!(segments(&twice).all(|(name, _)| !is_guarded(name)));
    assert_eq!(rewritten(&policy, policies::map(COOKIE, &twice)), twice);
    if segments(&read).all(|(name, _)| !is_guarded(name)) {
        assert_eq!(twice, read);
    }
});

/// Returns the names of a line, decoded, trimmed and in lower case.
fn decoded(line: &[u8]) -> Vec<String> {
    let line = String::from_utf8_lossy(line).into_owned();
    let cookies = cookie::Cookie::split_parse_encoded(line).flatten();
    let name = |name: &str| name.trim().trim_matches('"').to_ascii_lowercase();
    cookies.map(|cookie| name(cookie.name())).collect()
}

fn rewritten(policy: &HostCookies, headers: HeaderMap) -> Vec<Vec<u8>> {
    let mut request = Request::new(());
    *request.headers_mut() = headers;
    policy.on_request(&mut request);
    policies::lines(request.headers(), COOKIE)
}

/// Names and values, as browsers write them.
fn segments(lines: &[Vec<u8>]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let segments = lines.iter().flat_map(|line| line.split(|byte| *byte == b';'));
    segments.map(|segment| {
        let equals = segment.iter().position(|byte| *byte == b'=');
        equals.map_or((&b""[..], trim(segment)), |at| {
            (trim(&segment[..at]), trim(&segment[at + 1..]))
        })
    })
}
