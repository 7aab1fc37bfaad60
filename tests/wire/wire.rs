//! Sends one request, with either version of HTTP.

use std::{error::Error, future::Future, net::SocketAddr, time::Duration};

use http::{HeaderValue, Method, Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper::{
    body::{Body, Bytes, Incoming},
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{net::TcpStream, time::timeout};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Wire {
    Http1,
    /// HTTP/2 without TLS, with prior knowledge.
    Http2,
}

/// The site that requests name. With an address, no header for https would be sent.
const SITE: &str = "example.tld";

impl Wire {
    pub(crate) const BOTH: [Self; 2] = [Self::Http1, Self::Http2];

    /// Sends a request over a new connection, to the path of its URI. The host is the site if the
    /// request names none.
    pub(crate) async fn send<B>(self, to: SocketAddr, mut request: Request<B>) -> Response<Incoming>
    where
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>, Data: Send> + Send + Unpin + 'static,
    {
        let host = request.headers_mut().remove(header::HOST);
        let host = host.unwrap_or(HeaderValue::from_static(SITE));
        let io = TokioIo::new(TcpStream::connect(to).await.unwrap());
        if self == Self::Http1 {
            request.headers_mut().insert(header::HOST, host);
            let (mut sender, connection) =
                http1::Builder::new().max_headers(1000).handshake(io).await.unwrap();
            tokio::spawn(connection.with_upgrades());
            return soon(sender.send_request(request)).await.unwrap();
        }
        let host = host.to_str().unwrap();
        *request.uri_mut() = format!("http://{host}{}", request.uri()).parse().unwrap();
        let (mut sender, connection) = http2::Builder::new(TokioExecutor::new())
            .max_header_list_size(1 << 20)
            .handshake(io)
            .await
            .unwrap();
        tokio::spawn(connection);
        soon(sender.send_request(request)).await.unwrap()
    }

    pub(crate) async fn get(self, to: SocketAddr, path: &str) -> Response<Incoming> {
        self.send(to, request(Method::GET, path)).await
    }
}

/// Returns a request without a body.
pub(crate) fn request(method: Method, path: &str) -> Request<Full<Bytes>> {
    Request::builder().method(method).uri(path).body(Full::default()).unwrap()
}

/// Returns the body as text.
pub(crate) async fn text(response: Response<Incoming>) -> String {
    let body = soon(response.into_body().collect()).await.unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}

/// Fails a test that takes too long.
pub(crate) async fn soon<F: Future>(future: F) -> F::Output {
    timeout(Duration::from_secs(10), future).await.expect("an answer within ten seconds")
}
