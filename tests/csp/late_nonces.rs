//! Tests nonces that are read or written after the header was sent.

use std::convert::Infallible;

use axum::{Router, body::Body, routing::get as route};
use http::{Request, Response};
use tower_hardening::{CspLayer, Hardening, HardeningLayer, Nonce, NonceError};

use super::{
    browser::line,
    nonces::{POLICY, WATCHED, nonces},
    service::{ask, logged},
    sockets::{get, serve},
};

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
