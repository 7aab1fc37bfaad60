//! A file of more than 250 lines and a function of more than 40 have a reason.

use std::{collections::BTreeSet, path::Path};

use super::{language::files, reasons::REASONS};

const LINES_OF_A_FILE: usize = 250;
const LINES_OF_A_FUNCTION: usize = 40;

/// Returns the functions of formatted code, each with its count of lines from `fn` to the brace
/// that ends it.
fn functions(text: &str) -> Vec<(&str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = defined(line) else { continue };
        let indent = indent_of(line);
        let is_last = |line: &&str| line.strip_prefix(indent) == Some("}");
        let is_declaration = |line: &&str| line.ends_with(';') && indent_of(line) == indent;
        let end = lines[at..].iter().position(|line| is_last(line) || is_declaration(line));
        let is_one_line = line.ends_with('}');
        found.push((name, if is_one_line { 1 } else { end.map_or(1, |end| end + 1) }));
    }
    found
}

fn indent_of(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// Returns the name of the function that a line defines.
fn defined(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("fn ")?;
    let mut words = before.split_whitespace();
    let is_definition = words.all(|word| {
        ["async", "const", "default", "extern", "\"C\""].contains(&word)
            || word.starts_with("pub")
            || word.ends_with(')') && before.trim_start().starts_with("pub(in ")
    });
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    (is_definition && end > 0).then(|| &rest[..end])
}

/// Returns the path of a file that is too long, and `path name` of its long functions.
fn long(path: &str, text: &str) -> Vec<String> {
    let mut long = Vec::new();
    if text.lines().count() > LINES_OF_A_FILE {
        long.push(path.to_owned());
    }
    let functions = functions(text).into_iter().filter(|(_, lines)| *lines > LINES_OF_A_FUNCTION);
    long.extend(functions.map(|(name, _)| format!("{path} {name}")));
    long
}

#[test]
fn long_files_and_functions_have_a_current_reason() {
    let mut all = Vec::new();
    files(Path::new(env!("CARGO_MANIFEST_DIR")), &mut all);
    let code = all.iter().filter(|(path, _)| path.ends_with(".rs"));
    let found: BTreeSet<String> = code.flat_map(|(path, text)| long(path, text)).collect();
    let listed: Vec<&str> = REASONS.iter().flat_map(|(_, places)| *places).copied().collect();
    let known: BTreeSet<String> = listed.iter().map(|place| (*place).to_owned()).collect();
    assert_eq!(known.len(), listed.len(), "a place is listed twice");
    let without: Vec<&String> = found.difference(&known).collect();
    assert!(without.is_empty(), "long without a reason:\n{without:#?}");
    let stale: Vec<&String> = known.difference(&found).collect();
    assert!(stale.is_empty(), "listed in tests/architecture, and not long:\n{stale:#?}");
}

#[test]
fn reasons_are_in_order() {
    for (reason, places) in REASONS {
        assert!(places.is_sorted(), "{reason}");
    }
}

#[test]
fn a_function_is_counted_from_its_first_line_to_its_brace() {
    let text = "\
impl Name {
    pub(crate) const fn one(&self) -> bool { true }

    #[inline]
    pub(in crate::policy) fn three(
        &self,
    ) -> bool;

    async fn four() {
        match () {
            () => {}
        }
    }
}
";
    assert_eq!(functions(text), [("one", 1), ("three", 3), ("four", 5)]);
    let long_function = format!("fn main() {{\n{}}}\n", "    run();\n".repeat(39));
    assert_eq!(long("a.rs", &long_function), ["a.rs main"]);
    assert_eq!(long("a.rs", &"\n".repeat(251)), ["a.rs"]);
    assert!(long("a.rs", "let make: fn() = run;\n").is_empty());
}
