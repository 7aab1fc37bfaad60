//! Headers that depend on https are not sent over http.

use std::time::Duration;

use http::{Request, Response, StatusCode};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, ExpectCt, ExpectCtLayer, Hardening, HardeningLayer, Nonce,
    Origin, StrictTransportSecurity, StsLayer,
    connection::{ConnectionInfo, ConnectionInfoLayer, Scheme, Transport},
    csp::{Addition, CspOverride, RequestHead, Source, SourceDirective},
    hosts::{VirtualHosts, VirtualHostsLayer},
};

use crate::ask::{ask, ask_for, request};

const STS: StrictTransportSecurity =
    StrictTransportSecurity::new(Duration::from_secs(31_536_000)).include_subdomains();
const CSP: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("default-src 'self'; upgrade-insecure-requests");

fn known(scheme: Scheme, host: &str) -> Request<()> {
    let mut request = Request::new(());
    let known = ConnectionInfo::new(scheme).with_host(host.parse().unwrap());
    request.extensions_mut().insert(known);
    request
}

fn has_sts(response: &Response<()>) -> bool {
    response.headers().contains_key("strict-transport-security")
}

fn csp(response: &Response<()>) -> &str {
    response.headers()["content-security-policy"].to_str().unwrap()
}

/// Returns the response of both ways to apply the two policies, which must be equal.
fn both(request: &Request<()>, answer: fn(&mut Response<()>)) -> Response<()> {
    let all = HardeningLayer::new(Hardening::empty().with(STS).with(CSP));
    let stack = tower::layer::util::Stack::new(StsLayer::new(STS), CspLayer::new(CSP));
    let composite = ask_for(&all, request.clone(), move |_, response| answer(response));
    let stacked = ask_for(&stack, request.clone(), move |_, response| answer(response));
    assert_eq!(composite.headers(), stacked.headers());
    composite
}

#[test]
fn adv_050_sts_goes_over_https_and_where_nothing_is_known_but_not_over_http() {
    for (scheme, sent) in [(Scheme::Https, true), (Scheme::Unknown, true), (Scheme::Http, false)] {
        assert_eq!(has_sts(&both(&known(scheme, "example.tld"), |_| ())), sent, "{scheme:?}");
    }
    assert!(has_sts(&both(&Request::new(()), |_| ())));
}

#[test]
fn adv_050_sts_is_not_for_addresses_and_localhost() {
    for host in ["192.0.2.1", "192.0.2.1:8443", "[2001:db8::1]", "localhost:4000", "a.localhost."] {
        let response = both(&known(Scheme::Https, host), |_| ());
        assert!(!has_sts(&response), "{host}");
        assert_eq!(csp(&response), CSP.to_string(), "{host}");
        // Browsers ignore the header from such a host over https, and other services use the host over http.
        let response = both(&known(Scheme::Unknown, host), |_| ());
        assert!(!has_sts(&response), "{host}");
        assert_eq!(csp(&response), "default-src 'self'", "{host}");
    }
    for host in ["example.tld", "notlocalhost", "localhost.example", "1.2.3.4.example"] {
        assert!(has_sts(&both(&known(Scheme::Https, host), |_| ())), "{host}");
    }
}

#[test]
fn adv_050_a_strict_reader_sends_only_what_is_known_to_go_over_https() {
    let layer = StsLayer::new(STS).https_only();
    let composite = HardeningLayer::new(Hardening::empty().with(STS)).https_only();
    let cases = [
        (known(Scheme::Https, "example.tld"), true),
        (known(Scheme::Https, "127.0.0.1"), false),
        (known(Scheme::Unknown, "example.tld"), false),
        (known(Scheme::Http, "example.tld"), false),
        (Request::new(()), false),
    ];
    for (request, sent) in cases {
        assert_eq!(has_sts(&ask(&layer, request.clone())), sent);
        assert_eq!(has_sts(&ask(&composite, request)), sent);
    }
}

#[test]
fn adv_049_upgrade_insecure_requests_is_not_sent_over_http() {
    let cases = [
        (Scheme::Https, "default-src 'self'; upgrade-insecure-requests"),
        (Scheme::Unknown, "default-src 'self'; upgrade-insecure-requests"),
        (Scheme::Http, "default-src 'self'"),
    ];
    for (scheme, sent) in cases {
        assert_eq!(csp(&both(&known(scheme, "example.tld"), |_| ())), sent);
        let hook = |_: &RequestHead<'_>| [Addition::source(SourceDirective::IMG_SRC, Source::DATA)];
        let layer = CspLayer::new(CSP).with_sources(hook);
        let widened = ask(&layer, known(scheme, "example.tld"));
        let directive = csp(&widened).contains("upgrade-insecure-requests");
        assert_eq!(directive, scheme != Scheme::Http, "{}", csp(&widened));
    }
    // The rule also applies to a policy that a handler changed.
    let change = |response: &mut Response<()>| {
        let policy = ContentSecurityPolicy::from_static("upgrade-insecure-requests; img-src *");
        response.extensions_mut().insert(CspOverride::new().replace(policy));
    };
    assert_eq!(csp(&both(&known(Scheme::Http, "example.tld"), change)), "img-src *");
}

