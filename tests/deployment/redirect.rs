//! Tests the redirect from http to https: its target, and the requests that are exempt.

use http::{Method, Request, Response};
use tower::layer::util::Stack;
use tower_hardening::{
    Hardening, HardeningLayer, Origin,
    connection::{ConnectionInfo, ConnectionInfoLayer, Scheme},
    hosts::{AllowedHosts, AllowedHostsLayer, HttpsRedirect, HttpsRedirectLayer},
};

use crate::ask::{ask, ask_for};

fn site() -> Origin {
    "https://example.tld".parse().unwrap()
}

fn known(scheme: Scheme, host: &str, uri: &str) -> Request<()> {
    let mut request = Request::new(());
    *request.uri_mut() = uri.parse().unwrap();
    let known = ConnectionInfo::new(scheme);
    let known = match host {
        "" => known,
        host => known.with_host(host.parse().unwrap()),
    };
    request.extensions_mut().insert(known);
    request
}

/// Status and `Location`; 200 is the application's.
fn asked(redirect: &HttpsRedirect, request: Request<()>) -> (u16, String) {
    let response = ask(&HttpsRedirectLayer::new(redirect.clone()), request);
    let location = response.headers().get("location").map(|value| value.to_str().unwrap());
    assert_eq!(response.headers().len(), usize::from(location.is_some()));
    (response.status().as_u16(), location.unwrap_or_default().to_owned())
}

fn goes(redirect: &HttpsRedirect, host: &str, uri: &str) -> (u16, String) {
    asked(redirect, known(Scheme::Http, host, uri))
}

fn to(location: &str) -> (u16, String) {
    (301, location.to_owned())
}

#[test]
fn adv_059_a_host_that_is_configured_is_kept_and_no_other_is_named() {
    let hosts = AllowedHosts::new(["example.tld", "www.example.tld", "*.i.example.tld"]).unwrap();
    let among = HttpsRedirect::allowing(hosts);
    assert_eq!(goes(&among, "example.tld", "/"), to("https://example.tld/"));
    assert_eq!(goes(&among, "www.example.tld:80", "/"), to("https://www.example.tld/"));
    assert_eq!(goes(&among, "www.example.tld:8080", "/"), to("https://www.example.tld/"));
    assert_eq!(goes(&among, "A.I.Example.tld.", "/"), to("https://a.i.example.tld/"));
    for host in ["evil.example", "example.tld.evil.example", "evil-example.tld", "192.0.2.1", ""] {
        assert_eq!(goes(&among, host, "/"), (421, String::new()), "{host}");
    }
    // With a canonical host, all other hosts are redirected to it, and never to a host that the client made up.
    let all = among.canonical_host(&"https://example.tld:8443".parse().unwrap()).unwrap();
    assert_eq!(goes(&all, "www.example.tld", "/"), to("https://www.example.tld:8443/"));
    for host in ["evil.example", "192.0.2.1", ""] {
        assert_eq!(goes(&all, host, "/"), to("https://example.tld:8443/"), "{host}");
    }
    let only = HttpsRedirect::to_site(&site()).unwrap();
    assert_eq!(goes(&only, "www.example.tld", "/"), to("https://example.tld/"));
}

#[test]
fn adv_059_the_path_and_the_query_are_kept_and_lead_nowhere_else() {
    let redirect = HttpsRedirect::to_site(&site()).unwrap();
    for (uri, rest) in [
        ("/", "/"),
        ("/a/b?c=d&e", "/a/b?c=d&e"),
        ("/?", "/?"),
        ("//evil.example", "//evil.example"),
        ("///evil.example/%2e%2e", "///evil.example/%2e%2e"),
        ("/@evil.example", "/@evil.example"),
        ("/:80@evil.example", "/:80@evil.example"),
        ("/\\evil.example", "/%5Cevil.example"),
        ("/%0d%0aset-cookie:%20a=b", "/%0d%0aset-cookie:%20a=b"),
        ("/\u{fc}?\u{fc}", "/%C3%BC?%C3%BC"),
        ("/a\"b{c}|d", "/a%22b%7Bc%7D%7Cd"),
        ("/?u=https://evil.example", "/?u=https://evil.example"),
        ("http://evil.example/a?b", "/a?b"),
        ("http://user:password@evil.example//a", "//a"),
        ("https://evil.example", "/"),
        ("https://evil.example?a", "/?a"),
    ] {
        let location = format!("https://example.tld{rest}");
        assert_eq!(goes(&redirect, "example.tld", uri), to(&location), "{uri}");
    }
}

#[test]
fn adv_060_a_request_with_a_body_keeps_its_method() {
    let redirect = HttpsRedirect::to_site(&site()).unwrap();
    for (method, status) in [
        (Method::GET, 301),
        (Method::HEAD, 301),
        (Method::POST, 308),
        (Method::PUT, 308),
        (Method::DELETE, 308),
        (Method::OPTIONS, 308),
        (Method::from_bytes(b"get").unwrap(), 308),
    ] {
        let mut request = known(Scheme::Http, "example.tld", "/a");
        *request.method_mut() = method.clone();
        let location = "https://example.tld/a".to_owned();
        assert_eq!(asked(&redirect, request), (status, location), "{method}");
    }
}

