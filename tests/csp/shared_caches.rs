//! A page with a nonce reaches no shared cache, whichever header the cache reads.

use http::{HeaderMap, HeaderName, Request, Response, StatusCode};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, Nonce, csp::CspOverride,
    header::StaticHeader,
};

use super::service::ask;

/// Headers by which an application asks shared caches to keep a page.
const ASKS: [(&str, &str); 22] = [
    ("cache-control", "public, max-age=600"),
    ("cache-control", "s-maxage=600"),
    ("cache-control", "max-age=600, stale-while-revalidate=60"),
    ("cache-control", "private=\"x-name\", s-maxage=600"),
    ("Cache-Control", "PUBLIC, S-MAXAGE=600"),
    ("cdn-cache-control", "max-age=600"),
    ("CDN-Cache-Control", "public"),
    ("cloudflare-cdn-cache-control", "max-age=600"),
    ("vercel-cdn-cache-control", "max-age=600"),
    ("netlify-cdn-cache-control", "public, durable, s-maxage=600"),
    ("akamai-cache-control", "max-age=600"),
    ("fastly-cache-control", "max-age=600"),
    ("x-litespeed-cache-control", "public,max-age=600"),
    ("edge-control", "!no-store, max-age=600"),
    ("Edge-Control", "cache-maxage=10m"),
    ("surrogate-control", "max-age=600"),
    ("Surrogate-Control", "content=\"ESI/1.0\", max-age=600"),
    ("x-accel-expires", "600"),
    ("x-accel-expires", "@4102444800"),
    ("expires", "Fri, 01 Jan 2100 00:00:00 GMT"),
    ("Expires", "Friday, 01-Jan-00 00:00:00 GMT"),
    ("pragma", "public"),
];

/// Returns the headers that shared caches read in place of `Cache-Control`.
fn targeted(headers: &HeaderMap) -> Vec<&str> {
    let names = headers.keys().map(|name| name.as_str());
    let is_targeted = |name: &&str| {
        name.ends_with("-cache-control")
            || ["edge-control", "surrogate-control", "x-accel-expires"].contains(name)
    };
    names.filter(is_targeted).collect()
}

fn assert_private(headers: &HeaderMap) {
    assert_eq!(targeted(headers), [""; 0], "{headers:?}");
    let lines = headers.get_all("cache-control").iter().map(|line| line.to_str().unwrap());
    let said = lines.collect::<Vec<_>>().join(", ").to_ascii_lowercase();
    let members: Vec<&str> = said.split(',').map(str::trim).collect();
    assert!(members.contains(&"private") || members.contains(&"no-store"), "{headers:?}");
    assert!(!said.contains("public") && !said.contains("s-maxage"), "{headers:?}");
    // A cache of HTTP/1.0 knows no `private`, and reads this.
    for expires in headers.get_all("expires") {
        assert_eq!(expires, "0", "{headers:?}");
    }
}

fn lower(name: &str) -> HeaderName {
    name.to_lowercase().parse().unwrap()
}

fn read(request: Request<()>) -> String {
    let nonce = Nonce::from_extensions(request.extensions()).unwrap();
    nonce.get().unwrap().to_owned()
}

fn strict() -> Hardening {
    Hardening::strict(&"https://example.tld".parse().unwrap())
}

fn policies() -> Vec<Hardening> {
    let text = ContentSecurityPolicy::from_static;
    let plain = text("default-src 'self'");
    vec![
        Hardening::empty().with(text("script-src 'nonce-{}'")),
        Hardening::empty().with(text("style-src 'nonce-{}'")),
        Hardening::empty().with(text("style-src-elem 'nonce-{}'")),
        Hardening::empty().with(text("script-src-elem 'self' 'nonce-{}'")),
        Hardening::empty().with(text("default-src 'nonce-{}'")),
        Hardening::empty().with_report_only(text("script-src 'nonce-{}'; report-uri /r")),
        Hardening::empty().with_report_only(text("style-src 'nonce-{}'; report-uri /r")),
        Hardening::empty().with(plain.clone()).with_report_only(text("style-src 'nonce-{}'")),
        Hardening::empty().with(plain).with_additional_csp(text("style-src 'nonce-{}'")),
        strict(),
    ]
}

