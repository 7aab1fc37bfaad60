//! Tests every reader with random lines.

use std::{
    env,
    io::{self, Write},
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use crate::{
    case::Guarded,
    guard::{Guard, Mode},
    line::Random,
    reader::{READERS, Reader, installed},
    verdict::{Fault, SHOWN, judge},
};

/// One line out of this many is also tried without the guard.
const SAMPLE: usize = 4;

/// Holds the result of one reader's lines.
struct Outcome {
    reader: Reader,
    lines: usize,
    /// The number of lines in the sample that fool the reader after the naive guard.
    fooled: usize,
    faults: Vec<String>,
    seconds: f64,
}

fn number(variable: &str, default: usize) -> usize {
    env::var(variable).map_or(default, |text| text.parse().unwrap())
}

/// Returns this many cases, spread over all modes.
fn cases(count: usize, seed: usize) -> Vec<Guarded> {
    let mut random = Random::new(seed as u64);
    let mut guards = Mode::ALL.map(|mode| (mode, Guard::new(mode)));
    let mut next = |index: usize| {
        let (mode, guard) = &mut guards[index % Mode::ALL.len()];
        Guarded::new(random.case(), *mode, guard)
    };
    (0..count).map(&mut next).collect()
}

fn try_out(reader: Reader, installed: &Path, count: usize, seed: usize) -> Outcome {
    let start = Instant::now();
    let all = cases(count, seed);
    let verdict = judge(reader, installed, &all, count / SAMPLE);
    let fooled = verdict.fooled.into_iter().filter(|fooled| *fooled).count();
    let mut faults: Vec<String> = verdict.faults.iter().map(Fault::to_string).collect();
    // Short lines are easier to read.
    faults.sort_by_key(String::len);
    Outcome { reader, lines: count, fooled, faults, seconds: start.elapsed().as_secs_f64() }
}

/// Tries all readers, with one thread per core.
fn outcomes(installed: &Path) -> Vec<Outcome> {
    let (count, seed) = (number("READERS_LINES", 10_000), number("READERS_SEED", 1));
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((index, reader)) = next_reader(&next) {
            let outcome = try_out(reader, installed, count, seed * READERS.len() + index);
            outcomes.lock().unwrap().push(outcome);
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    outcomes.into_inner().unwrap()
}

fn next_reader(next: &AtomicUsize) -> Option<(usize, Reader)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, *READERS.get(index)?))
}

#[test]
fn no_reader_finds_the_guarded_name_in_another_cookie_of_a_random_line() {
    let Some(installed) = installed() else { return };
    let start = Instant::now();
    let outcomes = outcomes(installed);
    let mut table = String::new();
    for Outcome { reader, lines, fooled, faults, seconds } in &outcomes {
        let (name, faults) = (reader.name, faults.len());
        table += &format!(
            "{name:>22}: {lines} lines in {seconds:.1} s, {fooled} of {} fool it without the guard, {faults} with it\n",
            lines / SAMPLE
        );
    }
    let lines: usize = outcomes.iter().map(|outcome| outcome.lines).sum();
    let seconds = start.elapsed().as_secs_f64();
    let _ = writeln!(io::stderr(), "{table}{lines} lines in {seconds:.1} s");
    let shown = |outcome: &Outcome| {
        let name = outcome.reader.name;
        let faults = outcome.faults.iter().take(SHOWN);
        faults.map(|fault| format!("{name}: {fault}")).collect::<Vec<_>>()
    };
    let faults: Vec<String> = outcomes.iter().flat_map(shown).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    // Otherwise the lines prove nothing.
    let fooled: usize = outcomes.iter().map(|outcome| outcome.fooled).sum();
    assert!(
        fooled > lines / SAMPLE / 100,
        "without the guard only {fooled} of {lines} lines fool a reader"
    );
}
