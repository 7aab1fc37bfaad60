//! Sends one request on one connection.

use std::net::SocketAddr;

use http::{HeaderMap, Request, Response, Uri, Version, header};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use hyper::{
    body::Bytes,
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

/// The protocols that every example speaks.
pub(crate) const VERSIONS: [Version; 2] = [Version::HTTP_11, Version::HTTP_2];

/// The site that the examples have without a setting: under its name, unlike under an address, they send all that is for https.
const SITE: &str = "example.tld";

/// Sends a request with HTTP/1.1, or with HTTP/2 by prior knowledge. The host is the site if the request names none.
pub(crate) async fn ask<B>(
    address: SocketAddr,
    version: Version,
    request: Request<B>,
) -> Response<Bytes>
where
    B: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
    B: Send + Unpin + 'static,
{
    ask_on(TcpStream::connect(address).await.unwrap(), version, request).await
}

/// Sends a request over an existing connection.
pub(crate) async fn ask_on<B>(
    stream: TcpStream,
    version: Version,
    request: Request<B>,
) -> Response<Bytes>
where
    B: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
    B: Send + Unpin + 'static,
{
    let (mut parts, body) = request.into_parts();
    let host = parts.headers.remove(header::HOST);
    let host = host.map_or_else(|| SITE.to_owned(), |host| host.to_str().unwrap().to_owned());
    let stream = TokioIo::new(stream);
    let response = if version == Version::HTTP_2 {
        parts.uri = format!("http://{host}{}", parts.uri).parse::<Uri>().unwrap();
        let (mut sender, connection) =
            http2::handshake(TokioExecutor::new(), stream).await.unwrap();
        tokio::spawn(connection);
        whole(sender.send_request(Request::from_parts(parts, body)).await).await
    } else {
        parts.headers.insert(header::HOST, host.parse().unwrap());
        let (mut sender, connection) = http1::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        whole(sender.send_request(Request::from_parts(parts, body)).await).await
    };
    assert_eq!(response.version(), version);
    response
}

async fn whole(response: hyper::Result<Response<hyper::body::Incoming>>) -> Response<Bytes> {
    let (parts, body) = response.unwrap().into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}

pub(crate) fn get(path: &str) -> Request<Full<Bytes>> {
    Request::get(path).body(Full::default()).unwrap()
}

/// Returns all values of a header.
pub(crate) fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
}

/// Asserts that each header occurs once, with this value.
#[track_caller]
pub(crate) fn assert_headers(sent: &HeaderMap, expected: &[(&str, &str)], context: &str) {
    for (name, value) in expected {
        assert_eq!(values(sent, name), [*value], "{context}: {name}");
    }
}

pub(crate) fn text(response: &Response<Bytes>) -> &str {
    std::str::from_utf8(response.body()).unwrap()
}
