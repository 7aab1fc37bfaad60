//! Tests `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`.

use tower_hardening::connection::{
    ConnectionInfo, ConnectionSource, ForwardingHeaders, Scheme, Transport, TrustedProxies,
};

use crate::ask::request;

fn near() -> Transport {
    Transport::from_peer("[::ffff:10.0.0.1]:1".parse().unwrap())
}

fn proxies() -> TrustedProxies {
    TrustedProxies::networks(["10.0.0.0/8", "2001:db8:1::/48"], ForwardingHeaders::XForwarded)
        .unwrap()
}

fn known(proxies: TrustedProxies, r#for: &[&str], proto: &[&str]) -> ConnectionInfo {
    let nodes = r#for.iter().map(|line| ("x-forwarded-for", *line));
    let schemes = proto.iter().map(|line| ("x-forwarded-proto", *line));
    ConnectionSource::trusting(proxies).examine(&request(nodes.chain(schemes)), near())
}

#[test]
fn adv_051_the_word_of_the_outermost_trusted_proxy_counts() {
    let cases: [(&[&str], &[&str], Scheme, &str); 24] = [
        (&["192.0.2.7"], &["https"], Scheme::Https, "192.0.2.7"),
        (&["192.0.2.7"], &["http"], Scheme::Http, "192.0.2.7"),
        (&["192.0.2.7"], &[" HtTpS\t"], Scheme::Https, "192.0.2.7"),
        (&["192.0.2.7"], &["wss"], Scheme::Https, "192.0.2.7"),
        (&["192.0.2.7"], &["ws"], Scheme::Http, "192.0.2.7"),
        (&["192.0.2.7"], &["http, "], Scheme::Http, "192.0.2.7"),
        (&["192.0.2.7:4711"], &["https"], Scheme::Https, "192.0.2.7"),
        (&["2001:db8::7"], &["https"], Scheme::Https, "2001:db8::7"),
        (&["[2001:db8::7]:4711"], &["https"], Scheme::Https, "2001:db8::7"),
        (&["unknown"], &["https"], Scheme::Https, ""),
        (&[], &["https"], Scheme::Https, "10.0.0.1"),
        // The client wrote the values to the left.
        (&["192.0.2.66, 192.0.2.7"], &["https, http"], Scheme::Http, "192.0.2.7"),
        (&["192.0.2.66", "192.0.2.7"], &["https", "http"], Scheme::Http, "192.0.2.7"),
        (&["no address, 192.0.2.7"], &["https"], Scheme::Https, "192.0.2.7"),
        // All agree, so that it does not matter who wrote them.
        (&["192.0.2.7"], &["https, HTTPS"], Scheme::Https, "192.0.2.7"),
        (&[], &["http", "http"], Scheme::Http, "10.0.0.1"),
        // Two trusted proxies append to both headers.
        (&["192.0.2.7, 10.0.0.2"], &["https, http"], Scheme::Https, "192.0.2.7"),
        (&["192.0.2.66, 192.0.2.7, 10.0.0.2"], &["https, http, https"], Scheme::Http, "192.0.2.7"),
        (&["192.0.2.7, 2001:db8:1::2"], &["https, http"], Scheme::Https, "192.0.2.7"),
        (&["::ffff:192.0.2.7, ::ffff:10.0.0.2"], &["https, http"], Scheme::Https, "192.0.2.7"),
        // Two proxies append to one header and overwrite the other.
        (&["192.0.2.7, 10.0.0.2"], &["https"], Scheme::Https, "192.0.2.7"),
        (&["192.0.2.66, 192.0.2.7, 10.0.0.2"], &["http"], Scheme::Http, "192.0.2.7"),
        (&["192.0.2.66, 192.0.2.7"], &["http"], Scheme::Http, "192.0.2.7"),
        // All nodes are proxies.
        (&["10.0.0.3, 10.0.0.2"], &["https, http"], Scheme::Https, "10.0.0.3"),
    ];
    for (r#for, proto, scheme, peer) in cases {
        let known = known(proxies(), r#for, proto);
        assert_eq!(known.scheme(), scheme, "{for:?} {proto:?}");
        assert_eq!(known.peer().map(|peer| peer.to_string()).unwrap_or_default(), peer);
    }
}

#[test]
fn malformed_or_contradictory_values_make_the_scheme_unknown() {
    let cases: [(&[&str], &[&str]); 17] = [
        (&["192.0.2.7"], &["htps"]),
        (&["192.0.2.7"], &["\"https\""]),
        (&["192.0.2.7"], &["https;q=1"]),
        (&["no address"], &["https"]),
        (&["192.0.2.7, no address"], &["https"]),
        (&["192.0.2.7, 10.0.0.2:"], &["https"]),
        (&["192.0.2.7, [10.0.0.2]"], &["https"]),
        // Either the second proxy overwrote the value, or a client wrote both.
        (&["192.0.2.66, 192.0.2.7, 10.0.0.2"], &["http, https"]),
        (&["192.0.2.66, 192.0.2.7, 10.0.0.2"], &["https, http"]),
        (&["192.0.2.7"], &["https\u{a0}"]),
        // Another number of schemes than of addresses: nobody knows which proxy wrote which.
        (&["192.0.2.7"], &["https,http"]),
        (&["192.0.2.7"], &["https", "http"]),
        (&["192.0.2.7"], &["http, https"]),
        (&["192.0.2.7, 10.0.0.2"], &["https, http, http"]),
        (&["unknown"], &["https, http"]),
        (&[], &["https, http"]),
        (&[""], &["https", "http"]),
    ];
    for (r#for, proto) in cases {
        assert_eq!(known(proxies(), r#for, proto).scheme(), Scheme::Unknown, "{for:?} {proto:?}");
    }
}

#[test]
fn adv_054_silence_of_a_trusted_proxy_is_unknown_and_not_http() {
    for r#for in [&[][..], &["192.0.2.7"], &["192.0.2.7, 10.0.0.2"]] {
        for proto in [&[][..], &[""], &[" , "]] {
            assert_eq!(known(proxies(), r#for, proto).scheme(), Scheme::Unknown);
        }
    }
}

#[test]
fn adv_051_a_number_of_hops_counts_from_the_right() {
    let hops = |number| TrustedProxies::hops(number, ForwardingHeaders::XForwarded);
    let (r#for, proto) = (["192.0.2.66, 192.0.2.7", "192.0.2.9"], ["https, http", "https"]);
    for (number, scheme, last) in
        [(1, Scheme::Https, 9), (2, Scheme::Http, 7), (3, Scheme::Https, 66)]
    {
        let known = known(hops(number), &r#for, &proto);
        assert_eq!((known.scheme(), known.peer()), (scheme, Some([192, 0, 2, last].into())));
    }
    let beyond = known(hops(4), &r#for, &proto);
    assert_eq!((beyond.scheme(), beyond.peer()), (Scheme::Unknown, None));
    assert_eq!(known(hops(1), &[], &["https, http"]).scheme(), Scheme::Http);
    assert_eq!(known(hops(2), &[], &["https, http"]).scheme(), Scheme::Https);
    assert_eq!(known(hops(3), &[], &["https, http"]).scheme(), Scheme::Unknown);
    assert_eq!(known(hops(2), &[], &["https"]).scheme(), Scheme::Https);
}

#[test]
fn the_other_family_is_not_trusted_but_a_contradiction_makes_the_scheme_unknown() {
    let x = ("x-forwarded-proto", "https");
    let forwarded = ("forwarded", "for=192.0.2.7;proto=https");
    // The lines, and the result for each family of headers.
    let cases = [
        (vec![x, forwarded], Scheme::Https, Scheme::Https),
        (vec![x, ("forwarded", "for=192.0.2.7")], Scheme::Https, Scheme::Unknown),
        (vec![x, ("forwarded", "for=192.0.2.7;proto=http")], Scheme::Unknown, Scheme::Unknown),
        (vec![x, ("forwarded", "for=\"")], Scheme::Unknown, Scheme::Unknown),
        (vec![forwarded], Scheme::Unknown, Scheme::Https),
        (vec![forwarded, ("x-forwarded-proto", "htps")], Scheme::Unknown, Scheme::Unknown),
        (vec![x], Scheme::Https, Scheme::Unknown),
    ];
    for (lines, by_x, by_forwarded) in cases {
        let request = request(lines);
        for (headers, scheme) in
            [(ForwardingHeaders::XForwarded, by_x), (ForwardingHeaders::Forwarded, by_forwarded)]
        {
            let proxies = TrustedProxies::networks(["10.0.0.0/8"], headers).unwrap();
            let known = ConnectionSource::trusting(proxies).examine(&request, near());
            assert_eq!(known.scheme(), scheme, "{headers:?} {:?}", request.headers());
        }
    }
}

#[test]
fn adv_061_the_forwarded_host_is_taken_where_that_is_asked_for() {
    let host = |proxies: TrustedProxies, forwarded: &[&str]| {
        let lines = forwarded.iter().map(|line| ("x-forwarded-host", *line));
        let request =
            request(lines.chain([("host", "own.example"), ("x-forwarded-for", "192.0.2.7")]));
        let known = ConnectionSource::trusting(proxies).examine(&request, near());
        known.host().map(|host| host.to_string())
    };
    let asked = || proxies().with_forwarded_host();
    assert_eq!(host(proxies(), &["a.example"]).as_deref(), Some("own.example"));
    assert_eq!(host(asked(), &["A.example:8443"]).as_deref(), Some("a.example:8443"));
    assert_eq!(host(asked(), &["evil.example, a.example"]).as_deref(), Some("a.example"));
    assert_eq!(host(asked(), &["evil.example", "a.example"]).as_deref(), Some("a.example"));
    assert_eq!(host(asked(), &[]).as_deref(), Some("own.example"));
    for hostile in ["a;script-src *", "user@a.example", "a.example/b", "a.example\"", "a b"] {
        assert_eq!(host(asked(), &[hostile]), None, "{hostile}");
    }
}

#[test]
fn text_that_is_not_a_network_or_trusts_every_address_is_an_error() {
    let error = |network: &str| {
        TrustedProxies::networks([network], ForwardingHeaders::XForwarded).unwrap_err().to_string()
    };
    for everybody in ["0.0.0.0/0", "::/0"] {
        assert_eq!(
            error(everybody),
            format!(
                "trusted proxies, byte 0: '{everybody}' trusts every address; write the network of the proxies, like '10.0.0.0/8'"
            ),
        );
    }
    for networks in [["0.0.0.0/1", "128.0.0.0/1"], ["2000::/4", "3000::/4"]] {
        let error = TrustedProxies::networks(networks, ForwardingHeaders::XForwarded).unwrap_err();
        assert!(error.to_string().contains("together trust every address"), "{error}");
    }
    for none in ["", "localhost", "10.0.0.0/33", "10.0.0/8", "fe80::1%eth0"] {
        assert_eq!(
            error(none),
            format!(
                "trusted proxies, byte 0: '{none}' is not a network; write one like '10.0.0.0/8' or '192.0.2.1'"
            ),
        );
    }
}

#[test]
fn an_ipv4_network_in_the_form_of_ipv6_is_the_same_network() {
    let trusts = |network: &str, peer: &str| {
        let proxies = TrustedProxies::networks([network], ForwardingHeaders::XForwarded).unwrap();
        let request = request([("x-forwarded-proto", "https")]);
        let connection = Transport::from_peer(peer.parse().unwrap());
        ConnectionSource::trusting(proxies).examine(&request, connection).scheme() == Scheme::Https
    };
    for peer in ["10.1.2.3:1", "[::ffff:10.1.2.3]:1"] {
        for network in ["10.0.0.0/8", "::ffff:10.0.0.0/104", "10.1.2.3", "::ffff:10.1.2.3"] {
            assert!(trusts(network, peer), "{network} {peer}");
        }
        for network in ["::ffff:11.0.0.0/104", "::ffff:10.1.2.4", "::/64"] {
            assert!(!trusts(network, peer), "{network} {peer}");
        }
    }
    let all = TrustedProxies::networks(["::ffff:0:0/96"], ForwardingHeaders::XForwarded);
    assert!(all.unwrap_err().to_string().contains("'::ffff:0:0/96' trusts every address"));
}
