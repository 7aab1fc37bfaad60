//! Measures each case.

use std::{collections::HashMap, error::Error};

use crate::{
    allocated::{self, Allocated},
    callgrind::{self, Counts},
    case::{self, Case},
    time::Stopwatch,
    traffic::USUAL,
};

/// Measures the cost of an exchange over that of the bare service in the same traffic.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    pub(super) instructions: u64,
    pub(super) allocated: Allocated,
    pub(super) nanoseconds: f64,
}

pub(super) struct Figures {
    counts: Counts,
    allocated: allocated::All,
    nanoseconds: HashMap<String, f64>,
    two_threads: HashMap<String, f64>,
}

impl Figures {
    pub(super) fn measure() -> Result<Self, Box<dyn Error>> {
        let cases = case::all();
        allocated::check(&cases)?;
        callgrind::check()?;
        let mut stopwatch = Stopwatch::new()?;
        let (mut nanoseconds, mut two_threads) = (HashMap::new(), HashMap::new());
        for case in &cases {
            nanoseconds.insert(case.id(), stopwatch.exchange(case)?);
        }
        for case in cases.iter().filter(|case| case.traffic.name == USUAL.name) {
            two_threads.insert(case.id(), stopwatch.two_threads(case)?);
        }
        let (counts, allocated) = (callgrind::count(&cases)?, allocated::count()?);
        Ok(Self { counts, allocated, nanoseconds, two_threads })
    }

    pub(super) fn over_bare(&self, case: &Case) -> Cost {
        Cost {
            instructions: self.counts.over_bare(case),
            allocated: self.allocated.over_bare(case),
            nanoseconds: self.nanoseconds[&case.id()] - self.nanoseconds[&case.bare().id()],
        }
    }

    /// Returns the throughput of two threads divided by that of one.
    ///
    /// The threads share one service in the usual traffic.
    pub(super) fn two_threads(&self, case: &Case) -> f64 {
        self.two_threads[&case.id()]
    }
}
