//! Compares the README's statements on browsers with docs/browsers.md, which `tests/browsers/run` writes.

use std::{fs, path::Path};

/// The engines in the order of the results, under the names that the README has.
const ENGINES: [&str; 3] = ["Chromium", "Firefox", "Safari"];

fn rows(file: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    rows.map(|row| row.split(" | ").map(str::to_owned).collect()).collect()
}

/// Returns the promises on a single header: its name, and the engines that know it.
fn results() -> Vec<(String, Vec<&'static str>)> {
    let mut found = Vec::new();
    for row in rows("docs/browsers.md") {
        let name = row[0].strip_prefix('`').and_then(|rest| rest.split_once('`'));
        let Some((name, _)) = name.filter(|(name, _)| name.contains('-')) else { continue };
        let known = ENGINES.into_iter().zip(&row[1..]);
        let known = known.filter(|(_, cell)| *cell != "does not know the header");
        found.push((name.to_owned(), known.map(|(engine, _)| engine).collect()));
    }
    found
}

#[test]
fn the_readme_names_the_browsers_in_which_a_header_was_tried() {
    let readme = rows("README.md");
    let mut compared = 0;
    for (name, engines) in results() {
        let layer = format!("`{}Layer`", name.replace('-', ""));
        let Some(row) = readme.iter().find(|row| row[0].starts_with(&layer)) else { continue };
        let said = &row[3];
        match engines.len() {
            3 => assert!(said.starts_with("all"), "{name}: {said}"),
            _ => assert_eq!(*said, engines.join(", "), "{name}"),
        }
        compared += 1;
    }
    assert!(compared >= 8, "docs/browsers.md has {compared} rows for a header");
}
