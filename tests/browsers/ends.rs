//! Tests that a run ends when it is told to: `cargo test --manifest-path tests/browsers/Cargo.toml --target-dir
//! target`.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The longest time in which a run ends.
const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn a_run_that_gets_sigterm_ends_with_its_browsers() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/run");
    let mut run = Command::new(script);
    // With what cargo says of this package, the run's own cargo would build everything again.
    let is_of_package =
        |key: &str| key.starts_with("CARGO_PKG_") || key.starts_with("CARGO_MANIFEST_");
    for (key, _) in env::vars_os().filter(|(key, _)| is_of_package(&key.to_string_lossy())) {
        run.env_remove(key);
    }
    let mut run = run
        .args(["--engine", "chromium", "--only", "first_run::loopback", "--repeat", "1000"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(run.stdout.take().unwrap()).lines().map_while(Result::ok);
    let first = lines.next().unwrap();
    if first.starts_with("skipped: ") {
        assert!(run.wait().unwrap().success());
        return println!("{first}");
    }
    assert!(first.contains(" ok "), "{first}");
    assert!(descendants(run.id()).len() > 2, "the run has no browser");
    let all = descendants(run.id());
    // A run that cannot print would end for that.
    thread::spawn(|| lines.for_each(drop));

    let id = run.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(ends(&mut run), "the run goes on");
    let start = Instant::now();
    while let Some(left) = all.iter().find(|&&process| parent(process).is_some()) {
        assert!(start.elapsed() < PATIENCE, "process {left} goes on");
        thread::sleep(Duration::from_millis(50));
    }
}

fn ends(run: &mut Child) -> bool {
    let start = Instant::now();
    while run.try_wait().unwrap().is_none() {
        if start.elapsed() > PATIENCE {
            return false;
        }
        thread::sleep(Duration::from_millis(50));
    }
    true
}

/// Returns the processes below a process.
fn descendants(of: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let processes = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let children = processes.filter(|&process: &u32| parent(process) == Some(of));
    children.flat_map(|child| descendants(child).into_iter().chain([child])).collect()
}

/// Returns the parent of a process that has not ended.
fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    (fields.next()? != "Z").then(|| fields.next()?.parse().ok())?
}
