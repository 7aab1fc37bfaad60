//! Every status has every header, for every server and every method.

use std::convert::Infallible;

use axum::{Router, response::IntoResponse, routing::any};
use http::{Method, Request, Response, StatusCode, Uri};
use hyper::body::Incoming;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tower::{Layer, service_fn};

use crate::{
    guide::{self, GUIDE, assert_covered},
    server,
    wire::{Wire, request, soon},
};

/// Answers `/404` with that status.
async fn status(uri: Uri) -> (StatusCode, &'static str) {
    (uri.path()[1..].parse().unwrap(), "body")
}

#[tokio::test]
async fn every_status_has_every_header_of_the_guide() {
    let router = Router::new().route("/{status}", any(status)).layer(guide::layer());
    let service = guide::layer().layer(service_fn(async |request: Request<Incoming>| {
        Ok::<_, Infallible>(status(request.uri().clone()).await.into_response())
    }));
    let servers = [server::axum(router).await, server::plain(service).await];
    let statuses = [
        200, 201, 204, 205, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 413, 418,
        429, 500, 502, 503, 504, 599, 999,
    ];
    for (index, server) in servers.into_iter().enumerate() {
        for wire in Wire::BOTH {
            for status in statuses {
                for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::POST] {
                    let case = format!("{method} {status}, {wire:?}, server {index}");
                    let request = request(method, &format!("/{status}"));
                    let response = wire.send(server, request).await;
                    assert_eq!(response.status(), status, "{case}");
                    assert_covered(response.headers(), &case);
                }
            }
        }
    }
}

#[tokio::test]
async fn the_bytes_on_the_socket_are_those_of_the_guide() {
    let service = guide::layer().layer(service_fn(async |_: Request<Incoming>| {
        Ok::<_, Infallible>(Response::new("body".to_owned()))
    }));
    let server = server::plain(service).await;
    for version in ["1.0", "1.1"] {
        let mut stream = TcpStream::connect(server).await.unwrap();
        let request = format!("GET / HTTP/{version}\r\nhost: a\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        soon(stream.read_to_end(&mut bytes)).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert_eq!(body, "body");
        for (name, value) in GUIDE {
            let sent: Vec<&str> = head
                .split("\r\n")
                .filter(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")))
                .collect();
            assert_eq!(sent, [format!("{name}: {value}")], "HTTP/{version}");
        }
    }
}
