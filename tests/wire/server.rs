//! Runs servers on loopback, which stop when their test ends.

use std::{convert::Infallible, error::Error, net::SocketAddr};

use axum::Router;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body_util::Full;
use hyper::body::{Body, Bytes, Incoming};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::net::TcpListener;
use tower::{Layer, Service};

use crate::fixed::Fixed;

/// Serves a router as axum's documentation does.
pub(crate) async fn axum(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// Serves any service with hyper.
pub(crate) async fn plain<S, B>(service: S) -> SocketAddr
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>, Data: Send> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(async move {
                let mut builder = auto::Builder::new(TokioExecutor::new());
                builder.http2().enable_connect_protocol();
                // A body that fails also fails its connection.
                let _ = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).await;
            });
        }
    });
    address
}

/// Serves a response with these headers, under a layer.
pub(crate) async fn with_headers<L, S>(layer: &L, headers: &HeaderMap) -> SocketAddr
where
    L: Layer<Fixed<Full<Bytes>>, Service = S>,
    S: Service<Request<Incoming>, Response = Response<Full<Bytes>>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
{
    let mut response = Response::new(Full::new(Bytes::from_static(b"body")));
    *response.headers_mut() = headers.clone();
    plain(layer.layer(Fixed(response))).await
}

/// Returns these lines as a map.
pub(crate) fn headers<'a>(lines: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
    }
    headers
}

/// Returns headers without a meaning, each with another name, with non-ASCII bytes.
pub(crate) fn fillers(number: usize) -> HeaderMap {
    let name = |index| HeaderName::try_from(format!("x-filler-{index}")).unwrap();
    let value =
        |index| HeaderValue::from_bytes(&[b'v', 0x80 + (index % 0x80) as u8, 0xFF]).unwrap();
    (0..number).map(|index| (name(index), value(index))).collect()
}
