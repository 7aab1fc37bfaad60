//! What is allocated per exchange: the program beside this one counts it, whose allocator does.

use std::{collections::HashMap, env, io, process::Command};

use crate::case::Case;

/// What one exchange allocates.
#[derive(Clone, Copy)]
pub struct Allocated {
    pub allocations: u64,
    pub reallocations: u64,
    pub bytes: u64,
}

/// That of all cases.
pub struct All(HashMap<String, Allocated>);

impl All {
    /// What a case allocates more than the bare service in the same traffic.
    pub fn over_bare(&self, case: &Case) -> Allocated {
        let (with, without) = (self.0[&case.id()], self.0[&case.bare().id()]);
        Allocated {
            allocations: with.allocations.saturating_sub(without.allocations),
            reallocations: with.reallocations.saturating_sub(without.reallocations),
            bytes: with.bytes.saturating_sub(without.bytes),
        }
    }
}

/// Counts all cases.
pub fn count() -> io::Result<All> {
    let program = env::current_exe()?.with_file_name("allocations");
    let output = Command::new(&program).output().map_err(|error| {
        let problem = format!("{}: {error}; build all binaries", program.display());
        io::Error::new(error.kind(), problem)
    })?;
    let text = String::from_utf8_lossy(&output.stdout);
    let all = text.lines().map(|line| {
        read(line).ok_or_else(|| io::Error::other(format!("{}: {line}", program.display())))
    });
    Ok(All(all.collect::<io::Result<_>>()?))
}

/// The name of a case, and three numbers.
fn read(line: &str) -> Option<(String, Allocated)> {
    let mut fields = line.split('\t');
    let id = fields.next()?.to_owned();
    let mut number = || fields.next()?.parse().ok();
    let (allocations, reallocations, bytes) = (number()?, number()?, number()?);
    Some((id, Allocated { allocations, reallocations, bytes }))
}
