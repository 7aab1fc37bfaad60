//! Sends live updates: every new status, and the number of every removed one, as JSON to every open WebSocket.

use std::net::IpAddr;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::rejection::WebSocketUpgradeRejection as Rejection;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Extension, FromRequestParts, State};
use axum::http::{Method, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Response};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::{interval, timeout};

use crate::app::App;
use crate::client::Client;
use crate::failure::Failure;
use crate::serving::seat::Seat;
use crate::serving::slots::{Full, Slots};
use crate::timeline::Status;

/// The number of new statuses that wait for a slow socket. If there are more, it misses the oldest.
const BACKLOG: usize = 64;

/// The largest message that a client may send, in bytes: it sends only pongs.
const LARGEST_MESSAGE: usize = 1024;

/// The maximum number of bytes that wait for a client to read, pongs included.
const MOST_UNREAD: usize = 64 * 1024;

/// The interval between pings. A socket that has not answered by the next ping is closed.
const PING: Duration = Duration::from_secs(15);

/// The longest time that a message waits for a client to read.
const LONGEST_SEND: Duration = Duration::from_secs(10);

/// The maximum number of sockets of one address.
const MOST_EACH: usize = 32;

/// Holds the channel of new statuses.
#[derive(Clone)]
pub(crate) struct Stream {
    statuses: broadcast::Sender<Utf8Bytes>,
    slots: Slots<IpAddr>,
}

impl Stream {
    /// Returns a stream for at most this many sockets.
    pub(crate) fn new(most: usize) -> Self {
        let (statuses, _) = broadcast::channel(BACKLOG);
        Self { statuses, slots: Slots::new(MOST_EACH.min(most), most) }
    }

    /// Sends the status to every open socket. There may be none.
    pub(crate) fn send(&self, status: &Status) -> serde_json::Result<()> {
        let json = serde_json::to_string(status)?;
        let _sockets = self.statuses.send(json.into());
        Ok(())
    }

    /// Tells every socket that the status was removed.
    pub(crate) fn send_removal(&self, id: i64) {
        let _sockets = self.statuses.send(format!("{{\"removed\":{id}}}").into());
    }
}

/// Opens a socket. The statuses are public, so it needs neither a session nor an origin check.
pub(crate) async fn connect(
    State(app): State<App>,
    Client(client): Client,
    Extension(seat): Extension<Seat>,
    Upgrade(upgrade): Upgrade,
) -> Result<Response, Failure> {
    let slot = app.stream.slots.take(client).map_err(|full| {
        tracing::warn!(%client, ?full, "a WebSocket is refused: too many are open");
        match full {
            Full::Each => Failure::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too many live updates are open at this address",
            ),
            Full::All => Failure::BUSY,
        }
    })?;
    let statuses = app.stream.statuses.subscribe();
    // The connection outlives its request, and keeps its seat.
    let held = seat.hold();
    let socket = upgrade
        .max_message_size(LARGEST_MESSAGE)
        .max_frame_size(LARGEST_MESSAGE)
        .read_buffer_size(LARGEST_MESSAGE)
        .write_buffer_size(0)
        .max_write_buffer_size(MOST_UNREAD);
    Ok(socket.on_upgrade(async |socket| {
        forward(statuses, socket).await;
        drop((slot, held));
    }))
}

/// Accepts a request that opens a WebSocket, and rejects every other in words.
pub(crate) struct Upgrade(WebSocketUpgrade);

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        if parts.method != Method::GET {
            let refused = Failure::new(StatusCode::METHOD_NOT_ALLOWED, "not with this method");
            return Err(([(header::ALLOW, "GET")], refused).into_response());
        }
        let upgrade = WebSocketUpgrade::from_request_parts(parts, state).await;
        upgrade.map(Self).map_err(|rejection| refusal(&rejection))
    }
}

/// Returns the response to a request that opens no WebSocket: a 426 if another version does
/// ([RFC 6455](https://www.rfc-editor.org/rfc/rfc6455#section-4.4)).
fn refusal(rejection: &Rejection) -> Response {
    match rejection {
        Rejection::InvalidWebSocketVersionHeader(_) | Rejection::ConnectionNotUpgradable(_) => {
            let headers = [
                (header::CONNECTION, "upgrade"),
                (header::UPGRADE, "websocket"),
                (header::SEC_WEBSOCKET_VERSION, "13"),
            ];
            let words = "live updates need a WebSocket of version 13";
            (headers, Failure::new(StatusCode::UPGRADE_REQUIRED, words)).into_response()
        }
        _ => Failure::bad_request("live updates need a WebSocket over HTTP/1.1").into_response(),
    }
}

async fn forward(mut statuses: broadcast::Receiver<Utf8Bytes>, mut socket: WebSocket) {
    let mut ping = interval(PING);
    let mut answered = true;
    loop {
        let message = tokio::select! {
            status = statuses.recv() => match status {
                Ok(json) => Message::Text(json),
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            },
            received = socket.recv() => match received {
                Some(Ok(_)) => {
                    answered = true;
                    continue;
                }
                Some(Err(_)) | None => return,
            },
            _ = ping.tick() => {
                if !answered {
                    return tracing::debug!("a WebSocket is closed: it does not answer");
                }
                answered = false;
                Message::Ping(Bytes::new())
            }
        };
        match timeout(LONGEST_SEND, socket.send(message)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return,
        }
    }
}
