//! Measures the time of a clean release build of this crate's core and of a peer.
//!
//! Both builds contain `http`, the traits of tower and `pin-project-lite`. Neither contains a server,
//! which an application has anyway. The peer only adds headers to responses. The core also reads and
//! lints policies, guards cookies, and checks hosts, proxies and files. These parts are public without
//! a feature, so the build contains all of them.

use std::{
    error::Error,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const ROUNDS: usize = 3;

pub(super) fn table() -> Result<String, Box<dyn Error>> {
    let core = concat!(
        "tower-hardening = { path = \"",
        env!("CARGO_MANIFEST_DIR"),
        "/..\", default-features = false }"
    );
    let packages = [("core", core), ("peer", "axum-helmet = \"=1.0.2\"")]
        .map(|(name, dependency)| package(name, dependency));
    let [core, peer] = packages;
    let (core, peer) = (core?, peer?);
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        times[0].push(clean_build(&core)?);
        times[1].push(clean_build(&peer)?);
    }
    let [core, peer] = times.map(|mut times| {
        times.sort_unstable();
        times[ROUNDS / 2].as_secs_f64()
    });
    Ok(format!(
        "\n### Build\n\n\
         A clean release build with all dependencies, the median of {ROUNDS} in turns: {core:.1} s for this crate without \
         default features, {peer:.1} s for axum-helmet 1.0.2, which does not parse, lint, or guard cookies.\n"
    ))
}

/// Creates a package with this dependency alone, and fetches everything that it needs.
fn package(name: &str, dependency: &str) -> Result<String, Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("tower-hardening-build-time-{name}"));
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "")?;
    let manifest = folder.join("Cargo.toml");
    let text = format!(
        "[package]\nname = \"build-time-{name}\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependency}\n"
    );
    fs::write(&manifest, text)?;
    let manifest = manifest.to_str().ok_or("the temporary folder is no text")?.to_owned();
    cargo(&["fetch", "--manifest-path", &manifest])?;
    Ok(manifest)
}

fn clean_build(manifest: &str) -> Result<Duration, Box<dyn Error>> {
    let target = Path::new(manifest).with_file_name("target");
    let target = target.to_str().ok_or("the temporary folder is no text")?;
    if Path::new(target).exists() {
        fs::remove_dir_all(target)?;
    }
    let start = Instant::now();
    cargo(&[
        "build",
        "--release",
        "--offline",
        "--manifest-path",
        manifest,
        "--target-dir",
        target,
    ])?;
    Ok(start.elapsed())
}

fn cargo(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let status = Command::new("cargo")
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("cargo {arguments:?} failed").into()) }
}
