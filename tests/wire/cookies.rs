//! Tests cookies on their way to the browser and back.

use std::net::SocketAddr;

use axum::{Router, routing::get};
use http::{HeaderMap, Method, StatusCode, header};

use crate::{
    guide::{self, assert_covered, lines},
    server,
    wire::{Wire, request, text},
};

async fn server() -> SocketAddr {
    let set = || [(header::SET_COOKIE, "pleroma_key=v; HttpOnly; Path=/; SameSite=Lax")];
    let router = Router::new()
        .route("/set", get(async move || (set(), "set")))
        .route("/login", get(async move || (StatusCode::FOUND, [(header::LOCATION, "/")], set())))
        .route(
            "/read",
            get(async |headers: HeaderMap| {
                let cookies: Vec<_> = headers
                    .get_all(header::COOKIE)
                    .iter()
                    .map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned())
                    .collect();
                cookies.join("|")
            }),
        );
    server::axum(router.layer(guide::layer())).await
}

/// Returns the cookies that the application reads from these lines.
async fn read(wire: Wire, server: SocketAddr, lines: &[&str]) -> String {
    let mut request = request(Method::GET, "/read");
    for line in lines {
        request.headers_mut().append(header::COOKIE, line.parse().unwrap());
    }
    let response = wire.send(server, request).await;
    assert_covered(response.headers(), "reading");
    text(response).await
}

#[tokio::test]
async fn a_session_goes_out_under_its_wire_name_and_comes_back_under_its_own() {
    let server = server().await;
    for wire in Wire::BOTH {
        for path in ["/set", "/login"] {
            let response = wire.get(server, path).await;
            let line = "__Host-pleroma_key=v; HttpOnly; Path=/; SameSite=Lax; Secure";
            assert_eq!(lines(response.headers(), "set-cookie"), [line.as_bytes()], "{wire:?}");
            assert_covered(response.headers(), path);
        }
        assert_eq!(read(wire, server, &["__Host-pleroma_key=v"]).await, "pleroma_key=v");
    }
}

#[tokio::test]
async fn a_session_under_its_plain_name_does_not_reach_the_application() {
    let server = server().await;
    for wire in Wire::BOTH {
        for (sent, seen) in [
            (&["pleroma_key=evil"][..], ""),
            (&["pleroma_key=evil; theme=dark"], "theme=dark"),
            (&["pleroma_key=evil; __Host-pleroma_key=v"], "pleroma_key=v"),
            (&["__Host-pleroma_key=v; pleroma_key=evil"], "pleroma_key=v"),
            (&["__HOST-pleroma_key=evil"], ""),
            (&["theme=dark;  other=1"], "theme=dark;  other=1"),
        ] {
            assert_eq!(read(wire, server, sent).await, seen, "{sent:?}, {wire:?}");
        }
    }
}

#[tokio::test]
async fn cookies_split_into_several_lines_are_read_as_one() {
    let server = server().await;
    // HTTP/2 allows this. A client of HTTP/1.1 should not send several lines, but can.
    for wire in Wire::BOTH {
        for (sent, seen) in [
            (&["a=1", "__Host-pleroma_key=v", "b=2"][..], "a=1|pleroma_key=v|b=2"),
            (&["a=1", "pleroma_key=evil", "__Host-pleroma_key=v"], "a=1|pleroma_key=v"),
            (&["__Host-pleroma_key=v", "pleroma_key=evil"], "pleroma_key=v"),
            (&["__Host-pleroma_key=v", "__Host-pleroma_key=second"], "pleroma_key=v"),
            (&["pleroma_key=evil", "pleroma_key=evil"], ""),
        ] {
            assert_eq!(read(wire, server, sent).await, seen, "{sent:?}, {wire:?}");
        }
    }
}
