//! Responses of inner layers have the headers too.

use std::{convert::Infallible, io, time::Duration};

use axum::{
    BoxError, Router,
    body::Body,
    error_handling::HandleErrorLayer,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{Method, StatusCode, header};
use hyper::body::Incoming;
use tower::{Layer, ServiceBuilder, ServiceExt, service_fn};
use tower_http::{
    catch_panic::CatchPanicLayer, csrf::CsrfLayer, limit::RequestBodyLimitLayer,
    timeout::TimeoutLayer,
};

use crate::{
    guide::{self, assert_covered},
    server,
    wire::{Wire, request},
};

async fn only_with_a_key(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::AUTHORIZATION) {
        return next.run(request).await;
    }
    StatusCode::UNAUTHORIZED.into_response()
}

async fn panics() -> &'static str {
    panic!("this panic is part of a test")
}

async fn fails<B>(_: http::Request<B>) -> io::Result<Response> {
    Err(io::Error::other("failed"))
}

fn router() -> Router {
    let caught = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(async |_: io::Error| StatusCode::INTERNAL_SERVER_ERROR))
        .service(service_fn(fails));
    let busy = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(async |_: BoxError| StatusCode::TOO_MANY_REQUESTS))
        .load_shed()
        .concurrency_limit(0);
    let slow = get(async || std::future::pending::<()>().await);
    let timeout = Duration::from_millis(10);
    Router::new()
        .route("/401", get(async || "in").layer(middleware::from_fn(only_with_a_key)))
        .route("/403", post(async || "in").layer(CsrfLayer::new()))
        .route("/413", post(async || "in").layer(RequestBodyLimitLayer::new(4)))
        .route("/429", get(async || "in").layer(busy))
        .route_service("/500", caught)
        .route(
            "/503",
            slow.layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, timeout)),
        )
        .route("/panic", get(panics).layer(CatchPanicLayer::new()))
}

#[tokio::test]
async fn adv_039_an_answer_of_an_inner_layer_has_the_headers() {
    let server = server::axum(router().layer(guide::layer())).await;
    for wire in Wire::BOTH {
        for (method, path) in [
            (Method::GET, "/401"),
            (Method::POST, "/403"),
            (Method::POST, "/413"),
            (Method::GET, "/429"),
            (Method::GET, "/500"),
            (Method::GET, "/503"),
        ] {
            let mut request = request(method, path).map(|_| "too much".to_owned());
            request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
            let response = wire.send(server, request).await;
            assert_eq!(response.status().as_str(), &path[1..], "{wire:?}");
            assert_covered(response.headers(), &format!("{path}, {wire:?}"));
        }
    }
}

#[tokio::test]
async fn adv_039_an_error_that_then_makes_a_response_of_has_the_headers() {
    let caught = service_fn(fails::<Incoming>).then(async |result: io::Result<Response>| {
        result.or_else(|_| Ok::<_, io::Error>(StatusCode::BAD_GATEWAY.into_response()))
    });
    let server = server::plain(guide::layer().layer(caught)).await;
    for wire in Wire::BOTH {
        let response = wire.get(server, "/").await;
        assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
        assert_covered(response.headers(), &format!("{wire:?}"));
    }
}

#[tokio::test]
async fn adv_041_a_caught_panic_has_the_headers() {
    let around_all = Router::new().route("/panic", get(panics)).layer(CatchPanicLayer::new());
    for router in [router(), around_all] {
        let server = server::axum(router.layer(guide::layer())).await;
        for wire in Wire::BOTH {
            let response = wire.get(server, "/panic").await;
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert_covered(response.headers(), &format!("{wire:?}"));
        }
    }
}

#[tokio::test]
async fn adv_041_a_panic_in_a_plain_service_has_the_headers() {
    let service = service_fn(async |_: http::Request<Incoming>| {
        Ok::<_, Infallible>(http::Response::new(Body::from(panics().await)))
    });
    let server = server::plain(guide::layer().layer(CatchPanicLayer::new().layer(service))).await;
    for wire in Wire::BOTH {
        let response = wire.get(server, "/").await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_covered(response.headers(), &format!("{wire:?}"));
    }
}
