//! hyper 1, over HTTP/1 and HTTP/2: the layer wraps a function.

use std::convert::Infallible;

use http::{Request, Response, StatusCode};
use http_body_util::{Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceBuilder;
use tower_hardening::{Hardening, HardeningLayer, HostCookies, Nonce};

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response = Response::new(Full::default());
    if request.uri().path() != "/" {
        *response.status_mut() = StatusCode::NOT_FOUND;
        return Ok(response);
    }
    let nonce =
        Nonce::from_extensions(request.extensions()).map(Nonce::to_string).unwrap_or_default();
    let cookies =
        request.headers().get("cookie").map_or("", |value| value.to_str().unwrap_or_default());
    let page = format!("<p>{cookies}</p><script nonce=\"{nonce}\">document.title = 'run'</script>");
    let headers = response.headers_mut();
    headers.insert("content-type", "text/html".parse().expect("a literal"));
    headers.insert("set-cookie", "sid=new; HttpOnly".parse().expect("a literal"));
    *response.body_mut() = Full::from(page);
    Ok(response)
}

async fn serve(listener: TcpListener) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let policies =
        Hardening::strict(&"https://example.tld".parse()?).with(HostCookies::new(["sid"])?);
    let service = ServiceBuilder::new().layer(HardeningLayer::new(policies)).service_fn(answer);
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(service.clone());
        tokio::spawn(async move {
            Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await
        });
    }
}

#[tokio::test]
async fn hyper_sends_every_header_and_cookie_of_the_policies() {
    crate::check::holds(serve).await;
}

#[tokio::test]
async fn hyper_sends_the_same_over_http_2() {
    let address = crate::check::start(serve).await;
    let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get("http://example.tld/missing").body(Empty::<Bytes>::new()).unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.version(), http::Version::HTTP_2);
    let policies = Hardening::strict(&"https://example.tld".parse().unwrap());
    crate::check::assert_sent(response.headers(), &policies.headers());
}
