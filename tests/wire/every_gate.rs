//! No gate keeps a reservation of the service inside, alone or with others around it.

use std::{
    convert::Infallible,
    task::{Context, Waker},
};

use http::{Request, Response};
use tower::{Layer, Service, ServiceExt, limit::ConcurrencyLimit, service_fn};
use tower_hardening::{
    Hardening, HardeningLayer, HostCookies,
    connection::{ConnectionInfo, Scheme},
    cookie::RejectDuplicateCookiesLayer,
    header::{FetchMetadata, FetchMetadataLayer},
    hosts::{AllowedHosts, AllowedHostsLayer, HttpsRedirect, HttpsRedirectLayer},
};

/// Asserts that refusals of a service leave the only permit of its clone free, and that a request
/// that passes holds it.
async fn assert_lets_go<S, B>(service: S, refused: impl Fn() -> Request<()>, status: u16)
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible> + Clone,
{
    let (mut first, mut second) = (service.clone(), service);
    let passing = || Request::builder().header("host", "example.tld").body(()).unwrap();
    for _ in 0..3 {
        let response = first.ready().await.unwrap().call(refused()).await.unwrap();
        assert_eq!(response.status(), status);
        drop(response);
        let passed = second.ready().await.unwrap().call(passing()).await.unwrap();
        assert_eq!(passed.status(), 200);
    }
    let running = first.ready().await.unwrap().call(passing());
    let mut context = Context::from_waker(Waker::noop());
    assert!(second.poll_ready(&mut context).is_pending());
    drop(running);
    assert!(second.poll_ready(&mut context).is_ready());
}

fn limited()
-> impl Service<Request<()>, Response = Response<&'static str>, Error = Infallible, Future: Send> + Clone
{
    let inside = service_fn(async |_: Request<()>| Ok(Response::new("inside")));
    ConcurrencyLimit::new(inside, 1)
}

fn hosts() -> AllowedHostsLayer {
    AllowedHostsLayer::new(AllowedHosts::new(["example.tld"]).unwrap())
}

fn from(host: &str, lines: &[(&'static str, &'static str)]) -> Request<()> {
    let mut request = Request::builder().header("host", host).body(()).unwrap();
    for (name, value) in lines {
        request.headers_mut().append(*name, http::HeaderValue::from_static(value));
    }
    request
}

#[tokio::test]
async fn allowed_hosts_keep_no_reservation() {
    assert_lets_go(hosts().layer(limited()), || from("evil.example", &[]), 421).await;
}

#[tokio::test]
async fn a_redirect_to_https_keeps_no_reservation() {
    let site = "https://example.tld".parse().unwrap();
    let redirect = HttpsRedirectLayer::new(HttpsRedirect::to_site(&site).unwrap());
    let plain = || {
        let mut request = from("example.tld", &[]);
        let known = ConnectionInfo::new(Scheme::Http).with_host("example.tld".parse().unwrap());
        request.extensions_mut().insert(known);
        request
    };
    assert_lets_go(redirect.layer(limited()), plain, 301).await;
}

#[tokio::test]
async fn fetch_metadata_keep_no_reservation() {
    let gate = FetchMetadataLayer::new(FetchMetadata::new());
    let cross_site =
        [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")];
    assert_lets_go(gate.layer(limited()), || from("example.tld", &cross_site), 403).await;
}

#[tokio::test]
async fn duplicates_of_a_cookie_keep_no_reservation() {
    let guarded = HardeningLayer::new(Hardening::empty().with(HostCookies::new(["sid"]).unwrap()));
    let gate = RejectDuplicateCookiesLayer::new();
    let twice = [("cookie", "__Host-sid=1; __Host-sid=2")];
    let service = guarded.layer(gate.layer(limited()));
    assert_lets_go(service, || from("example.tld", &twice), 400).await;
}

#[tokio::test]
async fn gates_around_each_other_keep_no_reservation() {
    let gate = FetchMetadataLayer::new(FetchMetadata::new());
    let layer = HardeningLayer::default();
    let inner = gate.layer(layer.layer(hosts().layer(limited())));
    let service = hosts().layer(layer.layer(inner));
    assert_lets_go(service.clone(), || from("evil.example", &[]), 421).await;
    let cross_site = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors")];
    assert_lets_go(service, || from("example.tld", &cross_site), 403).await;
}
