//! Tests the policy of a page whose nonce cannot be drawn.
#![cfg(feature = "nonce")]

use std::{convert::Infallible, future::ready};

use futures_util::FutureExt;
use http::{Request, Response};
use tower::service_fn;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    layer::{CspLayer, HardeningLayer},
    policy::{
        csp::{ContentSecurityPolicy, Nonce, NonceError},
        hardening::Hardening,
    },
};

fn answer<S>(mut service: S) -> Response<String>
where
    S: Service<Request<()>, Response = Response<String>, Error = Infallible>,
{
    let mut request = Request::new(());
    request.extensions_mut().insert(Nonce::failed());
    service.call(request).now_or_never().expect("a layer waits").unwrap()
}

#[test]
fn a_generator_that_fails_leaves_the_nonce_out_and_the_policy_there() {
    let policy = ContentSecurityPolicy::from_static(
        "default-src 'none'; script-src 'nonce-{}' 'unsafe-inline' 'self'",
    );
    let page = service_fn(|request: Request<()>| {
        let nonce = request.extensions().get::<Nonce>().unwrap();
        assert_eq!(nonce.get(), Err(NonceError::Rng));
        ready(Ok(Response::default().map(|()| nonce.to_string())))
    });
    let all = Hardening::empty().with(policy.clone());
    for response in
        [answer(CspLayer::new(policy).layer(page)), answer(HardeningLayer::new(all).layer(page))]
    {
        assert_eq!(response.body(), "unavailable");
        assert_eq!(response.headers().len(), 1);
        let sent = &response.headers()["content-security-policy"];
        assert_eq!(sent, "default-src 'none'; script-src 'self'");
    }
}
