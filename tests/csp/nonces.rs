//! Nonces: each response has its own, in its header and in its page only.

use std::{collections::HashSet, convert::Infallible};

use axum::{Router, body::Body, routing::get as route};
use http::{Request, Response, StatusCode, header};
use tower::{Layer, Service, layer::util::Stack};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, Nonce, NonceError, ReferrerLayer,
    ReferrerPolicy, StrictTransportSecurity,
    connection::ConnectionInfoLayer,
    csp::Source,
    header::{CacheControl, StaticHeader},
};

use super::{
    browser::line,
    service::{Handler, ask, call, empty, logged},
    sockets::{get, serve},
};

const POLICY: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'none'; script-src 'nonce-{}' 'strict-dynamic'",
);
const WATCHED: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("style-src 'nonce-{}'; script-src 'nonce-{}'");

/// Returns the nonces in a header's line.
fn nonces(line: &str) -> Vec<&str> {
    line.split('\'').filter_map(|word| word.strip_prefix("nonce-")).collect()
}

/// Answers with the nonce as the page.
fn page(request: Request<()>) -> Response<String> {
    let (parts, ()) = request.into_parts();
    Response::new(
        Nonce::from_extensions(&parts.extensions)
            .map(|nonce| nonce.get().unwrap().into())
            .unwrap_or_default(),
    )
}

async fn home(nonce: Nonce) -> String {
    nonce.get().unwrap().to_owned()
}

