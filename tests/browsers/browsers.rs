//! Tests each promise of the documentation in Chromium, Firefox and WebKitGTK: `tests/browsers/run`.
//!
//! [`rows::ROWS`] lists the rows. A row is a short function that gets a browser of its own, shows that an attack fails
//! or that a page works, and shows with a control that the test would see the difference. A run of all rows writes
//! docs/browsers.md.

use std::{
    fs,
    path::PathBuf,
    process::ExitCode,
    sync::Mutex,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};
use clap::Parser;
use tokio::time::timeout;

use crate::{
    browser::Browser,
    engine::Engine,
    results::{INSTANCE, Results},
    rows::{ROWS, Row},
    world::World,
};

mod accessibility;
mod authority;
mod browser;
mod commands;
mod engine;
mod example;
mod forward;
mod nginx;
mod picture;
mod process;
mod results;
mod rows;
mod site;
mod window;
mod world;

/// The longest time that a row may take after the browser's start.
const PATIENCE: Duration = Duration::from_secs(120);

/// The longest time that a start may take, and the number of starts. WebKitGTK's driver sometimes waits for ever.
const START: Duration = Duration::from_secs(40);
const STARTS: usize = 3;

/// The modules of the rows that a short run leaves out.
const LONG: [&str; 2] = ["every_preset::", "software::"];

/// The modules whose rows run in one engine at a time.
const FIXED_PORTS: [&str; 5] =
    ["first_run::", "example::", "person::", "applications::", "software::datasette"];

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

/// Runs the rows in all engines at the same time, and returns the number of failures.
async fn run(args: &Args) -> Result<usize> {
    let is_named = |row: &&Row| args.only.iter().any(|text| row.name.contains(text));
    let is_long = |row: &&Row| LONG.iter().any(|module| row.name.starts_with(module));
    let rows = ROWS.iter().filter(|row| args.only.is_empty() || is_named(row));
    let rows: Vec<&Row> = rows.filter(|row| !(args.short && is_long(row))).collect();
    anyhow::ensure!(!rows.is_empty(), "no row has a name with {:?}", args.only);
    let engines = if args.engine.is_empty() { &Engine::ALL[..] } else { &args.engine };
    let world = World::new(&args.target).context("the namespace; start tests/browsers/run")?;

    let pictures = args.target.join("browsers/pictures");
    // A picture of a run before is not written into the documentation.
    let _removed = fs::remove_file(pictures.join(INSTANCE));
    let results = Mutex::new(Results::default());
    let [first, second, third] = Engine::ALL.map(async |engine| {
        let mut failures = 0;
        let rows = if engines.contains(&engine) { &rows[..] } else { &[] };
        for row in rows {
            for _ in 0..args.repeat {
                failures += usize::from(play(&world, engine, row, &results).await.is_err());
            }
        }
        failures
    });
    let failures = tokio::join!(first, second, third);
    let failures = failures.0 + failures.1 + failures.2;
    let is_whole = rows.len() == ROWS.len() && engines.len() == Engine::ALL.len();
    if failures == 0 && (is_whole || args.write) {
        results.into_inner().ok().context("a poisoned lock")?.write(&pictures)?;
    }
    Ok(failures)
}

/// Runs a row once, in a browser of its own, and prints the outcome.
async fn play(world: &World, engine: Engine, row: &Row, results: &Mutex<Results>) -> Result<()> {
    // The example and nginx listen at ports that are the same in each row.
    let is_fixed = FIXED_PORTS.iter().any(|module| row.name.starts_with(module));
    let _ports = if is_fixed { Some(world.ports.lock().await) } else { None };
    let start = Instant::now();
    let outcome = play_in_browser(world, engine, row, results).await;
    let seconds = start.elapsed().as_secs_f32();
    match &outcome {
        Ok(()) => println!("{engine} {} ok ({seconds:.1} s)", row.name),
        Err(error) => println!("{engine} {} FAILED ({seconds:.1} s): {error:#}", row.name),
    }
    outcome
}

async fn play_in_browser(
    world: &World,
    engine: Engine,
    row: &Row,
    results: &Mutex<Results>,
) -> Result<()> {
    let browser = start(world, engine).await?;
    let version = browser.version();
    let verdict = timeout(PATIENCE, (row.run)(&browser))
        .await
        .unwrap_or_else(|_| Err(anyhow!("still not done after {PATIENCE:?}")));
    browser.close().await;
    let verdict = verdict?;
    results.lock().ok().context("a poisoned lock")?.record(engine, version, row, verdict);
    Ok(())
}

/// Starts a browser. A driver that does not answer in time is killed, and another one is started.
async fn start(world: &World, engine: Engine) -> Result<Browser<'_>> {
    for _ in 0..STARTS {
        match timeout(START, Browser::start(world, engine)).await {
            Ok(Ok(browser)) => return Ok(browser),
            Ok(Err(error)) => println!("{engine} does not start: {error:#}"),
            Err(_) => println!("{engine} does not start within {START:?}"),
        }
    }
    Err(anyhow!("{engine} does not start"))
}
