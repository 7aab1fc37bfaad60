//! Accepts and serves connections so that no client can occupy the resources of others.
//!
//! Both `pleroma` and `reverse_proxy` serve with this; copy the directory. A connection that has sent only part of a
//! request head is closed after [`HEAD`]. Bodies have a [pace](body::Pace), and a connection without progress ends
//! after [`STALL`]. The number of [seats](seats::Seats) follows the limit on open files. If all are taken, a new client
//! gets the seat of a silent client, or of an address that has more than half of them.

use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};
use tower::{Service, ServiceExt};

use self::body::{Paced, Sent};
use self::seat::{GivenUp, Seat};
use self::seats::{NoSeat, Seats};

pub(crate) mod body;
pub(crate) mod seat;
pub(crate) mod seats;
pub(crate) mod signal;
pub(crate) mod slots;

/// The time for a TLS handshake with a request's head, and for each later head of HTTP/1.1.
pub(crate) const HEAD: Duration = Duration::from_secs(10);

/// The time that an HTTP/2 connection may be idle between requests.
pub(crate) const IDLE: Duration = Duration::from_secs(60);

/// The time in which a request or its response has to make progress.
pub(crate) const STALL: Duration = Duration::from_secs(120);

/// The time that a new client waits for a seat.
const QUEUE: Duration = Duration::from_secs(10);

/// The longest request head, in bytes.
const LARGEST_HEAD: usize = 64 * 1024;

/// The time that a connection gets to send its last bytes.
const GOODBYE: Duration = Duration::from_millis(200);

/// Accepts connections until `stop` is true or its sender is dropped. Requests in progress can then end.
///
/// `handshake` converts the socket to a stream, for example with TLS. `make` creates the service of each connection.
/// Returns after the last connection is closed.
pub(crate) async fn serve<H, I, T, M, S, B>(
    listener: TcpListener,
    seats: Seats,
    handshake: H,
    make: M,
    mut stop: watch::Receiver<bool>,
) where
    H: Fn(TcpStream) -> I,
    I: Future<Output = io::Result<T>> + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    M: Fn(SocketAddr) -> S,
    S: Service<Request<Paced>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    // Each connection holds a sender, so that the receiver knows when the last one is closed.
    let (open, mut all_closed) = mpsc::channel::<Infallible>(1);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener, &seats) => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let Some(seat) = seat(&seats, peer).await else {
            tracing::warn!(%peer, "a connection is refused: all are in use");
            continue;
        };
        let stream = handshake(stream);
        let (service, stop, open) = (make(peer), stop.clone(), open.clone());
        tokio::spawn(async move {
            connection(stream, seat, service, stop).await;
            drop(open);
        });
    }
    drop(open);
    all_closed.recv().await;
}

async fn accept(listener: &TcpListener, seats: &Seats) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // The limit on open files is reached. Wait until some connections end.
            Err(error) => {
                tracing::warn!(%error, "a connection cannot be accepted");
                seats.free_one();
                sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// Waits for a seat; other clients wait in the queue of the listener.
async fn seat(seats: &Seats, peer: SocketAddr) -> Option<Seat> {
    let start = Instant::now();
    loop {
        match seats.take(peer.ip()) {
            Ok(seat) => return Some(seat),
            // Other clients are next in the queue.
            Err(NoSeat::ForThisClient) => return None,
            Err(NoSeat::Yet) if start.elapsed() > QUEUE => return None,
            Err(NoSeat::Yet) => {}
        }
        sleep(Duration::from_millis(2)).await;
    }
}

/// Serves one connection until it ends, or until its seat is given up.
async fn connection<I, T, S, B>(stream: I, seat: Seat, service: S, mut stop: watch::Receiver<bool>)
where
    I: Future<Output = io::Result<T>>,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request<Paced>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let Some(stream) = established(stream, &seat, &mut stop).await else { return };
    let seat_of_requests = seat.clone();
    let answer = service_fn(move |request: Request<Incoming>| {
        answer(service.clone(), seat_of_requests.clone(), request)
    });
    let builder = builder();
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), answer);
    tokio::pin!(connection);
    let mut stopping = false;
    let why = loop {
        tokio::select! {
            ended = connection.as_mut() => {
                return ended.unwrap_or_else(|error| tracing::debug!(error, "a connection failed"));
            }
            why = seat.given_up() => break why,
            _ = stop.wait_for(|stop| *stop), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    };
    tracing::debug!(?why, "a connection is closed: its client says nothing");
    if why == GivenUp::Claimed {
        return;
    }
    connection.as_mut().graceful_shutdown();
    let _closed_or_not = timeout(GOODBYE, connection).await;
}

/// Waits for the handshake.
async fn established<T>(
    stream: impl Future<Output = io::Result<T>>,
    seat: &Seat,
    stop: &mut watch::Receiver<bool>,
) -> Option<T> {
    let stream = tokio::select! {
        stream = stream => stream,
        _ = seat.given_up() => return None,
        _ = stop.wait_for(|stop| *stop) => return None,
    };
    stream.inspect_err(|error| tracing::debug!(%error, "a handshake failed")).ok()
}

/// Answers one request, which occupies the seat until its response has ended.
async fn answer<S, B>(
    service: S,
    seat: Seat,
    request: Request<Incoming>,
) -> Result<Response<Sent<B>>, Infallible>
where
    S: Service<Request<Paced>, Response = Response<B>, Error = Infallible>,
{
    let busy = seat.begin().await;
    let response = service.oneshot(body::paced(request, seat)).await?;
    Ok(response.map(|body| Sent::new(body, busy)))
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LARGEST_HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(IDLE / 2)
        .keep_alive_timeout(HEAD)
        .max_concurrent_streams(64)
        .max_header_list_size(LARGEST_HEAD as u32);
    builder
}
