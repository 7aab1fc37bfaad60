//! Tests the order of layers: responses made outside the layer do not have the headers.

use std::time::Duration;

use axum::{Router, routing::get};
use http::StatusCode;
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

use crate::{
    guide::{self, assert_bare, assert_covered},
    server,
    wire::Wire,
};

#[tokio::test]
async fn adv_040_route_layer_leaves_the_404_bare() {
    let router = Router::new().route("/", get(async || "home"));
    let right = server::axum(router.clone().layer(guide::layer())).await;
    let wrong = server::axum(router.route_layer(guide::layer())).await;
    for wire in Wire::BOTH {
        assert_covered(wire.get(right, "/").await.headers(), "layer, 200");
        assert_covered(wire.get(right, "/none").await.headers(), "layer, 404");
        assert_covered(wire.get(wrong, "/").await.headers(), "route_layer, 200");
        let response = wire.get(wrong, "/none").await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_bare(response.headers(), "route_layer, 404");
    }
}

#[tokio::test]
async fn adv_040_a_route_added_after_the_layer_is_bare() {
    let router = Router::new()
        .route("/before", get(async || "before"))
        .layer(guide::layer())
        .route("/after", get(async || "after"));
    let server = server::axum(router).await;
    for wire in Wire::BOTH {
        assert_covered(wire.get(server, "/before").await.headers(), "before");
        let response = wire.get(server, "/after").await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_bare(response.headers(), "after");
    }
}

#[tokio::test]
async fn adv_040_inside_of_catch_panic_the_500_is_bare() {
    let router = Router::new()
        .route("/", get(async || -> &str { panic!("this panic is part of a test") }))
        .layer(guide::layer())
        .layer(CatchPanicLayer::new());
    let server = server::axum(router).await;
    for wire in Wire::BOTH {
        let response = wire.get(server, "/").await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_bare(response.headers(), "a panic");
    }
}

#[tokio::test]
async fn adv_040_inside_of_a_time_limit_the_503_is_bare() {
    let limit = Duration::from_millis(10);
    let router = Router::new()
        .route("/", get(async || std::future::pending::<()>().await))
        .layer(guide::layer())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, limit));
    let server = server::axum(router).await;
    for wire in Wire::BOTH {
        let response = wire.get(server, "/").await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_bare(response.headers(), "a time-out");
    }
}
