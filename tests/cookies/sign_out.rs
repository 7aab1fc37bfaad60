//! A sign-out deletes what a browser has: hosts, domains and paths as RFC 6265 stores them.

use std::time::{Duration, SystemTime};

use http::header;
use tower_hardening::{
    HostCookies,
    cookie::{LegacyCookies, ScopeAction},
};

use crate::{
    browser::{Expiry, store},
    exchange::Apply,
    policy::{request, sent, sent_after, text},
};

const HOST: &str = "app.a.example";

/// Represents a browser's store with the paths of sections 5.1.4 and 5.3, over https.
#[derive(Default)]
struct Browser(Vec<Stored>);

/// Name, value, domain, path and partition.
type Stored = (String, String, Option<Vec<u8>>, String, bool);

impl Browser {
    /// Stores or deletes the cookie of a line in a response to `path`.
    fn receive(&mut self, path: &str, line: &str) {
        let Some(cookie) = store(line.as_bytes(), true, HOST) else { return };
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let at = cookie.path.map_or_else(|| default_path(path), text);
        let stored = (text(cookie.name), text(cookie.value), cookie.domain, at, cookie.partitioned);
        self.0.retain(|old| {
            (&old.0, &old.2, &old.3, old.4) != (&stored.0, &stored.2, &stored.3, stored.4)
        });
        if cookie.expiry != Expiry::Past {
            self.0.push(stored);
        }
    }

    /// Returns the `Cookie` line of a request for `path`.
    fn line(&self, path: &str) -> String {
        let mut sent: Vec<&Stored> =
            self.0.iter().filter(|one| matches_path(path, &one.3)).collect();
        sent.sort_by_key(|one| std::cmp::Reverse(one.3.len()));
        let pairs: Vec<String> = sent.iter().map(|one| format!("{}={}", one.0, one.1)).collect();
        pairs.join("; ")
    }

    /// Asks for `path` from an application under the guard, which sets these
    /// lines. Returns the cookies that the application read, and whether one of
    /// them was a plain one.
    fn visit(&mut self, policy: &HostCookies, path: &str, lines: &[&str]) -> (String, bool) {
        let line = self.line(path);
        let wire: Vec<&str> =
            Some(line.as_str()).into_iter().filter(|line| !line.is_empty()).collect();
        let mut request = request(&wire);
        let exchange = policy.on_request(&mut request);
        let read = text(request.headers(), &header::COOKIE).join("; ");
        let is_legacy = request.extensions().get::<LegacyCookies>().is_some();
        for line in sent_after(policy, exchange, lines) {
            self.receive(path, &line);
        }
        (read, is_legacy)
    }
}

/// RFC 6265 section 5.1.4.
fn default_path(path: &str) -> String {
    match path.rfind('/') {
        Some(0) | None => "/".to_owned(),
        Some(at) => path[..at].to_owned(),
    }
}

fn matches_path(request: &str, cookie: &str) -> bool {
    match request.strip_prefix(cookie) {
        Some(rest) => rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'),
        None => false,
    }
}

fn migrating() -> HostCookies {
    let policy = HostCookies::new(["sid"]).unwrap();
    policy.migrate_until(SystemTime::now() + Duration::from_secs(3600))
}

const GONE: &str = "sid=; Max-Age=0";

#[test]
fn a_plain_cookie_at_the_default_path_is_not_accepted_again_after_a_sign_out() {
    for old in ["sid=old", "sid=old; Path=/", "sid=old; Path=/account", "sid=old; Path=x"] {
        for sign_out in [GONE, "sid=; Max-Age=0; Path=/", "sid=; Max-Age=0; Path=/account"] {
            let mut browser = Browser::default();
            browser.receive("/account/sign-in", old);
            let policy = migrating();
            assert_eq!(browser.visit(&policy, "/account/home", &[]), ("sid=old".to_owned(), true));
            browser.visit(&policy, "/account/sign-out", &[sign_out]);
            let after = browser.visit(&policy, "/account/home", &[]);
            assert_eq!(after, (String::new(), false), "{old}: {sign_out}");
        }
    }
}

