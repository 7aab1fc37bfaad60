//! Measures the nanoseconds per exchange with criterion, and reads its medians.

use std::{
    env,
    error::Error,
    fs, hint,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use criterion::{Bencher, Criterion};
use serde_json::Value;

use crate::{case::Case, service::Client};

/// Measures one case after the other.
pub struct Stopwatch {
    criterion: Criterion,
    /// The directory to which criterion writes its results, and the number of the next one.
    directory: PathBuf,
    number: usize,
}

impl Stopwatch {
    pub fn new() -> Result<Self, Box<dyn Error>> {
        let directory = env::current_exe()?.with_file_name("criterion");
        let criterion = Criterion::default()
            .without_plots()
            .output_directory(&directory)
            .sample_size(50)
            .warm_up_time(Duration::from_millis(100))
            .measurement_time(Duration::from_millis(500));
        Ok(Self { criterion, directory, number: 0 })
    }

    /// Measures the time of an exchange.
    pub fn exchange(&mut self, case: &Case) -> Result<f64, Box<dyn Error>> {
        let mut client = case.client();
        self.median(|bencher| bencher.iter(|| client.exchange()))
    }

    /// Returns the throughput of two threads divided by that of one, each with a clone of the service.
    pub fn two_threads(&mut self, case: &Case) -> Result<f64, Box<dyn Error>> {
        let client = case.client();
        let mut each = |threads| {
            self.median(|bencher| {
                bencher.iter_custom(|exchanges| together(threads, client.as_ref(), exchanges));
            })
        };
        Ok(2.0 * each(1)? / each(2)?)
    }

    fn median(&mut self, routine: impl FnMut(&mut Bencher)) -> Result<f64, Box<dyn Error>> {
        self.number += 1;
        let id = self.number.to_string();
        self.criterion.bench_function(&id, routine);
        let file = self.directory.join(id).join("new/estimates.json");
        let estimates: Value = serde_json::from_str(&fs::read_to_string(&file)?)?;
        let median = estimates["median"]["point_estimate"].as_f64();
        median.ok_or_else(|| format!("{}: no median", file.display()).into())
    }
}

/// Returns the time from the first thread's start to the last thread's end.
fn together(threads: u64, client: &dyn Client, exchanges: u64) -> Duration {
    let waiting = AtomicU64::new(threads);
    let work = || {
        let mut client = client.another();
        client.exchange();
        waiting.fetch_sub(1, Ordering::AcqRel);
        while waiting.load(Ordering::Acquire) > 0 {
            hint::spin_loop();
        }
        let start = Instant::now();
        (0..exchanges).for_each(|_| client.exchange());
        (start, Instant::now())
    };
    let spans: Vec<_> = thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        all.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    let start = spans.iter().map(|(start, _)| *start).min().expect("a thread");
    let end = spans.iter().map(|(_, end)| *end).max().expect("a thread");
    end - start
}