#[test]
fn adv_054_nothing_is_redirected_if_the_scheme_is_unknown_or_https() {
    for redirect in [
        HttpsRedirect::to_site(&site()).unwrap(),
        HttpsRedirect::allowing(AllowedHosts::new(["www.example.tld"]).unwrap())
            .canonical_host(&site())
            .unwrap(),
    ] {
        for scheme in [Scheme::Unknown, Scheme::Https] {
            for host in ["example.tld", "www.example.tld", "evil.example", ""] {
                assert_eq!(asked(&redirect, known(scheme, host, "/")).0, 200, "{scheme:?} {host}");
            }
        }
        assert_eq!(asked(&redirect, Request::new(())).0, 200);
        let canonicalising = redirect.redirect_to_canonical();
        assert_eq!(asked(&canonicalising, known(Scheme::Unknown, "www.example.tld", "/")).0, 200);
    }
}

#[test]
fn adv_059_the_own_host_comes_first_and_the_canonical_one_after_it() {
    let hosts = AllowedHosts::new(["example.tld", "www.example.tld"]).unwrap();
    let redirect =
        HttpsRedirect::allowing(hosts).canonical_host(&site()).unwrap().redirect_to_canonical();
    assert_eq!(goes(&redirect, "www.example.tld", "/a"), to("https://www.example.tld/a"));
    let https = |host| asked(&redirect, known(Scheme::Https, host, "/a"));
    assert_eq!(https("www.example.tld"), to("https://example.tld/a"));
    assert_eq!(https("example.tld").0, 200);
    assert_eq!(https("evil.example").0, 200);
    assert_eq!(https("").0, 200);
}

#[test]
fn adv_060_a_websocket_is_refused_and_never_redirected() {
    let hosts = AllowedHosts::new(["example.tld", "www.example.tld"]).unwrap();
    let redirect =
        HttpsRedirect::allowing(hosts).canonical_host(&site()).unwrap().redirect_to_canonical();
    let refused = (403, String::new());
    for upgrade in ["websocket", "WebSocket", "h2c, websocket"] {
        let mut request = known(Scheme::Http, "example.tld", "/api/v1/streaming");
        request.headers_mut().insert("upgrade", upgrade.parse().unwrap());
        assert_eq!(asked(&redirect, request.clone()), refused);
        let secure = ConnectionInfo::new(Scheme::Https);
        request.extensions_mut().insert(secure.with_host("www.example.tld".parse().unwrap()));
        assert_eq!(asked(&redirect, request).0, 200);
    }
    // In HTTP/2 this is a CONNECT.
    let mut request = known(Scheme::Http, "example.tld", "/api/v1/streaming");
    *request.method_mut() = Method::CONNECT;
    assert_eq!(asked(&redirect, request), refused);
    let mut request = known(Scheme::Http, "example.tld", "*");
    *request.method_mut() = Method::OPTIONS;
    assert_eq!(asked(&redirect, request), refused);
    let mut request = known(Scheme::Http, "example.tld", "/");
    request.headers_mut().insert("upgrade", "h2c".parse().unwrap());
    assert_eq!(asked(&redirect, request).0, 301);
}

#[test]
fn adv_088_a_path_is_exempt_segment_by_segment() {
    let redirect = HttpsRedirect::to_site(&site()).unwrap();
    let redirect = redirect.exempt_path("/health").unwrap().exempt_path("/a/b/").unwrap();
    let redirect = redirect.exempt_acme();
    for uri in [
        "/health",
        "/health/",
        "/health?verbose",
        "/health/db",
        "/a/b",
        "/a/b/c",
        "/.well-known/acme-challenge/evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA",
    ] {
        assert_eq!(goes(&redirect, "example.tld", uri).0, 200, "{uri}");
        // This holds for every host that a request names.
        assert_eq!(goes(&redirect, "10.0.0.1", uri).0, 200, "{uri}");
    }
    for uri in ["/", "/healthy", "/a", "/a/bc", "/?/health", "/.well-known/acme-challenges"] {
        assert_eq!(goes(&redirect, "example.tld", uri).0, 301, "{uri}");
    }
}

#[test]
fn adv_089_a_path_that_a_router_could_read_in_another_way_is_not_exempt() {
    let redirect = HttpsRedirect::to_site(&site()).unwrap().exempt_path("/health").unwrap();
    for uri in [
        "/Health",
        "/%68ealth",
        "//health",
        "/health/../admin",
        "/health/./db",
        "/health//admin",
        "/health/%2e%2e/admin",
        "/health/..%2fadmin",
        "/health/..;/admin",
        "/health/\\..\\admin",
    ] {
        assert_eq!(goes(&redirect, "example.tld", uri).0, 301, "{uri}");
    }
}