#[test]
fn a_new_session_leaves_no_plain_cookie_that_a_later_sign_out_would_bring_back() {
    let policy = migrating();
    for new in ["sid=new", "sid=new; Path=/", "sid=new; Path=/account"] {
        let mut browser = Browser::default();
        browser.receive("/account/sign-in", "sid=old");
        browser.receive("/", "sid=root");
        browser.visit(&policy, "/account/sign-in", &[new]);
        assert_eq!(browser.line("/account/home"), "__Host-sid=new", "{new}");
        browser.visit(&policy, "/elsewhere/sign-out", &[GONE]);
        assert_eq!(browser.visit(&policy, "/account/home", &[]).0, "", "{new}");
    }
}

#[test]
fn a_deletion_with_a_domain_that_is_not_a_legacy_domain_deletes_that_cookie() {
    for (old, sign_out) in [
        ("sid=old; Domain=a.example", "sid=; Max-Age=0; Domain=a.example"),
        ("sid=old; Domain=a.example; Path=/", "sid=; Max-Age=0; Domain=.A.Example"),
        ("sid=old; Domain=app.a.example", "sid=; Max-Age=0; Domain=app.a.example; Path=/account"),
    ] {
        for policy in [migrating(), migrating().legacy_domain("b.example").unwrap()] {
            let mut browser = Browser::default();
            browser.receive("/account/sign-in", old);
            browser.receive("/account/sign-in", "sid=host");
            browser.visit(&policy, "/account/sign-out", &[sign_out]);
            assert_eq!(browser.line("/account/home"), "", "{old}: {sign_out}");
        }
    }
    // A domain that is a legacy one is named once.
    let policy = migrating().legacy_domain("a.example").unwrap();
    let lines = sent(&policy, &["sid=; Max-Age=0; Domain=A.example"]);
    assert_eq!(lines.iter().filter(|line| line.contains("Domain=")).count(), 2, "{lines:?}");
}

#[test]
fn a_partitioned_sign_out_deletes_both_jars() {
    let policy = migrating();
    let mut browser = Browser::default();
    browser.receive("/a/b", "sid=old");
    browser.receive("/a/b", "sid=old; Secure; Partitioned");
    browser.visit(&policy, "/a/c", &["sid=; Max-Age=0; Partitioned"]);
    assert_eq!(browser.line("/a/d"), "");
}

#[test]
fn a_cookie_that_was_sent_as_a_secure_one_is_deleted_without_a_path() {
    let policy = |domain, path| {
        let policy = HostCookies::new(["sid", "app_*"]).unwrap();
        policy.domain_attribute(domain).path_attribute(path)
    };
    let (rewrite, downgrade) = (ScopeAction::Rewrite, ScopeAction::DowngradeToSecure);
    for (policy, set, sign_out) in [
        (policy(rewrite, downgrade), "sid=1; Path=/account", GONE),
        (policy(downgrade, downgrade), "sid=1; Path=/account", GONE),
        (policy(rewrite, downgrade), "app_x=1; Path=/account", "app_x=; Max-Age=0"),
        (
            policy(rewrite, downgrade),
            "sid=1; Domain=a.example; Path=/account",
            "sid=; Max-Age=0; Domain=a.example",
        ),
        (
            policy(downgrade, rewrite),
            "sid=1; Domain=a.example; Path=/account",
            "sid=; Max-Age=0; Domain=a.example",
        ),
        (
            policy(downgrade, downgrade),
            "sid=1; Domain=a.example; Path=/account",
            "sid=; Max-Age=0; Domain=a.example",
        ),
        (
            policy(downgrade, rewrite),
            "sid=1; Domain=a.example",
            "sid=; Max-Age=0; Domain=a.example",
        ),
    ] {
        let mut browser = Browser::default();
        browser.visit(&policy, "/account/sign-in", &[set]);
        assert!(browser.line("/account/x").starts_with("__Secure-"), "{set}");
        browser.visit(&policy, "/account/sign-out", &[sign_out]);
        assert_eq!(browser.line("/account/x"), "", "{set}: {sign_out}");
    }
}

#[test]
fn a_cookie_that_is_set_expires_no_secure_one() {
    let policy = HostCookies::new(["sid"]).unwrap().path_attribute(ScopeAction::DowngradeToSecure);
    for line in ["sid=1", "sid=1; Max-Age=60", "sid=1; Path=/x", "sid=; Max-Age=0; Path=/x"] {
        assert_eq!(sent(&policy, &[line]).len(), 1, "{line}");
    }
}