fn assert_nonce(text: &str) {
    let base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    // 24 characters of 6 bits are 144 bits.
    assert!(text.len() == 24 && text.bytes().all(base64url), "{text:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn adv_014_every_request_of_64_clients_has_a_nonce_of_its_own() {
    let to = serve(Router::new().route("/", route(home)).layer(CspLayer::new(POLICY))).await;
    let client = |_| {
        tokio::spawn(async move {
            let mut seen = Vec::new();
            for _ in 0..8 {
                let (_, head, page) = get(to, "/", &[]).await;
                assert_nonce(&page);
                let expected =
                    format!("default-src 'none'; script-src 'nonce-{page}' 'strict-dynamic'");
                assert_eq!(line(&head), expected);
                seen.push(page);
            }
            seen
        })
    };
    let clients: Vec<_> = (0..64).map(client).collect();
    let mut all = HashSet::new();
    for client in clients {
        all.extend(client.await.unwrap());
    }
    assert_eq!(all.len(), 64 * 8);
}

#[test]
fn adv_014_a_hundred_thousand_nonces_are_all_different_and_none_lingers() {
    let mut service = CspLayer::new(POLICY).layer(Handler::new(page));
    let mut seen = HashSet::new();
    for _ in 0..100_000 {
        let response = call(&mut service, Request::new(()));
        let (parts, page) = response.into_parts();
        assert_eq!(nonces(line(&parts.headers)), [&page]);
        assert!(seen.insert(page));
    }
    assert!(seen.iter().all(|nonce| nonce.len() == 24));
}

#[test]
fn adv_014_64_clients_at_once_get_a_hundred_thousand_nonces_and_no_two_the_same() {
    fn distinct<S>(service: S) -> usize
    where
        S: Service<Request<()>, Response = Response<String>, Error = Infallible> + Clone + Send,
    {
        let client = |mut service: S| {
            let page = move |_| {
                let (parts, page) = call(&mut service, Request::new(())).into_parts();
                assert_eq!(nonces(line(&parts.headers)), [&page]);
                page
            };
            (0..1_600).map(page).collect::<Vec<String>>()
        };
        let all: HashSet<String> = std::thread::scope(|scope| {
            let start = |_| {
                let service = service.clone();
                scope.spawn(move || client(service))
            };
            let clients: Vec<_> = (0..64).map(start).collect();
            clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
        });
        all.len()
    }
    let all = HardeningLayer::new(Hardening::empty().with(POLICY));
    assert_eq!(distinct(CspLayer::new(POLICY).layer(Handler::new(page))), 64 * 1_600);
    assert_eq!(distinct(all.layer(Handler::new(page))), 64 * 1_600);
}

#[test]
fn adv_014_a_copy_of_a_request_that_was_answered_gets_a_nonce_of_its_own() {
    // This is how a cache revalidates a stored page.
    for read in [true, false] {
        let kept = std::sync::Arc::new(std::sync::Mutex::new(None));
        let keep = kept.clone();
        let handler = Handler::new(move |request: Request<()>| {
            let again = keep.lock().unwrap().replace(request.clone()).is_some();
            if read || again { page(request) } else { Response::default() }
        });
        let all = HardeningLayer::new(Hardening::empty().with(WATCHED)).layer(handler.clone());
        let mut service = CspLayer::new(POLICY).layer(handler);
        let first = call(&mut service, Request::new(()));
        let copy = || kept.lock().unwrap().clone().unwrap();
        for response in [call(&mut service, copy()), call(&mut all.clone(), copy())] {
            assert_nonce(response.body());
            assert_ne!(response.body(), first.body());
            assert!(nonces(line(response.headers())).iter().all(|nonce| nonce == response.body()));
            assert!(!nonces(line(response.headers())).is_empty());
            assert_eq!(response.headers()[header::CACHE_CONTROL], "private");
        }
    }
}

#[test]
fn adv_024_a_nonce_is_written_safely_into_an_attribute() {
    let response = ask(&CspLayer::new(POLICY), |request: Request<()>| {
        let (parts, ()) = request.into_parts();
        let nonce = Nonce::from_extensions(&parts.extensions).unwrap();
        assert_eq!(nonce.to_string(), nonce.get().unwrap());
        assert_nonce(&nonce.to_string());
        Response::new(format!("<script nonce={nonce}>"))
    });
    let page = response.body().strip_prefix("<script nonce=").unwrap().strip_suffix('>').unwrap();
    assert_eq!(nonces(line(response.headers())), [page]);
}

#[test]
fn a_nonce_that_is_written_too_late_matches_no_header_and_does_not_panic() {
    let kept = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let keep = kept.clone();
    let answer = move |request: Request<()>| {
        keep.lock()
            .unwrap()
            .extend(Nonce::from_extensions(&request.into_parts().0.extensions).cloned());
        Response::default()
    };
    let all = Hardening::empty().with(POLICY);
    for response in [
        ask(&CspLayer::new(POLICY), answer.clone()),
        ask(&HardeningLayer::new(all.clone()), answer.clone()),
        ask(&HardeningLayer::new(all.with_additional_csp(WATCHED)), answer),
    ] {
        let mut lines = response.headers().values();
        assert!(lines.all(|line| !line.to_str().unwrap().contains("nonce")));
    }
    assert_eq!(kept.lock().unwrap().len(), 3);
    for nonce in kept.lock().unwrap().iter() {
        let (written, log) = logged(|| format!("<script nonce=\"{nonce}\">"));
        assert_eq!(written, "<script nonce=\"unavailable\">");
        assert!(log.contains("nonce: the response's head was complete"), "{log}");
    }
}

#[test]
fn adv_024_adv_035_nothing_that_the_client_sends_becomes_a_nonce() {
    let mut service =
        HardeningLayer::new(Hardening::empty().with(POLICY)).layer(Handler::new(page));
    let guess = "AAAAAAAAAAAAAAAAAAAAAAAA";
    let mut request = Request::new(());
    for name in
        ["content-security-policy", "x-nonce", "nonce", "x-csp-nonce", "turbo-referrer", "cookie"]
    {
        let value = format!("script-src 'nonce-{guess}'; nonce={guess}");
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    *request.uri_mut() = format!("/?nonce={guess}").parse().unwrap();
    let response = call(&mut service, request);
    assert!(!line(response.headers()).contains(guess) && !response.body().contains(guess));
    assert_eq!(nonces(line(response.headers())), [response.body()]);
}

#[test]
fn a_nonce_is_shared_by_nested_layers_and_by_both_headers() {
    let both =
        Hardening::empty().with(POLICY).with_additional_csp(POLICY).with_report_only(WATCHED);
    let outer = HardeningLayer::new(both);
    let report = CspLayer::report_only(WATCHED).appending();
    let inner = CspLayer::new(WATCHED);
    let mut service = outer.layer(report.layer(inner.layer(Handler::new(page))));
    for _ in 0..3 {
        let response = call(&mut service, Request::new(()));
        let page = response.body();
        assert_nonce(page);
        let lines = response
            .headers()
            .iter()
            .filter(|(name, _)| name.as_str().starts_with("content-security"));
        let lines: Vec<&str> = lines.map(|(_, line)| line.to_str().unwrap()).collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        for line in lines {
            assert!(
                !nonces(line).is_empty() && nonces(line).iter().all(|nonce| nonce == page),
                "{line}"
            );
            assert!(!line.contains("{}"), "{line}");
        }
    }
}

#[test]
fn adv_030_a_nonce_is_only_in_the_policies_that_ask_for_one() {
    let plain = ContentSecurityPolicy::from_static("script-src 'unsafe-inline' a.example");
    let response = ask(
        &HardeningLayer::new(Hardening::empty().with(plain.clone()).with_report_only(WATCHED)),
        page,
    );
    assert_eq!(line(response.headers()), plain.to_string());
    let watched = response.headers()["content-security-policy-report-only"].to_str().unwrap();
    assert_eq!(nonces(watched), [response.body(), response.body()]);
    let response =
        ask(&HardeningLayer::new(Hardening::empty().with(POLICY).with_report_only(plain)), page);
    assert!(
        !response.headers()["content-security-policy-report-only"]
            .to_str()
            .unwrap()
            .contains("nonce")
    );
}

#[test]
fn adv_030_a_nonce_is_only_in_the_directives_that_take_one() {
    let policy = ContentSecurityPolicy::from_static("script-src 'nonce-{}'; report-uri /nonce-{}");
    let response = ask(&CspLayer::new(policy.clone()), page);
    let expected = format!("script-src 'nonce-{}'; report-uri /nonce-{{}}", response.body());
    assert_eq!(line(response.headers()), expected);
    assert!(policy.dangerous_directive("x-new", "'nonce-{}'").is_err());
}

#[test]
fn adv_027_a_nonce_that_is_read_too_late_is_an_error_and_an_event() {
    let kept = std::sync::Arc::new(std::sync::Mutex::new(None));
    let keep = kept.clone();
    let response = ask(&CspLayer::new(POLICY), move |request: Request<()>| {
        *keep.lock().unwrap() = Nonce::from_extensions(&request.into_parts().0.extensions).cloned();
        Response::default()
    });
    assert_eq!(line(response.headers()), "default-src 'none'; script-src 'none'");
    let nonce = kept.lock().unwrap().take().unwrap();
    let (read, log) = logged(|| nonce.get().map(str::to_owned));
    assert_eq!(read, Err(NonceError::TooLate));
    assert!(
        log.contains("WARN") && log.contains("nonce: the response's head was complete"),
        "{log}"
    );
    assert!(!format!("{nonce:?}{log}").contains("nonce-"));
}

#[tokio::test]
async fn a_streamed_body_reads_too_late() {
    let streamed = async |nonce: Nonce| {
        let text = futures_util::stream::once(async move {
            let read = nonce.get().map_or_else(|error| error.to_string(), Into::into);
            Ok::<_, Infallible>(read)
        });
        Response::new(Body::from_stream(text))
    };
    let to = serve(Router::new().route("/", route(streamed)).layer(CspLayer::new(POLICY))).await;
    let (_, head, text) = get(to, "/", &[]).await;
    assert!(nonces(line(&head)).is_empty());
    assert_eq!(text, NonceError::TooLate.to_string());
}

/// Returns the `Cache-Control` lines of a page, whether or not it read its nonce.
fn cached(lines: &'static [&'static str], read: bool) -> Vec<String> {
    let answer = move |request| {
        let mut response = if read { page(request) } else { Response::default() };
        for line in lines {
            response.headers_mut().append(header::CACHE_CONTROL, line.parse().unwrap());
        }
        response
    };
    let mut one = Vec::new();
    for response in [
        ask(&CspLayer::new(POLICY), answer),
        ask(&HardeningLayer::new(Hardening::empty().with(POLICY)), answer),
    ] {
        let lines = response.headers().get_all(header::CACHE_CONTROL).iter();
        one.push(lines.map(|line| line.to_str().unwrap().to_owned()).collect::<Vec<_>>());
    }
    assert_eq!(one[0], one[1]);
    one.remove(0)
}

#[test]
fn adv_026_a_page_with_a_nonce_is_private_to_its_reader() {
    let cases: [(&[&str], &[&str]); 16] = [
        (&[], &["private"]),
        (&["max-age=60"], &["private, max-age=60"]),
        (&["public, max-age=60"], &["private, max-age=60"]),
        (&["PUBLIC", "S-MaxAge=60, max-age=1"], &["private, max-age=1"]),
        (&["s-maxage=60"], &["private"]),
        (&["no-cache"], &["private, no-cache"]),
        (&["private=\"set-cookie\", max-age=1"], &["private, max-age=1"]),
        (&["private, max-age=60"], &["private, max-age=60"]),
        (&["No-Store"], &["No-Store"]),
        (&["max-age=1", "Private"], &["max-age=1", "Private"]),
        (&["public", "max-age=60", "s-maxage=60"], &["private, max-age=60"]),
        (&["private", "private", "private", "public"], &["private, private, private"]),
        // A comma in a quoted string does not end a member, and the string contains no directive.
        (&["private=\"a, public\", max-age=1"], &["private, max-age=1"]),
        (&["x=\"a, private\", max-age=1"], &["private, x=\"a, private\", max-age=1"]),
        (&["x=\"a\\\", public, private\", y"], &["private, x=\"a\\\", public, private\", y"]),
        (&["x=\"public\", private, public=\"y, z\""], &["x=\"public\", private"]),
    ];
    for (said, expected) in cases {
        assert_eq!(cached(said, true), expected, "{said:?}");
        // Without a read of the nonce, nothing is changed.
        assert_eq!(cached(said, false), said, "{said:?}");
    }
}

/// Shared caches read these in place of `Cache-Control` (RFC 9213 section 2.1).
const TARGETED: [&str; 9] = [
    "cdn-cache-control",
    "cloudflare-cdn-cache-control",
    "vercel-cdn-cache-control",
    "netlify-cdn-cache-control",
    "any-other-cache-control",
    "akamai-cache-control",
    "edge-control",
    "surrogate-control",
    "x-accel-expires",
];

#[test]
fn a_page_with_a_nonce_has_no_header_that_shared_caches_read_in_place_of_cache_control() {
    let with_targeted = |mut response: Response<String>| {
        for name in TARGETED {
            for value in ["public, max-age=60", "60"] {
                response.headers_mut().append(name, value.parse().unwrap());
            }
        }
        response.headers_mut().insert("x-cache-control-note", "stays".parse().unwrap());
        response
    };
    let own = Hardening::empty()
        .with(StaticHeader::new("cdn-cache-control", "max-age=60").unwrap())
        .with(POLICY);
    let is_targeted = |name: &http::HeaderName| TARGETED.contains(&name.as_str());
    for policies in [Hardening::empty().with(POLICY), own] {
        let layer = HardeningLayer::new(policies);
        let read = ask(&layer, move |request| with_targeted(page(request)));
        assert!(!read.headers().keys().any(is_targeted), "{:?}", read.headers());
        assert_eq!(read.headers()["cache-control"], "private");
        assert_eq!(read.headers()["x-cache-control-note"], "stays");
        let unread = ask(&layer, move |_| with_targeted(Response::default()));
        assert_eq!(unread.headers().keys().filter(|name| is_targeted(name)).count(), 9);
    }
    let alone = ask(&CspLayer::new(POLICY), move |request| with_targeted(page(request)));
    assert!(!alone.headers().keys().any(is_targeted), "{:?}", alone.headers());
}

#[test]
fn adv_026_a_shared_cache_is_not_told_public_next_to_private() {
    for said in [&["public, private"][..], &["private", "public, s-maxage=9"]] {
        let lines = cached(said, true).join(", ");
        assert!(lines.contains("private"), "{lines}");
        assert!(!lines.contains("public") && !lines.contains("s-maxage"), "{lines}");
    }
}

#[test]
fn adv_026_a_page_that_a_cache_inside_kept_has_no_nonce_in_its_header() {
    let kept = std::sync::Mutex::new(None);
    let cache = Handler::new(move |request| {
        let mut kept = kept.lock().unwrap();
        let page: &Response<String> = kept.get_or_insert_with(|| page(request));
        page.clone()
    });
    let mut service = CspLayer::new(POLICY).layer(cache);
    let first = call(&mut service, Request::new(()));
    let second = call(&mut service, Request::new(()));
    assert_eq!(first.body(), second.body());
    assert_eq!(nonces(line(first.headers())), [first.body()]);
    assert_eq!(line(second.headers()), "default-src 'none'; script-src 'none'");
}

#[test]
fn adv_026_what_the_policy_itself_says_of_caches_is_made_private() {
    for (own, sent) in [("no-store", "no-store"), ("public, max-age=60", "private, max-age=60")] {
        let own = own.parse::<CacheControl>().unwrap();
        let response = ask(&HardeningLayer::new(Hardening::empty().with(POLICY).with(own)), page);
        let lines = response.headers().get_all(header::CACHE_CONTROL).iter();
        assert_eq!(lines.collect::<Vec<_>>(), [sent]);
    }
}

#[test]
fn a_page_with_a_nonce_over_http_has_no_header_for_https() {
    let policies = Hardening::empty().with(POLICY.upgrade_insecure_requests().unwrap()).with(
        StrictTransportSecurity::new(std::time::Duration::from_secs(31_536_000))
            .include_subdomains(),
    );
    let http = Stack::new(HardeningLayer::new(policies), ConnectionInfoLayer::assume_http());
    let response = ask(&http, page);
    let expected =
        format!("default-src 'none'; script-src 'nonce-{}' 'strict-dynamic'", response.body());
    assert_eq!(line(response.headers()), expected);
    assert!(response.headers().get(header::STRICT_TRANSPORT_SECURITY).is_none());
}

#[test]
fn a_page_that_passed_the_same_layer_twice_keeps_its_first_line() {
    for policies in [
        Hardening::empty().with(POLICY),
        Hardening::empty().with_report_only(POLICY),
        Hardening::empty().with(POLICY).with(
            StrictTransportSecurity::new(std::time::Duration::from_secs(31_536_000))
                .include_subdomains(),
        ),
    ] {
        let layer = HardeningLayer::new(policies);
        let inside = std::sync::Mutex::new(layer.layer(Handler::new(|_| Response::default())));
        let mut service = layer.layer(Handler::new(move |request| {
            let mut response = call(&mut *inside.lock().unwrap(), Request::new(()));
            *response.body_mut() = page(request).into_body();
            response
        }));
        let response = call(&mut service, Request::new(()));
        assert_nonce(response.body());
        let policies = ["content-security-policy", "content-security-policy-report-only"];
        let lines: Vec<_> =
            policies.into_iter().filter_map(|name| response.headers().get(name)).collect();
        assert_eq!(lines, ["default-src 'none'; script-src 'none'"]);
        assert_eq!(response.headers()["cache-control"], "private");
    }
}

#[test]
fn adv_025_a_304_has_no_policy_with_a_nonce() {
    let not_modified = |request| {
        let mut response = page(request);
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    };
    let layers = |policy: ContentSecurityPolicy| {
        Hardening::empty()
            .with(policy.clone())
            .with_report_only(policy)
            .with(ReferrerPolicy::SAME_ORIGIN)
    };
    let response = ask(&HardeningLayer::new(layers(POLICY)), not_modified);
    assert!(response.headers().keys().all(|name| !name.as_str().starts_with("content-security")));
    assert_eq!(response.headers()["referrer-policy"], "same-origin");
    assert!(
        ask(&CspLayer::new(POLICY), not_modified)
            .headers()
            .get("content-security-policy")
            .is_none()
    );
    // A policy without a nonce is kept.
    let response = ask(&HardeningLayer::new(layers(ContentSecurityPolicy::NONE)), not_modified);
    assert_eq!(line(response.headers()), ContentSecurityPolicy::NONE.to_string());
    let response = ask(&CspLayer::new(ContentSecurityPolicy::NONE), not_modified);
    assert_eq!(line(response.headers()), ContentSecurityPolicy::NONE.to_string());
}

#[test]
fn adv_025_a_gateway_that_overrides_takes_the_inner_policy_off_a_304() {
    let not_modified = |_| {
        let mut response = Response::new(String::new());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, "script-src 'nonce-old'".parse().unwrap());
        response
    };
    let gone = |response: Response<String>| {
        assert!(response.headers().get("content-security-policy").is_none())
    };
    gone(ask(&CspLayer::new(POLICY).overriding(), not_modified));
    gone(ask(&HardeningLayer::new(Hardening::empty().with(POLICY)).overriding(), not_modified));
    // A layer that keeps existing headers keeps this one too.
    assert_eq!(line(ask(&CspLayer::new(POLICY), not_modified).headers()), "script-src 'nonce-old'");
}

