//! What was measured, by case.

use std::{collections::HashMap, env, error::Error, process::Command};

use crate::{
    callgrind,
    case::{self, Case},
    time::{self, Time},
};

/// What one case costs per exchange.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    pub(super) instructions: u64,
    pub(super) allocations: u64,
    pub(super) reallocations: u64,
    pub(super) bytes: u64,
    time: Time,
}

pub(super) struct Figures(HashMap<String, Cost>);

impl Figures {
    pub(super) fn measure() -> Result<Self, Box<dyn Error>> {
        let cases = case::all();
        let instructions = callgrind::instructions(&cases)?;
        let allocated = allocated()?;
        let times = time::each(&cases);
        let mut all = HashMap::new();
        for ((case, instructions), time) in cases.iter().zip(instructions).zip(times) {
            let id = case.id();
            let [allocations, reallocations, bytes] =
                *allocated.get(&id).ok_or_else(|| format!("{id}: allocations not counted"))?;
            all.insert(id, Cost { instructions, allocations, reallocations, bytes, time });
        }
        Ok(Self(all))
    }

    fn of(&self, case: &Case) -> Cost {
        self.0[&case.id()]
    }

    /// What a case costs more than the bare service in the same traffic, and how long that takes in
    /// nanoseconds.
    pub(super) fn over_bare(&self, case: &Case) -> (Cost, f64) {
        let (with, without) = (self.of(case), self.of(&case.bare()));
        let cost = Cost {
            instructions: with.instructions.saturating_sub(without.instructions),
            allocations: with.allocations.saturating_sub(without.allocations),
            reallocations: with.reallocations.saturating_sub(without.reallocations),
            bytes: with.bytes.saturating_sub(without.bytes),
            time: with.time,
        };
        (cost, with.time.over_bare)
    }
}

/// Allocations, reallocations and bytes of each case, as the program beside this one counts them.
fn allocated() -> Result<HashMap<String, [u64; 3]>, Box<dyn Error>> {
    let program = env::current_exe()?.with_file_name("allocations");
    let output = Command::new(&program)
        .output()
        .map_err(|error| format!("{}: {error}; build all binaries", program.display()))?;
    let mut all = HashMap::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let mut fields = line.split('\t');
        let id = fields.next().unwrap_or_default().to_owned();
        let counts: Vec<u64> = fields.map(str::parse).collect::<Result<_, _>>()?;
        all.insert(id, counts.try_into().map_err(|_| format!("allocations: {line}"))?);
    }
    Ok(all)
}