#[test]
fn adv_087_nothing_is_exempt_by_default_and_everything_not_by_a_path() {
    let redirect = HttpsRedirect::to_site(&site()).unwrap();
    for uri in ["/", "/health", "/.well-known/acme-challenge/a", "/api/v1/timeline"] {
        assert_eq!(goes(&redirect, "example.tld", uri).0, 301, "{uri}");
    }
    let error = |path| redirect.clone().exempt_path(path).unwrap_err().to_string();
    for all in ["/", ""] {
        assert_eq!(
            error(all),
            format!(
                "https redirect, byte 0: '{all}' would exempt every path; leave it out, or redirect nothing"
            )
        );
    }
    for path in ["health", "/a//b", "//", "/a/../b", "/a?b", "/a b", "/*", "/%61", "/\n"] {
        assert_eq!(
            error(path),
            format!(
                "https redirect, byte 0: '{}' is not a plain path; write one like '/health'",
                path.escape_debug()
            )
        );
    }
}

#[test]
fn adv_060_hosts_and_peers_are_exempt_that_are_said_to_be() {
    let redirect = HttpsRedirect::to_site(&site()).unwrap();
    let onion = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion";
    assert_eq!(goes(&redirect, onion, "/").0, 301);
    let redirect = redirect
        .exempt_hosts(AllowedHosts::hidden_services())
        .exempt_peer("::ffff:10.0.0.7".parse().unwrap());
    assert_eq!(goes(&redirect, onion, "/").0, 200);
    assert_eq!(goes(&redirect, "example.i2p:8080", "/").0, 200);
    assert_eq!(goes(&redirect, "onion", "/").0, 301);
    assert_eq!(goes(&redirect, "example.onion.evil.example", "/").0, 301);
    for (peer, status) in [("10.0.0.7", 200), ("10.0.0.8", 301)] {
        let mut request = Request::new(());
        let known = ConnectionInfo::new(Scheme::Http).with_peer(peer.parse().unwrap());
        request.extensions_mut().insert(known);
        assert_eq!(asked(&redirect, request).0, status);
    }
}

#[test]
fn a_site_on_http_is_not_a_valid_target() {
    let error = HttpsRedirect::to_site(&"http://example.tld:8080".parse().unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "https redirect, byte 0: 'http://example.tld:8080' is on http; write 'https://example.tld:8080'"
    );
}

#[test]
fn a_site_at_an_address_is_the_address_that_browsers_read() {
    // Otherwise browsers would request 127.0.0.1, be redirected to 127.1, and so on.
    let hosts = AllowedHosts::new(["127.0.0.1"]).unwrap();
    let site = "https://127.1".parse().unwrap();
    let redirect = HttpsRedirect::allowing(hosts).canonical_host(&site).unwrap();
    assert_eq!(goes(&redirect, "other.example", "/"), to("https://127.0.0.1/"));
}

#[test]
fn adv_042_an_answer_of_a_gate_has_the_headers() {
    let headers = HardeningLayer::new(Hardening::pleroma(&site()));
    let names = |response: &Response<()>| {
        let mut names: Vec<String> = response.headers().keys().map(ToString::to_string).collect();
        names.sort_unstable();
        names
    };
    let bare = |request| names(&ask_for(&headers, request, |_, _| ()));
    let redirect = HttpsRedirectLayer::new(HttpsRedirect::to_site(&site()).unwrap());
    let hosts = AllowedHostsLayer::new(AllowedHosts::new(["example.tld"]).unwrap());
    let hardened = Stack::new(Stack::new(hosts, redirect), headers.clone());
    let cases = [
        (known(Scheme::Http, "example.tld", "/"), 301),
        (known(Scheme::Https, "evil.example", "/"), 421),
        (known(Scheme::Https, "example.tld", "/"), 200),
    ];
    for (request, status) in cases {
        let response = ask(&hardened, request.clone());
        assert_eq!(response.status(), status);
        let mut expected = bare(request);
        if status == 301 {
            expected.push("location".to_owned());
            expected.sort_unstable();
            assert!(!expected.contains(&"strict-transport-security".to_owned()));
        } else {
            assert!(expected.contains(&"strict-transport-security".to_owned()));
        }
        assert_eq!(names(&response), expected);
    }
}

#[test]
fn in_the_wrong_order_responses_have_no_headers_and_the_scheme_is_unknown() {
    let headers = HardeningLayer::new(Hardening::pleroma(&site()));
    let redirect = HttpsRedirectLayer::new(HttpsRedirect::to_site(&site()).unwrap());
    let outside = Stack::new(headers.clone(), redirect.clone());
    let response = ask(&outside, known(Scheme::Http, "example.tld", "/"));
    assert_eq!((response.status().as_u16(), response.headers().len()), (301, 1));

    // The headers are decided before the inner `ConnectionInfoLayer` runs, and the outer redirect never sees its result.
    let source = || ConnectionInfoLayer::assume_http();
    let response = ask(&Stack::new(source(), headers.clone()), Request::new(()));
    assert!(response.headers().contains_key("strict-transport-security"));
    let response = ask(&Stack::new(headers, source()), Request::new(()));
    assert!(!response.headers().contains_key("strict-transport-security"));
    assert_eq!(ask(&Stack::new(source(), redirect.clone()), Request::new(())).status(), 200);
    assert_eq!(ask(&Stack::new(redirect, source()), Request::new(())).status(), 301);
}