#[test]
fn a_page_with_a_nonce_in_any_policy_and_directive_reaches_no_shared_cache() {
    for policy in policies() {
        let layer = HardeningLayer::new(policy);
        for (name, value) in ASKS {
            for status in [StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::INTERNAL_SERVER_ERROR]
            {
                let answer = move |request: Request<()>| {
                    let mut response = Response::new(read(request));
                    *response.status_mut() = status;
                    response.headers_mut().insert(lower(name), value.parse().unwrap());
                    response
                };
                assert_private(ask(&layer, answer).headers());
            }
        }
    }
}

#[test]
fn a_page_with_a_nonce_under_a_single_layer_reaches_no_shared_cache() {
    let text = ContentSecurityPolicy::from_static;
    for layer in [
        CspLayer::new(text("style-src 'nonce-{}'")),
        CspLayer::report_only(text("style-src 'nonce-{}'; report-uri /r")),
        CspLayer::report_only(text("script-src 'nonce-{}'; report-uri /r")).appending(),
    ] {
        for (name, value) in ASKS {
            let answer = move |request: Request<()>| {
                let mut response = Response::new(read(request));
                response.headers_mut().insert(lower(name), value.parse().unwrap());
                response
            };
            assert_private(ask(&layer, answer).headers());
        }
    }
}

#[test]
fn all_headers_for_caches_at_once_and_several_lines_of_each_leave_the_page_private() {
    let layer = HardeningLayer::new(strict());
    let answer = |request: Request<()>| {
        let mut response = Response::new(read(request));
        for (name, value) in ASKS.into_iter().chain(ASKS) {
            response.headers_mut().append(lower(name), value.parse().unwrap());
        }
        response
    };
    let response = ask(&layer, answer);
    assert_private(response.headers());
    assert_eq!(response.headers().get_all("expires").iter().count(), 1);
    assert_eq!(response.headers()["pragma"], "public");
}

#[test]
fn a_page_whose_handler_sets_or_disables_the_policy_stays_private_if_it_read_the_nonce() {
    let layer = HardeningLayer::new(strict());
    let own = |request: Request<()>| {
        let mut response = Response::new(read(request));
        response.headers_mut().insert("cdn-cache-control", "max-age=600".parse().unwrap());
        response.headers_mut().insert("content-security-policy", "img-src *".parse().unwrap());
        response
    };
    assert_private(ask(&layer, own).headers());
    let disabled = |request: Request<()>| {
        let mut response = Response::new(read(request));
        response.headers_mut().insert("surrogate-control", "max-age=600".parse().unwrap());
        response.extensions_mut().insert(CspOverride::new().disable("a test"));
        response
    };
    assert_private(ask(&layer, disabled).headers());
}

#[test]
fn a_policy_of_the_same_layer_for_caches_is_private_on_a_page_with_a_nonce() {
    for (name, value) in ASKS {
        let Ok(header) = StaticHeader::new(&name.to_lowercase(), value) else { continue };
        let hardening = strict().with(header);
        let layer = HardeningLayer::new(hardening.clone());
        assert_private(ask(&layer, |request| Response::new(read(request))).headers());
        let nonce = Nonce::from_value("AAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        assert_private(&hardening.headers_with_nonce(&nonce).into_iter().collect());
        let unread = ask(&layer, |_| Response::default());
        assert_eq!(unread.headers()[&name.to_lowercase()], value);
    }
}

#[test]
fn a_response_whose_nonce_was_not_read_keeps_what_it_says_to_caches() {
    let layer = HardeningLayer::new(strict());
    for (name, value) in ASKS {
        let name = name.to_lowercase();
        let response = ask(&layer, {
            let name = name.clone();
            move |_| Response::builder().header(&name, value).body(String::new()).unwrap()
        });
        assert_eq!(response.headers()[&name], value);
        assert_eq!(response.headers().get_all(&name).iter().count(), 1);
    }
}
