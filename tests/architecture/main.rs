//! Checks the rooms, the imports between them, and the language.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod browsers;
mod examples;
mod graph;
mod language;
mod length;
mod reasons;
mod rooms;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Returns every source file below `folder`, with its lines of code.
fn code(folder: &str) -> Vec<(PathBuf, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    if path.is_file() {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.lines().filter(|line| {
            !line.trim_start().starts_with("//") && !line.trim_start().starts_with("#[doc")
        });
        return vec![(path, code.collect::<Vec<_>>().join("\n"))];
    }
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name());
    entries.flat_map(|name| code(&format!("{folder}/{}", name.to_str().unwrap()))).collect()
}

/// Returns the lines of every source file below `folder`, comments included.
fn read_lines(folder: &str) -> Vec<Vec<String>> {
    let read = |(path, _)| fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
    code(folder)
        .into_iter()
        .filter(|(path, _)| path.extension().unwrap() == "rs")
        .map(read)
        .collect()
}

fn assert_without(folders: &[&str], words: &[&str]) {
    for (path, code) in folders.iter().flat_map(|folder| code(folder)) {
        for word in words {
            assert!(!code.contains(word), "{} names {word}", path.display());
        }
    }
}

#[test]
fn names_travel_from_the_lower_rooms_to_the_higher_ones_only() {
    let lower = [
        "src/error.rs",
        "src/trace.rs",
        "src/lint.rs",
        "src/syntax",
        "src/request",
        "src/policy",
        "src/preset",
    ];
    assert_without(
        &lower,
        &["tower_layer", "tower_service", "async ", "crate::layer", "crate::settings"],
    );
    assert_without(&["src/error.rs", "src/lint.rs"], &["crate::policy", "Hardening"]);
    assert_without(
        &["src/layer"],
        &[".parse()", ".parse::<", "crate::settings", "from_static(\"content"],
    );
    assert_without(&["src/settings"], &["crate::layer", "tower_layer", "tower_service"]);
    assert_without(&["src/preset"], &["layer"]);
}

#[test]
fn deployment_imports_nothing_and_alone_inspects_the_machine() {
    assert_without(&["src/deployment"], &["crate::", "tower_layer", "tower_service", "async "]);
    let others: Vec<String> = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
        .unwrap()
        .map(|entry| format!("src/{}", entry.unwrap().file_name().to_str().unwrap()))
        .filter(|name| name != "src/deployment")
        .collect();
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    assert!(others.contains(&"src/policy"));
    assert_without(&others, &["deployment::", "procfs", "std::process", "/proc/"]);
}

#[test]
fn the_tree_of_dependencies_stays_small() {
    assert!(crates(&["--no-default-features"]) <= 8);
    assert!(crates(&[]) <= 12);
}

#[test]
fn no_feature_brings_more_crates_than_the_readme_says() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let table = readme.lines().skip_while(|line| !line.starts_with("| feature |")).skip(2);
    let mut features = 0;
    for row in table.take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let most: usize = cells[3].split(' ').next().unwrap().parse().unwrap();
        let found = match cells[1].split(' ').next().unwrap().trim_matches('`') {
            "none" => crates(&["--no-default-features"]),
            feature => crates(&["--features", feature]),
        };
        assert!(found <= most, "{row}: {found} crates");
        features += 1;
    }
    assert_eq!(features, 15);
}

/// Counts the crates of the tree, this one included.
fn crates(features: &[&str]) -> usize {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--edges", "normal", "--prefix", "none", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .args(features)
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    let mut crates: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    crates.retain(|name| !name.is_empty());
    crates.sort_unstable();
    crates.dedup();
    assert!(crates.contains(&"http"), "{crates:?}");
    crates.len()
}

#[test]
fn files_are_short_and_state_their_purpose() {
    for (path, _) in code("src").into_iter().filter(|(path, _)| path.extension().unwrap() == "rs") {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{} has no purpose", path.display());
        assert!(text.lines().count() <= 350, "{} is long", path.display());
    }
}
