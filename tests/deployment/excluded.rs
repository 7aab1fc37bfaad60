//! Tests hosts that never get `Strict-Transport-Security`.

use std::time::Duration;

use http::Request;
use tower_hardening::{
    ContentSecurityPolicy, ExpectCt, Hardening, HardeningLayer, StrictTransportSecurity, StsLayer,
    connection::{ConnectionInfo, Host, Scheme},
};

use crate::ask::{ask, ask_for, request};

const STS: StrictTransportSecurity = StrictTransportSecurity::new(Duration::from_secs(31_536_000));

fn hosts() -> [Host; 2] {
    ["Legacy.example.tld:8443", "a.example"].map(|host| host.parse().unwrap())
}

fn has_sts(request: Request<()>) -> bool {
    let one = StsLayer::new(STS).exclude_hosts(hosts());
    let all = HardeningLayer::new(Hardening::empty().with(STS)).exclude_hosts_from_sts(hosts());
    let [one, all] = [ask(&one, request.clone()), ask(&all, request)];
    assert_eq!(one.headers(), all.headers());
    one.headers().contains_key("strict-transport-security")
}

#[test]
fn an_excluded_host_gets_no_header_at_any_port_and_in_any_spelling() {
    for host in ["legacy.example.tld", "LEGACY.example.tld.", "legacy.example.tld:1", "a.example"] {
        assert!(!has_sts(request([("host", host)])), "{host}");
        let mut known = Request::new(());
        let info = ConnectionInfo::new(Scheme::Https).with_host(host.parse().unwrap());
        known.extensions_mut().insert(info);
        assert!(!has_sts(known), "{host}");
    }
    for host in ["example.tld", "b.legacy.example.tld", "a.example.tld", "aa.example"] {
        assert!(has_sts(request([("host", host)])), "{host}");
    }
    assert!(has_sts(Request::new(())));
}

#[test]
fn the_host_that_a_layer_found_decides_and_not_the_one_on_the_wire() {
    let mut known = request([("host", "example.tld")]);
    let host = "a.example".parse().unwrap();
    known.extensions_mut().insert(ConnectionInfo::new(Scheme::Https).with_host(host));
    assert!(!has_sts(known));
}

#[test]
fn an_excluded_host_keeps_every_header_that_is_not_for_https_alone() {
    let csp = ContentSecurityPolicy::from_static("default-src 'self'; upgrade-insecure-requests");
    let all = Hardening::empty()
        .with(STS)
        .with(ExpectCt::enforce(Duration::from_secs(1)))
        .with(csp.clone());
    let layer = HardeningLayer::new(all).exclude_hosts_from_sts(hosts());
    let sent = ask(&layer, request([("host", "a.example")]));
    assert_eq!(sent.headers().len(), 1);
    assert_eq!(sent.headers()["content-security-policy"], csp.to_string());
}

#[test]
fn a_line_of_the_application_is_removed_for_an_excluded_host() {
    let layer = StsLayer::new(STS).exclude_hosts(hosts());
    let sent = ask_for(&layer, request([("host", "a.example")]), |_, response| {
        response.headers_mut().insert("strict-transport-security", "max-age=1".parse().unwrap());
    });
    assert!(sent.headers().is_empty());
}
