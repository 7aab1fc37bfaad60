//! Tests Fetch Metadata: requests of other sites.

use http::{Method, Request, Response, StatusCode};
use tower_hardening::{
    Hardening, HardeningLayer, ReferrerPolicy,
    header::{FetchMetadata, FetchMetadataLayer},
};

use super::asked;

fn request(method: &str, uri: &str, headers: &[(&str, &str)]) -> Request<()> {
    let mut request = Request::new(());
    *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
    *request.uri_mut() = uri.parse().unwrap();
    for (name, value) in headers {
        let name: http::HeaderName = name.parse().unwrap();
        request.headers_mut().append(name, value.parse().unwrap());
    }
    request
}

fn allows(policy: &FetchMetadata, method: &str, site: &str, mode: &str, dest: &str) -> bool {
    let headers = [("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)];
    policy.allows(&request(method, "/a", &headers))
}

#[test]
fn a_load_of_another_site_is_rejected_and_a_visit_of_a_user_is_not() {
    let policy = FetchMetadata::new();
    for (method, site, mode, dest, expected) in [
        ("GET", "same-origin", "cors", "empty", true),
        ("POST", "same-origin", "cors", "empty", true),
        ("POST", "none", "navigate", "document", true),
        ("GET", "cross-site", "navigate", "document", true),
        ("HEAD", "cross-site", "navigate", "document", true),
        ("GET", "cross-site", "navigate", "iframe", true),
        ("GET", "cross-site", "navigate", "object", false),
        ("GET", "cross-site", "navigate", "embed", false),
        ("POST", "cross-site", "navigate", "document", false),
        ("GET", "cross-site", "no-cors", "image", false),
        ("GET", "cross-site", "no-cors", "script", false),
        ("GET", "cross-site", "cors", "empty", false),
        ("GET", "cross-site", "websocket", "websocket", false),
        ("OPTIONS", "cross-site", "cors", "empty", false),
        ("TRACE", "cross-site", "cors", "empty", false),
        ("GET", "same-site", "no-cors", "image", true),
        ("GET", "weird", "no-cors", "image", true),
        ("POST", "weird", "no-cors", "image", false),
        ("POST", "Same-Origin", "cors", "empty", false),
    ] {
        let found = allows(&policy, method, site, mode, dest);
        assert_eq!(found, expected, "{method} {site} {mode} {dest}");
    }
    // Browsers without the headers, and programs.
    assert!(policy.allows(&request("POST", "/a", &[])));
    assert!(policy.allows(&request("POST", "/a", &[("sec-fetch-site", "")])));
}

#[test]
fn adv_081_a_form_of_a_sibling_domain_is_rejected_whatever_the_uri_looks_like() {
    let policy = FetchMetadata::new();
    for uri in ["/a", "https://example.tld/a", "http://example.tld/a"] {
        for site in ["same-site", "cross-site"] {
            let headers = [("sec-fetch-site", site), ("host", "example.tld")];
            assert!(!policy.allows(&request("POST", uri, &headers)), "{uri} {site}");
            assert!(!policy.allows(&request("DELETE", uri, &headers)), "{uri} {site}");
        }
    }
    let trusting = FetchMetadata::new().dangerous_trust_same_site();
    assert!(allows(&trusting, "POST", "same-site", "cors", "empty"));
    assert!(!allows(&trusting, "POST", "cross-site", "cors", "empty"));
    let strict = FetchMetadata::new().reject_same_site();
    assert!(!allows(&strict, "GET", "same-site", "no-cors", "image"));
    assert!(allows(&strict, "GET", "same-site", "navigate", "document"));
}

#[test]
fn adv_082_the_decision_is_the_same_for_every_form_of_a_request() {
    let policy = FetchMetadata::new();
    for version in [http::Version::HTTP_11, http::Version::HTTP_2] {
        for uri in ["/a?b", "https://example.tld/a?b", "http://other.example/a"] {
            for (site, expected) in [("same-origin", true), ("cross-site", false)] {
                let mut request = request("POST", uri, &[("sec-fetch-site", site)]);
                *request.version_mut() = version;
                assert_eq!(policy.allows(&request), expected, "{version:?} {uri} {site}");
            }
        }
    }
}

#[test]
fn adv_083_adv_085_a_trusted_origin_is_a_scheme_a_host_and_a_port() {
    let policy = FetchMetadata::new().trust(&"https://trusted.example".parse().unwrap());
    let from = |origins: &[&str]| {
        let mut headers = vec![("sec-fetch-site", "cross-site")];
        headers.extend(origins.iter().map(|origin| ("origin", *origin)));
        policy.allows(&request("POST", "/a", &headers))
    };
    assert!(from(&["https://trusted.example"]));
    for origin in [
        "http://trusted.example",
        "https://trusted.example:8443",
        "https://trusted.example/",
        "https://evil@trusted.example",
        "https://trusted.example, https://trusted.example",
        "https://TRUSTED.example",
        "trusted.example",
        "null",
        "",
    ] {
        assert!(!from(&[origin]), "{origin}");
    }
    assert!(!from(&["https://trusted.example", "https://trusted.example"]));
    assert!("trusted.example".parse::<tower_hardening::Origin>().is_err());
}

#[test]
fn adv_084_an_exempt_path_exempts_no_other_spelling() {
    let policy = FetchMetadata::new().exempt_path("/hook/").unwrap();
    let headers = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors")];
    let allows = |path: &str| policy.allows(&request("POST", path, &headers));
    assert!(allows("/hook/") && allows("/hook/?a=/b"));
    for other in [
        "/hook",
        "//hook/",
        "/hook/..;/x",
        "/hook/../x",
        "/%68ook/",
        "/hook%2F",
        "/Hook/",
        "/hook//",
        "/a?/hook/",
    ] {
        assert!(!allows(other), "{other}");
    }
    for wrong in ["hook", "", "/hook?", "//hook", "/a/../b", "/hook/*", "/{id}", "/ü", "/a#b"] {
        let error = FetchMetadata::new().exempt_path(wrong).unwrap_err().to_string();
        assert!(error.contains("is not an exact path; write one like '/api/public'"), "{error}");
    }
    // A preflight of an exempt route passes.
    assert!(policy.allows(&request("OPTIONS", "/hook/", &headers)));
}

#[test]
fn frames_of_other_sites_can_be_rejected() {
    let policy = FetchMetadata::new().reject_framing();
    for dest in ["iframe", "frame", "embed", "object", "fencedframe"] {
        assert!(!allows(&policy, "GET", "cross-site", "navigate", dest), "{dest}");
    }
    assert!(allows(&policy, "GET", "cross-site", "navigate", "document"));
    assert!(allows(&policy, "GET", "same-origin", "navigate", "iframe"));
}

#[test]
fn a_refusal_carries_the_headers_and_every_answer_says_what_it_depends_on() {
    let layers = (
        HardeningLayer::new(Hardening::empty().with(ReferrerPolicy::ORIGIN)),
        FetchMetadataLayer::new(FetchMetadata::new()),
    );
    let cross = || request("GET", "/a.png", &[("sec-fetch-site", "cross-site")]);
    let (status, headers) = asked(&layers, cross(), Response::new(()));
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(headers["referrer-policy"], "origin");
    assert_eq!(headers["vary"], "sec-fetch-site, sec-fetch-mode, sec-fetch-dest");
    let own = request("GET", "/a.png", &[("sec-fetch-site", "same-origin")]);
    let mut varied = Response::new(());
    varied.headers_mut().insert("vary", "accept-encoding".parse().unwrap());
    let (status, headers) = asked(&layers, own, varied);
    assert_eq!(status, StatusCode::OK);
    let vary: Vec<_> = headers.get_all("vary").iter().collect();
    assert_eq!(vary, ["accept-encoding", "sec-fetch-site, sec-fetch-mode, sec-fetch-dest"]);
}

#[test]
fn report_only_answers_nothing_and_trust_varies_by_origin() {
    let cross = || request("GET", "/a.png", &[("sec-fetch-site", "cross-site")]);
    let watched = FetchMetadata::new().report_only();
    assert!(!watched.allows(&cross()));
    let (status, headers) = asked(&FetchMetadataLayer::new(watched), cross(), Response::new(()));
    assert_eq!((status, headers.len()), (StatusCode::OK, 0));
    let trusting = FetchMetadata::new().trust(&"https://a.example".parse().unwrap());
    let layer = FetchMetadataLayer::new(trusting);
    let twice = (layer.clone(), layer);
    let (_, headers) = asked(&twice, cross(), Response::new(()));
    let vary: Vec<_> = headers.get_all("vary").iter().collect();
    assert_eq!(vary, ["sec-fetch-site, sec-fetch-mode, sec-fetch-dest, origin"]);
}
