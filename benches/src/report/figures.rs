//! What was measured, by case.

use std::{collections::HashMap, error::Error};

use crate::{
    allocated::{self, Allocated},
    callgrind::{self, Counts},
    case::{self, Case},
    time,
};

/// What one case costs per exchange, over the bare service in the same traffic.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    pub(super) instructions: u64,
    pub(super) allocated: Allocated,
    pub(super) nanoseconds: f64,
}

pub(super) struct Figures {
    counts: Counts,
    allocated: allocated::All,
    times: HashMap<String, f64>,
}

impl Figures {
    pub(super) fn measure() -> Result<Self, Box<dyn Error>> {
        let cases = case::all();
        let times = cases.iter().map(Case::id).zip(time::over_bare(&cases)).collect();
        Ok(Self { counts: callgrind::count(&cases)?, allocated: allocated::count()?, times })
    }

    pub(super) fn over_bare(&self, case: &Case) -> Cost {
        Cost {
            instructions: self.counts.over_bare(case),
            allocated: self.allocated.over_bare(case),
            nanoseconds: self.times[&case.id()],
        }
    }
}
