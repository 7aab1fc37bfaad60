//! Tests the hosts that a server answers for, and all others.

use http::{HeaderValue, Request};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer,
    connection::{ConnectionInfo, ConnectionInfoLayer, Host, Scheme},
    csp::{Addition, RequestHead, Source, SourceDirective},
    hosts::{AllowedHosts, AllowedHostsLayer},
};

use crate::ask::ask;

fn status(layer: &AllowedHostsLayer, hosts: &[&[u8]]) -> u16 {
    let mut request = Request::new(());
    for host in hosts {
        request.headers_mut().append("host", HeaderValue::from_bytes(host).unwrap());
    }
    ask(layer, request).status().as_u16()
}

fn layer() -> AllowedHostsLayer {
    let hosts =
        ["good.example", "*.wild.example", "ported.example:8443", "192.0.2.1", "[2001:db8::1]"];
    AllowedHostsLayer::new(AllowedHosts::new(hosts).unwrap())
}

#[test]
fn adv_056_hosts_that_are_configured_pass() {
    for host in [
        "good.example",
        "GOOD.Example",
        "good.example.",
        "good.example:80",
        "good.example.:65535",
        "a.wild.example",
        "a.b.wild.example:8080",
        "xn--a.wild.example",
        "ported.example:8443",
        "192.0.2.1",
        "192.0.2.1:4000",
        "[2001:db8::1]",
        "[2001:0DB8:0::1]:443",
    ] {
        assert_eq!(status(&layer(), &[host.as_bytes()]), 200, "{host}");
    }
}

#[test]
fn adv_056_a_host_that_is_not_allowed_gets_421() {
    let hostile: [&[u8]; 94] = [
        b"",
        b" ",
        b".",
        b"..",
        b"*",
        b"evil.example",
        // Around a boundary between labels.
        b"evilgood.example",
        b"evil-good.example",
        b"evil.good.example",
        b"good.example.evil.example",
        b"good.exampleevil",
        b"good.example-evil",
        b"good_example",
        b"goodxexample",
        b"wild.example",
        b".wild.example",
        b"evilwild.example",
        b"a..wild.example",
        b"..wild.example",
        b"*.wild.example",
        b"a.wild.example.evil.example",
        b"a.wild.example..",
        b"good.example..",
        b".good.example",
        b"good..example",
        // User names, paths, queries and fragments.
        b"good.example@evil.example",
        b"good.example:80@evil.example",
        b"good.example:@evil.example",
        b"evil@good.example",
        b"evil:80@good.example",
        b"@good.example",
        b"good.example@",
        b"evil.example/good.example",
        b"evil.example/.good.example",
        b"good.example/evil.example",
        b"good.example/",
        b"good.example\\evil.example",
        b"evil.example\\@good.example",
        b"evil.example?good.example",
        b"evil.example?.wild.example",
        b"evil#good",
        b"evil.example#good.example",
        b"evil.example#.wild.example",
        b"evil.example#@good.example",
        b"http://good.example",
        b"https://good.example/",
        b"//good.example",
        b"evil.example;good.example",
        b"evil.example,good.example",
        b"good.example,evil.example",
        b"good.example, evil.example",
        b"evil.example&good.example",
        b"evil.example=good.example",
        b"evil.example good.example",
        b"good.example evil.example",
        b"good.example\tevil.example",
        b"a b.wild.example",
        b"\"good.example\"",
        b"good.example\"",
        b"'good.example'",
        b"<good.example>",
        b"(good.example)",
        b"{good.example}",
        b"good.example`",
        b"good.example|evil",
        b"good.example^evil",
        b"$good.example",
        b"good.example!",
        b"a;script-src *.wild.example",
        // Encodings and what is not ASCII.
        b"good%2eexample",
        b"good.example%00",
        b"good.example%0d%0ax:%20y",
        b"%67ood.example",
        b"evil.example%23.wild.example",
        b"good.example\xff",
        b"\xef\xbb\xbfgood.example",
        b"g\xc3\xb6\xc3\xb6d.example",
        b"good\xe3\x80\x82example",
        b"\xef\xbd\x87ood.example",
        b"good.example\xc2\xa0",
        // Ports.
        b"good.example:",
        b"good.example:0",
        b"good.example:65536",
        b"good.example:80:80",
        b"good.example:-1",
        b"good.example:+80",
        b"good.example:80a",
        b"ported.example",
        b"ported.example:443",
        // Addresses.
        b"192.0.2.01",
        b"3221225985",
        b"[2001:db8::1",
        b"2001:db8::1",
        b"[2001:db8::1%25eth0]",
    ];
    for host in hostile {
        assert_eq!(status(&layer(), &[host]), 421, "{}", host.escape_ascii());
    }
    // `localhost` and an address match none of those that could be a host.
    for host in ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "[::ffff:192.0.2.1]", "192.0.2.2"] {
        assert_eq!(status(&layer(), &[host.as_bytes()]), 421, "{host}");
    }
}

