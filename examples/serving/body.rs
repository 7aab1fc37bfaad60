//! Requires a minimum pace of bodies: the server does not wait for a slower client.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use http::Request;
use http_body::{Body, Frame, SizeHint};
use hyper::body::{Bytes, Incoming};
use tokio::time::sleep_until;

use super::seat::{Busy, Seat};
use super::seats::lock;

/// The time that a body of any size may take.
const GRACE: Duration = Duration::from_secs(10);

/// The average number of bytes that have to arrive in each second after that.
const BYTES_A_SECOND: u64 = 16 * 1024;

/// The longest single wait. A client that was fast before may not wait longer.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Represents the number of received bytes of a request's body, and the time spent waiting for
/// them. It is in the request's extensions.
#[derive(Clone)]
pub(crate) struct Pace(Arc<Mutex<Progress>>);

struct Progress {
    start: Instant,
    received: u64,
    waited: Duration,
    waiting_since: Option<Instant>,
}

impl Pace {
    /// Completes if the body is too slow, and never while the server does not read the body.
    pub(crate) async fn too_slow(&self) {
        loop {
            let deadline = lock(&self.0).deadline();
            match deadline {
                Some(deadline) if deadline <= Instant::now() => return,
                Some(deadline) => sleep_until(deadline.into()).await,
                // Waiting can begin at any time, so check again before the shortest wait could end.
                None => sleep_until((Instant::now() + GRACE / 2).into()).await,
            }
        }
    }

    /// Completes when the server has worked on the request for this time. The time in which it waited for the body does
    /// not count.
    pub(crate) async fn worked_for(&self, limit: Duration) {
        loop {
            let worked = lock(&self.0).worked();
            if worked >= limit {
                return;
            }
            let left = (limit - worked).max(Duration::from_millis(100));
            sleep_until((Instant::now() + left).into()).await;
        }
    }
}

impl Progress {
    fn new() -> Self {
        let (received, waited, waiting_since) = (0, Duration::ZERO, None);
        Self { start: Instant::now(), received, waited, waiting_since }
    }

    fn worked(&self) -> Duration {
        let waiting = self.waiting_since.map_or(Duration::ZERO, |since| since.elapsed());
        self.start.elapsed().saturating_sub(self.waited + waiting)
    }

    fn deadline(&self) -> Option<Instant> {
        let seconds = self.received / BYTES_A_SECOND;
        let left = (GRACE + Duration::from_secs(seconds)).saturating_sub(self.waited);
        Some(self.waiting_since? + left.min(LONGEST_WAIT))
    }
}

/// Wraps the body with the pace, and puts the pace and the seat into the extensions.
pub(super) fn paced(request: Request<Incoming>, seat: Seat) -> Request<Paced> {
    let (mut parts, inner) = request.into_parts();
    let pace = Pace(Arc::new(Mutex::new(Progress::new())));
    parts.extensions.insert(pace.clone());
    parts.extensions.insert(seat.clone());
    Request::from_parts(parts, Paced { inner, pace, seat, owes: false })
}

/// Holds the body of a request, and counts the bytes that arrive.
pub(crate) struct Paced {
    inner: Incoming,
    pace: Pace,
    seat: Seat,
    owes: bool,
}

impl Paced {
    fn end_wait(&mut self, received: usize) {
        let mut progress = lock(&self.pace.0);
        if let Some(since) = progress.waiting_since.take() {
            progress.waited += since.elapsed();
        }
        progress.received += received as u64;
        if std::mem::take(&mut self.owes) {
            self.seat.owes_no_more();
        }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(context) else {
            lock(&self.pace.0).waiting_since.get_or_insert_with(Instant::now);
            if !std::mem::replace(&mut self.owes, true) {
                self.seat.owes();
            }
            return Poll::Pending;
        };
        let data = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref());
        let received = data.map_or(0, Bytes::len);
        self.end_wait(received);
        self.seat.moved();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Paced {
    fn drop(&mut self) {
        self.end_wait(0);
    }
}

/// Holds the body of a response. Its request is in progress until the body is dropped.
pub(crate) struct Sent<B> {
    inner: Pin<Box<B>>,
    busy: Busy,
}

impl<B> Sent<B> {
    pub(super) fn new(inner: B, busy: Busy) -> Self {
        Self { inner: Box::pin(inner), busy }
    }
}

impl<B: Body> Body for Sent<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = ready!(self.inner.as_mut().poll_frame(context));
        self.busy.moved();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
