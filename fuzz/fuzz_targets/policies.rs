//! Creates a policy from one byte, and the rest of the input as lines.

use http::{HeaderMap, HeaderName, HeaderValue};
use tower_hardening::{
    HostCookies,
    cookie::{CookiePrefix, SameSite, ScopeAction},
};

/// The guarded names that the policies have; `app_*` is all that begin so.
pub const NAMES: [&str; 3] = ["sid", "remember", "app_*"];

/// Returns the prefixes of a policy.
pub fn prefix(byte: u8) -> CookiePrefix {
    [CookiePrefix::Host, CookiePrefix::Secure, CookiePrefix::Http, CookiePrefix::HostHttp]
        [usize::from(byte & 3)]
}

/// Returns the prefixes of accepted names: some policies also accept a weaker one.
#[allow(dead_code, reason = "requests alone ask")]
pub fn prefixes(byte: u8) -> Vec<&'static str> {
    let own = prefix(byte).as_str();
    let keeps = byte & 0b1000_0000 != 0 && byte & 0b0011_0000 != 0 && own.starts_with("__Host-");
    [Some(own), Some("__Secure-").filter(|_| keeps)].into_iter().flatten().collect()
}

pub fn policy(byte: u8) -> HostCookies {
    let mut policy = HostCookies::new(NAMES).expect("tokens").prefix(prefix(byte));
    let has = |bit: u8| byte & (1 << bit) != 0;
    if has(2) {
        policy = policy.reject_ambiguous();
    }
    if has(3) {
        policy = policy.http_only();
    }
    if has(4) {
        policy = policy.same_site(SameSite::Strict);
    }
    if has(5) {
        policy = policy.secure_other_cookies();
    }
    if has(6) {
        policy = policy.secure_other_cookies_except(["theme"]).expect("a token");
    }
    if has(7) {
        // Two bits that are taken already tell which.
        let choice =
            |bit| if has(bit) { ScopeAction::DowngradeToSecure } else { ScopeAction::Drop };
        policy = policy.domain_attribute(choice(4)).path_attribute(choice(5));
    }
    policy
}

/// Returns `true` if a plain name is one of those.
pub fn is_guarded(name: &[u8]) -> bool {
    NAMES.iter().any(|guarded| match guarded.strip_suffix('*') {
        Some(start) => name.starts_with(start.as_bytes()),
        None => name == guarded.as_bytes(),
    })
}

/// Returns the lines of the input, those that can stand in a header.
pub fn headers(name: HeaderName, input: &[u8]) -> HeaderMap {
    map(name, input.split(|byte| *byte == b'\n').take(64))
}

pub fn map<L: AsRef<[u8]>>(name: HeaderName, lines: impl IntoIterator<Item = L>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        if let Ok(line) = HeaderValue::from_bytes(line.as_ref()) {
            headers.append(&name, line);
        }
    }
    headers
}

pub fn lines(headers: &HeaderMap, name: HeaderName) -> Vec<Vec<u8>> {
    headers.get_all(name).iter().map(|line| line.as_bytes().to_vec()).collect()
}

/// Without the spaces and tabs around.
pub fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}
