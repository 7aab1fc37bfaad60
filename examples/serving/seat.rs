//! The seat of one connection: its progress decides whether another client may take it.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep_until;

use super::seats::{End, lock};
use super::{HEAD, IDLE, STALL};

/// The time without progress after which a client can lose its seat to another client: it does not send the body, or
/// may not read the response.
const PATIENCE: Duration = Duration::from_secs(2);
const PATIENCE_WITH_READERS: Duration = Duration::from_secs(8);

/// Represents the seat of one connection. It becomes free when the last clone is dropped.
#[derive(Clone)]
pub(crate) struct Seat(Arc<Owned>);

struct Owned {
    place: Arc<Place>,
    more: More,
    // It is dropped last.
    _end: End,
}

/// Holds the permits for additional requests of a connection.
pub(super) struct More {
    /// Those of the client's address.
    pub(super) share: Arc<Semaphore>,
    /// Those of all clients.
    pub(super) all: Arc<Semaphore>,
}

impl More {
    /// Waits for room in the address's own share, then in that of all.
    async fn take(&self) -> Option<[OwnedSemaphorePermit; 2]> {
        let own = Arc::clone(&self.share).acquire_owned().await.ok()?;
        Some([own, Arc::clone(&self.all).acquire_owned().await.ok()?])
    }
}

/// Holds the state of a seat, which the table of all seats also sees.
pub(super) struct Place {
    pub(super) client: IpAddr,
    state: Mutex<State>,
    claimed: Notify,
}

pub(super) struct State {
    /// The number of requests whose heads were read.
    begun: u64,
    /// The number of requests whose responses have not ended.
    under_way: usize,
    /// The number of upgraded connections, which may be silent.
    held: usize,
    /// The number of requests whose clients have not sent the whole body.
    owing: usize,
    /// The time of the last progress.
    pub(super) moved: Instant,
    /// The time at which another client began to wait for the seat.
    pub(super) claimed: Option<Instant>,
}

impl Place {
    pub(super) fn new(client: IpAddr) -> Self {
        let state = State {
            begun: 0,
            under_way: 0,
            held: 0,
            owing: 0,
            moved: Instant::now(),
            claimed: None,
        };
        Self { client, state: Mutex::new(state), claimed: Notify::new() }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Asks the client to give up the seat.
    pub(super) fn claim(&self) {
        self.state().claimed = Some(Instant::now());
        self.claimed.notify_one();
    }
}

impl Seat {
    pub(super) fn new(place: Arc<Place>, more: More, end: End) -> Self {
        Self(Arc::new(Owned { place, more, _end: end }))
    }

    /// Counts a request until the value is dropped. A second one at a time waits for room.
    pub(super) async fn begin(&self) -> Busy {
        let is_first = {
            let mut state = self.state();
            state.begun += 1;
            state.under_way += 1;
            state.moved = Instant::now();
            state.under_way == 1
        };
        let mut busy = Busy { _more: None, seat: self.clone() };
        if !is_first {
            busy._more = self.0.more.take().await;
        }
        busy
    }

    /// Keeps the seat for an upgraded connection until the value is dropped.
    pub(crate) fn hold(&self) -> Held {
        self.state().held += 1;
        Held(self.clone())
    }

    /// Completes when another client needs the seat, or when this client has been silent for too long.
    pub(crate) async fn given_up(&self) -> GivenUp {
        let late = async {
            loop {
                let deadline = self.state().deadline();
                if deadline <= Instant::now() {
                    return;
                }
                sleep_until(deadline.into()).await;
            }
        };
        tokio::select! {
            () = late => GivenUp::Late,
            () = self.0.place.claimed.notified() => GivenUp::Claimed,
        }
    }

    pub(super) fn moved(&self) {
        self.state().moved = Instant::now();
    }

    pub(super) fn owes(&self) {
        self.state().owing += 1;
    }

    pub(super) fn owes_no_more(&self) {
        self.state().owing -= 1;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.place.state()
    }
}

impl State {
    pub(super) fn is_silent(&self) -> bool {
        let patience = match self.under_way {
            0 => Duration::ZERO,
            all if all == self.owing => PATIENCE,
            _ => PATIENCE_WITH_READERS,
        };
        self.held == 0 && self.claimed.is_none() && self.moved.elapsed() >= patience
    }

    fn deadline(&self) -> Instant {
        self.moved
            + match (self.under_way, self.begun) {
                (0, 0) => HEAD,
                (0, _) => IDLE,
                _ => STALL,
            }
    }
}

/// Represents the reason for closing a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GivenUp {
    Late,
    Claimed,
}

/// Represents an upgraded connection.
pub(crate) struct Held(Seat);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.state().held -= 1;
    }
}

/// Holds a request in progress.
pub(super) struct Busy {
    // The permits are dropped before the seat.
    _more: Option<[OwnedSemaphorePermit; 2]>,
    seat: Seat,
}

impl Busy {
    pub(super) fn moved(&self) {
        self.seat.moved();
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = self.seat.state();
        state.under_way -= 1;
        state.moved = Instant::now();
    }
}
