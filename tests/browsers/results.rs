//! The page of results: docs/browsers.md.

use std::{collections::BTreeMap, fmt::Write, fs};

use anyhow::Result;

use crate::{
    engine::Engine,
    rows::{ROWS, Row, Verdict},
};

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
    pub(crate) fn saw(&mut self, engine: Engine, version: String) {
        self.versions.insert(engine.to_string(), version);
    }

    pub(crate) fn record(&mut self, engine: Engine, row: &Row, verdict: Verdict) {
        self.verdicts.insert((engine.to_string(), row.name), verdict);
    }

    pub(crate) fn write(&self) -> Result<()> {
        let mut page = format!("{INTRODUCTION}\n| promise |");
        for engine in Engine::ALL {
            let version = self.versions.get(&engine.to_string()).map_or("", String::as_str);
            write!(page, " {} {version} |", engine.full_name())?;
        }
        page += "\n|---|---|---|---|\n";
        for row in ROWS {
            write!(page, "| {} |", row.promise)?;
            for engine in Engine::ALL {
                match self.verdicts.get(&(engine.to_string(), row.name)) {
                    Some(Verdict::Kept) => page += " yes |",
                    Some(Verdict::Differs(how)) => write!(page, " {how} |")?,
                    None => page += " |",
                }
            }
            page += "\n";
        }
        Ok(fs::write(PAGE, page)?)
    }
}
