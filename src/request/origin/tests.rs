//! Tests for accepted and rejected origins and URLs.

use super::*;

#[test]
fn ports_are_kept_and_defaults_are_not() {
    for (text, origin, websocket) in [
        ("https://a.example:443", "https://a.example", "wss://a.example"),
        ("http://a.example:80/", "http://a.example", "ws://a.example"),
        ("http://a.example:443", "http://a.example:443", "ws://a.example:443"),
        ("HTTPS://A.Example:8443", "https://a.example:8443", "wss://a.example:8443"),
    ] {
        let parsed: Origin = text.parse().unwrap();
        assert_eq!((parsed.to_string(), parsed.websocket()), (origin.into(), websocket.into()));
    }
}

#[test]
fn each_refusal_says_what_to_write() {
    for (text, message) in [
        (
            "media.example.tld",
            "origin, byte 0: 'media.example.tld' has no scheme; write 'https://media.example.tld'",
        ),
        ("ftp://a", "origin, byte 0: 'ftp' is not a web scheme; write 'https' or 'http'"),
        (
            "https://a b",
            "origin, byte 9: ' ' is not allowed in a host; write letters, digits, '-' and '.'",
        ),
        (
            "https://a;b",
            "origin, byte 9: ';' is not allowed in a host; write letters, digits, '-' and '.'",
        ),
        (
            "https://münchen.example",
            "origin, byte 9: 'ü' is not allowed in a host; write its punycode form, which begins with 'xn--'",
        ),
        ("//m.example", "origin, byte 0: '//m.example' has no scheme; write 'https://m.example'"),
        ("/csp", "origin, byte 0: '/csp' has no scheme; write 'https://example.tld/csp'"),
        ("https:/a", "origin, byte 0: 'https:/a' has no '//' after the scheme; write 'https://a'"),
        ("HTTP:a", "origin, byte 0: 'HTTP:a' has no '//' after the scheme; write 'http://a'"),
        ("", "origin, byte 0: the URL is empty; write one like 'https://example.tld'"),
        (
            "https://u@a",
            "origin, byte 9: a user name is not allowed in this URL; write 'https://a'",
        ),
        (
            "https://user:pw@a/b",
            "origin, byte 15: a user name is not allowed in this URL; write 'https://a/b'",
        ),
        (
            "https://",
            "origin, byte 8: the host '' has an empty label; write one like 'example.tld'",
        ),
        (
            "https://a..b",
            "origin, byte 10: the host 'a..b' has an empty label; write one like 'example.tld'",
        ),
        ("https://a.b.:1", "origin, byte 12: the host 'a.b.' ends in a dot; write 'a.b'"),
        ("https://a:0", "origin, byte 10: '0' is not a port; write a number from 1 to 65535"),
        ("https://a:+1", "origin, byte 10: '+1' is not a port; write a number from 1 to 65535"),
        (
            "https://[::1",
            "origin, byte 8: '[::1' is not an IPv6 address; write one like '[2001:db8::1]'",
        ),
        (
            "https://1.2.3.4.5",
            "origin, byte 8: '1.2.3.4.5' is not an IPv4 address; write one like '192.0.2.1'",
        ),
        ("https://a/b", "origin, byte 9: '/b' is not part of an origin; write 'https://a'"),
        ("https://a/b;c", "origin, byte 11: ';' is not allowed in this URL; write '%3B'"),
        ("https://a/\r\nx: y", "origin, byte 10: '\\r' is not allowed in this URL; write '%0D'"),
        ("https://a/ü", "origin, byte 10: 'ü' is not allowed in this URL; write '%C3%BC'"),
    ] {
        assert_eq!(text.parse::<Origin>().unwrap_err().to_string(), message);
    }
}

#[test]
fn a_host_is_no_url() {
    for (host, message) in [
        (
            "https://example.tld",
            "origin, byte 0: 'https://' is not part of a host; write 'example.tld'",
        ),
        (
            "example.tld:4000",
            "origin, byte 11: ':' is not allowed in a host; pass the port separately",
        ),
        ("me@a.example", "origin, byte 2: '@' is not allowed in a host; remove the user name"),
        ("::1", "origin, byte 0: '::1' is an IPv6 address; write '[::1]'"),
    ] {
        assert_eq!(Origin::new("https", host, None).unwrap_err().to_string(), message);
    }
}

#[test]
fn a_host_is_the_name_or_the_address_that_browsers_read() {
    for (text, origin) in [
        ("https://0", "https://0.0.0.0"),
        ("https://127.1", "https://127.0.0.1"),
        ("https://0x7f.1:8443/", "https://127.0.0.1:8443"),
        ("http://2130706433", "http://127.0.0.1"),
        ("https://[::1]", "https://[::1]"),
        ("http://[0:0::0:1]:80", "http://[::1]"),
        ("http://[2001:DB8::A]:4000", "http://[2001:db8::a]:4000"),
        ("https://1.2.3.4.example", "https://1.2.3.4.example"),
    ] {
        let parsed: Origin = text.parse().unwrap();
        assert_eq!(parsed.to_string(), origin);
        assert_eq!(parsed.address().is_some(), !origin.ends_with("example"), "{text}");
        assert_eq!(origin.parse(), Ok(parsed));
    }
}

#[test]
fn strict_transport_security_is_for_https_sites_with_a_name() {
    for (text, takes) in [
        ("https://example.tld", true),
        ("http://example.tld", false),
        ("https://localhost", false),
        ("https://a.localhost", false),
        ("https://127.1", false),
        ("https://192.0.2.1", false),
        ("https://[2001:db8::1]", false),
    ] {
        assert_eq!(text.parse::<Origin>().unwrap().takes_sts(), takes, "{text}");
    }
}
