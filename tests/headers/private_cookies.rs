//! Tests that a response with a cookie is kept out of shared caches.

use http::{HeaderMap, HeaderValue, Response, StatusCode};
use tower_hardening::{
    HardeningLayer,
    cookie::PrivateCookiesLayer,
    header::{CacheControl, CacheControlLayer},
};

use super::answered;

/// Returns the headers of a response with these lines, through the layer.
fn sent(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut response = Response::new(());
    for (name, value) in lines {
        response.headers_mut().append(*name, HeaderValue::from_static(value));
    }
    answered(&PrivateCookiesLayer::new(), response).headers().clone()
}

fn all<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers.get_all(name).iter().map(|line| line.to_str().unwrap()).collect()
}

const COOKIE: (&str, &str) = ("set-cookie", "sid=1");

#[test]
fn adv_080_a_response_with_a_cookie_and_no_word_about_caches_is_private_and_varies() {
    for (cache, expected) in [
        ("public, max-age=60", "private, max-age=60"),
        ("s-maxage=9", "private"),
        ("private, s-maxage=9", "private"),
        ("max-age=60", "private, max-age=60"),
        ("private=\"x\", max-age=1", "private, max-age=1"),
    ] {
        let headers = sent(&[COOKIE, ("cache-control", cache), ("cdn-cache-control", "max-age=9")]);
        assert_eq!(all(&headers, "cache-control"), [expected]);
        assert_eq!(all(&headers, "vary"), ["cookie"], "{cache}");
        assert!(!headers.contains_key("cdn-cache-control"));
        assert_eq!(all(&headers, "set-cookie"), ["sid=1"]);
    }
    let headers = sent(&[COOKIE, ("set-cookie", "theme=dark")]);
    assert_eq!(all(&headers, "cache-control"), ["private"]);
    assert_eq!((all(&headers, "vary"), all(&headers, "set-cookie").len()), (vec!["cookie"], 2));
}

#[test]
fn adv_080_vary_is_appended_once_and_an_asterisk_stays() {
    for (vary, expected) in [
        (&["accept-encoding"][..], &["accept-encoding", "cookie"][..]),
        (&["accept-encoding, Cookie"], &["accept-encoding, Cookie"]),
        (&["origin", "COOKIE"], &["origin", "COOKIE"]),
        (&["*"], &["*"]),
        (&["x-cookie"], &["x-cookie", "cookie"]),
    ] {
        let mut lines = vec![COOKIE];
        lines.extend(vary.iter().map(|line| ("vary", *line)));
        let headers = sent(&lines);
        assert_eq!(all(&headers, "vary"), expected);
        // A second layer changes nothing.
        let mut again = Response::new(());
        *again.headers_mut() = headers.clone();
        assert_eq!(*answered(&PrivateCookiesLayer::new(), again).headers(), headers);
    }
}

#[test]
fn adv_080_a_private_response_and_one_without_a_cookie_stay_as_they_are() {
    for cache in ["private", "no-store", "Private, max-age=5", "max-age=0, NO-STORE"] {
        let headers = sent(&[COOKIE, ("cache-control", cache)]);
        assert_eq!(all(&headers, "cache-control"), [cache]);
        assert!(!headers.contains_key("vary"), "{cache}");
    }
    let headers = sent(&[("cache-control", "public, max-age=60"), ("cdn-cache-control", "a")]);
    assert_eq!(headers.len(), 2);
    assert_eq!(headers["cache-control"], "public, max-age=60");
    // A 1xx is not stored.
    let mut early = Response::new(());
    *early.status_mut() = StatusCode::EARLY_HINTS;
    early.headers_mut().insert("set-cookie", HeaderValue::from_static("sid=1"));
    assert_eq!(answered(&PrivateCookiesLayer::new(), early).headers().len(), 1);
}

#[test]
fn a_policy_of_a_layer_inside_or_outside_does_not_share_a_cookie() {
    let public: CacheControl = "public, max-age=60".parse().unwrap();
    let cookie = || {
        let mut response = Response::new(());
        response.headers_mut().insert("set-cookie", HeaderValue::from_static("sid=1"));
        response
    };
    let cache = CacheControlLayer::new(public);
    let inside = answered(&(PrivateCookiesLayer::new(), cache.clone()), cookie());
    assert_eq!(inside.headers()["cache-control"], "private, max-age=60");
    let outside = answered(&(cache, PrivateCookiesLayer::new()), cookie());
    assert_eq!(outside.headers()["cache-control"], "private");
    let composite = answered(&(HardeningLayer::default(), PrivateCookiesLayer::new()), cookie());
    assert_eq!(composite.headers()["cache-control"], "private");
}