#[test]
fn adv_057_host_values_that_rack_accepted_get_421() {
    for host in ["good.example@evil.example", "evil.example/good.example", "evil#good"] {
        assert_eq!(status(&layer(), &[host.as_bytes()]), 421);
        assert!(host.parse::<Host>().is_err());
    }
}

#[test]
fn adv_056_a_request_names_one_host() {
    let good: &[u8] = b"good.example";
    assert_eq!(status(&layer(), &[]), 421);
    assert_eq!(status(&layer(), &[good, good]), 421);
    assert_eq!(status(&layer(), &[good, b"evil.example"]), 421);
    let target = |uri: &str, host: Option<&str>| {
        let mut request = Request::new(());
        *request.uri_mut() = uri.parse().unwrap();
        if let Some(host) = host {
            request.headers_mut().insert("host", host.parse().unwrap());
        }
        ask(&layer(), request).status().as_u16()
    };
    assert_eq!(target("https://good.example/", None), 200);
    assert_eq!(target("https://good.example/", Some("good.example")), 200);
    assert_eq!(target("https://good.example/", Some("evil.example")), 421);
    assert_eq!(target("https://evil.example/", Some("good.example")), 421);
    assert_eq!(target("https://user@good.example/", None), 421);
}

#[test]
fn the_result_of_an_outer_layer_takes_precedence() {
    let mut request = Request::new(());
    request.headers_mut().insert("host", "good.example".parse().unwrap());
    request.extensions_mut().insert(ConnectionInfo::new(Scheme::Https));
    assert_eq!(ask(&layer(), request.clone()).status(), 421);
    let known = ConnectionInfo::new(Scheme::Https).with_host("a.wild.example".parse().unwrap());
    request.headers_mut().insert("host", "internal".parse().unwrap());
    request.extensions_mut().insert(known);
    assert_eq!(ask(&layer(), request).status(), 200);
}

#[test]
fn adv_058_there_are_no_other_patterns_and_faults_are_errors() {
    let error = |hosts: &[&str]| AllowedHosts::new(hosts).unwrap_err().to_string();
    assert_eq!(
        error(&[]),
        "allowed hosts, byte 0: the list is empty; write a host like 'example.tld'"
    );
    assert_eq!(
        error(&["*"]),
        "allowed hosts, byte 0: '*' matches every host; write the names of the hosts"
    );
    for pattern in ["a.*.example", "*a.example", "**.example", "a*", "a.example*"] {
        let problem = error(&["good.example", pattern]);
        assert!(
            problem.ends_with("'*' is not allowed in a host; write the name in full"),
            "{problem}"
        );
    }
    assert_eq!(
        error(&["*.127.0.0.1"]),
        "allowed hosts, byte 0: an address has no names below it; write the address alone"
    );
    for usual in ["a.example:443", "*.a.example:80", "[::1]:443"] {
        assert_eq!(
            error(&[usual]),
            "allowed hosts, byte 0: browsers omit ports 80 and 443; write the host alone"
        );
    }
    assert_eq!(
        error(&["*.a/b"]),
        "allowed hosts, byte 3: '/' is not allowed in a host; remove the path"
    );
    for pattern in [".example.tld", "good.example|evil.example", "^good", "(a|b).example", "", "*."]
    {
        error(&[pattern]);
    }
}

#[test]
fn adv_061_a_source_is_made_of_an_accepted_host_and_never_of_bytes() {
    let hook = |head: &RequestHead<'_>| {
        let host =
            ConnectionInfo::from_extensions(head.extensions()).and_then(ConnectionInfo::host);
        let source = host.and_then(|host| Source::host(&format!("wss://{host}")).ok());
        source.map(|source| Addition::source(SourceDirective::CONNECT_SRC, source))
    };
    let policy = ContentSecurityPolicy::from_static("connect-src 'self'");
    let csp = CspLayer::new(policy).with_sources(hook);
    let layer = tower::layer::util::Stack::new(csp, ConnectionInfoLayer::assume_https());
    for (host, sent) in [
        ("good.example:8443", "connect-src 'self' wss://good.example:8443"),
        ("a;script-src *", "connect-src 'self'"),
        ("a.example wss:", "connect-src 'self'"),
        ("*", "connect-src 'self'"),
    ] {
        let mut request = Request::new(());
        request.headers_mut().insert("host", host.parse().unwrap());
        request.headers_mut().insert("x-forwarded-host", "evil.example".parse().unwrap());
        assert_eq!(ask(&layer, request).headers()["content-security-policy"], sent);
    }
}