#[test]
fn an_unread_nonce_removes_unsafe_inline_and_strict_dynamic_too() {
    const HASH: &str = "'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='";
    for (policy, expected) in [
        ("script-src 'nonce-{}'", "script-src 'none'"),
        ("script-src 'nonce-{}' 'unsafe-inline'", "script-src 'none'"),
        ("script-src 'NONCE-{}' 'Unsafe-Inline' a.example", "script-src a.example"),
        ("default-src 'nonce-{}' 'unsafe-inline' 'self'", "default-src 'self'"),
        (
            "style-src 'unsafe-inline'; script-src 'nonce-{}'",
            "style-src 'unsafe-inline'; script-src 'none'",
        ),
        ("script-src 'nonce-{}' 'strict-dynamic'", "script-src 'none'"),
        ("script-src 'self' 'nonce-{}' 'strict-dynamic'", "script-src 'self'"),
        ("script-src 'nonce-{}' 'Strict-Dynamic' 'unsafe-inline' https:", "script-src https:"),
        ("default-src 'nonce-{}' 'strict-dynamic' a.example", "default-src a.example"),
        ("script-src-elem 'strict-dynamic' 'nonce-{}'", "script-src-elem 'none'"),
        // No nonce was removed from these lists.
        (
            "script-src 'nonce-{}'; default-src 'unsafe-inline' 'strict-dynamic'",
            "script-src 'none'; default-src 'unsafe-inline' 'strict-dynamic'",
        ),
        // A hash has the same effect as the nonce.
        (
            &format!("script-src 'nonce-{{}}' 'strict-dynamic' 'unsafe-inline' {HASH}"),
            &format!("script-src 'strict-dynamic' 'unsafe-inline' {HASH}"),
        ),
        // A hash in another list has no such effect.
        (
            &format!("style-src {HASH}; script-src 'nonce-{{}}' 'strict-dynamic'"),
            &format!("style-src {HASH}; script-src 'none'"),
        ),
    ] {
        let policy: ContentSecurityPolicy = policy.parse().unwrap();
        for response in [
            empty(&CspLayer::new(policy.clone())),
            empty(&HardeningLayer::new(Hardening::empty().with(policy.clone()))),
        ] {
            assert_eq!(line(response.headers()), expected);
            assert!(response.headers().get(header::CACHE_CONTROL).is_none());
        }
    }
    // Next to a hash, a browser still ignores it.
    let rest =
        "'unsafe-inline' 'strict-dynamic' 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='";
    let policy = format!("script-src 'nonce-{{}}' {rest}").parse().unwrap();
    assert_eq!(line(empty(&CspLayer::new(policy)).headers()), format!("script-src {rest}"));
}