/// Hosts that no public https site has, as browsers and other clients write them.
const LOCAL: [&str; 12] = [
    "localhost:4000",
    "LOCALHOST.",
    "app.localhost",
    "127.0.0.1:4000",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "192.168.1.7",
    "203.0.113.9:8080",
    "[::1]:4000",
    "[fe80::1%25eth0]",
    "[2001:db8::1]",
];

/// Returns every way to apply the three policies that are meant for https.
fn sent_by_all(request: &Request<()>) -> Vec<String> {
    let expect_ct = ExpectCt::enforce(Duration::from_secs(60));
    let policies = || Hardening::empty().with(STS).with(expect_ct.clone()).with(CSP);
    let stack = tower::ServiceBuilder::new()
        .layer(CspLayer::new(CSP))
        .layer(StsLayer::new(STS))
        .layer(ExpectCtLayer::new(expect_ct.clone()));
    let elsewhere: Origin = "https://elsewhere.example".parse().unwrap();
    let sites = VirtualHosts::new(policies()).with(&elsewhere, Hardening::empty());
    let mut answers = [
        ask(&HardeningLayer::new(policies()), request.clone()),
        ask(&VirtualHostsLayer::new(sites), request.clone()),
        ask(&VirtualHostsLayer::new(VirtualHosts::new(policies())), request.clone()),
        ask(&stack, request.clone()),
        // The layer decides the host, and leaves the scheme unknown.
        ask(&(ConnectionInfoLayer::from_transport(), stack.clone()), request.clone()),
    ]
    .map(|response| {
        let lines = response.headers().iter();
        let lines = lines.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        let mut lines: Vec<String> = lines.collect();
        lines.sort();
        lines
    });
    for answer in &answers {
        assert_eq!(*answer, answers[0]);
    }
    std::mem::take(&mut answers[0])
}

const ALL: [&str; 3] = [
    "content-security-policy: default-src 'self'; upgrade-insecure-requests",
    "expect-ct: enforce, max-age=60",
    "strict-transport-security: max-age=31536000; includeSubDomains",
];

#[test]
fn without_a_scheme_a_loopback_name_or_an_address_gets_no_header_for_https() {
    for host in LOCAL {
        let host_line = request([("host", host)]);
        assert_eq!(
            sent_by_all(&host_line),
            ["content-security-policy: default-src 'self'"],
            "{host}"
        );
        // HTTP/2, and HTTP/1 in absolute form.
        let mut authority = Request::new(());
        let Ok(uri) = format!("https://{host}/").parse() else { continue };
        *authority.uri_mut() = uri;
        assert_eq!(
            sent_by_all(&authority),
            ["content-security-policy: default-src 'self'"],
            "{host}"
        );
    }
}

#[test]
fn without_a_scheme_a_name_or_no_host_or_two_hosts_get_every_header() {
    for host in
        ["example.tld", "example.tld:4000", "localhost.example", "notlocalhost", "1.2.3.4.example"]
    {
        assert_eq!(sent_by_all(&request([("host", host)])), ALL, "{host}");
    }
    for request in [
        request([]),
        request([("host", "")]),
        request([("host", "localhost"), ("host", "example.tld")]),
        request([("host", "example.tld"), ("host", "localhost")]),
        request([("x-forwarded-host", "localhost")]),
        request([("forwarded", "host=localhost")]),
    ] {
        assert_eq!(sent_by_all(&request), ALL, "{request:?}");
    }
    let mut two = request([("host", "localhost")]);
    *two.uri_mut() = "https://example.tld/".parse().unwrap();
    assert_eq!(sent_by_all(&two), ALL);
}

#[cfg(feature = "tracing")]
#[test]
fn a_proxy_that_hides_the_host_is_reported_once() {
    let log = crate::logged::logged(|| {
        let layer = StsLayer::new(STS);
        ask(&layer, request([("host", "127.0.0.1:4000")]));
        for _ in 0..3 {
            let hidden = request([("host", "127.0.0.1:4000"), ("x-forwarded-for", "192.0.2.7")]);
            assert!(!has_sts(&ask(&layer, hidden)));
        }
    });
    assert_eq!(log.matches("a proxy sends the address of this server").count(), 1, "{log}");
    assert!(log.contains("WARN") && log.contains("127.0.0.1:4000"), "{log}");
}

#[test]
fn a_host_removes_no_header_if_the_scheme_is_known() {
    let mut https = request([("host", "127.1")]);
    https.extensions_mut().insert(ConnectionInfo::new(Scheme::Https));
    assert_eq!(sent_by_composite(&https), 3);
    let mut http = request([("host", "example.tld")]);
    http.extensions_mut().insert(ConnectionInfo::new(Scheme::Http));
    assert_eq!(sent_by_composite(&http), 1);
}

