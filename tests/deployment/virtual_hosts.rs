//! Tests several sites in one process, each with its own policies.

use http::{Request, Response};
use tower_hardening::{
    Hardening, HardeningLayer, Origin,
    connection::{ConnectionInfo, Scheme},
    header::StaticHeader,
    hosts::{VirtualHosts, VirtualHostsLayer},
};

use crate::ask::{ask, ask_for, request};

const ONION: &str = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion";

fn origin(text: &str) -> Origin {
    text.parse().unwrap()
}

fn sites() -> VirtualHosts {
    let [main, onion, i2p] =
        ["https://example.tld", &format!("http://{ONION}"), "http://example.i2p:8080"].map(origin);
    VirtualHosts::new(Hardening::pleroma(&main))
        .with(&onion, Hardening::pleroma(&onion))
        .with(&i2p, Hardening::pleroma(&i2p))
}

fn csp(response: &Response<()>) -> &str {
    response.headers()["content-security-policy"].to_str().unwrap()
}

#[test]
fn a_hidden_service_gets_only_headers_that_work_over_http() {
    let layer = VirtualHostsLayer::new(sites());
    let response = ask_for(&layer, request([("host", ONION)]), |request, response| {
        assert!(request.extensions().is_empty());
        response.headers_mut().insert("set-cookie", "pleroma_key=1".parse().unwrap());
    });
    let headers = response.headers();
    assert!(
        !headers.contains_key("strict-transport-security") && !headers.contains_key("expect-ct")
    );
    assert!(!csp(&response).contains("upgrade-insecure-requests"));
    assert!(csp(&response).contains(&format!("connect-src 'self' ws://{ONION};")));
    assert!(!csp(&response).contains("example.tld"));
    // Tor Browser treats onion services as secure.
    assert_eq!(headers["set-cookie"], "__Host-pleroma_key=1; Path=/; Secure");
    let response = ask(&layer, request([("host", "Example.I2P:8080")]));
    assert!(csp(&response).contains("ws://example.i2p:8080;"));
}

#[test]
fn adv_089_a_request_that_names_no_other_site_gets_the_main_policies() {
    let layer = VirtualHostsLayer::new(sites());
    let main = HardeningLayer::new(Hardening::pleroma(&origin("https://example.tld")));
    let onion_port = format!("{ONION}:81");
    let below = format!("a.{ONION}");
    let user = format!("a@{ONION}");
    for host in [
        "example.tld",
        "evil.example",
        "",
        "a;script-src *",
        "example.i2p",
        &onion_port,
        &below,
        &user,
    ] {
        let asked = request([("host", host)]);
        assert_eq!(ask(&layer, asked.clone()).headers(), ask(&main, asked).headers(), "{host}");
    }
    for asked in [Request::new(()), request([("host", ONION), ("host", ONION)])] {
        assert_eq!(ask(&layer, asked.clone()).headers(), ask(&main, asked).headers());
    }
    // Only the host decides.
    let mut asked =
        request([("host", "example.tld"), ("x-forwarded-host", ONION), ("origin", ONION)]);
    *asked.uri_mut() = format!("/?host={ONION}").parse().unwrap();
    assert_eq!(ask(&layer, asked.clone()).headers(), ask(&main, asked).headers());
}

#[test]
fn the_host_that_an_outer_layer_found_takes_precedence() {
    let layer = VirtualHostsLayer::new(sites());
    let asked = |known: ConnectionInfo| {
        let mut request = request([("host", "internal")]);
        request.extensions_mut().insert(known);
        csp(&ask(&layer, request)).contains(ONION)
    };
    let known = ConnectionInfo::new(Scheme::Unknown);
    assert!(asked(known.clone().with_host(ONION.parse().unwrap())));
    assert!(!asked(known.with_host("example.tld".parse().unwrap())));
}

#[test]
fn the_scheme_decides_between_sites_of_one_host() {
    let policy = |text| Hardening::empty().with(StaticHeader::from_static("x-site", text));
    let sites = VirtualHosts::new(policy("main"))
        .with(&origin("http://a.example"), policy("a, http"))
        .with(&origin("https://a.example"), policy("old"))
        .with(&origin("https://a.example"), policy("a, https"))
        .with(&origin("https://b.example"), policy("b, https"))
        .with(&origin("http://b.example"), policy("b, http"))
        .with(&origin("https://c.example"), policy("c, https"))
        .with(&origin("http://d.example"), policy("d, http"));
    assert_eq!(sites.hosts().count(), 6);
    let layer = VirtualHostsLayer::new(sites.clone());
    // If the scheme is unknown, the first site applies; if the host has only one site, that one.
    for (host, https, http, unknown) in [
        ("a.example", "a, https", "a, http", "a, http"),
        ("b.example", "b, https", "b, http", "b, https"),
        ("c.example", "c, https", "c, https", "c, https"),
        ("d.example", "d, http", "d, http", "d, http"),
        ("e.example", "main", "main", "main"),
    ] {
        for (scheme, site) in
            [(Scheme::Https, https), (Scheme::Http, http), (Scheme::Unknown, unknown)]
        {
            let mut request = Request::new(());
            let known = ConnectionInfo::new(scheme).with_host(host.parse().unwrap());
            request.extensions_mut().insert(known);
            assert_eq!(ask(&layer, request).headers()["x-site"], site, "{host} {scheme:?}");
        }
    }
    assert_eq!(sites.for_host(&"a.example:443".parse().unwrap()), &policy("a, https"));
    assert_eq!(sites.for_host(&"a.example:444".parse().unwrap()), sites.default_host());
}

#[test]
fn each_layer_can_be_changed() {
    let layer = VirtualHostsLayer::new(sites()).map(HardeningLayer::overriding);
    for host in ["example.tld", ONION] {
        let response = ask_for(&layer, request([("host", host)]), |_, response| {
            response.headers_mut().insert("x-frame-options", "ALLOWALL".parse().unwrap());
        });
        assert_eq!(response.headers()["x-frame-options"], "DENY");
    }
}
