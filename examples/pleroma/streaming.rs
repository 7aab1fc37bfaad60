//! Live updates: every new status goes as JSON to every open WebSocket.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::interval;

use crate::app::App;
use crate::timeline::Status;

/// New statuses that wait for a slow socket; it misses the oldest of more.
const BACKLOG: usize = 64;

/// The largest message that a client may send, in bytes; it has nothing to say but pongs.
const LARGEST_MESSAGE: usize = 1024;

/// How often a silent socket is asked whether it is still there.
const PING: Duration = Duration::from_secs(30);

/// Where new statuses are put in, and sockets draw from.
#[derive(Clone)]
pub(crate) struct Stream {
    statuses: broadcast::Sender<Utf8Bytes>,
}

impl Stream {
    pub(crate) fn new() -> Self {
        let (statuses, _) = broadcast::channel(BACKLOG);
        Self { statuses }
    }

    /// Sends the status to every socket there is; there may be none.
    pub(crate) fn send(&self, status: &Status) -> serde_json::Result<()> {
        let json = serde_json::to_string(status)?;
        let _sockets = self.statuses.send(json.into());
        Ok(())
    }
}

/// Opens a socket. What it carries anybody may read, so that it needs neither a session nor an origin check.
pub(crate) async fn connect(State(app): State<App>, upgrade: WebSocketUpgrade) -> Response {
    let statuses = app.stream.statuses.subscribe();
    upgrade.max_message_size(LARGEST_MESSAGE).on_upgrade(|socket| forward(statuses, socket))
}

async fn forward(mut statuses: broadcast::Receiver<Utf8Bytes>, mut socket: WebSocket) {
    let mut ping = interval(PING);
    loop {
        let message = tokio::select! {
            status = statuses.recv() => match status {
                Ok(json) => Message::Text(json),
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            },
            received = socket.recv() => match received {
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return,
            },
            _ = ping.tick() => Message::Ping(Bytes::new()),
        };
        if socket.send(message).await.is_err() {
            return;
        }
    }
}
