//! Every response of a router has the headers.

use axum::{
    Router,
    routing::{get, post},
};
use http::{Method, StatusCode};
use tower::Layer;

use crate::{
    guide::{self, assert_covered},
    server,
    wire::{Wire, request, text},
};

fn router() -> Router {
    let inner = Router::new()
        .route("/page", get(async || "nested"))
        .fallback(async || (StatusCode::NOT_FOUND, "nested fallback"));
    let service = Router::new().route("/page", get(async || "service"));
    let merged = Router::new()
        .route("/merged", get(async || "merged"))
        .method_not_allowed_fallback(async || (StatusCode::METHOD_NOT_ALLOWED, "no such method"));
    Router::new()
        .route("/", get(async || "home").options(async || StatusCode::NO_CONTENT))
        .route("/form", post(async || "form"))
        .nest("/nested", Router::new().nest("/twice", inner.clone()).merge(inner))
        .nest_service("/service", service)
        .merge(merged)
}

const ANSWERS: [(Method, &str, u16, &str); 14] = [
    (Method::GET, "/", 200, "home"),
    (Method::HEAD, "/", 200, ""),
    (Method::OPTIONS, "/", 204, ""),
    (Method::GET, "/form", 405, ""),
    (Method::OPTIONS, "/form", 405, ""),
    (Method::GET, "/nested/page", 200, "nested"),
    (Method::GET, "/nested/none", 404, "nested fallback"),
    (Method::GET, "/nested/twice/page", 200, "nested"),
    (Method::POST, "/nested/twice/page", 405, ""),
    (Method::GET, "/service/page", 200, "service"),
    (Method::GET, "/service/none", 404, ""),
    (Method::POST, "/service/page", 405, ""),
    (Method::GET, "/merged", 200, "merged"),
    (Method::POST, "/merged", 405, "no such method"),
];

#[tokio::test]
async fn adv_038_nested_merged_and_unmatched_routes_have_the_headers() {
    let servers = [
        server::axum(router().layer(guide::layer())).await,
        server::plain(guide::layer().layer(router())).await,
    ];
    for server in servers {
        for wire in Wire::BOTH {
            for (method, path, status, body) in ANSWERS {
                let case = format!("{method} {path}, {wire:?}");
                let response = wire.send(server, request(method, path)).await;
                assert_eq!(response.status(), status, "{case}");
                assert_covered(response.headers(), &case);
                assert_eq!(text(response).await, body, "{case}");
            }
        }
    }
}

#[tokio::test]
async fn adv_038_fallbacks_of_every_kind_have_the_headers() {
    for (case, router, body) in [
        ("axum's own", router(), ""),
        ("a handler", router().fallback(async || (StatusCode::NOT_FOUND, "mine")), "mine"),
        (
            "a service",
            router().fallback_service(get(async || (StatusCode::NOT_FOUND, "service"))),
            "service",
        ),
        ("no route at all", Router::new(), ""),
    ] {
        let server = server::axum(router.layer(guide::layer())).await;
        for wire in Wire::BOTH {
            let response = wire.get(server, "/none").await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{case}");
            assert_covered(response.headers(), case);
            assert_eq!(text(response).await, body, "{case}");
        }
    }
}
