//! Compares this crate with the figures in `benches/figures.tsv`, which must not grow.

use std::{fmt::Write as _, fs, io};

use crate::{
    allocated, callgrind,
    case::{self, Case, EQUAL, LIMITED},
    tenants::LAYERS,
};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/figures.tsv");

/// The per cent by which instructions may exceed the committed figure; allocations may not exceed it.
const SLACK: u64 = 3;

/// The per cent for a case with a large configuration.
///
/// The heap then differs from that of a small configuration, and a map grows in another way. A cost
/// for each source or host would be far higher.
const SLACK_OF_LARGE: u64 = 15;

fn slack(id: &str) -> u64 {
    let is_large = EQUAL.iter().any(|[_, large]| large.id() == id);
    if is_large { SLACK_OF_LARGE } else { SLACK }
}

/// Counts the cost of an exchange over that of the bare service.
#[derive(Clone, Copy)]
struct Figure {
    /// The instructions of an exchange, or the bytes that a layer holds.
    instructions: u64,
    /// The allocations, including reallocations.
    allocations: u64,
}

/// Measures every case that has a limit, in order.
///
/// Fails if the larger of two cases costs more than the smaller.
fn measure() -> io::Result<Vec<(String, Figure)>> {
    let cases = || LIMITED.into_iter().map(|limited| limited.case);
    let all: Vec<Case> = case::distinct(cases());
    allocated::check(&all)?;
    let (counts, allocated) = (callgrind::count(&all)?, allocated::count()?);
    let figure = |case: Case| {
        let memory = allocated.over_bare(&case);
        let allocations = memory.allocations + memory.reallocations;
        (case.id(), Figure { instructions: counts.over_bare(&case), allocations })
    };
    for [small, large] in EQUAL {
        let [one, many] = [small, large].map(|case| counts.over_bare(&case));
        if many * 100 > one * (100 + SLACK_OF_LARGE) {
            let problem = format!("{}: {many} instructions, {}: {one}", large.id(), small.id());
            return Err(io::Error::other(format!("{problem}; both have to cost the same")));
        }
    }
    let mut figures: Vec<_> = cases().map(figure).collect();
    for ((name, bytes, allocations), layer) in allocated::layers()?.into_iter().zip(&LAYERS) {
        if bytes > layer.most {
            let problem = format!("{name}: {bytes} bytes; the limit is {}", layer.most);
            return Err(io::Error::other(problem));
        }
        figures.push((name, Figure { instructions: bytes, allocations }));
    }
    Ok(figures)
}

/// Returns the figure of a case in the file.
fn committed(file: &str, id: &str) -> Option<Figure> {
    let mut fields =
        file.lines().find_map(|line| line.strip_prefix(id)?.strip_prefix('\t'))?.split('\t');
    let mut number = || fields.next()?.parse().ok();
    Some(Figure { instructions: number()?, allocations: number()? })
}

/// Compares the figures with the committed ones. The error lists those that grew.
pub fn check() -> io::Result<()> {
    let file = fs::read_to_string(FILE)?;
    let mut grown = String::new();
    for (id, now) in measure()? {
        let Some(before) = committed(&file, &id) else {
            let _ = writeln!(grown, "{id}: no figure is committed");
            continue;
        };
        let change = 100.0 * (now.instructions as f64 / before.instructions as f64 - 1.0);
        println!(
            "{:6} -> {:6}  {change:+5.1} %  {} -> {} allocations  {id}",
            before.instructions, now.instructions, before.allocations, now.allocations
        );
        if now.instructions * 100 > before.instructions * (100 + slack(&id)) {
            let (before, now) = (before.instructions, now.instructions);
            let _ = writeln!(grown, "{id}: {before} became {now} ({change:+.1} %)");
        }
        if now.allocations > before.allocations {
            let (before, now) = (before.allocations, now.allocations);
            let _ = writeln!(grown, "{id}: {before} allocations became {now}");
        }
    }
    if grown.is_empty() {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "over benches/figures.tsv, by more than {SLACK} % of the instructions or by an allocation:\n\
         {grown}make it cheaper, or run `benches/gate --update` and explain in CHANGELOG.md what that buys"
    )))
}

/// Rewrites the figures.
pub fn update() -> io::Result<()> {
    let lines = measure()?.into_iter().map(|(id, Figure { instructions, allocations })| {
        format!("{id}\t{instructions}\t{allocations}\n")
    });
    fs::write(FILE, lines.collect::<String>())
}
