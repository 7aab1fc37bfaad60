//! Tests the headers other than `X-Forwarded-Proto` in which proxies report the scheme of the
//! browser.

use http::HeaderValue;
use tower_hardening::connection::{
    ConnectionInfo, ConnectionSource, ForwardingHeaders, Scheme, SchemeHeader, Transport,
    TrustedProxies,
};

use crate::ask::request;

fn from(peer: &str) -> Transport {
    Transport::from_peer(peer.parse().unwrap())
}

fn trusting(header: SchemeHeader, family: ForwardingHeaders) -> ConnectionSource {
    let proxies = TrustedProxies::networks(["10.0.0.0/8"], family).unwrap();
    ConnectionSource::trusting(proxies.with_scheme_header(header))
}

fn known(header: SchemeHeader, lines: &[(&str, &str)]) -> ConnectionInfo {
    trusting(header, ForwardingHeaders::XForwarded)
        .examine(&request(lines.iter().copied()), from("10.0.0.1:1"))
}

/// Each header with its values for https and for http.
const VALUES: [(SchemeHeader, &str, &str, &str); 6] = [
    (SchemeHeader::CfVisitor, "cf-visitor", "{\"scheme\":\"https\"}", "{\"scheme\":\"http\"}"),
    (SchemeHeader::CloudFrontForwardedProto, "cloudfront-forwarded-proto", "https", "http"),
    (SchemeHeader::FrontEndHttps, "front-end-https", "on", "off"),
    (SchemeHeader::XForwardedScheme, "x-forwarded-scheme", "https", "http"),
    (SchemeHeader::XForwardedSsl, "x-forwarded-ssl", "on", "off"),
    (SchemeHeader::XUrlScheme, "x-url-scheme", "https", "http"),
];

#[test]
fn every_scheme_header_is_named_and_is_in_the_list() {
    assert_eq!(SchemeHeader::ALL, VALUES.map(|(header, ..)| header));
    for (header, name, ..) in VALUES {
        assert_eq!((header.as_str(), header.to_string().as_str()), (name, name));
        assert_eq!(header.name(), name);
        assert_eq!(name.to_ascii_uppercase().parse(), Ok(header));
    }
    for (text, problem) in [
        (
            "x-ssl",
            "'x-ssl' is not a header with a scheme; write one of 'cf-visitor', 'cloudfront-forwarded-proto', 'front-end-https', 'x-forwarded-scheme', 'x-forwarded-ssl', 'x-url-scheme'",
        ),
        (
            "X-Forwarded-Sll",
            "'X-Forwarded-Sll' is not a header with a scheme; did you mean 'x-forwarded-ssl'?",
        ),
        (
            "X-Forwarded-Proto",
            "'X-Forwarded-Proto' needs no scheme header, since it is read by default; leave this out",
        ),
    ] {
        let error = text.parse::<SchemeHeader>().unwrap_err();
        assert_eq!((error.subject(), error.problem()), ("scheme header", problem));
    }
}

#[test]
fn a_trusted_proxy_reports_the_scheme_in_the_header_that_is_named() {
    for (header, name, https, http) in VALUES {
        for (value, scheme) in [
            (https.to_owned(), Scheme::Https),
            (http.to_owned(), Scheme::Http),
            (format!(" {https}\t"), Scheme::Https),
            (format!("{https}, {https}"), Scheme::Https),
        ] {
            let known = known(header, &[(name, &value), ("x-forwarded-for", "192.0.2.7")]);
            assert_eq!(known.scheme(), scheme, "{name}: {value}");
            assert_eq!(known.peer(), Some([192, 0, 2, 7].into()));
        }
    }
    for value in ["On", "ON"] {
        assert_eq!(
            known(SchemeHeader::FrontEndHttps, &[("front-end-https", value)]).scheme(),
            Scheme::Https
        );
    }
    for value in ["{ \"scheme\" : \"HTTPS\" }", "{\"scheme\":\t\"https\"}"] {
        assert_eq!(
            known(SchemeHeader::CfVisitor, &[("cf-visitor", value)]).scheme(),
            Scheme::Https
        );
    }
}

