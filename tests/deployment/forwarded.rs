//! Tests the header `Forwarded` of RFC 7239.

use http::HeaderValue;
use tower_hardening::connection::{
    ConnectionInfo, ConnectionSource, ForwardingHeaders, Scheme, Transport, TrustedProxies,
};

use crate::ask::request;

fn near() -> Transport {
    Transport::from_peer("10.0.0.1:1".parse().unwrap())
}

fn proxies() -> TrustedProxies {
    TrustedProxies::networks(["10.0.0.0/8", "2001:db8:1::/48"], ForwardingHeaders::Forwarded)
        .unwrap()
}

fn known(proxies: TrustedProxies, lines: &[&str]) -> ConnectionInfo {
    let lines = lines.iter().map(|line| ("forwarded", *line));
    let request = request(lines.chain([("host", "own.example")]));
    ConnectionSource::trusting(proxies).examine(&request, near())
}

/// Returns scheme, peer and host for these lines from a proxy in a trusted network.
fn said(lines: &[&str]) -> (Scheme, Option<String>, String) {
    let known = known(proxies(), lines);
    let host = known.host().map(|host| host.to_string());
    (known.scheme(), known.peer().map(|peer| peer.to_string()), host.unwrap_or_default())
}

#[test]
fn adv_051_the_element_that_the_outermost_trusted_proxy_wrote_counts() {
    let cases: [(&[&str], Scheme, &str, &str); 21] = [
        (&["for=192.0.2.7;proto=https"], Scheme::Https, "192.0.2.7", "own.example"),
        (&["For=192.0.2.7;PROTO=HTTPS;Host=A.example"], Scheme::Https, "192.0.2.7", "a.example"),
        (&["for=192.0.2.7;proto=http"], Scheme::Http, "192.0.2.7", "own.example"),
        (&["for=192.0.2.7;proto=wss"], Scheme::Https, "192.0.2.7", "own.example"),
        (&["for=192.0.2.7;proto=ws"], Scheme::Http, "192.0.2.7", "own.example"),
        (&["for=192.0.2.7;proto=ftp"], Scheme::Unknown, "192.0.2.7", "own.example"),
        (&["proto=https"], Scheme::Https, "", "own.example"),
        (&["for=unknown;proto=https"], Scheme::Https, "", "own.example"),
        (&["for=_hidden;proto=https"], Scheme::Https, "", "own.example"),
        (&["for=\"_SEVKISEK:_port\";proto=https"], Scheme::Https, "", "own.example"),
        (&["for=\"192.0.2.7:4711\";proto=https"], Scheme::Https, "192.0.2.7", "own.example"),
        (&["for=\"[2001:db8::7]:4711\";proto=https"], Scheme::Https, "2001:db8::7", "own.example"),
        (&["proto=\"h\\ttps\";host=\"a.example:8443\""], Scheme::Https, "", "a.example:8443"),
        // The client wrote the text to the left.
        (
            &["for=192.0.2.66;proto=https, for=192.0.2.7;proto=http"],
            Scheme::Http,
            "192.0.2.7",
            "own.example",
        ),
        (
            &["for=192.0.2.66;proto=https", "for=192.0.2.7;proto=http"],
            Scheme::Http,
            "192.0.2.7",
            "own.example",
        ),
        (&["for=\"", "for=192.0.2.7;proto=https"], Scheme::Https, "192.0.2.7", "own.example"),
        // A trusted proxy is skipped, up to the first untrusted node.
        (
            &["for=192.0.2.7;proto=https;host=a.example,for=10.2.3.4;proto=http"],
            Scheme::Https,
            "192.0.2.7",
            "a.example",
        ),
        (
            &[
                "for=192.0.2.66;proto=https , for=192.0.2.7;proto=http\t,\tfor=\"[2001:db8:1::2]\";proto=https;by=_b",
            ],
            Scheme::Http,
            "192.0.2.7",
            "own.example",
        ),
        (
            &["for=\"[::ffff:192.0.2.7]\";proto=https, for=\"[::ffff:10.2.3.4]:4711\";proto=http"],
            Scheme::Https,
            "192.0.2.7",
            "own.example",
        ),
        (
            &["for=10.9.9.9;proto=https, for=10.2.3.4;proto=http"],
            Scheme::Https,
            "10.9.9.9",
            "own.example",
        ),
        (&[",, for=192.0.2.7;;proto=https; ,"], Scheme::Https, "192.0.2.7", "own.example"),
    ];
    for (lines, scheme, peer, host) in cases {
        let peer = (!peer.is_empty()).then(|| peer.to_owned());
        assert_eq!(said(lines), (scheme, peer, host.to_owned()), "{lines:?}");
    }
}

