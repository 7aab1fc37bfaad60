//! Instructions per exchange, counted by callgrind: the same on every run, however busy the machine.

use std::{env, io, process::Command, sync::Mutex, thread};

use crate::{case::Case, heap::Heap};

/// Runs at a time.
const WORKERS: usize = 2;

/// Instructions per exchange of each case, in the same order.
pub fn instructions(cases: &[Case]) -> io::Result<Vec<u64>> {
    let queue = Mutex::new(cases.iter().enumerate());
    let next = || queue.lock().expect("no panic").next();
    let work = || -> io::Result<Vec<_>> {
        let mut counted = Vec::new();
        while let Some((index, case)) = next() {
            counted.push((index, per_exchange(case)?));
        }
        Ok(counted)
    };
    let mut counted = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        let counted = workers.into_iter().map(|worker| worker.join().expect("no panic"));
        counted.collect::<io::Result<Vec<_>>>()
    })?
    .concat();
    counted.sort_unstable();
    Ok(counted.into_iter().map(|(_, count)| count).collect())
}

/// In the cheapest heap.
fn per_exchange(case: &Case) -> io::Result<u64> {
    let counts = (0..Heap::ALL.len()).map(|heap| per_exchange_in(heap, case));
    Ok(counts.collect::<io::Result<Vec<_>>>()?.into_iter().min().unwrap_or(0))
}

/// The difference of two runs: start and set-up are in both.
fn per_exchange_in(heap: usize, case: &Case) -> io::Result<u64> {
    let few = run(heap, case, case.exchanges / 10)?;
    let many = run(heap, case, case.exchanges / 10 + case.exchanges)?;
    Ok((many - few) / u64::from(case.exchanges))
}

/// This program with `one CASE EXCHANGES HEAP` as its arguments, under valgrind.
fn run(heap: usize, case: &Case, exchanges: u32) -> io::Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args(["one", &case.id(), &exchanges.to_string(), &heap.to_string()])
        .output()
        .map_err(|error| io::Error::new(error.kind(), format!("valgrind: {error}; install it")))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.lines().find_map(|line| line.split_once("Collected : "));
    let count = collected.and_then(|(_, count)| count.trim().parse().ok());
    count.ok_or_else(|| io::Error::other(format!("valgrind, {}: {text}", case.id())))
}
