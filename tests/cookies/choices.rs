//! Tests the options of a policy for a scope that the prefix does not allow, for requests over
//! http, and for misplaced attributes.

use ScopeAction::{DowngradeToSecure, Drop, PassThrough, Rewrite};
use http::header;
use tower_hardening::{
    HostCookies,
    connection::{ConnectionInfo, Scheme},
    cookie::{CookiePrefix, ScopeAction},
};

use crate::{
    browser::{self, Jar},
    exchange::Apply,
    policy::{read, request, sent, sent_after, sid, text},
};

const SCOPED: [&str; 3] =
    ["sid=1; Domain=a.example", "sid=1; Path=/x", "sid=1; Domain=a.example; Path=/x"];
const REWRITTEN: &str = "__Host-sid=1; Path=/; Secure";

#[test]
fn a_scope_that_the_prefix_does_not_allow_is_handled_as_configured() {
    for (on_domain, on_path, expected) in [
        (Rewrite, Rewrite, [&["__Host-sid=1; Path=/; Secure"][..], &[REWRITTEN], &[REWRITTEN]]),
        (
            DowngradeToSecure,
            DowngradeToSecure,
            [
                &["__Secure-sid=1; Domain=a.example; Secure"],
                &["__Secure-sid=1; Path=/x; Secure"],
                &["__Secure-sid=1; Domain=a.example; Path=/x; Secure"],
            ],
        ),
        (PassThrough, PassThrough, [&[SCOPED[0]], &[SCOPED[1]], &[SCOPED[2]]]),
        (Drop, Drop, [&[], &[], &[]]),
        // The later of the two choices applies, and each rewrites its own attribute.
        (
            DowngradeToSecure,
            Rewrite,
            [
                &["__Secure-sid=1; Domain=a.example; Secure"],
                &[REWRITTEN],
                &["__Secure-sid=1; Domain=a.example; Path=/; Secure"],
            ],
        ),
        (
            Rewrite,
            DowngradeToSecure,
            [
                &[REWRITTEN],
                &["__Secure-sid=1; Path=/x; Secure"],
                &["__Secure-sid=1; Path=/x; Secure"],
            ],
        ),
        (PassThrough, Drop, [&[SCOPED[0]], &[], &[]]),
        (Drop, DowngradeToSecure, [&[], &["__Secure-sid=1; Path=/x; Secure"], &[]]),
    ] {
        let policy = sid().domain_attribute(on_domain).path_attribute(on_path);
        for (line, expected) in SCOPED.iter().zip(expected) {
            assert_eq!(sent(&policy, &[line]), expected, "{on_domain} {on_path}: {line}");
        }
        for line in ["sid=1", "sid=1; Path=/", "sid=1; Domain=; path= / ", "sid=1; Path=/x; Path=/"]
        {
            let line = sent(&policy, &[line]).remove(0);
            let stored = browser::store(line.as_bytes(), true, "a.example").unwrap();
            assert_eq!(stored.name, b"__Host-sid", "{on_domain} {on_path}: {line}");
        }
        // A prefix that allows both attributes has no conflict.
        let secure = policy.prefix(CookiePrefix::Secure);
        assert_eq!(
            sent(&secure, &[SCOPED[2]]),
            ["__Secure-sid=1; Domain=a.example; Path=/x; Secure"]
        );
    }
}

#[test]
fn a_cookie_downgraded_to_secure_is_read_and_deleted_and_loses_to_the_stronger_prefix() {
    let policy = sid().domain_attribute(DowngradeToSecure);
    let mut jar = Jar::default();
    for line in sent(&policy, &[SCOPED[0]]) {
        assert!(jar.receive(line.as_bytes()), "{line}");
    }
    assert_eq!(read(&policy, &[jar.line()]), ["sid=1"]);
    for line in sent(&policy, &["sid=; Domain=a.example; Max-Age=0"]) {
        assert!(jar.receive(line.as_bytes()), "{line}");
    }
    assert_eq!(jar.line(), b"");

    for (lines, expected) in [
        (&["__Secure-sid=1"][..], &["sid=1"][..]),
        (&["__Secure-sid=weak; __Host-sid=strong"], &["sid=strong"]),
        (&["__Host-sid=strong; __Secure-sid=weak"], &["sid=strong"]),
        (&["__Secure-sid=weak", "a=1", "__Host-sid=strong"], &["a=1", "sid=strong"]),
        (&["__Secure-sid=1; __Secure-sid=2"], &["sid=1"]),
        (&["sid=evil; __secure-sid=evil; __Secure-SID=evil; __Secure-si%64=evil"], &[]),
        (&["__Secure-sid=1; __HOST-sid=evil; sid=evil"], &["sid=1"]),
        (&["__Secure-other=1"], &["__Secure-other=1"]),
    ] {
        assert_eq!(read(&policy, lines), expected, "{lines:?}");
    }
    // A sibling domain can plant such a cookie, with a value in which a parser finds a guarded name.
    assert_eq!(read(&policy, &["__Secure-sid=1 sid=evil"]), [""; 0]);
    assert_eq!(read(&policy, &["__Host-sid=1 sid=2"]), ["sid=1 sid=2"]);
    // By default the policy does not accept it.
    assert_eq!(read(&sid(), &["__Secure-sid=1"]), [""; 0]);
    let open = HostCookies::new(["app_*"]).unwrap().path_attribute(DowngradeToSecure);
    assert_eq!(
        read(&open, &["__Secure-app_a=weak; __Secure-app_b=1; __Host-app_a=strong"]),
        ["app_b=1; app_a=strong"]
    );
}

