//! Runs a server on loopback and a client for one request.

use std::{net::SocketAddr, time::Duration};

use axum::Router;
use http::{HeaderMap, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};

pub(crate) async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// Returns the head and the text of a response, over a new connection.
pub(crate) async fn get(
    to: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
) -> (u16, HeaderMap, String) {
    let io = TokioIo::new(TcpStream::connect(to).await.unwrap());
    let (mut sender, connection) = http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    let mut request = Request::builder().uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header(header::HOST, to.to_string());
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = sender.send_request(request.body(Full::<Bytes>::default()).unwrap());
    let answer = timeout(Duration::from_secs(10), answer).await.unwrap().unwrap();
    let (head, body) = answer.into_parts();
    let body = timeout(Duration::from_secs(10), body.collect()).await.unwrap().unwrap();
    let text = String::from_utf8(body.to_bytes().to_vec()).unwrap();
    (head.status.as_u16(), head.headers, text)
}
