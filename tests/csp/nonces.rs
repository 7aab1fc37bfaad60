//! Tests nonces: each response has its own, in its header and in its page only.

use std::{collections::HashSet, convert::Infallible};

use axum::{Router, routing::get as route};
use http::{Request, Response, StatusCode, header};
use tower::{Layer, Service, layer::util::Stack};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, Nonce, ReferrerLayer,
    ReferrerPolicy, StrictTransportSecurity, connection::ConnectionInfoLayer,
};

use super::{
    browser::line,
    service::{Handler, ask, call},
    sockets::{get, serve},
};

pub(crate) const POLICY: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'none'; script-src 'nonce-{}' 'strict-dynamic'",
);

pub(crate) const WATCHED: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("style-src 'nonce-{}'; script-src 'nonce-{}'");

/// Returns the nonces in a header's line.
pub(crate) fn nonces(line: &str) -> Vec<&str> {
    line.split('\'').filter_map(|word| word.strip_prefix("nonce-")).collect()
}

/// Answers with the nonce as the page.
pub(crate) fn page(request: Request<()>) -> Response<String> {
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

pub(crate) fn assert_nonce(text: &str) {
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
