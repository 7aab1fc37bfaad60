//! Comments, documentation and messages are written in plain present-day English.

use std::{fs, path::Path};

/// Words with which a fragment begins: "What a request leaves for its response".
const FRAGMENTS: &[&str] = &["What", "Whether", "Where", "Of", "How", "Why", "Which"];

/// Words that a reader whose first language is not English may not know.
const ARCHAIC: &[&str] = &[
    "anew",
    "aught",
    "beside",
    "besides",
    "forsooth",
    "heed",
    "hither",
    "lest",
    "mend",
    "mended",
    "mends",
    "naught",
    "thereof",
    "whence",
    "whoever",
    "whosoever",
    "thither",
];

/// Phrases of the same kind.
const PHRASES: &[&str] =
    &["goes by", "go by", "in vain", "and the like", "stand inside of", "stands here"];

/// Files that quote such words.
const EXCEPTIONS: &[&str] = &[
    "src/policy/cookie/scope_action.rs", // an old word of the settings
    "tests/architecture/language.rs",
];

/// The beginnings of a comment in this file. Markdown has none.
fn marks(path: &str) -> &'static [&'static str] {
    match path.rsplit('/').next().unwrap_or_default().rsplit_once('.') {
        Some((_, "md")) => &[],
        Some((_, "rs" | "js" | "java" | "php")) => &["//! ", "/// ", "// "],
        _ => &["# "],
    }
}

/// Returns the fault of a line, if it has one.
fn fault(path: &str, line: &str) -> Option<String> {
    let comment = marks(path).iter().find_map(|mark| line.trim().strip_prefix(mark));
    let first = comment.unwrap_or_default().split([' ', ',']).next().unwrap_or_default();
    if FRAGMENTS.contains(&first) {
        return Some(format!("begins with '{first}'"));
    }
    let lower = line.to_lowercase();
    // A hyphen is part of a word: the id of a lint does not count.
    let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '-');
    let phrases = PHRASES.iter().find(|phrase| {
        lower.find(**phrase).is_some_and(|at| {
            let around = [lower[..at].chars().last(), lower[at + phrase.len()..].chars().next()];
            around.iter().flatten().all(|c| !c.is_alphanumeric())
        })
    });
    let found = words.find(|word| ARCHAIC.contains(word)).or(phrases.copied());
    found.map(|found| format!("has '{found}'"))
}

/// Every file of prose or code below a folder, by its path in the repository.
fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = entry.file_name().unwrap().to_str().unwrap().to_owned();
        if entry.is_dir() {
            let skipped = ["target", ".git", "corpus", "vectors", "captured", "node_modules"];
            if !skipped.contains(&name.as_str()) {
                files(&entry, found);
            }
        } else if is_prose(&name) {
            let path = entry.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&entry);
            let text = fs::read_to_string(&entry).unwrap_or_default();
            found.push((path.display().to_string(), text));
        }
    }
}

/// Scripts have no extension.
fn is_prose(name: &str) -> bool {
    let ends =
        [".rs", ".md", ".toml", ".py", ".js", ".php", ".java", ".service", ".socket", ".conf"];
    !name.starts_with("LICENSE")
        && (!name.contains('.') || ends.iter().any(|end| name.ends_with(end)))
}

#[test]
fn comments_are_sentences_in_plain_words() {
    let mut found = Vec::new();
    files(Path::new(env!("CARGO_MANIFEST_DIR")), &mut found);
    assert!(found.len() > 300, "{}", found.len());
    let mut all = Vec::new();
    for (path, text) in found.iter().filter(|(path, _)| !EXCEPTIONS.contains(&path.as_str())) {
        for (number, line) in (1..).zip(text.lines()) {
            all.extend(fault(path, line).map(|fault| format!("{path}:{number}: {fault}: {line}")));
        }
    }
    assert!(all.is_empty(), "{} lines:\n{}", all.len(), all.join("\n"));
}

#[test]
fn a_fragment_or_an_archaic_word_is_found() {
    for line in [
        "/// What a request leaves for its response.",
        "    // Where nothing is known.",
        "//! Whether it is one.",
        "Keep it, lest it break.",
        "fn a_site_beside_another() {",
        "It goes by the host.",
        "    \"write it beside the other\",",
    ] {
        assert!(fault("src/lib.rs", line).is_some(), "{line}");
    }
    assert!(fault(".ci/run", "# Where it is missing").is_some());
    assert_eq!(fault("README.md", "# Where it is missing"), None);
    for line in [
        "/// Returns what was found.",
        "// A request, and whether it passed.",
        "let id = \"csp-none-beside-others\";",
        "Mending is not the word, nor is outgoes by.",
        "What is a heading of Markdown?",
    ] {
        assert_eq!(fault("src/lib.rs", line), None, "{line}");
    }
}
