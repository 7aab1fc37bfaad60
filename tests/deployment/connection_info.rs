//! Tests the information that decides the scheme, host and peer of a request.

use http::{Request, Version};
use tower_hardening::connection::{
    ConnectionInfo, ConnectionInfoLayer, ConnectionSource, ForwardingHeaders, Host, Scheme,
    Transport, TrustedProxies,
};

use crate::ask::{ask_for, request};

const SPOOFED: [(&str, &str); 8] = [
    ("host", "example.tld"),
    ("forwarded", "for=192.0.2.1;proto=https;host=evil.example"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-for", "192.0.2.1"),
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-ssl", "on"),
    ("front-end-https", "on"),
    ("x-url-scheme", "https"),
];

fn from(peer: &str) -> Transport {
    Transport::from_peer(peer.parse().unwrap())
}

fn name(known: &ConnectionInfo) -> Option<&str> {
    known.host().map(Host::name)
}

#[test]
fn a_static_setting_holds_for_every_request() {
    for (source, scheme) in [
        (ConnectionSource::assume_https(), Scheme::Https),
        (ConnectionSource::assume_http(), Scheme::Http),
    ] {
        for connection in [Transport::new(), Transport::new().over_tls(), from("192.0.2.9:1")] {
            let known = source.examine(&request(SPOOFED), connection.in_clear_text());
            assert_eq!(known.scheme(), scheme);
            assert_eq!((name(&known), known.peer()), (Some("example.tld"), connection.peer()));
        }
    }
}

#[test]
fn the_transport_decides_if_configured() {
    let cases = [
        (Transport::new().over_tls(), Scheme::Https),
        (Transport::new().in_clear_text(), Scheme::Http),
        (Transport::new(), Scheme::Unknown),
    ];
    for (connection, scheme) in cases {
        assert_eq!(
            ConnectionSource::from_transport().examine(&request(SPOOFED), connection).scheme(),
            scheme
        );
    }
}

#[test]
fn adv_052_the_scheme_of_the_target_is_the_clients_word() {
    let mut request = Request::new(());
    *request.uri_mut() = "https://example.tld/".parse().unwrap();
    *request.version_mut() = Version::HTTP_2;
    for (connection, scheme) in
        [(Transport::new(), Scheme::Unknown), (Transport::new().in_clear_text(), Scheme::Http)]
    {
        assert_eq!(
            ConnectionSource::from_transport().examine(&request, connection).scheme(),
            scheme
        );
    }
}

#[test]
fn adv_052_headers_of_an_untrusted_peer_change_nothing() {
    let plain = request([("host", "example.tld")]);
    let ways = [
        ConnectionSource::trusting(TrustedProxies::unix_socket(ForwardingHeaders::XForwarded)),
        ConnectionSource::trusting(TrustedProxies::hops(0, ForwardingHeaders::Forwarded)),
        #[cfg(feature = "proxy")]
        ConnectionSource::trusting(
            TrustedProxies::networks(["10.0.0.0/8"], ForwardingHeaders::XForwarded)
                .unwrap()
                .with_forwarded_host(),
        ),
    ];
    for source in ways {
        for connection in [
            Transport::new(),
            from("192.0.2.9:1"),
            from("[2001:db8::1]:1").in_clear_text(),
            from("192.0.2.9:1").over_tls(),
        ] {
            let known = source.examine(&request(SPOOFED), connection);
            assert_eq!(known, source.examine(&plain, connection));
            assert_eq!(known.scheme(), connection.scheme());
            assert_eq!(known.peer(), connection.peer());
        }
    }
}

#[test]
fn adv_086_nothing_in_a_request_switches_the_layer_off_or_decides_in_its_place() {
    let layer = ConnectionInfoLayer::assume_http();
    let mut spoofed = request(SPOOFED);
    *spoofed.uri_mut() =
        "/?scheme=https&tower_hardening=off&x-forwarded-proto=https".parse().unwrap();
    // The decision of an outer layer is replaced.
    spoofed.extensions_mut().insert(ConnectionInfo::new(Scheme::Https));
    ask_for(&layer, spoofed, |request, _| {
        assert_eq!(Scheme::from_extensions(request.extensions()), Scheme::Http);
    });
}

#[test]
fn the_layer_stores_its_result_and_changes_nothing_else() {
    let layer = ConnectionInfoLayer::from_transport();
    let mut marked = request(SPOOFED);
    marked.extensions_mut().insert(from("192.0.2.9:1").over_tls());
    let response = ask_for(&layer, marked, |request, _| {
        let known = ConnectionInfo::from_extensions(request.extensions()).unwrap();
        let expected = ConnectionInfo::new(Scheme::Https)
            .with_host("example.tld".parse().unwrap())
            .with_peer([192, 0, 2, 9].into());
        assert_eq!(*known, expected);
        assert_eq!(request.headers().len(), SPOOFED.len());
    });
    assert!(response.headers().is_empty() && response.extensions().is_empty());
}

#[cfg(feature = "axum")]
#[test]
fn the_peer_is_read_from_axums_connect_info_and_the_transport_takes_precedence() {
    use std::net::SocketAddr;

    let peer: SocketAddr = "[::ffff:192.0.2.9]:1".parse().unwrap();
    let other = from("198.51.100.1:1").peer();
    let layer = ConnectionInfoLayer::from_transport();
    let found = move |connection: Option<Transport>, peer_found, scheme| {
        let mut request = Request::new(());
        request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        connection.map(|connection| request.extensions_mut().insert(connection));
        ask_for(&layer, request, move |request, _| {
            let known = ConnectionInfo::from_extensions(request.extensions()).unwrap();
            assert_eq!((known.peer(), known.scheme()), (peer_found, scheme));
        });
    };
    let canonical = Some([192, 0, 2, 9].into());
    found(None, canonical, Scheme::Unknown);
    found(Some(Transport::new().over_tls()), canonical, Scheme::Https);
    found(Some(from("198.51.100.1:1")), other, Scheme::Unknown);
    found(Some(Transport::from_unix_socket()), None, Scheme::Unknown);
}

#[test]
fn a_request_names_a_host_once_and_in_one_way() {
    let target = |uri: &str, lines: &[(&str, &str)]| {
        let mut request = request(lines.iter().copied());
        *request.uri_mut() = uri.parse().unwrap();
        Host::from_request(&request).map(|host| host.to_string())
    };
    let host = |text| [("host", text)];
    let a = Some("a.example".to_owned());
    assert_eq!(target("/", &host("A.example")), a);
    assert_eq!(target("http://a.example/", &[]), a);
    assert_eq!(target("http://a.example/", &host("A.example.")), a);
    assert_eq!(target("/", &[]), None);
    assert_eq!(target("/", &host("")), None);
    assert_eq!(target("/", &[("host", "a.example"), ("host", "a.example")]), None);
    assert_eq!(target("http://a.example/", &host("a.example:80")), a);
    assert_eq!(target("https://a.example/", &host("a.example:443")), a);
    assert_eq!(target("https://a.example/", &host("a.example:80")), None);
    assert_eq!(target("http://a.example/", &host("b.example")), None);
    assert_eq!(target("http://a.example/", &host("a.example:8080")), None);
    assert_eq!(target("http://user@a.example/", &[]), None);
    assert_eq!(target("http://a.example/", &host("a/b")), None);
}

#[cfg(feature = "tracing")]
#[test]
fn a_server_that_hides_its_peers_from_a_trusting_layer_is_reported_once_per_layer() {
    let trusting = |proxies: TrustedProxies| ConnectionInfoLayer::trusting(proxies);
    let socket = || TrustedProxies::unix_socket(ForwardingHeaders::XForwarded);
    let events = |layer: &ConnectionInfoLayer, connections: &[Option<Transport>]| {
        let log = crate::logged::logged(|| {
            for connection in connections {
                let mut asked = request([("x-forwarded-proto", "http")]);
                connection.map(|connection| asked.extensions_mut().insert(connection));
                ask_for(&layer.clone(), asked, |_, _| ());
            }
        });
        let count = log.matches("the address of the peer is unknown").count();
        assert_eq!(count, log.matches("ERROR").count(), "{log}");
        assert!(count == 0 || log.contains("into_make_service_with_connect_info"), "{log}");
        count
    };
    let unknown = [None, None, Some(Transport::new()), Some(Transport::new().in_clear_text())];
    #[cfg(feature = "proxy")]
    {
        let networks = TrustedProxies::networks(["10.0.0.0/8"], ForwardingHeaders::XForwarded);
        assert_eq!(events(&trusting(networks.unwrap()), &unknown), 1);
    }
    let layer = trusting(socket());
    assert_eq!(
        events(&layer, &[Some(from("192.0.2.9:1")), Some(Transport::from_unix_socket())]),
        0
    );
    assert_eq!(events(&layer, &unknown), 1);
    assert_eq!(events(&layer, &unknown), 0, "once per layer");
    assert_eq!(events(&trusting(socket()), &unknown), 1, "each layer speaks for itself");
    let hops = TrustedProxies::hops(1, ForwardingHeaders::XForwarded);
    for quiet in [trusting(hops), ConnectionInfoLayer::assume_https()] {
        assert_eq!(events(&quiet, &unknown), 0);
    }
}