#[test]
fn a_named_header_that_is_absent_contradictory_or_unknown_makes_the_scheme_unknown() {
    for (header, name, https, http) in VALUES {
        for lines in [
            vec![],
            vec![""],
            vec!["1"],
            vec!["true"],
            vec!["ftp"],
            vec!["\"https\""],
            vec!["on off"],
            vec![https, http],
            vec![http, https],
            vec![https, "x"],
        ] {
            let lines: Vec<_> = lines.into_iter().map(|line| (name, line)).collect();
            // The other headers do not speak for a header that is silent.
            let other = [("x-forwarded-proto", "https"), ("x-forwarded-for", "192.0.2.7")];
            assert_eq!(known(header, &lines).scheme(), Scheme::Unknown, "{lines:?}");
            let lines = [&lines[..], &other].concat();
            assert_eq!(known(header, &lines).scheme(), Scheme::Unknown, "{lines:?}");
        }
        // Nobody knows who wrote the headers of a request whose way is malformed.
        let lines = [(name, https), ("x-forwarded-for", "no address")];
        assert_eq!(known(header, &lines).scheme(), Scheme::Unknown);
    }
    for json in [
        "https",
        "{}",
        "[]",
        "{\"scheme\"}",
        "{\"scheme\":https}",
        "{\"scheme\":\"https\"",
        "\"scheme\":\"https\"",
        "{\"scheme\":\"ftp\"}",
        "{\"Scheme\":\"https\"}",
        "{\"scheme\":\"https\\u0000\"}",
        "{\"scheme\":\"http\",\"scheme\":\"https\"}",
        "{\"scheme\":[\"https\"]}",
        "{\"scheme\":\"\"}",
    ] {
        let known = known(SchemeHeader::CfVisitor, &[("cf-visitor", json)]);
        assert_eq!(known.scheme(), Scheme::Unknown, "{json}");
    }
    let mut request = request([]);
    request.headers_mut().insert("x-forwarded-ssl", HeaderValue::from_bytes(b"on\xff").unwrap());
    let source = trusting(SchemeHeader::XForwardedSsl, ForwardingHeaders::XForwarded);
    assert_eq!(source.examine(&request, from("10.0.0.1:1")).scheme(), Scheme::Unknown);
}

#[test]
fn the_named_header_is_that_of_the_browser_and_the_others_that_of_the_proxy() {
    for (header, name, https, http) in VALUES {
        for (value, scheme) in [(https, Scheme::Https), (http, Scheme::Http)] {
            for proto in ["https", "http", "https, http", "nonsense"] {
                let lines =
                    [(name, value), ("x-forwarded-for", "192.0.2.7"), ("x-forwarded-proto", proto)];
                assert_eq!(known(header, &lines).scheme(), scheme, "{name}: {value}, {proto}");
            }
            let lines = [(name, value), ("forwarded", "for=192.0.2.7;proto=http;host=a.example")];
            let known = trusting(header, ForwardingHeaders::Forwarded)
                .examine(&request(lines), from("10.0.0.1:1"));
            assert_eq!((known.scheme(), known.peer()), (scheme, Some([192, 0, 2, 7].into())));
            assert_eq!(known.host().map(ToString::to_string).as_deref(), Some("a.example"));
        }
    }
}

#[test]
fn the_header_of_an_untrusted_peer_or_one_that_is_not_named_changes_nothing() {
    for (header, name, https, http) in VALUES {
        for value in [https, http] {
            for connection in [
                Transport::new(),
                from("192.0.2.9:1"),
                from("192.0.2.9:1").over_tls(),
                from("[2001:db8::1]:1").in_clear_text(),
                Transport::from_unix_socket(),
            ] {
                let source = trusting(header, ForwardingHeaders::XForwarded);
                let spoofed = source.examine(&request([(name, value)]), connection);
                assert_eq!(spoofed, source.examine(&request([]), connection));
                assert_eq!(spoofed.scheme(), connection.scheme());
            }
            for family in [ForwardingHeaders::XForwarded, ForwardingHeaders::Forwarded] {
                let proxies = TrustedProxies::networks(["10.0.0.0/8"], family).unwrap();
                let known = ConnectionSource::trusting(proxies)
                    .examine(&request([(name, value)]), from("10.0.0.1:1"));
                assert_eq!(known.scheme(), Scheme::Unknown, "{name} is not named");
            }
            for other in SchemeHeader::ALL.iter().filter(|other| **other != header) {
                assert_eq!(known(*other, &[(name, value)]).scheme(), Scheme::Unknown);
            }
        }
    }
}

