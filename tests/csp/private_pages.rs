//! A page with a nonce is private: no shared cache keeps it.

use http::{Request, Response, header};
use tower::Layer;
use tower_hardening::{
    CspLayer, Hardening, HardeningLayer,
    header::{CacheControl, StaticHeader},
};

use super::{
    browser::line,
    nonces::{POLICY, nonces, page},
    service::{Handler, ask, call},
};

/// Returns the `Cache-Control` lines of a page, whether or not it read its nonce.
fn cached(lines: &'static [&'static str], read: bool) -> Vec<String> {
    let answer = move |request| {
        let mut response = if read { page(request) } else { Response::default() };
        for line in lines {
            response.headers_mut().append(header::CACHE_CONTROL, line.parse().unwrap());
        }
        response
    };
    let mut one = Vec::new();
    for response in [
        ask(&CspLayer::new(POLICY), answer),
        ask(&HardeningLayer::new(Hardening::empty().with(POLICY)), answer),
    ] {
        let lines = response.headers().get_all(header::CACHE_CONTROL).iter();
        one.push(lines.map(|line| line.to_str().unwrap().to_owned()).collect::<Vec<_>>());
    }
    assert_eq!(one[0], one[1]);
    one.remove(0)
}

#[test]
fn adv_026_a_page_with_a_nonce_is_private_to_its_reader() {
    let cases: [(&[&str], &[&str]); 16] = [
        (&[], &["private"]),
        (&["max-age=60"], &["private, max-age=60"]),
        (&["public, max-age=60"], &["private, max-age=60"]),
        (&["PUBLIC", "S-MaxAge=60, max-age=1"], &["private, max-age=1"]),
        (&["s-maxage=60"], &["private"]),
        (&["no-cache"], &["private, no-cache"]),
        (&["private=\"set-cookie\", max-age=1"], &["private, max-age=1"]),
        (&["private, max-age=60"], &["private, max-age=60"]),
        (&["No-Store"], &["No-Store"]),
        (&["max-age=1", "Private"], &["max-age=1", "Private"]),
        (&["public", "max-age=60", "s-maxage=60"], &["private, max-age=60"]),
        (&["private", "private", "private", "public"], &["private, private, private"]),
        // A comma in a quoted string does not end a member, and the string contains no directive.
        (&["private=\"a, public\", max-age=1"], &["private, max-age=1"]),
        (&["x=\"a, private\", max-age=1"], &["private, x=\"a, private\", max-age=1"]),
        (&["x=\"a\\\", public, private\", y"], &["private, x=\"a\\\", public, private\", y"]),
        (&["x=\"public\", private, public=\"y, z\""], &["x=\"public\", private"]),
    ];
    for (said, expected) in cases {
        assert_eq!(cached(said, true), expected, "{said:?}");
        // Without a read of the nonce, nothing is changed.
        assert_eq!(cached(said, false), said, "{said:?}");
    }
}

/// Shared caches read these in place of `Cache-Control` (RFC 9213 section 2.1).
const TARGETED: [&str; 9] = [
    "cdn-cache-control",
    "cloudflare-cdn-cache-control",
    "vercel-cdn-cache-control",
    "netlify-cdn-cache-control",
    "any-other-cache-control",
    "akamai-cache-control",
    "edge-control",
    "surrogate-control",
    "x-accel-expires",
];

#[test]
fn a_page_with_a_nonce_has_no_header_that_shared_caches_read_in_place_of_cache_control() {
    let with_targeted = |mut response: Response<String>| {
        for name in TARGETED {
            for value in ["public, max-age=60", "60"] {
                response.headers_mut().append(name, value.parse().unwrap());
            }
        }
        response.headers_mut().insert("x-cache-control-note", "stays".parse().unwrap());
        response
    };
    let own = Hardening::empty()
        .with(StaticHeader::new("cdn-cache-control", "max-age=60").unwrap())
        .with(POLICY);
    let is_targeted = |name: &http::HeaderName| TARGETED.contains(&name.as_str());
    for policies in [Hardening::empty().with(POLICY), own] {
        let layer = HardeningLayer::new(policies);
        let read = ask(&layer, move |request| with_targeted(page(request)));
        assert!(!read.headers().keys().any(is_targeted), "{:?}", read.headers());
        assert_eq!(read.headers()["cache-control"], "private");
        assert_eq!(read.headers()["x-cache-control-note"], "stays");
        let unread = ask(&layer, move |_| with_targeted(Response::default()));
        assert_eq!(unread.headers().keys().filter(|name| is_targeted(name)).count(), 9);
    }
    let alone = ask(&CspLayer::new(POLICY), move |request| with_targeted(page(request)));
    assert!(!alone.headers().keys().any(is_targeted), "{:?}", alone.headers());
}

#[test]
fn adv_026_a_page_is_not_public_and_private_together() {
    for said in [&["public, private"][..], &["private", "public, s-maxage=9"]] {
        let lines = cached(said, true).join(", ");
        assert!(lines.contains("private"), "{lines}");
        assert!(!lines.contains("public") && !lines.contains("s-maxage"), "{lines}");
    }
}

#[test]
fn adv_026_a_page_that_a_cache_inside_kept_has_no_nonce_in_its_header() {
    let kept = std::sync::Mutex::new(None);
    let cache = Handler::new(move |request| {
        let mut kept = kept.lock().unwrap();
        let page: &Response<String> = kept.get_or_insert_with(|| page(request));
        page.clone()
    });
    let mut service = CspLayer::new(POLICY).layer(cache);
    let first = call(&mut service, Request::new(()));
    let second = call(&mut service, Request::new(()));
    assert_eq!(first.body(), second.body());
    assert_eq!(nonces(line(first.headers())), [first.body()]);
    assert_eq!(line(second.headers()), "default-src 'none'; script-src 'none'");
}

#[test]
fn adv_026_a_cache_control_of_the_policies_themselves_is_made_private() {
    for (own, sent) in [("no-store", "no-store"), ("public, max-age=60", "private, max-age=60")] {
        let own = own.parse::<CacheControl>().unwrap();
        let response = ask(&HardeningLayer::new(Hardening::empty().with(POLICY).with(own)), page);
        let lines = response.headers().get_all(header::CACHE_CONTROL).iter();
        assert_eq!(lines.collect::<Vec<_>>(), [sent]);
    }
}
