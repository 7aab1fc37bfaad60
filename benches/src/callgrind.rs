//! Counts the instructions per exchange with callgrind, whose result does not depend on other work.

use std::{collections::HashMap, env, io, process::Command, sync::Mutex, thread};

use crate::{case::Case, heap::Heap};

/// The number of parallel runs.
const WORKERS: usize = 2;

/// Maps the id of each case to its instructions per exchange, in each heap.
pub struct Counts(HashMap<String, [u64; Heap::ALL.len()]>);

impl Counts {
    /// Returns the instructions of a case minus those of the bare service in the same traffic.
    ///
    /// Takes the heap in which the case costs least. The bare service of each traffic must be among the
    /// cases.
    pub fn over_bare(&self, case: &Case) -> u64 {
        let (with, without) = (self.0[&case.id()], self.0[&case.bare().id()]);
        let cheapest = with.into_iter().zip(without).min();
        cheapest.map_or(0, |(with, without)| with.saturating_sub(without))
    }
}

/// Fails if valgrind is not installed.
pub fn check() -> io::Result<()> {
    Command::new("valgrind").arg("--version").output().map(drop).map_err(missing)
}

fn missing(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("valgrind: {error}; install it"))
}

/// Counts each case.
pub fn count(cases: &[Case]) -> io::Result<Counts> {
    let queue = Mutex::new(cases.iter());
    let next = || queue.lock().expect("no panic").next();
    let work = || -> io::Result<Vec<_>> {
        let mut counted = Vec::new();
        while let Some(case) = next() {
            counted.push((case.id(), per_exchange(case)?));
        }
        Ok(counted)
    };
    let counted = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        let counted = workers.into_iter().map(|worker| worker.join().expect("no panic"));
        counted.collect::<io::Result<Vec<_>>>()
    })?
    .concat();
    Ok(Counts(counted.into_iter().collect()))
}

/// Counts the instructions of a case in each heap.
fn per_exchange(case: &Case) -> io::Result<[u64; Heap::ALL.len()]> {
    let mut counts = [0; Heap::ALL.len()];
    for (heap, count) in Heap::ALL.into_iter().zip(&mut counts) {
        *count = per_exchange_in(heap, case)?;
    }
    Ok(counts)
}

/// Returns the difference of two runs per exchange. Both contain the start and the set-up.
fn per_exchange_in(heap: Heap, case: &Case) -> io::Result<u64> {
    let few = run(heap, case, case.exchanges / 10)?;
    let many = run(heap, case, case.exchanges / 10 + case.exchanges)?;
    Ok((many - few) / u64::from(case.exchanges))
}

/// Runs this program under valgrind, with `one CASE EXCHANGES HEAP` as its arguments.
fn run(heap: Heap, case: &Case, exchanges: u32) -> io::Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args(["one", &case.id(), &exchanges.to_string(), heap.name()])
        .output()
        .map_err(missing)?;
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.lines().find_map(|line| line.split_once("Collected : "));
    let count = collected.and_then(|(_, count)| count.trim().parse().ok());
    count.ok_or_else(|| io::Error::other(format!("valgrind, {}: {text}", case.id())))
}
