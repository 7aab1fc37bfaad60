//! Runs a server on loopback, and a client that keeps its connection.

use std::net::SocketAddr;

use axum::Router;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Empty};
use hyper::{
    body::Bytes,
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};

/// Serves a router until the test ends.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Version {
    Http1,
    Http2,
}

impl Version {
    pub(crate) const BOTH: [Self; 2] = [Self::Http1, Self::Http2];
}

enum Sender {
    Http1(http1::SendRequest<Empty<Bytes>>),
    Http2(http2::SendRequest<Empty<Bytes>>),
}

pub(crate) struct Client {
    sender: Sender,
    address: SocketAddr,
}

/// Holds a complete response.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// Returns the `Set-Cookie` lines.
    pub(crate) fn cookies(&self) -> Vec<String> {
        crate::policy::text(&self.headers, &header::SET_COOKIE)
    }
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr, version: Version) -> Self {
        let io = TokioIo::new(TcpStream::connect(address).await.unwrap());
        let sender = if version == Version::Http1 {
            let (sender, connection) = http1::handshake(io).await.unwrap();
            tokio::spawn(connection);
            Sender::Http1(sender)
        } else {
            let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
            tokio::spawn(connection);
            Sender::Http2(sender)
        };
        Self { sender, address }
    }

    /// Requests a path with these `Cookie` lines.
    pub(crate) async fn get<L: AsRef<[u8]>>(&mut self, path: &str, cookies: &[L]) -> Answer {
        self.send(Method::GET, path, cookies).await
    }

    pub(crate) async fn send<L: AsRef<[u8]>>(
        &mut self,
        method: Method,
        path: &str,
        cookies: &[L],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).body(Empty::new()).unwrap();
        for line in cookies {
            let line = HeaderValue::from_bytes(line.as_ref()).unwrap();
            request.headers_mut().append(header::COOKIE, line);
        }
        let response = match &mut self.sender {
            Sender::Http1(sender) => {
                let host = self.address.to_string().parse().unwrap();
                request.headers_mut().insert(header::HOST, host);
                sender.ready().await.unwrap();
                sender.send_request(request).await.unwrap()
            }
            Sender::Http2(sender) => {
                *request.uri_mut() = format!("http://{}{path}", self.address).parse().unwrap();
                sender.send_request(request).await.unwrap()
            }
        };
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}
