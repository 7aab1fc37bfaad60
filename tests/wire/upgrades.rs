//! Upgraded connections work, and their responses have the headers.

use std::convert::Infallible;

use axum::{
    Router,
    extract::ws::{self, WebSocketUpgrade},
    response::{AppendHeaders, IntoResponse},
    routing::any,
};
use futures_util::{SinkExt, StreamExt};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Empty;
use hyper::{
    body::{Bytes, Incoming},
    client::conn::http2,
    ext::Protocol,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, protocol::Role},
};
use tower::{Layer, service_fn};
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, ContentTypeOptionsLayer, CspLayer, Hardening,
    HardeningLayer, StrictTransportSecurity, StsLayer,
    connection::ConnectionInfoLayer,
    hosts::{AllowedHosts, AllowedHostsLayer, HttpsRedirect, HttpsRedirectLayer},
};

use crate::{
    guide::{self, assert_bare, assert_covered, assert_covered_but, lines},
    server,
    wire::{Wire, request, soon},
};

/// Sends the request's cookies, and then echoes; sets two cookies and a header.
async fn echo(upgrade: WebSocketUpgrade, headers: HeaderMap) -> impl IntoResponse {
    let cookies = headers.get(header::COOKIE).map(|line| line.to_str().unwrap().to_owned());
    let upgraded = upgrade.on_upgrade(async |mut socket: ws::WebSocket| {
        socket.send(cookies.unwrap_or_default().into()).await.unwrap();
        while let Some(Ok(message)) = socket.recv().await {
            if matches!(message, ws::Message::Text(_) | ws::Message::Binary(_)) {
                socket.send(message).await.unwrap();
            }
        }
    });
    let set = AppendHeaders([
        (header::SET_COOKIE, "pleroma_key=v; HttpOnly"),
        (header::SET_COOKIE, "theme=dark"),
    ]);
    (set, [("x-own", "kept")], upgraded)
}

fn router() -> Router {
    Router::new().route("/ws", any(echo))
}

/// Asserts that the first message has the cookies, and that both kinds of message come back.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(mut socket: WebSocketStream<S>, cookies: &str) {
    assert_eq!(soon(socket.next()).await.unwrap().unwrap(), Message::text(cookies));
    for message in [Message::text("text \u{e9}"), Message::binary(vec![0, 0xFF])] {
        socket.send(message.clone()).await.unwrap();
        assert_eq!(soon(socket.next()).await.unwrap().unwrap(), message);
    }
    socket.close(None).await.unwrap();
}

#[tokio::test]
async fn adv_045_a_websocket_opens_and_echoes_and_its_101_is_bare() {
    let servers = [
        server::axum(router().layer(guide::layer())).await,
        server::plain(guide::layer().layer(router())).await,
    ];
    for server in servers {
        let stream = TcpStream::connect(server).await.unwrap();
        let mut request = format!("ws://{server}/ws").into_client_request().unwrap();
        let cookies = HeaderValue::from_static("__Host-pleroma_key=v; pleroma_key=evil; a=1");
        request.headers_mut().insert(header::COOKIE, cookies);
        let (socket, response) = soon(client_async(request, stream)).await.unwrap();
        assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
        assert_bare(response.headers(), "a 101");
        let set: [&[u8]; 2] = [b"__Host-pleroma_key=v; HttpOnly; Path=/; Secure", b"theme=dark"];
        assert_eq!(lines(response.headers(), "set-cookie"), set);
        assert_eq!(response.headers()["x-own"], "kept");
        talk(socket, "pleroma_key=v; a=1").await;
    }
}

#[tokio::test]
async fn adv_045_a_websocket_that_is_refused_has_the_headers() {
    let server = server::axum(router().layer(guide::layer())).await;
    for wire in Wire::BOTH {
        let response = wire.get(server, "/ws").await;
        assert!(response.status().is_client_error(), "{}", response.status());
        assert_covered(response.headers(), &format!("{wire:?}"));
    }
}

/// The headers that are not sent, since the test uses an address.
const NOT_FOR_ADDRESSES: [&str; 2] = ["strict-transport-security", "expect-ct"];

