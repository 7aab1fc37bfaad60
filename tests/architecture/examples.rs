//! Every public type has an example in its documentation that a reader can paste.

use std::collections::BTreeMap;

use super::{read_lines, rooms::public_types};

/// The most lines of an example, without imports, empty lines and hidden lines.
const MOST: usize = 10;

/// Types without an example, each with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("AmbientNonce", "the type of a service, which users do not name"),
    ("GateBody", "the type of a body, which users do not name"),
    ("GateFuture", "the type of a future, which users do not name"),
    ("Gated", "the type of a service, which users do not name"),
    ("Hardened", "the type of a service, which users do not name"),
    ("NonceScope", "the type of a future, which users do not name"),
    ("ResponseFuture", "the type of a future, which users do not name"),
];

/// Returns the documentation of every public type in `src`, by the name of the type.
fn documentation() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for lines in read_lines("src") {
        let mut doc = String::new();
        for line in lines.iter().map(|line| line.trim()) {
            if let Some(text) = line.strip_prefix("///") {
                doc.push_str(text.strip_prefix(' ').unwrap_or(text));
                doc.push('\n');
            } else if let Some(name) = defined(line) {
                found.insert(name.to_owned(), std::mem::take(&mut doc));
            } else if line.is_empty() || line.ends_with(['{', '}', ';']) {
                doc.clear();
            }
        }
    }
    found
}

/// Returns the name of the public type that a line of code defines.
fn defined(line: &str) -> Option<&str> {
    let kinds = ["pub struct ", "pub enum ", "pub trait ", "pub type "];
    let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind))?;
    let end = rest.find(|c: char| !c.is_alphanumeric());
    Some(&rest[..end.unwrap_or(rest.len())])
}

/// Returns the lines of code of the first example that a reader sees, without imports.
fn example(doc: &str) -> Option<Vec<&str>> {
    let mut imports = false;
    let counts = |line: &&str| {
        imports |= line.starts_with("use ");
        let counted = !imports && !line.is_empty() && *line != "#" && !line.starts_with("# ");
        imports &= !line.ends_with(';');
        counted
    };
    doc.split("```").nth(1).map(|block| block.lines().skip(1).filter(counts).collect())
}

/// Explains what the example of a type lacks.
///
/// The example of a layer sends a request, so that it shows the response.
fn fault_of(name: &str, doc: &str) -> Option<String> {
    let lacks = |part: &&&str| !example(doc).is_some_and(|lines| lines.concat().contains(**part));
    let parts: &[&str] =
        if name.ends_with("Layer") { &["#[tokio::main]", ".await", "assert"] } else { &[] };
    let lacking = || parts.iter().find(lacks).map(|part| format!("has an example without {part}"));
    fault(doc).or_else(lacking)
}

/// Explains what an example lacks.
fn fault(doc: &str) -> Option<String> {
    let Some(example) = example(doc) else { return Some("has no example".to_owned()) };
    if example.len() > MOST {
        return Some(format!("has an example of {} lines", example.len()));
    }
    let code = example.join("\n");
    let own = ["Context::from_waker", "block_on", "Waker"];
    own.iter().find(|word| code.contains(**word)).map(|word| format!("has an executor: {word}"))
}

#[test]
fn every_public_type_has_a_short_example() {
    let docs = documentation();
    // The aliases of the table share one example, written by a macro.
    let table = read_lines("src/policy/header/table.rs").concat().join("\n");
    let mut seen = 0;
    for path in public_types() {
        let name = path.rsplit("::").next().unwrap();
        let excepted = EXCEPTIONS.iter().any(|(exception, _)| *exception == name);
        let in_table = table.contains(&format!("=> {name} = "));
        if excepted || in_table {
            assert!(excepted || !docs.contains_key(name), "{path} has a file of its own");
            continue;
        }
        let doc = docs.get(name).unwrap_or_else(|| panic!("{path} is not defined in src"));
        assert_eq!(fault_of(name, doc), None, "{path}");
        seen += 1;
    }
    assert!(seen > 60, "{seen}");
}

/// Returns the documentation of a row's layer, which a macro writes.
fn documentation_of_a_row() -> String {
    let lines = read_lines("src/layer/header_layers.rs").concat();
    let doc = lines.iter().map(|line| line.trim()).filter_map(|line| {
        if line.starts_with("#[doc = concat!(") {
            // The names of the row stand between the literals.
            return Some(line.split('"').skip(1).step_by(2).collect::<Vec<_>>().join("row"));
        }
        let text = line.strip_prefix("///")?;
        Some(text.strip_prefix(' ').unwrap_or(text).to_owned())
    });
    doc.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_layers_of_the_table_have_an_example() {
    assert_eq!(fault_of("FrameOptionsLayer", &documentation_of_a_row()), None);
}

#[test]
fn a_type_without_an_example_is_found() {
    assert_eq!(fault("Sends a header.\n"), Some("has no example".to_owned()));
    assert_eq!(fault("Sends a header.\n\n```\nlet a = 1;\n# let b = 2;\n```\n"), None);
    let long = format!("```\n{}```\n", "let a = 1;\n".repeat(MOST + 1));
    assert_eq!(fault(&long), Some("has an example of 11 lines".to_owned()));
    assert!(fault("```\nlet waker = Waker::noop();\n```\n").is_some());
    let built = "```\nlet layer = CspLayer::new(policy);\n```\n";
    assert_eq!(fault_of("ContentSecurityPolicy", built), None);
    let lacks = fault_of("CspLayer", built);
    assert_eq!(lacks, Some("has an example without #[tokio::main]".to_owned()));
    assert_eq!(defined("pub struct Source(Word);"), Some("Source"));
}
