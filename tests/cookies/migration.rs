//! Tests migration from plain names to guarded ones, until an end date.
//!

use std::time::{Duration, SystemTime};

use http::header;
use tower_hardening::{HostCookies, cookie::LegacyCookies, service::Exchange};

use crate::{
    browser::Jar,
    exchange::Apply,
    policy::{read, request, sent, sent_after, sid, text},
};

const ROOT: &str = "sid=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
/// For the default path of the request.
const DEFAULT: &str = "sid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";

fn migrating() -> HostCookies {
    HostCookies::new(["sid", "remember", "app_*"])
        .unwrap()
        .migrate_until(SystemTime::now() + Duration::from_secs(3600))
}

/// Returns the cookies that the application reads, and the plain names that are reported to it.
fn legacy(policy: &HostCookies, lines: &[&str]) -> (Exchange, Vec<String>, Vec<&'static str>) {
    let mut request = request(lines);
    let exchange = policy.on_request(&mut request);
    let marked = request.extensions().get::<LegacyCookies>();
    let names = ["sid", "remember", "app_", "app_x", "__Host-sid", "theme"];
    let names = names.into_iter().filter(|name| marked.is_some_and(|all| all.contains(name)));
    (exchange, text(request.headers(), &header::COOKIE), names.collect())
}

