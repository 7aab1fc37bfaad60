//! Tests faults that were found in this layer: each has a test.

use std::time::{Duration, SystemTime};

use http::{HeaderValue, Request, header};
use tower_hardening::{
    HostCookies,
    cookie::{CookiePrefix, ScopeAction},
};

use crate::{
    browser::{Expiry, store},
    exchange::Apply,
    policy::{read, request, sent, sent_after, sid, text},
};

#[test]
fn a_request_without_any_header_may_be_one_for_localhost() {
    // In HTTP/2 the host is in the URI.
    let policy = sid().dangerous_plain_on_localhost();
    let mut request = Request::builder().uri("http://localhost/").body(()).unwrap();
    let exchange = policy.on_request(&mut request);
    assert_eq!(sent_after(&policy, exchange, &["sid=1"]), ["sid=1"]);
}

#[test]
fn an_attribute_that_browsers_ignore_does_not_replace_an_effective_one() {
    for (line, expiry) in [
        ("sid=; Max-Age=0; Max-Age=", Expiry::Past),
        ("sid=; Max-Age=0; Max-Age=never", Expiry::Past),
        ("sid=1; Max-Age=60; Max-Age=1h", Expiry::MaxAge(60)),
        ("sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=never", Expiry::Past),
    ] {
        let before = store(line.as_bytes(), true, "a.example").unwrap().expiry;
        let sent = sent(&sid(), &[line]).remove(0);
        let after = store(sent.as_bytes(), true, "a.example").unwrap().expiry;
        assert_eq!((before, after), (expiry, expiry), "{line}: {sent}");
    }
}

#[test]
fn a_name_that_forms_a_longer_prefix_gets_the_attributes_of_that_prefix() {
    // Some are rejected when the policy is built.
    for (name, set) in
        [("Http-sid", "Http-sid=1"), ("Http*", "Http-x=1"), ("http-sid", "http-sid=1")]
    {
        let Ok(policy) = HostCookies::new([name]) else { continue };
        let sent = sent(&policy, &[set]).remove(0);
        assert!(store(sent.as_bytes(), true, "a.example").is_some(), "{sent}");
    }
}

#[test]
fn adv_077_each_attribute_is_there_once_under_every_prefix() {
    let line = "sid=1; Domain=a.example; Path=/a; Domain=b.a.example; Path=/b";
    for prefix in [CookiePrefix::Secure, CookiePrefix::Http] {
        let sent = sent(&sid().prefix(prefix), &[line]).remove(0);
        for name in ["; Domain=", "; Path="] {
            assert_eq!(sent.matches(name).count(), 1, "{sent}");
        }
    }
    let sent = sent(&sid().secure_other_cookies(), &["a=1; Path=/a; Path=/b"]).remove(0);
    assert_eq!(sent.matches("; Path=").count(), 1, "{sent}");
}

#[test]
fn adv_071_a_lone_quote_in_a_guarded_cookie_is_dropped_too_when_strict() {
    let policy = HostCookies::new(["app_*"]).unwrap().reject_ambiguous();
    let line = "__Host-app_lang=\"x; __Host-app_sid=1; b=y\"";
    assert_eq!(read(&policy, &[line]), ["app_sid=1"]);
}

#[test]
fn white_space_before_an_encoded_delimiter_hides_no_name() {
    for forged in
        ["sid%C2%A0%3Dx=evil", "__Host-sid%E2%80%80%3B=evil", "sid%22%3D=evil", "sid%A0%2C=evil"]
    {
        assert_eq!(read(&sid(), &[forged]), [""; 0], "{forged}");
    }
}

fn migrating() -> HostCookies {
    sid().migrate_until(SystemTime::now() + Duration::from_secs(60))
}

#[test]
fn every_past_date_marks_a_deletion() {
    for date in [
        "Sat, 01 Jan 2000 00:00:00 GMT",
        "Thu, 01-Jan-70 00:00:01 GMT",
        "Wed, 31 Dec 1969 23:59:59 GMT",
    ] {
        let line = format!("sid=; Expires={date}");
        assert_eq!(store(line.as_bytes(), true, "a.example").unwrap().expiry, Expiry::Past);
        // The guarded one, and the plain one at the root and at the default path.
        assert_eq!(sent(&migrating(), &[&line]).len(), 3, "{line}");
    }
    // A year in another position is not read as one.
    assert_eq!(
        sent(&migrating(), &["sid=1; Expires=Thu, 01 Jan 2099 19:70:00 GMT; Max-Age=1"]).len(),
        1
    );
    assert_eq!(sent(&migrating(), &["sid=1; Max-Age=-x"]).len(), 1);
}

