//! Tests the nonce of a request for code that gets no arguments.

use std::{convert::Infallible, panic, sync::Arc};

use axum::{Router, body::Body, routing::get};
use http::{HeaderMap, Request, Response};
use http_body_util::BodyExt;
use tokio::sync::Barrier;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_hardening::{ContentSecurityPolicy, CspLayer, Nonce, csp::AmbientNonceLayer};

const POLICY: ContentSecurityPolicy = ContentSecurityPolicy::from_static("script-src 'nonce-{}'");

fn current() -> String {
    Nonce::current().map(|nonce| nonce.to_string()).unwrap_or_default()
}

fn header(headers: &HeaderMap) -> &str {
    headers["content-security-policy"].to_str().unwrap()
}

/// Returns the headers and the body of the answer to a request.
async fn ask(app: Router) -> (HeaderMap, String) {
    let request = Request::get("/").body(Body::empty()).unwrap();
    let (parts, body) = app.oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.headers, String::from_utf8(body.into()).unwrap())
}

fn app(router: Router) -> Router {
    router.layer(AmbientNonceLayer::new()).layer(CspLayer::new(POLICY))
}

#[tokio::test]
async fn code_without_arguments_reads_the_nonce_of_the_header_also_after_a_wait() {
    let page = async || {
        let before = current();
        tokio::task::yield_now().await;
        assert_eq!(before, current());
        before
    };
    let (headers, nonce) = ask(app(Router::new().route("/", get(page)))).await;
    assert_eq!(header(&headers), format!("script-src 'nonce-{nonce}'"));
    assert_eq!(nonce.len(), 24);
    assert!(Nonce::current().is_none(), "the nonce is gone after the request");
}

#[tokio::test]
async fn a_page_that_reads_no_nonce_has_none_and_a_policy_without_one_gives_none() {
    let (headers, _) = ask(app(Router::new().route("/", get(async || "")))).await;
    assert_eq!(header(&headers), "script-src 'none'");
    let bare = Router::new().route("/", get(async || Nonce::current().is_none().to_string()));
    assert_eq!(ask(bare.layer(AmbientNonceLayer::new())).await.1, "true");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_take_turns_on_a_thread_never_see_each_other_s_nonce() {
    let barrier = Arc::new(Barrier::new(8));
    let page = move || {
        let barrier = barrier.clone();
        async move {
            let first = current();
            for _ in 0..100 {
                barrier.wait().await;
                assert_eq!(current(), first);
            }
            first
        }
    };
    let app = app(Router::new().route("/", get(page)));
    let asked = (0..8).map(|_| tokio::spawn(ask(app.clone())));
    let mut nonces = Vec::new();
    for answer in asked.collect::<Vec<_>>() {
        let (headers, nonce) = answer.await.unwrap();
        assert_eq!(header(&headers), format!("script-src 'nonce-{nonce}'"));
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 8);
}

#[tokio::test]
async fn an_inner_request_without_a_nonce_does_not_see_the_outer_one() {
    let inner = Router::new().route("/", get(async || current())).layer(AmbientNonceLayer::new());
    let page = async move || {
        let before = current();
        let (_, seen) = ask(inner).await;
        assert_eq!(seen, "");
        assert_eq!(current(), before);
        before
    };
    assert_eq!(ask(app(Router::new().route("/", get(page)))).await.1.len(), 24);
}

#[tokio::test]
async fn a_spawned_task_has_the_nonce_only_in_a_scope_of_its_own() {
    let page = async || {
        let nonce = Nonce::current().unwrap();
        let lost = tokio::spawn(async { current() }).await.unwrap();
        let kept = tokio::spawn(nonce.clone().scope(async { current() })).await.unwrap();
        let blocking = nonce.clone();
        let blocking = tokio::task::spawn_blocking(move || blocking.sync_scope(current)).await;
        assert_eq!((lost.as_str(), kept.as_str()), ("", nonce.get().unwrap()));
        assert_eq!(blocking.unwrap(), kept);
        kept
    };
    let (headers, nonce) = ask(app(Router::new().route("/", get(page)))).await;
    assert!(header(&headers).contains(&nonce));
}

#[test]
fn a_panic_leaves_no_nonce_behind() {
    let nonce = Nonce::from_value("MTIzNDU2Nzg5MDEyMzQ1Njc4").unwrap();
    let work = || nonce.sync_scope(|| panic::resume_unwind(Box::new("")));
    assert!(panic::catch_unwind(panic::AssertUnwindSafe(work)).is_err());
    assert!(Nonce::current().is_none());
    // A service that panics before it returns its future.
    let broken =
        service_fn(|_: Request<()>| -> std::future::Ready<Result<Response<()>, Infallible>> {
            panic::resume_unwind(Box::new(""))
        });
    let mut service = AmbientNonceLayer::new().layer(broken);
    let mut request = Request::new(());
    request.extensions_mut().insert(nonce);
    let call = panic::AssertUnwindSafe(|| drop(service.call(request)));
    assert!(panic::catch_unwind(call).is_err());
    assert!(Nonce::current().is_none());
}

#[tokio::test]
async fn a_service_reads_the_nonce_before_it_returns_its_future_too() {
    let service = service_fn(|_: Request<()>| {
        std::future::ready(Ok::<_, Infallible>(Response::new(current())))
    });
    let service = AmbientNonceLayer::new().layer(service);
    let answer = CspLayer::new(POLICY).layer(service).oneshot(Request::new(())).await.unwrap();
    assert_eq!(header(answer.headers()), format!("script-src 'nonce-{}'", answer.body()));
}
