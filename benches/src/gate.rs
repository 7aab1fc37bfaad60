//! The figures of this crate that may not grow: `benches/figures.tsv`.

use std::{fmt::Write as _, fs, io};

use crate::{
    callgrind,
    case::{self, Case, LIMITED},
};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/figures.tsv");

/// Per cent by which a figure may be above the committed one.
const SLACK: u64 = 3;

/// Instructions over the bare service of all that has a limit, in order.
fn measure() -> io::Result<Vec<(String, u64)>> {
    let cases = || LIMITED.into_iter().map(|limited| limited.case);
    let all: Vec<Case> = case::distinct(cases());
    let counts = callgrind::instructions(&all)?;
    let count = |case: &Case| {
        let position = all.iter().position(|other| other.id() == case.id());
        position.map_or(0, |index| counts[index])
    };
    Ok(cases().map(|case| (case.id(), count(&case).saturating_sub(count(&case.bare())))).collect())
}

/// Compares with the committed figures; the message says what grew.
pub fn check() -> io::Result<()> {
    let committed = fs::read_to_string(FILE)?;
    let committed = |id: &str| -> Option<u64> {
        let mut lines = committed.lines().filter_map(|line| line.split_once('\t'));
        lines.find(|(name, _)| *name == id)?.1.parse().ok()
    };
    let mut grown = String::new();
    for (id, now) in measure()? {
        let Some(before) = committed(&id) else {
            let _ = writeln!(grown, "{id}: no figure is committed");
            continue;
        };
        let change = 100.0 * (now as f64 / before as f64 - 1.0);
        println!("{before:6} -> {now:6}  {change:+5.1} %  {id}");
        if now * 100 > before * (100 + SLACK) {
            let _ = writeln!(grown, "{id}: {before} instructions became {now} ({change:+.1} %)");
        }
    }
    if grown.is_empty() {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "more than {SLACK} % over benches/figures.tsv:\n{grown}make it cheaper, or run \
         `benches/gate --update` and say in CHANGELOG.md what the instructions buy"
    )))
}

/// Writes the figures anew.
pub fn update() -> io::Result<()> {
    let lines = measure()?.into_iter().map(|(id, count)| format!("{id}\t{count}\n"));
    fs::write(FILE, lines.collect::<String>())
}