fn sent_by_composite(request: &Request<()>) -> usize {
    let expect_ct = ExpectCt::enforce(Duration::from_secs(60));
    let all = Hardening::empty().with(STS).with(expect_ct).with(CSP);
    ask(&HardeningLayer::new(all), request.clone()).headers().len()
}

#[test]
fn a_handler_s_upgrade_depends_on_the_host_too() {
    let change = |response: &mut Response<()>| {
        let policy = ContentSecurityPolicy::from_static("upgrade-insecure-requests; img-src *");
        response.extensions_mut().insert(CspOverride::new().replace(policy));
    };
    let plain = ContentSecurityPolicy::from_static("default-src 'self'");
    let composite = HardeningLayer::new(Hardening::empty().with(plain.clone()));
    let alone = CspLayer::new(plain);
    for (host, sent) in
        [("127.0.0.1:4000", "img-src *"), ("example.tld", "upgrade-insecure-requests; img-src *")]
    {
        let request = || request([("host", host)]);
        let answer = move |_: &Request<()>, response: &mut Response<()>| change(response);
        assert_eq!(csp(&ask_for(&composite, request(), answer)), sent);
        assert_eq!(csp(&ask_for(&alone, request(), answer)), sent);
    }
}

#[test]
fn a_server_in_clear_text_sends_no_header_for_https() {
    let layer = (
        ConnectionInfoLayer::from_transport(),
        HardeningLayer::new(Hardening::empty().with(STS).with(CSP)),
    );
    let mut request = request([("host", "example.tld")]);
    request.extensions_mut().insert(Transport::new().in_clear_text());
    let response = ask(&layer, request);
    assert_eq!((csp(&response), response.headers().len()), ("default-src 'self'", 1));
}

#[test]
fn a_policy_with_only_the_upgrade_is_not_sent_over_http() {
    let policy = ContentSecurityPolicy::from_static("upgrade-insecure-requests");
    let all = HardeningLayer::new(Hardening::empty().with(policy.clone()));
    let request = known(Scheme::Http, "example.tld");
    assert!(ask(&all, request.clone()).headers().is_empty());
    assert!(ask(&CspLayer::new(policy), request).headers().is_empty());
}

#[cfg(feature = "nonce")]
#[test]
fn a_policy_with_a_nonce_follows_the_same_rule() {
    let policy =
        ContentSecurityPolicy::from_static("script-src 'nonce-{}'; upgrade-insecure-requests");
    let read = |request: &Request<()>, _: &mut Response<()>| {
        request.extensions().get::<Nonce>().unwrap().get().unwrap();
    };
    for (scheme, sent) in [(Scheme::Https, true), (Scheme::Http, false)] {
        let all = HardeningLayer::new(Hardening::empty().with(policy.clone()));
        for response in [
            ask_for(&all, known(scheme, "a.tld"), read),
            ask_for(&CspLayer::new(policy.clone()), known(scheme, "a.tld"), read),
        ] {
            assert_eq!(csp(&response).ends_with("; upgrade-insecure-requests"), sent);
            assert!(csp(&response).starts_with("script-src 'nonce-"));
        }
    }
}

#[test]
fn sts_is_on_redirects_and_errors_and_the_applications_own_line_is_removed_over_http() {
    for status in [301, 308, 404, 421, 500, 503] {
        let answer = |request: &Request<()>, response: &mut Response<()>| {
            *response.status_mut() = *request.extensions().get::<StatusCode>().unwrap();
        };
        let status = StatusCode::from_u16(status).unwrap();
        let mut request = known(Scheme::Https, "example.tld");
        request.extensions_mut().insert(status);
        assert!(has_sts(&ask_for(&StsLayer::new(STS), request, answer)));
    }
    let own = |response: &mut Response<()>| {
        let value = http::HeaderValue::from_static("max-age=1");
        response.headers_mut().insert("strict-transport-security", value);
    };
    assert!(!has_sts(&both(&known(Scheme::Http, "example.tld"), own)));
    let kept = StsLayer::new(STS).if_not_present();
    let request = known(Scheme::Http, "example.tld");
    assert!(has_sts(&ask_for(&kept, request, move |_, response| own(response))));
}

#[test]
fn expect_ct_goes_with_sts() {
    let policy = ExpectCt::enforce(Duration::from_secs(60));
    let all = HardeningLayer::new(Hardening::empty().with(policy.clone()));
    for (scheme, sent) in [(Scheme::Https, 1), (Scheme::Unknown, 1), (Scheme::Http, 0)] {
        let request = known(scheme, "example.tld");
        assert_eq!(ask(&all, request.clone()).headers().len(), sent);
        assert_eq!(ask(&ExpectCtLayer::new(policy.clone()), request).headers().len(), sent);
    }
}