#[test]
fn attributes_keep_their_order_and_their_bytes() {
    for (line, expected) in [
        // Attributes that browsers ignore, and unknown attributes.
        ("sid=1; Max-Age=1h", "__Host-sid=1; Max-Age=1h; Path=/; Secure"),
        ("sid=1; Expires=never; Max-Age", "__Host-sid=1; Expires=never; Max-Age; Path=/; Secure"),
        (
            "sid=1; Priority=High;foo=bar ;; Future;=x; SameSite=wrong",
            "__Host-sid=1; Priority=High;foo=bar ;; Future;=x; SameSite=wrong; Path=/; Secure",
        ),
        (
            "sid=1;secure=false;  HTTPONLY = x ;path=/; Partitioned",
            "__Host-sid=1;secure=false;  HTTPONLY = x ;path=/; Partitioned",
        ),
        (
            "sid=1; Domain=a.example; Max-Age=1h; path=/app; Expires=never; Path=/; x",
            "__Host-sid=1; Max-Age=1h; Path=/; Expires=never; x; Secure",
        ),
        // White space around the name and the value is kept too.
        (" sid = a b  ; Secure;Path=/", "__Host-sid = a b  ; Secure;Path=/"),
        ("sid=\"a\\\"; Secure;Path=/", "__Host-sid=\"a\\\"; Secure;Path=/"),
    ] {
        assert_eq!(sent(&sid(), &[line]), [expected], "{line}");
    }
}

#[test]
fn a_guarded_cookie_keeps_its_bytes_and_other_non_ascii_cookies_are_dropped() {
    for value in [&b"\xFC"[..], b"\xE2\x82\xAC", b"a\xFFb", b"\x80"] {
        let wire = [b"a=1; __Host-sid=", value, b"; b=2"].concat();
        let latin1: String = value.iter().copied().map(char::from).collect();
        assert_eq!(read(&sid(), &[&wire]), [format!("a=1; sid={latin1}; b=2")]);
        let neighbour = [b"a=", value, b"; __Host-sid=1; b=2"].concat();
        assert_eq!(read(&sid(), &[neighbour]), ["sid=1; b=2"]);
        // With `reject_ambiguous`, neither is passed on.
        assert_eq!(read(&sid().reject_ambiguous(), &[&wire]), ["a=1; b=2"]);
    }
}

/// Returns the cookies that the application reads, and `true` if duplicates were reported.
fn read_over(policy: &HostCookies, known: Option<ConnectionInfo>, line: &str) -> Vec<String> {
    let mut request = request(&[line]);
    request.extensions_mut().extend(
        known
            .map(|known| {
                let mut extensions = http::Extensions::new();
                extensions.insert(known);
                extensions
            })
            .unwrap_or_default(),
    );
    policy.on_request(&mut request);
    text(request.headers(), &header::COOKIE)
}

#[test]
fn over_http_neither_a_guarded_cookie_nor_a_plain_one_is_accepted() {
    let line = "sid=evil; __Host-sid=1; a=1";
    let http = || ConnectionInfo::new(Scheme::Http);
    let at = |host: &str| Some(http().with_host(host.parse().unwrap()));
    for known in [Some(http()), at("a.example"), at("192.0.2.1"), at("onion.example"), at("xonion")]
    {
        assert_eq!(read_over(&sid(), known.clone(), line), ["a=1"], "{known:?}");
        assert_eq!(read_over(&sid().accept_over_http(), known.clone(), line), ["sid=1; a=1"]);
        assert_eq!(read_over(&sid().accept_over_http(), known, "sid=evil"), [""; 0]);
    }
    // Hosts to which browsers send the cookie over http, and an unknown scheme.
    for known in [
        at("localhost"),
        at("x.localhost:80"),
        at("127.0.0.1"),
        at("[::1]:3000"),
        at("abc.onion"),
        at("abc.i2p"),
    ] {
        assert_eq!(read_over(&sid(), known.clone(), line), ["sid=1; a=1"], "{known:?}");
        assert_eq!(read_over(&sid(), known, "sid=evil"), [""; 0]);
    }
    for scheme in [Scheme::Https, Scheme::Unknown] {
        let known = Some(ConnectionInfo::new(scheme));
        assert_eq!(read_over(&sid(), known, line), ["sid=1; a=1"], "{scheme:?}");
    }
    assert_eq!(read_over(&sid(), None, line), ["sid=1; a=1"]);
    // Without a layer that decides the host, there is none.
    let mut request = request(&[line]);
    request.headers_mut().insert("host", "localhost".parse().unwrap());
    request.extensions_mut().insert(http());
    sid().on_request(&mut request);
    assert_eq!(text(request.headers(), &header::COOKIE), ["a=1"]);
}

#[test]
fn no_scheme_that_a_client_names_lets_a_plain_cookie_in() {
    for (name, value) in [
        ("x-forwarded-proto", "http"),
        ("forwarded", "proto=http"),
        ("x-forwarded-ssl", "off"),
        ("front-end-https", "off"),
        ("origin", "http://a.example"),
    ] {
        let mut request = request(&["sid=evil; a=1"]);
        request.headers_mut().insert(name, value.parse().unwrap());
        let exchange = sid().on_request(&mut request);
        assert_eq!(text(request.headers(), &header::COOKIE), ["a=1"], "{name}");
        assert_eq!(sent_after(&sid(), exchange, &["sid=1"]).len(), 1);
    }
}
