//! Reads the allocations per exchange from the program `allocations`, whose allocator counts them.

use std::{
    collections::{HashMap, HashSet},
    env, io,
    process::Command,
};

use crate::case::Case;

/// Counts the allocations of one exchange.
#[derive(Clone, Copy)]
pub struct Allocated {
    pub allocations: u64,
    pub reallocations: u64,
    pub bytes: u64,
}

/// Maps the id of each case to its allocations.
pub struct All(HashMap<String, Allocated>);

impl All {
    /// Returns the allocations of a case minus those of the bare service in the same traffic.
    pub fn over_bare(&self, case: &Case) -> Allocated {
        let (with, without) = (self.0[&case.id()], self.0[&case.bare().id()]);
        Allocated {
            allocations: with.allocations.saturating_sub(without.allocations),
            reallocations: with.reallocations.saturating_sub(without.reallocations),
            bytes: with.bytes.saturating_sub(without.bytes),
        }
    }
}

/// Fails if the program `allocations` was built from another list of cases.
///
/// `benches/gate` builds it with fewer cases. This check runs before the other measurements.
pub fn check(cases: &[Case]) -> io::Result<()> {
    let known = run(&["list"])?;
    let known: HashSet<&str> = known.lines().collect();
    let missing = cases.iter().map(Case::id).find(|id| !known.contains(id.as_str()));
    missing.map_or(Ok(()), |id| {
        Err(io::Error::other(format!("allocations: it has no case '{id}'; {BUILD}")))
    })
}

/// Counts all cases.
pub fn count() -> io::Result<All> {
    let text = run(&[])?;
    let all = text
        .lines()
        .map(|line| read(line).ok_or_else(|| io::Error::other(format!("allocations: {line}"))));
    Ok(All(all.collect::<io::Result<_>>()?))
}

/// Measures the bytes and allocations that each named layer holds.
pub fn layers() -> io::Result<Vec<(String, u64, u64)>> {
    let text = run(&["layers"])?;
    let line = |line: &str| {
        let mut fields = line.split('\t');
        let name = fields.next()?.to_owned();
        let mut number = || fields.next()?.parse().ok();
        Some((name, number()?, number()?))
    };
    let problem = || io::Error::other(format!("allocations: {text}"));
    text.lines().map(|text| line(text).ok_or_else(problem)).collect()
}

/// Measures the bytes that this many virtual hosts hold, and the seconds that their set-up takes.
pub fn virtual_hosts(count: u32) -> io::Result<(u64, f64)> {
    let text = run(&["hosts", &count.to_string()])?;
    let (bytes, seconds) = text.trim().split_once('\t').unwrap_or_default();
    let numbers = bytes.parse().ok().zip(seconds.parse().ok());
    numbers.ok_or_else(|| io::Error::other(format!("allocations: {text}")))
}

const BUILD: &str =
    "build all binaries, 'cargo build --release --manifest-path benches/Cargo.toml'";

fn run(arguments: &[&str]) -> io::Result<String> {
    let program = env::current_exe()?.with_file_name("allocations");
    let output = Command::new(&program).args(arguments).output().map_err(|error| {
        io::Error::new(error.kind(), format!("{}: {error}; {BUILD}", program.display()))
    })?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let error = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{}: {error}; {BUILD}", program.display())))
}

/// Reads the id of a case and three numbers.
fn read(line: &str) -> Option<(String, Allocated)> {
    let mut fields = line.split('\t');
    let id = fields.next()?.to_owned();
    let mut number = || fields.next()?.parse().ok();
    let (allocations, reallocations, bytes) = (number()?, number()?, number()?);
    Some((id, Allocated { allocations, reallocations, bytes }))
}