#[test]
fn adv_011_braces_and_percent_signs_elsewhere_are_left_alone() {
    let policy = POLICY
        .img_src([Source::host("a.example/%20%3B%73$NONCE").unwrap()])
        .unwrap()
        .report_uri("/csp?{}&%d")
        .unwrap()
        .dangerous_directive("x-new", "{} nonce-{}")
        .unwrap();
    let response = ask(&CspLayer::new(policy), page);
    let page = response.body();
    let expected = format!(
        "default-src 'none'; script-src 'nonce-{page}' 'strict-dynamic'; \
         img-src a.example/%20%3B%73$NONCE; report-uri /csp?{{}}&%d; x-new {{}} nonce-{{}}"
    );
    assert_eq!(line(response.headers()), expected);
}

#[test]
fn a_nonce_s_placeholder_is_read_in_any_letter_case() {
    let policy: ContentSecurityPolicy = "script-src 'NonCe-{}'".parse().unwrap();
    assert_eq!(policy.to_string(), "script-src 'nonce-{}'");
    assert_eq!(policy, ContentSecurityPolicy::from_static("script-src 'nonce-{}'"));
    let response = ask(&CspLayer::new(policy), page);
    assert_eq!(line(response.headers()), format!("script-src 'nonce-{}'", response.body()));
}