#[test]
fn adv_053_malformed_headers_make_the_scheme_unknown() {
    let cases = [
        // Texts that a parser misreads if it splits before it reads quotes.
        "for=\"127.0.0.1;host=evil.example;proto=https\"",
        "for=\"192.0.2.66, for=192.0.2.7;proto=https",
        "for=\"x, for=\"[2001:db8::1]\";proto=https",
        "host=\"evil.example\\\";proto=https",
        // White space where the grammar has none.
        "for=192.0.2.7; proto=https",
        "for=192.0.2.7 ;proto=https",
        "for =192.0.2.7;proto=https",
        "for= 192.0.2.7;proto=https",
        // The parameter occurs twice in one element.
        "for=192.0.2.7;proto=http;proto=https",
        "proto=https;PROTO=https",
        "proto=https;for=192.0.2.7;For=192.0.2.8",
        "proto=https;by=_a;by=_b",
        "proto=https;host=a;host=b",
        // No pairs.
        "https",
        "proto",
        "proto=",
        "=https",
        "proto=https;for",
        "proto=https for=192.0.2.7",
        "proto=\"https\"x",
        "proto=\"https",
        "proto=\"https\\",
        "proto=https;x=(1)",
        // No nodes.
        "proto=https;for=2001:db8::1",
        "proto=https;for=\"2001:db8::1\"",
        "proto=https;for=[2001:db8::1]",
        "proto=https;for=\"[2001:db8::1\"",
        "proto=https;for=\"[192.0.2.7]\"",
        "proto=https;for=\"192.0.2.7:\"",
        "proto=https;for=\"192.0.2.7:123456\"",
        "proto=https;for=\"192.0.2.7:_\"",
        "proto=https;for=192.0.2.07",
        "proto=https;for=_",
        "proto=https;for=evil.example",
        "proto=https;for=\"\"",
    ];
    for line in cases {
        assert_eq!(said(&[line]).0, Scheme::Unknown, "{line}");
        let further = format!("for=192.0.2.7;proto=https, {line}");
        assert_eq!(said(&[&further]).0, Scheme::Unknown, "{further}");
        assert_eq!(said(&["for=192.0.2.7;proto=https", line]).0, Scheme::Unknown, "{line}");
    }
    let many = (0..17).map(|number| format!("x{number}=1;")).collect::<String>() + "proto=https";
    assert_eq!(said(&[&many]).0, Scheme::Unknown);
    let mut request = request([]);
    let bytes = HeaderValue::from_bytes(b"proto=https;for=\"\xff\"").unwrap();
    request.headers_mut().insert("forwarded", bytes);
    assert_eq!(
        ConnectionSource::trusting(proxies()).examine(&request, near()).scheme(),
        Scheme::Unknown
    );
}

#[test]
fn elements_that_contradict_each_other_and_do_not_tell_where_they_come_from_are_unknown() {
    for lines in [
        &["for=192.0.2.7;proto=https, proto=http"][..],
        &["proto=https", "proto=http"],
        &["proto=https;for=192.0.2.7, by=_b;proto=http"],
        &["proto=ftp, proto=http"],
    ] {
        assert_eq!(said(lines).0, Scheme::Unknown, "{lines:?}");
    }
    for lines in [&["for=192.0.2.7;proto=http, proto=http"][..], &["for=192.0.2.7", "proto=http"]] {
        assert_eq!(said(lines).0, Scheme::Http, "{lines:?}");
    }
    let hops = TrustedProxies::hops(1, ForwardingHeaders::Forwarded);
    assert_eq!(known(hops, &["proto=https, proto=http"]).scheme(), Scheme::Http);
}

#[test]
fn a_malformed_host_is_not_a_host() {
    let (scheme, _, host) = said(&["proto=https;host=\"a@evil.example\""]);
    assert_eq!((scheme, host.as_str()), (Scheme::Https, ""));
}

#[test]
fn adv_054_silence_of_a_trusted_proxy_is_unknown_and_not_http() {
    for lines in [&[][..], &[""], &[","], &["for=192.0.2.7"], &["by=_a"]] {
        assert_eq!(said(lines).0, Scheme::Unknown, "{lines:?}");
    }
}

#[test]
fn adv_051_a_number_of_hops_counts_from_the_right() {
    let hops = |number, lines: &[&str]| {
        known(TrustedProxies::hops(number, ForwardingHeaders::Forwarded), lines)
    };
    let line = "for=192.0.2.66;proto=https, for=192.0.2.7;proto=http, for=192.0.2.9;proto=https";
    let cases =
        [(1, Scheme::Https, Some(9)), (2, Scheme::Http, Some(7)), (3, Scheme::Https, Some(66))];
    for (number, scheme, last) in cases {
        let known = hops(number, &[line]);
        let peer = last.map(|last| [192, 0, 2, last].into());
        assert_eq!((known.scheme(), known.peer()), (scheme, peer));
    }
    // There are too few members: the request did not pass all proxies.
    assert_eq!((hops(4, &[line]).scheme(), hops(4, &[line]).peer()), (Scheme::Unknown, None));
    assert_eq!(hops(2, &["for=192.0.2.7;proto=https, for=\"x"]).scheme(), Scheme::Unknown);
}

#[test]
fn a_unix_socket_is_trusted_if_configured() {
    let request = request([("forwarded", "for=192.0.2.7;proto=https")]);
    let only = TrustedProxies::unix_socket(ForwardingHeaders::Forwarded);
    let both = proxies().and_unix_socket();
    for (proxies, connection, scheme) in [
        (&only, Transport::from_unix_socket(), Scheme::Https),
        (&both, Transport::from_unix_socket(), Scheme::Https),
        (&both, near(), Scheme::Https),
        (&only, near(), Scheme::Unknown),
        (&proxies(), Transport::from_unix_socket(), Scheme::Unknown),
    ] {
        let known = ConnectionSource::trusting(proxies.clone()).examine(&request, connection);
        assert_eq!(known.scheme(), scheme);
    }
}