#[test]
fn a_plain_name_without_a_guarded_cookie_is_accepted_and_reported() {
    for (lines, expected, marked) in [
        (&["sid=old"][..], &["sid=old"][..], &["sid"][..]),
        (&["theme=1; sid=old"], &["theme=1; sid=old"], &["sid"]),
        (&["sid=old", "remember=me"], &["sid=old", "remember=me"], &["sid", "remember"]),
        (&["sid=old; __Host-remember=new"], &["sid=old; remember=new"], &["sid"]),
        // A cookie with the prefix wins in any position.
        (&["sid=old; __Host-sid=new"], &["sid=new"], &[]),
        (&["sid=old", "theme=1", "__Host-sid=new"], &["theme=1", "sid=new"], &[]),
        (&["__Host-sid=new", "sid=old"], &["sid=new"], &[]),
        // A forged cookie does not win, and is still not accepted.
        (&["sid=old; __HOST-sid=evil"], &["sid=old"], &["sid"]),
        (&["__HOST-sid=evil"], &[], &[]),
        (&["SID=evil; %73id=evil; \"sid\"=evil; $sid=evil; =sid=evil"], &[], &[]),
        // The first of several is accepted.
        (&["sid=old; sid=evil"], &["sid=old"], &["sid"]),
        (&["sid=old", "sid=evil"], &["sid=old"], &["sid"]),
        // Names with a star do not migrate.
        (&["app_x=old"], &[], &[]),
        (&["theme=1"], &["theme=1"], &[]),
    ] {
        let (_, read, names) = legacy(&migrating(), lines);
        assert_eq!(
            (read.as_slice(), names.as_slice()),
            (&owned(expected)[..], marked),
            "{lines:?}"
        );
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn the_plain_cookie_is_expired_when_the_guarded_one_is_set_or_deleted() {
    let policy = migrating();
    for (lines, expected) in [
        (
            &["sid=new; HttpOnly"][..],
            &["__Host-sid=new; HttpOnly; Path=/; Secure", ROOT, DEFAULT][..],
        ),
        // Also at the path that it has, and behind the lines of the application.
        (
            &["sid=new; Path=/app", "theme=1"],
            &[
                "__Host-sid=new; Path=/; Secure",
                "theme=1",
                "sid=; Path=/app; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                ROOT,
                DEFAULT,
            ],
        ),
        (
            &["sid=new; Partitioned"],
            &[
                "__Host-sid=new; Partitioned; Path=/; Secure",
                ROOT,
                "sid=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; Partitioned",
                DEFAULT,
                "sid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; Partitioned",
            ],
        ),
        (&["theme=1"], &["theme=1"]),
        // The other cookie had its prefix.
        (&["remember=me"], &["__Host-remember=me; Path=/; Secure"]),
        (&["sid=; Max-Age=0"], &["__Host-sid=; Max-Age=0; Path=/; Secure", ROOT, DEFAULT]),
    ] {
        let (exchange, ..) = legacy(&policy, &["sid=old"]);
        assert_eq!(sent_after(&policy, exchange, lines), expected, "{lines:?}");
    }
}

#[test]
fn a_deletion_expires_the_plain_cookie_whatever_the_request_had() {
    for deletion in [
        "sid=; Max-Age=0",
        "sid=; Max-Age=-1",
        "sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "sid=; Expires=Thu, 01-Jan-1970 00:00:01 GMT",
        "sid=; Max-Age=0; Expires=Thu, 01 Jan 2099 00:00:00 GMT",
    ] {
        let lines = sent(&migrating(), &[deletion]);
        assert_eq!(lines[1..], [ROOT, DEFAULT], "{deletion}");
    }
    for kept in [
        "sid=1",
        "sid=1; Max-Age=60",
        "sid=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "sid=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT",
        "theme=; Max-Age=0",
        "app_x=; Max-Age=0",
    ] {
        assert_eq!(sent(&migrating(), &[kept]).len(), 1, "{kept}");
    }
}

#[test]
fn plain_cookies_of_old_domains_are_expired_as_well_host_only_first() {
    let policy = migrating().legacy_domain("a.example").unwrap().legacy_domain(".Example").unwrap();
    let epoch = "Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    assert_eq!(
        sent(&policy, &["sid=; Max-Age=0; Path=/app"]),
        [
            "__Host-sid=; Max-Age=0; Path=/; Secure".to_owned(),
            format!("sid=; Path=/app; {epoch}"),
            format!("sid=; Path=/; {epoch}"),
            format!("sid=; {epoch}"),
            format!("sid=; Path=/app; Domain=a.example; {epoch}"),
            format!("sid=; Path=/; Domain=a.example; {epoch}"),
            format!("sid=; Domain=a.example; {epoch}"),
            format!("sid=; Path=/app; Domain=example; {epoch}"),
            format!("sid=; Path=/; Domain=example; {epoch}"),
            format!("sid=; Domain=example; {epoch}"),
        ]
    );
    for bad in ["", "a b", "a.example; Secure", "https://a.example", "a.example/x"] {
        assert!(migrating().legacy_domain(bad).is_err(), "{bad:?}");
    }
    // The order of the two calls does not matter.
    let until = SystemTime::now() + Duration::from_secs(60);
    let first = sid().legacy_domain("a.example").unwrap().migrate_until(until);
    assert_eq!(first, sid().migrate_until(until).legacy_domain("a.example").unwrap());
}

#[test]
fn after_the_date_plain_names_are_dropped_as_without_a_migration() {
    let policy = sid().migrate_until(SystemTime::now() - Duration::from_secs(1));
    for lines in [&["sid=old"][..], &["theme=1; sid=old"], &["sid=old", "__Host-sid=new"]] {
        let (exchange, after, marked) = legacy(&policy, lines);
        assert_eq!((after, marked), (read(&sid(), lines), vec![]), "{lines:?}");
        assert_eq!(sent_after(&policy, exchange, &["sid=1"]), ["__Host-sid=1; Path=/; Secure"]);
    }
    let never = sid().legacy_domain("a.example").unwrap();
    assert_eq!(legacy(&never, &["sid=old"]).1, [""; 0]);
}

#[test]
fn a_browser_ends_with_the_guarded_cookie_alone() {
    let policy = migrating().legacy_domain("a.example").unwrap();
    let mut jar = Jar::default();
    for old in ["sid=old", "sid=old; Path=/", "sid=old; Domain=a.example; Path=/"] {
        assert!(jar.receive(old.as_bytes()));
    }
    let line = jar.line();
    assert_eq!(line, b"sid=old; sid=old; sid=old");
    let mut request = request(&[line]);
    let exchange = policy.on_request(&mut request);
    assert_eq!(text(request.headers(), &header::COOKIE), ["sid=old"]);
    for line in sent_after(&policy, exchange, &["sid=new; Path=/"]) {
        assert!(jar.receive(line.as_bytes()), "{line}");
    }
    assert_eq!(jar.line(), b"__Host-sid=new");
    assert_eq!(read(&policy, &[jar.line()]), ["sid=new"]);
}

#[test]
fn a_lint_reports_a_migration() {
    let lints = |policy: HostCookies| tower_hardening::Hardening::empty().with(policy).lints();
    assert!(lints(migrating()).iter().any(|lint| lint.id() == "cookies-migrating"));
    assert!(lints(sid()).iter().all(|lint| !lint.id().starts_with("cookies-")));
}

#[test]
fn a_full_header_map_makes_room_for_every_line_that_expires_a_cookie() {
    let policy = migrating().legacy_domain("a.example").unwrap();
    let after = |count: usize| {
        let mut headers = http::HeaderMap::new();
        for line in ["sid=1", "remember=; Max-Age=0"] {
            headers.append(header::SET_COOKIE, line.parse().unwrap());
        }
        for index in 0..count {
            let name = http::HeaderName::try_from(format!("x-{index}")).unwrap();
            if headers.try_insert(name, http::HeaderValue::from_static("")).is_err() {
                break;
            }
        }
        policy.on_response(policy.idle(), &mut headers);
        headers
    };
    let (few, full) = (after(1), after(usize::MAX));
    assert!(few.get_all(header::SET_COOKIE).iter().count() > 5);
    let lines = |headers: &http::HeaderMap| text(headers, &header::SET_COOKIE);
    assert_eq!(lines(&full), lines(&few));
    assert!(full.contains_key("x-24000"));
}
