//! Tests each promise of the documentation in Chromium, Firefox and WebKitGTK: `tests/browsers/run`.
//!
//! [`rows::ROWS`] lists the rows. A row is a short function that gets a browser of its own, shows that an attack fails
//! or that a page works, and shows with a control that the test would see the difference. A run of all rows writes
//! docs/browsers.md.

use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};
use clap::Parser;

use crate::{
    browser::Browser,
    engine::Engine,
    results::Results,
    rows::{ROWS, Row},
    world::World,
};

mod accessibility;
mod authority;
mod browser;
mod commands;
mod engine;
mod example;
mod picture;
mod process;
mod results;
mod rows;
mod site;
mod window;
mod world;

/// The longest time that a row may take, the browser's start included.
const PATIENCE: Duration = Duration::from_secs(120);

/// The modules of the rows that a short run leaves out.
const LONG: [&str; 2] = ["every_preset::", "software::"];

#[derive(Debug, Parser)]
struct Args {
    /// The engine [default: all three]
    #[arg(long)]
    engine: Vec<Engine>,

    /// The rows whose names contain this text [default: all]
    #[arg(long)]
    only: Vec<String>,

    /// Leave out the rows of every preset and of other people's software, which take the longest
    #[arg(long)]
    short: bool,

    /// The number of times that each row runs
    #[arg(long, default_value_t = 1)]
    repeat: u32,

    /// Write the results into docs/browsers.md, although not all rows run
    #[arg(long)]
    write: bool,

    /// Print the names of the rows, and run none
    #[arg(long)]
    list: bool,

    /// The directory with the example, geckodriver and what a run writes
    #[arg(long, default_value = "target", hide = true)]
    target: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    if args.list {
        ROWS.iter().for_each(|row| println!("{}", row.name));
        return ExitCode::SUCCESS;
    }
    match run(&args).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(failures) => {
            eprintln!("{failures} failed");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the rows, and returns the number of failures.
async fn run(args: &Args) -> Result<usize> {
    let is_named = |row: &&Row| args.only.iter().any(|text| row.name.contains(text));
    let is_long = |row: &&Row| LONG.iter().any(|module| row.name.starts_with(module));
    let rows = ROWS.iter().filter(|row| args.only.is_empty() || is_named(row));
    let rows: Vec<&Row> = rows.filter(|row| !(args.short && is_long(row))).collect();
    anyhow::ensure!(!rows.is_empty(), "no row has a name with {:?}", args.only);
    let engines = if args.engine.is_empty() { &Engine::ALL[..] } else { &args.engine };
    let world = World::new(&args.target).context("the namespace; start tests/browsers/run")?;

    let mut results = Results::default();
    let mut failures = 0;
    for &engine in engines {
        for row in &rows {
            for _ in 0..args.repeat {
                let start = Instant::now();
                let outcome = play(&world, engine, row, &mut results).await;
                let seconds = start.elapsed().as_secs_f32();
                match outcome {
                    Ok(()) => println!("{engine} {} ok ({seconds:.1} s)", row.name),
                    Err(error) => {
                        failures += 1;
                        println!("{engine} {} FAILED ({seconds:.1} s): {error:#}", row.name);
                    }
                }
            }
        }
    }
    let is_whole = rows.len() == ROWS.len() && engines.len() == Engine::ALL.len();
    if failures == 0 && (is_whole || args.write) {
        results.write()?;
    }
    Ok(failures)
}

/// Runs a row once, in a browser of its own.
async fn play(world: &World, engine: Engine, row: &Row, results: &mut Results) -> Result<()> {
    let browser = Browser::start(world, engine);
    let browser =
        tokio::time::timeout(PATIENCE, browser).await.context("the start took too long")??;
    results.saw(engine, browser.version());
    let verdict = tokio::time::timeout(PATIENCE, (row.run)(&browser))
        .await
        .unwrap_or_else(|_| Err(anyhow!("still not done after {PATIENCE:?}")));
    browser.close().await;
    results.record(engine, row, verdict?);
    Ok(())
}
