//! Holds the public API of tower-hardening, all features on, to the list in
//! `public-api.txt`, so that a reviewer sees every change of it as a diff.
//!
//! ```sh
//! cargo test --manifest-path tests/public-api/Cargo.toml
//! UPDATE_SNAPSHOT=1 cargo test --manifest-path tests/public-api/Cargo.toml
//! ```
//!
//! The second accepts a change. The list is rendered from rustdoc's JSON, whose
//! format depends on the compiler; `Cargo.toml` pins the version that is read.

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
    process::Command,
};

use similar::{ChangeTag, TextDiff};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn public_api_is_the_committed_one() {
    let json = rustdoc_json();
    if let Some(mismatch) = format_mismatch(&json) {
        // CI must not pass without a comparison; a local compiler of another version may.
        assert!(!env_is_on("CI"), "{mismatch}");
        // Unlike `eprintln!`, this is shown for a test that passes.
        writeln!(io::stderr(), "{mismatch}").unwrap();
        return;
    }
    let api = render(&json);

    let snapshot = Path::new(HERE).join("public-api.txt");
    if env_is_on("UPDATE_SNAPSHOT") {
        fs::write(&snapshot, api).unwrap();
        return;
    }
    let committed = fs::read_to_string(&snapshot).unwrap_or_default();
    let changes = changed_lines(&committed, &api);
    assert!(
        changes.is_empty(),
        "the public API is not the one in tests/public-api/public-api.txt \
         (- only there, + only in the crate):\n{changes}\
         To accept the change, run this test with UPDATE_SNAPSHOT=1 and commit the file."
    );
}

/// Documents the parent package and returns rustdoc's JSON.
fn rustdoc_json() -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rustdoc");
    let status = Command::new(env!("CARGO"))
        .args(["rustdoc", "--quiet", "--lib", "--all-features"])
        .arg("--manifest-path")
        .arg(Path::new(HERE).join("../../Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .args(["--", "-Zunstable-options", "--output-format=json", "--cap-lints=allow"])
        // The JSON output is unstable; this lets a stable rustdoc write it.
        .env("RUSTC_BOOTSTRAP", "1")
        .status()
        .unwrap();
    assert!(status.success(), "cargo rustdoc: {status}");
    fs::read_to_string(target.join("doc/tower_hardening.json")).unwrap()
}

/// Returns a line saying so, if the JSON is of another format than the one read here.
fn format_mismatch(json: &str) -> Option<String> {
    let wanted = rustdoc_types::FORMAT_VERSION;
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    let found = &json["format_version"];
    (*found != wanted).then(|| {
        format!(
            "public API not compared: this rustdoc writes JSON format {found}, the pinned \
             public-api reads {wanted} (see tests/public-api/Cargo.toml)"
        )
    })
}

/// Returns the public API, an item a line, without the implementations that every type gets from
/// the compiler or from a blanket.
fn render(json: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tower_hardening.json");
    fs::write(&path, json).unwrap();
    let api = public_api::Builder::from_rustdoc_json(path)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .unwrap();
    api.items().map(|item| format!("{item}\n")).collect()
}

fn changed_lines(old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new)
        .iter_all_changes()
        .filter(|change| change.tag() != ChangeTag::Equal)
        .map(|change| format!("{}{}", change.tag(), change))
        .collect()
}

fn env_is_on(name: &str) -> bool {
    env::var(name).is_ok_and(|value| value == "1" || value == "true")
}
