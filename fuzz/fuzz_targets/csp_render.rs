//! Fuzzes how a policy is sent: the header is the policy with the page's nonce in each placeholder,
//! or without any.
#![no_main]

mod browser;
#[path = "../../tests/support/now.rs"]
mod now;

use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};

use http::{Request, Response};
use libfuzzer_sys::fuzz_target;
use tower_hardening::{ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, Nonce};
use tower_layer::Layer;
use tower_service::Service;

use self::now::now;

/// Answers with the nonce, if it is told to read it.
#[derive(Clone)]
struct Page(bool);

impl Service<Request<()>> for Page {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        let (parts, ()) = request.into_parts();
        let nonce = Nonce::from_extensions(&parts.extensions).filter(|_| self.0);
        ready(Ok(Response::new(nonce.map_or(String::new(), Nonce::to_string))))
    }
}

fn call<S>(mut service: S) -> Response<String>
where
    S: Service<Request<()>, Response = Response<String>, Error = Infallible>,
{
    now(service.call(Request::new(()))).unwrap()
}

/// Returns the policy with a nonce in place of each placeholder.
fn with_nonce(policy: &str, nonce: &str) -> String {
    let fill = |word: &str| match word.strip_prefix("'nonce-{}'") {
        Some(end @ ("" | ";")) => format!("'nonce-{nonce}'{end}"),
        _ => word.to_owned(),
    };
    policy.split(' ').map(fill).collect::<Vec<_>>().join(" ")
}

fuzz_target!(|text: &str| {
    let Ok(policy) = text.parse::<ContentSecurityPolicy>() else { return };
    for read in [true, false] {
        let hardening = Hardening::empty().with(policy.clone());
        for response in [
            call(CspLayer::new(policy.clone()).layer(Page(read))),
            call(HardeningLayer::new(hardening).layer(Page(read))),
        ] {
            let line = response.headers()["content-security-policy"].to_str().unwrap();
            if read || !policy.has_nonce() {
                assert_eq!(line, with_nonce(&policy.to_string(), response.body()));
            } else {
                assert_eq!(line, with_nonce(line, "other"), "{line}");
                assert_eq!(browser::read(line.as_bytes())[0].len(), policy.directives().count());
            }
        }
    }
});