#[cfg(feature = "settings")]
#[test]
fn the_settings_name_the_header() {
    use tower_hardening::settings::Settings;

    for (header, name, https, http) in VALUES {
        for family in ["", "header = \"forwarded\"\n"] {
            let text =
                format!("[proxy]\ntrusted = [\"10.0.0.0/8\"]\n{family}scheme_header = \"{name}\"");
            let settings = Settings::from_toml(&text).unwrap();
            let source = settings.connection_source().unwrap();
            for (value, scheme) in [(https, Scheme::Https), (http, Scheme::Http)] {
                let known = source.examine(&request([(name, value)]), from("10.0.0.1:1"));
                assert_eq!(known.scheme(), scheme, "{text}");
            }
            if family.is_empty() {
                assert_eq!(source, trusting(header, ForwardingHeaders::XForwarded));
            }
        }
    }
    let error = |value: &str| {
        let text = format!("[proxy]\ntrusted = [\"10.0.0.1\"]\nscheme_header = {value}");
        Settings::from_toml(&text).unwrap_err().to_string()
    };
    assert_eq!(
        error("\"x-https\""),
        "settings, line 3, proxy.scheme_header: 'x-https' is not a header with a scheme; write one of 'cf-visitor', 'cloudfront-forwarded-proto', 'front-end-https', 'x-forwarded-scheme', 'x-forwarded-ssl', 'x-url-scheme'"
    );
    assert_eq!(
        error("\"cf_visitor\""),
        "settings, line 3, proxy.scheme_header: 'cf_visitor' is not a header with a scheme; did you mean 'cf-visitor'?"
    );
    assert_eq!(
        error("true"),
        "settings, line 3, proxy.scheme_header: found true; write a text in quotes"
    );
    let lints = Settings::from_toml("[proxy]\nscheme_header = \"cf-visitor\"").unwrap().lints();
    let lint = lints.iter().find(|lint| lint.id() == "proxy-not-trusted").unwrap();
    assert!(lint.message().starts_with("proxy.scheme_header: no forwarding header is read"));
}

#[cfg(feature = "axum")]
mod socket {
    use std::{
        io::{Read, Write},
        net::{SocketAddr, TcpStream},
    };

    use axum::{Extension, Router, routing::get};
    use tower_hardening::{
        connection::ConnectionInfoLayer,
        hosts::{HttpsRedirect, HttpsRedirectLayer},
    };

    use super::*;

    async fn scheme(Extension(known): Extension<ConnectionInfo>) -> String {
        format!("{:?}", known.scheme())
    }

    fn app(proxies: TrustedProxies) -> Router {
        let site = "https://example.tld".parse().unwrap();
        Router::new()
            .route("/", get(scheme))
            .layer(HttpsRedirectLayer::new(HttpsRedirect::to_site(&site).unwrap()))
            .layer(ConnectionInfoLayer::trusting(proxies))
    }

    /// Sends the header lines to a server with this router, and returns the response.
    fn send(app: &Router, lines: &str) -> String {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let service = app.clone().into_make_service_with_connect_info::<SocketAddr>();
        runtime.spawn(async move { axum::serve(listener, service).await });
        let mut stream = TcpStream::connect(address).unwrap();
        let request =
            format!("GET / HTTP/1.1\r\nhost: example.tld\r\nconnection: close\r\n{lines}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }

    #[test]
    fn every_scheme_header_decides_about_the_redirect_through_a_socket() {
        for (header, name, https, http) in VALUES {
            let networks = |network| {
                let proxies =
                    TrustedProxies::networks([network], ForwardingHeaders::XForwarded).unwrap();
                app(proxies.with_scheme_header(header))
            };
            let trusted = networks("127.0.0.0/8");
            let sent = send(&trusted, &format!("{name}: {https}\r\nx-forwarded-proto: http\r\n"));
            assert!(sent.starts_with("HTTP/1.1 200") && sent.ends_with("Https"), "{sent}");
            let sent = send(&trusted, &format!("{name}: {http}\r\nx-forwarded-proto: https\r\n"));
            assert!(sent.starts_with("HTTP/1.1 301"), "{sent}");
            assert!(sent.contains("location: https://example.tld/\r\n"), "{sent}");
            let stranger = networks("10.0.0.0/8");
            let sent = send(&stranger, &format!("{name}: {http}\r\n"));
            assert!(sent.starts_with("HTTP/1.1 200") && sent.ends_with("Unknown"), "{sent}");
        }
    }

    #[test]
    fn two_schemes_and_one_address_cause_no_redirect_loop() {
        let proxies =
            TrustedProxies::networks(["127.0.0.0/8"], ForwardingHeaders::XForwarded).unwrap();
        let app = app(proxies);
        for lines in [
            "x-forwarded-for: 192.0.2.7\r\nx-forwarded-proto: https,http\r\n",
            "x-forwarded-for: 192.0.2.7\r\nx-forwarded-proto: https\r\nx-forwarded-proto: http\r\n",
            "x-forwarded-proto: https, http\r\n",
            "x-forwarded-for: 192.0.2.7\r\nx-forwarded-proto: http\r\nforwarded: for=192.0.2.7;proto=https\r\n",
        ] {
            let sent = send(&app, lines);
            assert!(sent.starts_with("HTTP/1.1 200") && sent.ends_with("Unknown"), "{sent}");
        }
        let sent = send(&app, "x-forwarded-for: 192.0.2.7\r\nx-forwarded-proto: http\r\n");
        assert!(sent.starts_with("HTTP/1.1 301"), "{sent}");
    }
}
