//! Checks that the tests that the table of threats names exist.

use std::{fs, path::Path};

fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = entries.map(|path| match path.extension() {
        _ if path.is_dir() => sources(&path),
        Some(extension) if extension == "rs" => fs::read_to_string(path).unwrap(),
        _ => String::new(),
    });
    text.collect()
}

#[test]
fn every_test_that_the_table_of_threats_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("src/policy/cookie/threats.md")).unwrap();
    let sources = sources(&root.join("src")) + &sources(&root.join("tests"));
    let mut named = 0;
    for row in table.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let cells: Vec<&str> = row.trim_matches(['|', ' ']).split('|').map(str::trim).collect();
        let test = cells.get(2).copied().unwrap_or_default().trim_matches('`');
        if test.is_empty() {
            assert!(cells[1].starts_with("not stopped"), "{row}");
            continue;
        }
        named += 1;
        let (_, before) = sources
            .match_indices(&format!("fn {test}("))
            .map(|(at, _)| (at, sources[..at].trim_end()))
            .next()
            .unwrap_or_else(|| panic!("there is no test {test}"));
        let before = before.strip_suffix("async").unwrap_or(before).trim_end();
        let attribute = before.lines().next_back().unwrap_or_default().trim();
        assert!(matches!(attribute, "#[test]" | "#[tokio::test]"), "{test}: {attribute}");
    }
    assert!(named >= 14, "{named}");
}