#[test]
fn debugging_hides_the_nonce() {
    let response = ask(&CspLayer::new(POLICY), |request: Request<()>| {
        let (parts, ()) = request.into_parts();
        let nonce = Nonce::from_extensions(&parts.extensions).unwrap();
        let text = nonce.get().unwrap().to_owned();
        assert!(!format!("{nonce:?} {nonce:#?}").contains(&text));
        Response::default()
    });
    assert_eq!(nonces(line(response.headers())).len(), 1);
}

#[test]
fn a_policy_without_a_nonce_puts_none_into_the_request() {
    let none = |request: Request<()>| {
        assert!(Nonce::from_extensions(&request.into_parts().0.extensions).is_none());
        Response::default()
    };
    drop(ask(&CspLayer::new(ContentSecurityPolicy::NONE), none));
    drop(ask(&HardeningLayer::new(Hardening::empty().with(ContentSecurityPolicy::NONE)), none));
    drop(ask(&ReferrerLayer::new(ReferrerPolicy::SAME_ORIGIN), none));
}

#[tokio::test]
async fn the_extractor_rejects_with_a_500_where_no_policy_has_a_nonce() {
    let app = Router::new()
        .route("/with", route(home).layer(CspLayer::new(POLICY)))
        .route("/without", route(home))
        .layer(CspLayer::new(ContentSecurityPolicy::NONE));
    let to = serve(app).await;
    let (status, head, page) = get(to, "/with", &[]).await;
    assert_eq!((status, nonces(line(&head))), (200, vec![&*page]));
    let (status, head, text) = get(to, "/without", &[]).await;
    assert_eq!(
        (status, &*text),
        (
            500,
            "no policy around this handler has a nonce; add a layer whose policy contains 'nonce-{}'"
        )
    );
    assert_eq!(line(&head), ContentSecurityPolicy::NONE.to_string());
}

#[tokio::test]
async fn adv_028_an_error_page_has_the_nonce_of_its_header() {
    let app =
        Router::new().fallback(async |nonce: Nonce| (StatusCode::NOT_FOUND, home(nonce).await));
    let to = serve(app.layer(CspLayer::new(POLICY))).await;
    let (status, head, page) = get(to, "/nowhere", &[]).await;
    assert_nonce(&page);
    assert_eq!((status, nonces(line(&head))), (404, vec![&*page]));
}

#[test]
fn adv_031_the_page_is_never_rewritten() {
    let html = "<script nonce=\"\">a</script><script nonce='{}'>'nonce-{}'</script>";
    let response = ask(&CspLayer::new(POLICY), move |request| {
        drop(page(request));
        let mut response = Response::new(html.to_owned());
        response.headers_mut().insert(header::CONTENT_TYPE, "text/html".parse().unwrap());
        response
    });
    assert_eq!(response.body(), html);
    assert_eq!(nonces(line(response.headers())).len(), 1);
}
