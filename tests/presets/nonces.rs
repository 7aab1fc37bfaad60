//! Tests the headers of a response whose nonce was read, and of one whose nonce was not.

use std::future::ready;

use http::{HeaderMap, Request, Response};
use tower::{Layer, Service, service_fn};
use tower_hardening::Nonce;

use super::*;

/// Returns the headers of a response, and its nonce if it was read.
fn answer(hardening: &Hardening, reads: bool) -> (HeaderMap, Option<Nonce>) {
    let page = service_fn(move |request: Request<()>| {
        let nonce = request.extensions().get::<Nonce>().filter(|_| reads).cloned();
        nonce.iter().for_each(|nonce| drop(nonce.get().unwrap().to_owned()));
        ready(Ok::<_, std::convert::Infallible>(Response::new(nonce)))
    });
    let mut service = HardeningLayer::new(hardening.clone()).layer(page);
    let response = now(service.call(Request::new(()))).unwrap();
    let (head, nonce) = response.into_parts();
    (head.headers, nonce)
}

#[test]
fn headers_are_those_of_a_response_whose_nonce_was_not_read() {
    for (name, hardening, _) in presets() {
        let expected: HeaderMap = hardening.headers().into_iter().collect();
        assert_eq!(answer(&hardening, false).0, expected, "{name}");
    }
    let strict = lines(&Hardening::strict(&site())).join("\n");
    assert!(strict.contains("; script-src 'self'; "), "{strict}");
    assert!(!strict.contains("{}") && !strict.contains("nonce"), "{strict}");
}

#[test]
fn headers_with_nonce_are_those_of_a_response_whose_nonce_was_read() {
    let watched = ContentSecurityPolicy::from_static("script-src-elem 'nonce-{}'; report-uri /r");
    let strict = Hardening::strict(&site());
    for hardening in [strict.clone(), strict.clone().with_report_only(watched.clone())] {
        let (sent, nonce) = answer(&hardening, true);
        let nonce = nonce.unwrap();
        let expected: HeaderMap = hardening.headers_with_nonce(&nonce).into_iter().collect();
        assert_eq!(sent, expected);
        let list = format!("; script-src 'self' 'nonce-{nonce}' 'strict-dynamic'; ");
        let policy = sent["content-security-policy"].to_str().unwrap();
        assert!(policy.contains(&list), "{policy}");
        assert_eq!(sent["cache-control"], "private");
        // No policy contains the nonce.
        let guide = Hardening::pleroma(&site());
        assert_eq!(guide.headers_with_nonce(&nonce), guide.headers());
    }
}

#[test]
fn headers_with_nonce_keep_a_page_out_of_shared_caches_as_the_layer_does() {
    for (policy, sent) in [
        ("public, max-age=60", "private, max-age=60"),
        ("s-maxage=5", "private"),
        ("private=\"x\", max-age=1", "private, max-age=1"),
        ("no-store", "no-store"),
        ("private", "private"),
    ] {
        let cached = policy.parse::<CacheControl>().unwrap();
        let hardening = Hardening::strict(&site()).with(cached);
        let (headers, nonce) = answer(&hardening, true);
        let listed = hardening.headers_with_nonce(&nonce.unwrap()).into_iter().collect();
        assert_eq!(headers, listed, "{policy}");
        assert_eq!(headers["cache-control"], sent, "{policy}");
    }
}

#[test]
fn the_documentation_lists_the_requirements_on_pages() {
    let asked = Hardening::strict(&site()).requirements();
    let asked: Vec<&str> = asked.iter().map(|requirement| requirement.id()).collect();
    assert_eq!(
        asked,
        [
            "script-nonce",
            "inline-handler",
            "inline-style",
            "resource-origin",
            "frames",
            "plug-ins",
            "form-action",
            "frame-ancestors",
            "pop-ups",
            "embedding",
            "sub-domains",
        ]
    );
}
