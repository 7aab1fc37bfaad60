//! A client writes values to the left of those of its proxy. The scheme is https only if the proxy
//! reports it.

use http::{HeaderValue, Request};
use proptest::{collection::vec, prelude::*};
use tower_hardening::connection::{
    ConnectionSource, ForwardingHeaders, Scheme, Transport, TrustedProxies,
};

const NAMES: [&str; 4] = ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"];

fn line() -> impl Strategy<Value = Vec<u8>> {
    let words = vec(
        prop_oneof![
            Just("for="),
            Just("proto=https"),
            Just("https"),
            Just("http"),
            Just("\""),
            Just(","),
            Just(";"),
            Just("10.0.0.2"),
            Just("192.0.2.7"),
            Just("[::1]"),
            Just(" "),
            Just("\\"),
            Just("host="),
            Just("=")
        ],
        0..12,
    );
    let bytes = vec(prop_oneof![0x20..=0x7Eu8, 0x80..=0xFFu8], 0..40);
    prop_oneof![words.prop_map(|words| words.concat().into_bytes()), bytes]
}

/// Generates the lines of a client, of any of the headers.
fn sent() -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> {
    vec((proptest::sample::select(NAMES.to_vec()), line()), 0..5)
}

fn request(lines: &[(&'static str, Vec<u8>)]) -> Request<()> {
    let mut request = Request::new(());
    for (name, value) in lines {
        request.headers_mut().append(*name, HeaderValue::from_bytes(value).unwrap());
    }
    request
}

proptest! {
    #[test]
    fn adv_052_a_proxy_over_http_never_comes_out_as_https(sent in sent(), joined in any::<bool>()) {
        let near = Transport::from_peer("10.0.0.1:1".parse().unwrap());
        for (headers, own) in [
            (ForwardingHeaders::Forwarded, vec![("forwarded", "for=192.0.2.99;proto=http")]),
            (ForwardingHeaders::XForwarded, vec![("x-forwarded-for", "192.0.2.99"), ("x-forwarded-proto", "http")]),
        ] {
            let mut request = request(&sent);
            for (name, value) in own {
                let before = request.headers_mut().remove(name).filter(|_| joined);
                let before = before.map(|before| [before.as_bytes(), b", "].concat()).unwrap_or_default();
                let value = HeaderValue::from_bytes(&[&before, value.as_bytes()].concat()).unwrap();
                request.headers_mut().append(name, value);
            }
            for proxies in [
                TrustedProxies::networks(["10.0.0.0/8"], headers).unwrap(),
                TrustedProxies::hops(1, headers),
            ] {
                let known = ConnectionSource::trusting(proxies.with_forwarded_host()).examine(&request, near);
                prop_assert_ne!(known.scheme(), Scheme::Https);
                prop_assert!(known.peer().is_none_or(|peer| peer.to_string() == "192.0.2.99"));
            }
        }
    }

    #[test]
    fn adv_052_an_untrusted_peer_changes_nothing(sent in sent()) {
        let far = Transport::from_peer("192.0.2.7:1".parse().unwrap()).in_clear_text();
        for headers in [ForwardingHeaders::Forwarded, ForwardingHeaders::XForwarded] {
            let proxies = TrustedProxies::networks(["10.0.0.0/8"], headers).unwrap().and_unix_socket();
            let source = ConnectionSource::trusting(proxies.with_forwarded_host());
            let plain = source.examine(&Request::new(()), far);
            prop_assert_eq!(source.examine(&request(&sent), far), plain);
        }
    }
}
