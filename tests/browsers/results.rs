//! Writes the page of results: docs/browsers.md.

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use anyhow::Result;

use crate::{
    engine::Engine,
    rows::{ROWS, Row, Verdict},
};

/// The file with the picture of the README, below the target directory.
pub(crate) const INSTANCE: &str = "instance.png";

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/browsers.md");

const INTRODUCTION: &str = "\
# Promises against browsers

Written by `tests/browsers/run`; do not edit it by hand. Each row is a test in `tests/browsers/rows`: an attack that fails
with the layer and succeeds without it, or a page that works. \"yes\" means that the engine keeps the promise. Where an
engine does something else, the cell says so, and the test expects it.
";

#[derive(Debug, Default)]
pub(crate) struct Results {
    versions: BTreeMap<String, String>,
    verdicts: BTreeMap<(String, &'static str), Verdict>,
}

impl Results {
    pub(crate) fn record(&mut self, engine: Engine, version: String, row: &Row, verdict: Verdict) {
        self.versions.insert(engine.to_string(), version);
        self.verdicts.insert((engine.to_string(), row.name), verdict);
    }

    /// Writes the page, and the picture of the README. What this run did not try stays as it was.
    pub(crate) fn write(&self, pictures: &Path) -> Result<()> {
        let picture = pictures.join(INSTANCE);
        if picture.is_file() {
            fs::copy(picture, concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/instance.png"))?;
        }
        let before = fs::read_to_string(PAGE)?;
        let before: BTreeMap<&str, Vec<&str>> = before.lines().filter_map(cells).collect();
        let known = |promise: &str, index: usize| {
            before.get(promise).and_then(|cells| cells.get(index)).copied().unwrap_or_default()
        };
        let mut page = format!("{INTRODUCTION}\n| promise |");
        for (index, engine) in Engine::ALL.into_iter().enumerate() {
            match self.versions.get(&engine.to_string()) {
                Some(version) => write!(page, " {} {version} |", engine.full_name())?,
                None => write!(page, " {} |", known("promise", index))?,
            }
        }
        page += "\n|---|---|---|---|\n";
        for row in ROWS {
            write!(page, "| {} |", row.promise)?;
            for (index, engine) in Engine::ALL.into_iter().enumerate() {
                match self.verdicts.get(&(engine.to_string(), row.name)) {
                    Some(Verdict::Kept) => page += " yes |",
                    Some(Verdict::Differs(how)) => write!(page, " {how} |")?,
                    None => write!(page, " {} |", known(row.promise, index))?,
                }
            }
            page += "\n";
        }
        Ok(fs::write(PAGE, page)?)
    }
}

/// Returns the first cell of a line of the table, and the others.
fn cells(line: &str) -> Option<(&str, Vec<&str>)> {
    let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ");
    Some((cells.next()?, cells.collect()))
}
