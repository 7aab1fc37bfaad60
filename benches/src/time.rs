//! Nanoseconds per exchange. Neighbours on the machine hit all cases alike, since every round has one
//! batch of each; and medians are taken of differences within a round.

use std::{
    hint,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

use crate::{case::Case, service::Client};

const ROUNDS: usize = 101;

/// How long a batch takes, in nanoseconds.
const BATCH: f64 = 100_000.0;

/// What each case takes more than the bare service in the same rounds, in nanoseconds, in the same
/// order. The bare service of each is to be among them.
pub fn over_bare(cases: &[Case]) -> Vec<f64> {
    let mut clients: Vec<_> = cases.iter().map(Case::client).collect();
    let sizes: Vec<u32> = clients
        .iter_mut()
        .map(|client| {
            batch(client.as_mut(), 200);
            (BATCH / batch(client.as_mut(), 200)).clamp(1.0, 10_000.0) as u32
        })
        .collect();
    let mut samples = vec![Vec::with_capacity(ROUNDS); cases.len()];
    for _ in 0..ROUNDS {
        for (index, client) in clients.iter_mut().enumerate() {
            samples[index].push(batch(client.as_mut(), sizes[index]));
        }
    }
    let bare = |case: &Case| cases.iter().position(|other| other.id() == case.bare().id());
    let over_bare = |(index, case): (usize, &Case)| {
        let bare = &samples[bare(case).unwrap_or(index)];
        median(samples[index].iter().zip(bare).map(|(with, without)| with - without).collect())
    };
    cases.iter().enumerate().map(over_bare).collect()
}

/// How many times one thread's exchanges two threads make, each with a clone of the service.
pub fn two_threads(case: &Case) -> f64 {
    let client = case.client();
    // Neighbours only ever make a round longer, so the shortest is the truest.
    let (mut one, mut two) = (f64::MAX, f64::MAX);
    for _ in 0..4 * ROUNDS {
        one = one.min(together(1, client.as_ref()));
        two = two.min(together(2, client.as_ref()));
    }
    one / two
}

/// Nanoseconds per exchange of all threads, from the first one's start to the last one's end.
fn together(threads: usize, client: &dyn Client) -> f64 {
    const EXCHANGES: u32 = 2_000;
    let waiting = AtomicUsize::new(threads);
    let work = || {
        let mut client = client.another();
        batch(client.as_mut(), EXCHANGES / 8);
        waiting.fetch_sub(1, Ordering::AcqRel);
        while waiting.load(Ordering::Acquire) > 0 {
            hint::spin_loop();
        }
        let start = Instant::now();
        batch(client.as_mut(), EXCHANGES);
        (start, Instant::now())
    };
    let spans: Vec<_> = thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        all.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    let start = spans.iter().map(|(start, _)| *start).min().expect("a thread");
    let end = spans.iter().map(|(_, end)| *end).max().expect("a thread");
    (end - start).as_nanos() as f64 / (threads as f64 * f64::from(EXCHANGES))
}

/// Nanoseconds per exchange of so many.
fn batch(client: &mut dyn Client, exchanges: u32) -> f64 {
    let start = Instant::now();
    (0..exchanges).for_each(|_| client.exchange());
    start.elapsed().as_nanos() as f64 / f64::from(exchanges)
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_unstable_by(f64::total_cmp);
    samples[samples.len() / 2]
}
