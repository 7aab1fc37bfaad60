//! Reads and discards the rest of a rejected body while the response is sent.
//!
//! If the server closes a connection while the client still sends, the connection is reset and the response is lost: a
//! proxy sends a 502 instead of a 413, and a browser shows a network error.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::runtime::Handle;
use tokio::time::timeout;

/// The maximum number of bytes to read: 20 MiB, more than nginx.conf allows.
const MOST: usize = 20 * 1024 * 1024;

/// The maximum time to wait.
const LONGEST: Duration = Duration::from_secs(5);

/// Wraps the body of a request. Use it with `map_request`, outside the layers that reject bodies.
pub(crate) async fn linger(request: Request) -> Request {
    request.map(|body| Body::new(Lingering(body)))
}

/// Represents a body whose rest is read after the handler has dropped it.
struct Lingering(Body);

impl http_body::Body for Lingering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.0).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        let mut rest = std::mem::take(&mut self.0);
        if rest.is_end_stream() {
            return;
        }
        let throw_away = async move {
            let mut read = 0;
            while read < MOST {
                let Some(Ok(frame)) = rest.frame().await else { return };
                read += frame.data_ref().map_or(0, Bytes::len);
            }
        };
        // Without a runtime, the process is ending.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async { timeout(LONGEST, throw_away).await });
        }
    }
}
