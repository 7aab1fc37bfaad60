//! Checks that a server sends every header and cookie of the policies.

use std::{future::Future, net::SocketAddr, time::Duration};

use http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tower_hardening::{Hardening, HostCookies, Nonce};

/// Returns the policies that each server has.
fn policies() -> Hardening {
    let site = "https://example.tld".parse().unwrap();
    Hardening::strict(&site).with(HostCookies::new(["sid"]).unwrap())
}

/// Starts the server, and checks its page, its 404 and its cookie.
pub(crate) async fn holds<F>(serve: impl FnOnce(TcpListener) -> F)
where
    F: Future<Output: Send> + Send + 'static,
{
    let address = start(serve).await;
    let page = get(address, "/", &[("cookie", "__Host-sid=mine; sid=planted; theme=dark")]).await;
    let body = text(&page);
    assert_eq!(page.status(), StatusCode::OK, "{body}");
    let nonce = nonce_of_page(&body);
    let expected = policies().headers_with_nonce(&Nonce::from_value(nonce).unwrap());
    assert_sent(page.headers(), &expected);
    assert!(
        body.contains("<p>theme=dark; sid=mine</p>")
            || body.contains("<p>sid=mine; theme=dark</p>"),
        "{body}"
    );
    let cookies: Vec<_> = page.headers().get_all(header::SET_COOKIE).iter().collect();
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    let cookie = cookies[0].to_str().unwrap();
    assert!(cookie.starts_with("__Host-sid=new; ") && cookie.contains("; Secure"), "{cookie}");

    let next = text(&get(address, "/", &[]).await);
    assert_ne!(nonce_of_page(&next), nonce, "two responses share a nonce");

    let missing = get(address, "/missing", &[]).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_sent(missing.headers(), &policies().headers());
}

/// Starts a server on loopback, and returns its address.
pub(crate) async fn start<F>(serve: impl FnOnce(TcpListener) -> F) -> SocketAddr
where
    F: Future<Output: Send> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener));
    address
}

/// Sends a GET over HTTP/1.1 on a connection of its own.
pub(crate) async fn get(
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
) -> Response<Bytes> {
    let stream = TokioIo::new(connect(address).await);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let mut request = Request::get(path).header(header::HOST, "example.tld");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Empty::<Bytes>::new()).unwrap();
    let answer = async {
        let (head, body) = sender.send_request(request).await.unwrap().into_parts();
        Response::from_parts(head, body.collect().await.unwrap().to_bytes())
    };
    timeout(Duration::from_secs(20), answer).await.expect("the server does not answer")
}

/// Connects to a server, which may take a moment to listen.
async fn connect(address: SocketAddr) -> TcpStream {
    for _ in 0..100 {
        if let Ok(stream) = TcpStream::connect(address).await {
            return stream;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("no server listens at {address}");
}

/// Asserts that each header is sent exactly once, with this value.
#[track_caller]
pub(crate) fn assert_sent(sent: &HeaderMap, expected: &[(http::HeaderName, http::HeaderValue)]) {
    for (name, value) in expected {
        let values: Vec<_> = sent.get_all(name).iter().collect();
        assert_eq!(values, [value], "{name}");
    }
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

/// Returns the nonce of the page's script.
#[track_caller]
fn nonce_of_page(page: &str) -> &str {
    let nonce = page.split_once("<script nonce=\"").and_then(|(_, rest)| rest.split_once('"'));
    nonce.unwrap_or_else(|| panic!("no script with a nonce: {page}")).0
}
