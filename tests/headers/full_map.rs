//! Tests responses with as many headers as a map can hold.

use http::{HeaderName, HeaderValue, Request, Response};
use tower::{Layer, Service, service_fn};
use tower_hardening::header::{FetchMetadata, FetchMetadataLayer};

/// Returns a response with as many headers as a map can hold.
fn full() -> Response<()> {
    let mut response = Response::new(());
    for index in 0.. {
        let name = HeaderName::try_from(format!("x-{index}")).unwrap();
        if response.headers_mut().try_insert(name, HeaderValue::from_static("")).is_err() {
            break;
        }
    }
    response
}

#[test]
fn a_full_header_map_gets_the_vary_of_fetch_metadata() {
    let page = |_: Request<()>| std::future::ready(Ok::<_, std::convert::Infallible>(full()));
    let mut service = FetchMetadataLayer::new(FetchMetadata::new()).layer(service_fn(page));
    let response = futures_util::FutureExt::now_or_never(service.call(Request::new(())));
    assert!(response.unwrap().unwrap().headers().contains_key("vary"));
}

#[cfg(feature = "nonce")]
#[test]
fn a_page_with_a_nonce_and_a_full_header_map_is_private() {
    use http::header;
    use tower_hardening::{ContentSecurityPolicy, CspLayer, Nonce};

    for control in [None, Some("no-store"), Some("public, max-age=600")] {
        let page = service_fn(move |request: Request<()>| {
            let nonce = Nonce::from_extensions(request.extensions()).unwrap();
            assert_eq!(nonce.get().unwrap().len(), 24);
            let mut response = full();
            if let Some(control) = control {
                response.headers_mut().remove("x-0");
                let control = HeaderValue::from_static(control);
                response.headers_mut().insert(header::CACHE_CONTROL, control);
            }
            std::future::ready(Ok::<_, std::convert::Infallible>(response))
        });
        let csp = ContentSecurityPolicy::from_static("script-src 'nonce-{}'");
        let mut service = CspLayer::new(csp).layer(page);
        let response = futures_util::FutureExt::now_or_never(service.call(Request::new(())));
        let response = response.unwrap().unwrap();
        assert!(response.headers().contains_key("content-security-policy"), "{control:?}");
        let sent = response.headers()["cache-control"].to_str().unwrap();
        assert!(sent.contains("private") || sent == "no-store", "{sent}");
        assert!(!sent.contains("public"), "{sent}");
    }
}