#[test]
fn the_plain_cookie_is_expired_too_if_the_request_had_both() {
    // The plain cookie is expired if the request also had it.
    let policy = migrating();
    let mut request = request(&["sid=old; __Host-sid=new"]);
    let exchange = policy.on_request(&mut request);
    assert_eq!(text(request.headers(), &header::COOKIE), ["sid=new"]);
    assert_eq!(sent_after(&policy, exchange, &["sid=newer"]).len(), 3);
}

#[test]
fn after_the_date_nothing_is_expired() {
    // The plain cookie is expired until the date only, and `legacy_domain` alone starts no migration.
    let past = sid().migrate_until(SystemTime::now() - Duration::from_secs(1));
    for policy in [past, sid().legacy_domain("a.example").unwrap()] {
        assert_eq!(sent(&policy, &["sid=; Max-Age=0"]).len(), 1);
    }
}

#[test]
fn a_name_that_a_parser_might_decode_cannot_be_guarded() {
    let error = HostCookies::new(["a%41"]).unwrap_err().to_string();
    assert_eq!(
        error,
        "host cookies, byte 1: '%' is not allowed in a cookie's name; write letters, digits, '-' and '_'",
    );
}

/// Only the end of a name is a pattern (FOUND K6: a setting without effect speaks).
#[test]
fn a_star_inside_of_a_name_is_an_error_with_the_pattern_that_was_meant() {
    for (name, remedy) in [
        ("a*b", "'a*', or the whole name"),
        ("a*b*", "'a*', or the whole name"),
        ("*a", "the whole name"),
    ] {
        assert_eq!(
            HostCookies::new([name]).unwrap_err().problem(),
            format!("'*' matches only at the end of a name; write {remedy}"),
        );
    }
    assert!(HostCookies::new(["ab*"]).is_ok());
}

#[test]
fn no_part_of_a_name_may_be_a_guarded_name() {
    for forged in [
        "x,sid=evil",
        "x%3Bsid=evil",
        "x%5Dsid=evil",
        "sid[0]=evil",
        "sid[]=evil",
        "+sid=evil",
        "sid+=evil",
        "==sid=evil",
        "===__Host-sid=evil",
        "= =__Host-sid=evil",
    ] {
        assert_eq!(read(&sid(), &[forged]), [""; 0], "{forged}");
    }
}

#[test]
fn a_date_with_too_many_digits_is_not_a_date() {
    let none = "; Expires=Thu, 01 Jan 1970 00:00:99999999999999999999999";
    assert_eq!(sent(&migrating(), &[format!("sid=1{none}")]).len(), 1, "it deletes nothing");
    let line = format!("sid=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT{none}");
    let expected = "__Host-sid=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT; Path=/; Secure";
    assert_eq!(sent(&sid(), &[line]), [expected]);
}

#[test]
fn a_star_does_not_pass_on_a_name_that_is_not_a_token() {
    let policy = HostCookies::new(["app_*"]).unwrap();
    assert_eq!(
        read(&policy, &["__Host-app_\"x=1; __Host-app_\u{fc}=2; __Host-app_y=3"]),
        ["app_y=3"]
    );
}

#[test]
fn a_weaker_prefix_or_a_malformed_value_drops_a_plain_cookie_during_a_migration() {
    let policy = migrating().domain_attribute(ScopeAction::DowngradeToSecure);
    assert_eq!(read(&policy, &["sid=old; __Secure-sid=new"]), ["sid=new"]);
    assert_eq!(read(&migrating(), &["sid=\u{fc}; a=1"]), ["a=1"]);
}

#[test]
fn a_cookie_that_is_duplicated_between_two_layers_is_passed_on_once() {
    let policy = sid().allow_nested_layers();
    let mut request = request(&["__Host-sid=1"]);
    policy.on_request(&mut request);
    let doubled = HeaderValue::from_static("sid=1; sid=2");
    request.headers_mut().insert(header::COOKIE, doubled);
    policy.on_request(&mut request);
    assert_eq!(text(request.headers(), &header::COOKIE), ["sid=1"]);
}

#[test]
fn white_space_hides_no_guarded_name_in_a_line_without_a_name() {
    for line in ["\u{2000}__Host-sid", "=\u{a0}__Host-sid=evil", "=\t__Host-sid=evil", "=\t__Host-"]
    {
        assert_eq!(sent(&sid(), &[line]), [""; 0], "{line}");
    }
}

#[test]
fn an_invalid_path_expires_the_plain_cookie_at_the_root() {
    let line = sent(&migrating(), &["sid=; Max-Age=0; Path=app"]).remove(1);
    assert_eq!(line, "sid=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
}

#[test]
fn a_name_after_a_date_and_equals_signs_is_planted() {
    for equals in ["", "=", "==="] {
        let line = format!("a=Wed, 09-Jun-2027 10:18:14 GMT{equals}sid=evil");
        assert_eq!(read(&sid(), &[line]), [""; 0], "{equals}");
    }
}
