//! Tests files and redirects, which other middleware often leaves out.

use axum::{Router, response::Redirect, routing::get};
use http::{StatusCode, header};
use tower::Layer;
use tower_hardening::{StrictTransportSecurity, StsLayer};
use tower_http::services::{ServeDir, ServeFile};

use crate::{
    guide::{self, GUIDE, assert_covered, lines},
    server,
    wire::{Wire, request, text},
};

/// The folder above this file.
const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
const THIS: &str = include_str!("files.rs");

#[tokio::test]
async fn adv_043_files_have_the_headers() {
    let router = Router::new()
        .nest_service("/tests", ServeDir::new(TESTS))
        .route_service("/file", ServeFile::new(format!("{TESTS}/wire/files.rs")))
        .fallback_service(ServeDir::new(TESTS))
        .layer(guide::layer());
    let servers = [
        server::axum(router).await,
        server::plain(
            guide::layer().layer(Router::new().nest_service("/tests", ServeDir::new(TESTS))),
        )
        .await,
    ];
    for (index, server) in servers.into_iter().enumerate() {
        for wire in Wire::BOTH {
            for (path, condition, status) in [
                ("/tests/wire/files.rs", None, 200),
                ("/tests/wire/files.rs", Some(("range", "bytes=0-2")), 206),
                ("/tests/wire/files.rs", Some(("range", "bytes=99999999-")), 416),
                (
                    "/tests/wire/files.rs",
                    Some(("if-modified-since", "Fri, 31 Dec 2100 23:59:59 GMT")),
                    304,
                ),
                ("/tests/wire", None, 307),
                ("/tests/none", None, 404),
                ("/file", None, 200),
                ("/wire/files.rs", None, 200),
                ("/none", None, 404),
            ] {
                if index == 1 && !path.starts_with("/tests") {
                    continue;
                }
                let case = format!("{path} {condition:?}, {wire:?}, server {index}");
                let mut request = request(http::Method::GET, path);
                if let Some((name, value)) = condition {
                    request.headers_mut().insert(name, value.parse().unwrap());
                }
                let response = wire.send(server, request).await;
                assert_eq!(response.status(), status, "{case}");
                assert_covered(response.headers(), &case);
                match status {
                    200 => assert_eq!(text(response).await, THIS, "{case}"),
                    206 => assert_eq!(text(response).await, THIS[..3], "{case}"),
                    _ => {}
                }
            }
        }
    }
}

#[tokio::test]
async fn adv_043_redirects_have_the_headers() {
    let moved = |status| move || async move { (status, [(header::LOCATION, "/there")]) };
    let router = Router::new()
        .route("/301", get(moved(StatusCode::MOVED_PERMANENTLY)))
        .route("/302", get(moved(StatusCode::FOUND)))
        .route("/303", get(async || Redirect::to("/there")))
        .route("/307", get(async || Redirect::temporary("/there")))
        .route("/308", get(async || Redirect::permanent("/there")));
    let alone = StsLayer::new(
        StrictTransportSecurity::new(std::time::Duration::from_secs(31_536_000))
            .include_subdomains(),
    );
    let all = server::axum(router.clone().layer(guide::layer())).await;
    let alone = server::axum(router.layer(alone)).await;
    let (sts, year) = GUIDE[6];
    for wire in Wire::BOTH {
        for path in ["/301", "/302", "/303", "/307", "/308"] {
            for server in [all, alone] {
                let response = wire.get(server, path).await;
                assert_eq!(response.status().as_str(), &path[1..]);
                assert_eq!(response.headers()[header::LOCATION], "/there");
                assert_eq!(lines(response.headers(), sts), [year.as_bytes()], "{path}, {wire:?}");
            }
            assert_covered(wire.get(all, path).await.headers(), path);
        }
    }
}
