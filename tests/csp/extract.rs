//! Tests the nonce and the connection as arguments of handlers.
#![cfg(feature = "axum")]

use axum::{Router, body::Body, routing::get};
use http::Request;
use http_body_util::BodyExt;
use tower::ServiceExt;
use tower_hardening::{
    CspLayer, Nonce,
    connection::{ConnectionInfo, ConnectionInfoLayer, Scheme},
};

async fn body(app: Router) -> String {
    let request = Request::get("http://example.tld/").body(Body::empty()).unwrap();
    let response = app.oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
}

#[tokio::test]
async fn an_optional_nonce_is_none_without_a_policy_that_has_one() {
    let page = async |nonce: Option<Nonce>| nonce.is_some().to_string();
    let bare: Router = Router::new().route("/", get(page));
    assert_eq!(body(bare.clone()).await, "false");
    let csp = "script-src 'nonce-{}'".parse().unwrap();
    assert_eq!(body(bare.layer(CspLayer::new(csp))).await, "true");
}

#[tokio::test]
async fn the_connection_is_unknown_without_a_layer_that_decides_it() {
    let page = async |known: ConnectionInfo, maybe: Option<ConnectionInfo>| {
        format!("{:?} {}", known.scheme(), maybe.is_some())
    };
    let bare: Router = Router::new().route("/", get(page));
    assert_eq!(body(bare.clone()).await, format!("{:?} false", Scheme::Unknown));
    let app = bare.layer(ConnectionInfoLayer::assume_https());
    assert_eq!(body(app).await, format!("{:?} true", Scheme::Https));
}
