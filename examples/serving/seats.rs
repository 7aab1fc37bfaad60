//! Limits the number of connections, and chooses the client that loses its connection.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::seat::{More, Place, Seat};

/// The time after which another seat is claimed, if the claimed one is still in use.
const LONGEST_CLOSING: Duration = Duration::from_millis(500);

/// The most additional requests of one address at a time. The server's work waits in one queue, so that a few hundred
/// requests of one address delay those of others only a little.
const LARGEST_SHARE: usize = 64;

/// Holds a fixed number of seats for connections; clones share them.
///
/// If all seats are taken, a new client gets the seat of a client for which the server waits. Among these it is the
/// client that has been silent for the longest time, of the address with the most seats. A flood of half-sent requests
/// therefore displaces itself. An address with more than half of all seats loses one to any other address, even if it
/// is not silent, and takes none from others.
#[derive(Clone)]
pub(crate) struct Seats {
    table: Arc<Mutex<Table>>,
    /// The permits for additional requests of a connection.
    more: Arc<Semaphore>,
    most: usize,
}

#[derive(Default)]
struct Table {
    next: u64,
    taken: HashMap<u64, Arc<Place>>,
    /// The permits of each address for additional requests.
    shares: HashMap<IpAddr, Arc<Semaphore>>,
}

impl Seats {
    /// Creates as many seats as the limit on open files allows, and at most `most`. Each connection needs a file, and
    /// each of its requests needs `files`.
    ///
    /// Each connection has room for one request. As many additional requests, which are streams of HTTP/2, share the
    /// rest and wait for it. One address gets a quarter of these, and at most [`LARGEST_SHARE`].
    pub(crate) fn within_limits(most: usize, files: usize) -> Self {
        let spare = open_files().saturating_sub(OTHER_FILES);
        let most = (spare / (1 + 2 * files)).clamp(4, most);
        Self { table: Arc::default(), more: Arc::new(Semaphore::new(most)), most }
    }

    /// Returns the number of seats.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// Returns a seat, or the reason that there is none. A silent client may close its connection, after which its seat
    /// is free.
    pub(crate) fn take(&self, client: IpAddr) -> Result<Seat, NoSeat> {
        let client = network(client);
        let mut table = lock(&self.table);
        if table.taken.len() >= self.most {
            return Err(table.free_one(Some(client), self.most));
        }
        let place = Arc::new(Place::new(client));
        let id = table.next;
        table.next += 1;
        table.taken.insert(id, Arc::clone(&place));
        let share = table.shares.entry(client);
        let share = share.or_insert_with(|| Arc::new(Semaphore::new(self.share())));
        let share = Arc::clone(share);
        let end = End { table: Arc::clone(&self.table), id };
        Ok(Seat::new(place, More { share, all: Arc::clone(&self.more) }, end))
    }

    /// Returns the number of additional requests that one address may have.
    fn share(&self) -> usize {
        (self.most / 4).clamp(1, LARGEST_SHARE)
    }

    /// Takes the seat of a silent client, if there is one.
    pub(crate) fn free_one(&self) {
        lock(&self.table).free_one(None, self.most);
    }
}

/// Frees a seat when it is dropped.
pub(super) struct End {
    table: Arc<Mutex<Table>>,
    id: u64,
}

impl Drop for End {
    fn drop(&mut self) {
        let mut table = lock(&self.table);
        let Some(place) = table.taken.remove(&self.id) else { return };
        // The seat has dropped its share before.
        let share = table.shares.get(&place.client);
        if share.is_some_and(|share| Arc::strong_count(share) == 1) {
            table.shares.remove(&place.client);
        }
    }
}

impl Table {
    /// Claims one seat at a time: its files have to be closed before others are opened.
    fn free_one(&mut self, newcomer: Option<IpAddr>, most: usize) -> NoSeat {
        let is_closing = |place: &Arc<Place>| {
            place.state().claimed.is_some_and(|since| since.elapsed() < LONGEST_CLOSING)
        };
        if self.taken.values().any(is_closing) {
            return NoSeat::Yet;
        }
        let crowds = self.crowds();
        let biggest = crowds.iter().max_by_key(|(_, crowd)| crowd.all);
        let biggest = biggest.filter(|(_, crowd)| crowd.all > most / 2);
        let loser = match (biggest, newcomer) {
            (Some((client, crowd)), Some(newcomer)) if newcomer == *client => match crowd.silent {
                Some(silent) => Some(silent),
                None => return NoSeat::ForThisClient,
            },
            (Some((_, crowd)), Some(_)) => crowd.silent.or(Some(crowd.stillest)),
            _ => {
                let silent = crowds.values().filter(|crowd| crowd.silent.is_some());
                silent.max_by_key(|crowd| (crowd.all, crowd.silent_for())).and_then(|it| it.silent)
            }
        };
        if let Some(place) = loser.and_then(|(_, id)| self.taken.get(&id)) {
            place.claim();
        }
        NoSeat::Yet
    }

    fn crowds(&self) -> HashMap<IpAddr, Crowd> {
        let mut crowds: HashMap<IpAddr, Crowd> = HashMap::new();
        for (id, place) in &self.taken {
            let state = place.state();
            let this = (state.moved, *id);
            let new = Crowd { all: 0, stillest: this, silent: None };
            let crowd = crowds.entry(place.client).or_insert(new);
            crowd.all += 1;
            crowd.stillest = crowd.stillest.min(this);
            if state.is_silent() {
                crowd.silent = Some(crowd.silent.map_or(this, |silent| silent.min(this)));
            }
        }
        crowds
    }
}

/// Holds the seats of one address: their number, the one that has been idle for the longest time, and the same among
/// the silent ones.
struct Crowd {
    all: usize,
    stillest: (Instant, u64),
    silent: Option<(Instant, u64)>,
}

impl Crowd {
    fn silent_for(&self) -> Duration {
        self.silent.map_or(Duration::ZERO, |(since, _)| since.elapsed())
    }
}

/// Represents the reason for which a client gets no seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoSeat {
    /// A seat may soon be free.
    Yet,
    /// The client's own address has more than half of the seats, and all of these are in use.
    ForThisClient,
}

/// Returns the client that an address represents. An IPv6 client has a network of 64 bits.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
        address => address,
    }
}

/// The number of files that a server has open without connections.
const OTHER_FILES: usize = 24;

/// Returns the number of files that the process may have open.
fn open_files() -> usize {
    #[cfg(unix)]
    let most = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(not(unix))]
    let most = Some(8192);
    most.map_or(usize::MAX, |most| most.try_into().unwrap_or(usize::MAX))
}

/// Takes the lock, also after a panic: the data under it are only counts.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