/// Returns an allowed host over https, for which both gates pass the request.
fn gated(router: Router) -> Router {
    let site = "https://example.tld".parse().unwrap();
    router
        .layer(HttpsRedirectLayer::new(HttpsRedirect::to_site(&site).unwrap()))
        .layer(AllowedHostsLayer::new(AllowedHosts::new(["127.0.0.1"]).unwrap()))
        .layer(guide::layer())
        .layer(ConnectionInfoLayer::assume_https())
}

#[tokio::test]
async fn adv_060_a_websocket_passes_the_gates() {
    let server = server::axum(gated(router())).await;
    let stream = TcpStream::connect(server).await.unwrap();
    let request = format!("ws://{server}/ws").into_client_request().unwrap();
    let (socket, response) = soon(client_async(request, stream)).await.unwrap();
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    talk(socket, "").await;
}

#[tokio::test]
async fn adv_045_a_websocket_over_http2_opens_and_echoes() {
    let server = server::plain(gated(router())).await;
    let io = TokioIo::new(TcpStream::connect(server).await.unwrap());
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    let uri = |path: &str| format!("http://{server}{path}");
    // The first answer comes after the server's settings, which allow the extended CONNECT.
    let settle = Request::get(uri("/none")).body(Empty::<Bytes>::new()).unwrap();
    let response = soon(sender.send_request(settle)).await.unwrap();
    assert_covered_but(response.headers(), &NOT_FOR_ADDRESSES, "a 404");
    let connect = Request::connect(uri("/ws"))
        .extension(Protocol::from_static("websocket"))
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::COOKIE, "__Host-pleroma_key=v")
        .body(Empty::new())
        .unwrap();
    let response = soon(sender.send_request(connect)).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_covered_but(response.headers(), &NOT_FOR_ADDRESSES, "a tunnel");
    let upgraded = TokioIo::new(hyper::upgrade::on(response).await.unwrap());
    let socket = WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await;
    talk(socket, "pleroma_key=v").await;
}

/// Answers 101 with a header of the application, and echoes in capitals.
async fn shout(mut request: Request<Incoming>) -> Result<Response<String>, Infallible> {
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let mut stream = TokioIo::new(upgrade.await.unwrap());
        let mut word = [0; 4];
        stream.read_exact(&mut word).await.unwrap();
        stream.write_all(&word.to_ascii_uppercase()).await.unwrap();
    });
    let response = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "upgrade")
        .header(header::UPGRADE, "shout")
        .header(header::X_CONTENT_TYPE_OPTIONS, "own");
    Ok(response.body(String::new()).unwrap())
}

#[tokio::test]
async fn adv_045_a_plain_upgrade_passes_every_layer() {
    let site = "https://example.tld".parse().unwrap();
    let csp = ContentSecurityPolicy::from_static("default-src 'none'");
    let single = CspLayer::new(csp.clone()).layer(
        StsLayer::new(
            StrictTransportSecurity::new(std::time::Duration::from_secs(31_536_000))
                .include_subdomains(),
        )
        .layer(ContentTypeOptionsLayer::new(ContentTypeOptions::NOSNIFF).layer(service_fn(shout))),
    );
    let servers = [
        server::plain(guide::layer().layer(service_fn(shout))).await,
        server::plain(
            HardeningLayer::new(Hardening::strict(&site)).overriding().layer(service_fn(shout)),
        )
        .await,
        server::plain(CspLayer::new(csp).appending().layer(service_fn(shout))).await,
        server::plain(single).await,
    ];
    for server in servers {
        let mut request = request(http::Method::GET, "/");
        request.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        request.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("shout"));
        let response = Wire::Http1.send(server, request).await;
        assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
        let mut headers = response.headers().clone();
        assert_eq!(headers.remove(header::X_CONTENT_TYPE_OPTIONS).unwrap(), "own");
        assert_bare(&headers, "a 101");
        let mut stream = TokioIo::new(soon(hyper::upgrade::on(response)).await.unwrap());
        stream.write_all(b"word").await.unwrap();
        let mut word = [0; 4];
        soon(stream.read_exact(&mut word)).await.unwrap();
        assert_eq!(&word, b"WORD");
    }
}
