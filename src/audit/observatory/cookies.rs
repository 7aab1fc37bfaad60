//! Judges cookies.

use std::collections::HashSet;

use http::{HeaderMap, header::SET_COOKIE};

use super::verdict::Verdict;
use crate::{
    audit::{fix::Fix, received::shown},
    policy::cookie::{ReceivedCookie, SameSite},
};

/// The results of weak cookies, the least important first.
const WEAK: &[&str] = &[
    "cookies-without-secure-flag-but-protected-by-hsts",
    "cookies-without-secure-flag",
    "cookies-session-without-secure-flag-but-protected-by-hsts",
    "cookies-samesite-flag-invalid",
    "cookies-anticsrf-without-samesite-flag",
    "cookies-session-without-httponly-flag",
    "cookies-session-without-secure-flag",
];

/// The cookie of a load balancer, which applications cannot change.
const FOREIGN: &[u8] = b"heroku-session-affinity";

/// Judges all cookies of a response, by the result of `Strict-Transport-Security`.
pub(super) fn judge(headers: &HeaderMap, transport: &str) -> Verdict {
    let is_protected =
        ["hsts-implemented-max-age-at-least-six-months", "hsts-preloaded"].contains(&transport);
    let kept = kept(headers);
    let (is_any, mut is_same_site) = (!kept.is_empty(), true);
    let mut worst: Option<(Option<usize>, ReceivedCookie<'_>)> = None;
    for cookie in kept {
        is_same_site &= cookie.same_site.is_some();
        for result in weaknesses(&cookie, is_protected) {
            let rank = WEAK.iter().position(|weak| *weak == result);
            if worst.is_none_or(|(known, ..)| rank > known) {
                worst = Some((rank, cookie));
            }
        }
    }
    let found = worst.and_then(|(rank, cookie)| Some((*WEAK.get(rank?)?, cookie)));
    match found {
        Some((id, cookie)) => Verdict {
            id,
            directive: Some(shown(cookie.name).into_owned()),
            fix: Some(match id {
                "cookies-anticsrf-without-samesite-flag" => Fix::readable_cookie(&cookie),
                _ => Fix::cookie(&cookie),
            }),
        },
        None if !is_any => Verdict::new("cookies-not-found"),
        None if is_same_site => Verdict::new("cookies-secure-with-httponly-sessions-and-samesite"),
        None => Verdict::new("cookies-secure-with-httponly-sessions"),
    }
}

/// Returns the cookies that browsers keep: the last line of each cookie, unless it deletes the cookie.
fn kept(headers: &HeaderMap) -> Vec<ReceivedCookie<'_>> {
    let lines = headers.get_all(SET_COOKIE).iter();
    let mut cookies: Vec<_> = lines.map(|line| ReceivedCookie::parse(line.as_bytes())).collect();
    cookies.retain(|cookie| !cookie.breaks_prefix);
    let mut known = HashSet::new();
    cookies.reverse();
    cookies.retain(|cookie| known.insert(cookie.identity()));
    cookies.reverse();
    cookies
        .retain(|cookie| !cookie.name.is_empty() && cookie.name != FOREIGN && !cookie.is_deletion);
    cookies
}

fn weaknesses(cookie: &ReceivedCookie<'_>, is_protected: bool) -> Vec<&'static str> {
    let is_session = cookie.is_named_like(&["login", "sess"]);
    let is_clear = !cookie.is_secure;
    let mut weak = Vec::new();
    let mut add = |is_weak: bool, id| weak.extend(is_weak.then_some(id));
    let is_open_none = is_clear && cookie.same_site == Some(SameSite::None);
    add(cookie.has_unknown_same_site || is_open_none, "cookies-samesite-flag-invalid");
    let is_forgeable = cookie.is_named_like(&["csrf"]) && cookie.same_site.is_none();
    add(is_forgeable, "cookies-anticsrf-without-samesite-flag");
    if is_protected {
        add(is_clear, "cookies-without-secure-flag-but-protected-by-hsts");
        let id = "cookies-session-without-secure-flag-but-protected-by-hsts";
        add(is_clear && is_session, id);
    } else {
        add(is_clear, "cookies-without-secure-flag");
        add(is_clear && is_session, "cookies-session-without-secure-flag");
    }
    add(is_session && !cookie.is_http_only, "cookies-session-without-httponly-flag");
    weak
}
