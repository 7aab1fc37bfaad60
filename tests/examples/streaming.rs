//! Tests live updates, and the end of the process under them.

use std::time::Duration;

use futures_util::StreamExt;
use http::StatusCode;
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use crate::pleroma::ephemeral;
use crate::process::Server;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn connect(server: &Server) -> Socket {
    let url = format!("ws://{}/api/v1/streaming", server.address);
    let (socket, response) = connect_async(url).await.unwrap();
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    socket
}

async fn next(socket: &mut Socket) -> Value {
    loop {
        let message = timeout(Duration::from_secs(10), socket.next()).await.unwrap();
        if let Message::Text(text) = message.unwrap().unwrap() {
            return serde_json::from_str(&text).unwrap();
        }
    }
}

#[tokio::test]
async fn every_socket_gets_every_status() {
    let server = ephemeral();
    let mut sockets = [connect(&server).await, connect(&server).await];
    let cookie = server.register("alice").await;
    assert_eq!(server.post(&cookie, "%3Cb%3Efirst").await, StatusCode::CREATED);
    assert_eq!(server.post(&cookie, "second").await, StatusCode::CREATED);
    for socket in &mut sockets {
        let first = next(socket).await;
        assert_eq!((&first["account"], &first["content"]), (&"alice".into(), &"<b>first".into()));
        assert_eq!(next(socket).await["content"], "second");
    }
}

#[tokio::test]
async fn sigterm_ends_it_in_time_while_a_socket_is_open() {
    let server = ephemeral();
    let mut socket = connect(&server).await;
    let finished = tokio::task::spawn_blocking(|| server.stop(Duration::from_secs(5)));
    let finished = finished.await.unwrap();
    assert_eq!(finished.status.code(), Some(0), "{finished:?}");
    let end = async { while let Some(Ok(_)) = socket.next().await {} };
    timeout(Duration::from_secs(5), end).await.unwrap();
}

#[test]
fn a_signal_after_the_first_line_also_ends_it() {
    for _ in 0..20 {
        let finished = ephemeral().stop(Duration::from_secs(5));
        assert_eq!(finished.status.code(), Some(0), "{finished:?}");
    }
}
