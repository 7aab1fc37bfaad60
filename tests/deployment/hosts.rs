//! Hosts are read strictly.

use tower_hardening::connection::Host;

#[test]
fn a_host_is_read_and_printed_in_one_way() {
    let cases = [
        ("example.tld", "example.tld"),
        ("Example.TLD", "example.tld"),
        ("example.tld.", "example.tld"),
        ("example.tld.:80", "example.tld:80"),
        ("xn--bcher-kva.example:8443", "xn--bcher-kva.example:8443"),
        ("my_app", "my_app"),
        ("127.0.0.1:4000", "127.0.0.1:4000"),
        ("[::1]", "[::1]"),
        ("[0:0::0:1]:65535", "[::1]:65535"),
        ("[2001:DB8::A]", "[2001:db8::a]"),
    ];
    for (text, printed) in cases {
        let host: Host = text.parse().unwrap();
        assert_eq!(host.to_string(), printed);
        assert_eq!(printed.parse(), Ok(host));
    }
}

#[test]
fn a_host_knows_addresses_and_localhost() {
    let host = |text: &str| text.parse::<Host>().unwrap();
    assert_eq!(host("192.0.2.1").address(), Some([192, 0, 2, 1].into()));
    assert!(host("[::1]").address().unwrap().is_loopback());
    assert_eq!(host("192.0.2.1.example").address(), None);
    assert!(host("LocalHost").is_localhost() && host("a.b.localhost.").is_localhost());
    assert!(!host("localhost.example").is_localhost() && !host("notlocalhost").is_localhost());
}

#[test]
fn adv_056_text_that_is_not_a_host_is_an_error() {
    let cases = [
        ("", "host, byte 0: the host is empty; write one like 'example.tld'"),
        (":80", "host, byte 0: the host is empty; write one like 'example.tld'"),
        (".", "host, byte 0: the host '.' has an empty label; write one like 'example.tld'"),
        ("a..b", "host, byte 2: the host 'a..b' has an empty label; write one like 'example.tld'"),
        ("a@b", "host, byte 1: '@' is not allowed in a host; remove the user name"),
        ("a/b", "host, byte 1: '/' is not allowed in a host; remove the path"),
        ("a b", "host, byte 1: ' ' is not allowed in a host; write letters, digits, '-' and '.'"),
        (
            "bücher.example",
            "host, byte 1: 'ü' is not allowed in a host; write its punycode form, which begins with 'xn--'",
        ),
        ("a:", "host, byte 2: '' is not a port; write a number from 1 to 65535"),
        ("a:0", "host, byte 2: '0' is not a port; write a number from 1 to 65535"),
        ("a:65536", "host, byte 2: '65536' is not a port; write a number from 1 to 65535"),
        ("a:8 0", "host, byte 3: ' ' is not allowed in a host; write letters, digits, '-' and '.'"),
        (
            "a:80:80",
            "host, byte 4: ':' is not allowed in a host; write the port once, after the host",
        ),
        ("::1", "host, byte 0: '::1' is an IPv6 address; write '[::1]'"),
        ("https://a.example", "host, byte 0: 'https://' is not part of a host; write 'a.example'"),
        ("a:http", "host, byte 2: 'http' is not a port; write a number from 1 to 65535"),
        ("[::1", "host, byte 0: '[::1' is not an IPv6 address; write one like '[2001:db8::1]'"),
        (
            "[::1]x",
            "host, byte 5: 'x' is not allowed in a host; write letters, digits, '-' and '.'",
        ),
        (
            "[fe80::1%25eth0]",
            "host, byte 0: '[fe80::1%25eth0]' is not an IPv6 address; write one like '[2001:db8::1]'",
        ),
        ("127.1", "host, byte 0: '127.1' is not an IPv4 address; write one like '192.0.2.1'"),
        ("0x7f.1", "host, byte 0: '0x7f.1' is not an IPv4 address; write one like '192.0.2.1'"),
        ("a.0x1", "host, byte 0: 'a.0x1' is not an IPv4 address; write one like '192.0.2.1'"),
    ];
    for (text, message) in cases {
        assert_eq!(text.parse::<Host>().unwrap_err().to_string(), message);
    }
    for long in ["a.".repeat(127) + "b", "a".repeat(64)] {
        let error = long.parse::<Host>().unwrap_err().to_string();
        assert!(error.ends_with("at most 63 between two dots"), "{error}");
    }
}
