//! Comments, documentation and messages are written in plain present-day English.

use std::{fs, path::Path};

/// Words with which a fragment begins: "What a request leaves for its response".
const FRAGMENTS: &[&str] = &["What", "Whether", "Where", "Of", "How", "Why", "Which", "When"];

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
    "mending",
    "mends",
    "naught",
    "say",
    "spoken",
    "thereof",
    "whence",
    "whoever",
    "whosoever",
    "thither",
    "twin",
    "twins",
];

/// Phrases of the same kind.
const PHRASES: &[&str] = &[
    "at it",
    "but for",
    "go by",
    "goes by",
    "in vain",
    "of which",
    "stand inside of",
    "stands here",
    "stands inside of",
    "the like",
];

/// Words with which a phrase without a verb begins: "The bytes of a line".
const NOUNS: &[&str] = &["The", "A", "An", "One", "Every", "Each", "All", "Two", "Several", "No"];

/// Files that quote such words.
const EXCEPTIONS: &[&str] = &[
    "src/policy/cookie/scope_action.rs", // an old word of the settings
    "tests/architecture/language.rs",
];

/// Returns the beginnings of a comment in this file. A paragraph of Markdown has none.
fn marks(path: &str) -> &'static [&'static str] {
    match path.rsplit('/').next().unwrap_or_default().rsplit_once('.') {
        Some((_, "md")) => &["", "- ", "* "],
        Some((_, "rs" | "js" | "java" | "php")) => &["//! ", "/// ", "// ", "/* ", "* "],
        Some((_, "css")) => &["/* ", "* "],
        Some((_, "html" | "svg")) => &["<!-- "],
        _ => &["# "],
    }
}

/// Returns the fault of a line, if it has one.
fn fault(path: &str, line: &str) -> Option<String> {
    let comments = marks(path).iter().filter_map(|mark| line.trim().strip_prefix(mark));
    let mut first = comments.filter_map(|comment| comment.split([' ', ',']).next());
    if let Some(first) = first.find(|first| FRAGMENTS.contains(first)) {
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
    let found = words.find(|word| ARCHAIC.contains(word)).or_else(|| phrases.copied());
    found.map(|found| format!("has '{found}'")).or_else(|| fragment_of_name(line))
}

/// Returns the fault of the name of a test that begins as a fragment does, with or without the id of
/// an advisory before it.
fn fragment_of_name(line: &str) -> Option<String> {
    let (_, name) = line.split_once("fn ")?;
    let rest =
        name.strip_prefix("adv_").map(|id| id.trim_start_matches(|c: char| c.is_ascii_digit()));
    let first = rest.unwrap_or(name).trim_start_matches('_').split('_').next()?;
    let is_fragment = FRAGMENTS.iter().any(|word| word.to_lowercase() == first && first != "of");
    (is_fragment && name.contains('_')).then(|| format!("has a name that begins with '{first}'"))
}

/// Returns the faults in the first words of the documentation of functions and types, each with
/// its line. A test's comment explains the test, which has a sentence as its name.
fn nouns(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut first, mut is_test) = (None, false);
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if let Some(doc) = line.strip_prefix("/// ") {
            first = first.or(Some((number, doc)));
        } else if line.starts_with("#[") {
            is_test |= line.contains("test");
        } else if !line.starts_with("///") {
            let (start, was_test) = (first.take(), std::mem::take(&mut is_test));
            let Some((number, doc)) = start else { continue };
            let noun = NOUNS.contains(&doc.split(' ').next().unwrap_or_default());
            if noun && !was_test && defines(line) {
                found.push((number, doc));
            }
        }
    }
    found
}

/// Returns `true` for a line of code that defines a function or a type.
fn defines(line: &str) -> bool {
    let mut words = line.split([' ', '(']).filter(|word| {
        !["pub", "crate)", "super)", "const", "async", "in"].contains(word) && !word.contains("::")
    });
    let kinds = ["fn", "struct", "enum", "trait", "type", "macro_rules!"];
    words.next().is_some_and(|word| kinds.contains(&word))
}

/// Collects every file of prose or code below a folder, by its path in the repository.
pub(crate) fn files(folder: &Path, found: &mut Vec<(String, String)>) {
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
    let ends = [
        ".rs", ".md", ".toml", ".py", ".js", ".php", ".java", ".pl", ".rb", ".yml", ".html",
        ".css", ".svg", ".service", ".socket", ".conf",
    ];
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
fn documentation_of_functions_and_types_begins_with_a_verb() {
    let mut found = Vec::new();
    files(Path::new(env!("CARGO_MANIFEST_DIR")), &mut found);
    let mut all = Vec::new();
    for (path, text) in found.iter().filter(|(path, _)| path.ends_with(".rs")) {
        let lines = nouns(text).into_iter();
        all.extend(lines.map(|(number, doc)| format!("{path}:{number}: {doc}")));
    }
    assert!(all.is_empty(), "{} lines:\n{}", all.len(), all.join("\n"));
}

#[test]
fn documentation_without_a_verb_is_found() {
    for code in [
        "/// The bytes of a line.\npub(in crate::policy) fn bytes() {",
        "    /// One word.\n    #[derive(Debug)]\n    struct Word {",
        "/// A list.\n///\n/// It is long.\npub type List = Vec<u8>;",
        "/// Every word.\npub(crate) const fn words() {",
    ] {
        assert_eq!(nouns(code).len(), 1, "{code}");
    }
    for code in [
        "/// Returns the bytes of a line.\nfn bytes() {",
        "/// The name of a field.\nname: String,",
        "/// A site that has no certificate.\n#[test]\nfn a_site_is_refused() {",
        "// The bytes.\nfn bytes() {",
    ] {
        assert!(nouns(code).is_empty(), "{code}");
    }
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
        "fn adv_042_what_a_gate_answers_has_the_headers() {",
        "async fn what_the_server_answers_counts() {",
    ] {
        assert!(fault("src/lib.rs", line).is_some(), "{line}");
    }
    assert!(fault(".ci/run", "# Where it is missing").is_some());
    assert!(fault("README.md", "Which of the two is meant").is_some());
    assert!(fault("style.css", "/* Where it is missing */").is_some());
    assert!(fault("page.html", "<p>The half of which is missing").is_some());
    assert_eq!(fault("README.md", "# Where it is missing"), None);
    for line in [
        "/// Returns what was found.",
        "// A request, and whether it passed.",
        "let id = \"csp-none-with-others\";",
        "The word is essay, and outgoes by.",
    ] {
        assert_eq!(fault("src/lib.rs", line), None, "{line}");
    }
}
