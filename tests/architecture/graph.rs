//! Reads the files of the crate, and the imports between them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Represents a module's path from the root, such as `["policy", "csp"]`.
pub(crate) type Module = Vec<String>;

/// Represents the modules that have a file of their own, by path.
pub(crate) struct Crate(BTreeMap<Module, File>);

struct File {
    path: PathBuf,
    /// Each imported name as (the name here, the path that is written).
    imports: Vec<(String, Module)>,
    /// The words of the code, without comments, literals, imports and `mod tests { … }`.
    words: Vec<String>,
    /// The names that are defined here.
    items: BTreeSet<String>,
    is_test: bool,
}

impl Crate {
    pub(crate) fn read() -> Self {
        let mut files = BTreeMap::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        load(&mut files, Vec::new(), root.join("lib.rs"), &root, false);
        Self(files)
    }

    /// Returns the rooms: modules of the root that have files.
    pub(crate) fn rooms(&self) -> BTreeSet<&str> {
        self.modules().filter_map(|module| module.first()).map(String::as_str).collect()
    }

    pub(crate) fn file(&self, module: &[String]) -> String {
        let root = env!("CARGO_MANIFEST_DIR");
        let path = self.0[module].path.strip_prefix(root).unwrap();
        path.display().to_string()
    }

    /// Returns the files that are compiled for users, without the root.
    pub(crate) fn modules(&self) -> impl Iterator<Item = &Module> {
        self.0.iter().filter(|(module, file)| !module.is_empty() && !file.is_test).map(|(m, _)| m)
    }

    /// Paths that begin at the crate's root, as a file writes them.
    pub(crate) fn absolute(&self, module: &[String]) -> Vec<Module> {
        self.paths(module).into_iter().filter(|path| path[0] == "crate").collect()
    }

    /// Returns the modules that define what a file names, its own left out.
    pub(crate) fn names(&self, module: &[String]) -> BTreeSet<Module> {
        let paths = self.paths(module).into_iter();
        let defined = paths.filter_map(|path| self.resolve(module, &path, 0));
        defined.filter(|found| found != module && !found.is_empty()).collect()
    }

    /// Imports, and paths in the code that begin with `crate`, `super`, or a child of the module.
    fn paths(&self, module: &[String]) -> Vec<Module> {
        let file = &self.0[module];
        let mut paths: Vec<Module> = file.imports.iter().map(|(_, path)| path.clone()).collect();
        for (at, word) in file.words.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| file.words[before].as_str());
            let starts = !matches!(before, Some("::" | "in"));
            let is_path = file.words.get(at + 1).is_some_and(|next| next == "::");
            let is_root = matches!(word.as_str(), "crate" | "super");
            let is_child = || self.0.contains_key(&child(module, word));
            if starts && is_path && (is_root || is_child()) {
                let mut path = Vec::new();
                for pair in file.words[at..].chunks(2).take_while(|pair| is_name(&pair[0])) {
                    path.push(pair[0].clone());
                    if pair.get(1).is_none_or(|next| next != "::") {
                        break;
                    }
                }
                // `super::$module` in a macro names what its caller says, not the module above.
                if path.iter().any(|name| !matches!(name.as_str(), "crate" | "super" | "self")) {
                    paths.push(path);
                }
            }
        }
        paths
    }

    /// Returns the module in which the thing at the end of a path is defined, re-exports followed.
    fn resolve(&self, from: &[String], path: &[String], depth: usize) -> Option<Module> {
        let mut module = match path.first().map(String::as_str) {
            Some("crate") => Vec::new(),
            Some("self" | "super") => from.to_vec(),
            Some(name) => return self.member(from, name, &path[1..], depth),
            None => return None,
        };
        let mut rest = path;
        while let Some((first, others)) = rest.split_first() {
            match first.as_str() {
                "super" => drop(module.pop()),
                "crate" | "self" => {}
                name => return self.member(&module, name, others, depth),
            }
            rest = others;
        }
        Some(module)
    }

    fn member(&self, of: &[String], name: &str, rest: &[String], depth: usize) -> Option<Module> {
        assert!(depth < 20, "{name} in {of:?} goes round in circles");
        let below = child(of, name);
        if self.0.contains_key(&below) && !(rest.is_empty() && self.defines(of, name)) {
            return match rest {
                [next, others @ ..] => self.member(&below, next, others, depth),
                [] => Some(below),
            };
        }
        let file = self.0.get(of)?;
        if self.defines(of, name) {
            return Some(of.to_vec());
        }
        if let Some((_, path)) = file.imports.iter().find(|(own, _)| own == name) {
            let whole = [&path[..], rest].concat();
            return self.resolve(of, &whole, depth + 1);
        }
        let globs = file.imports.iter().filter(|(own, _)| own == "*");
        for (_, path) in globs {
            let target = self.resolve(of, path, depth + 1)?;
            if self.defines(&target, name) {
                return Some(target);
            }
        }
        // A row of a table for macros, such as `frame_options::FrameOptions`.
        let rows = file.words.windows(3).filter(|three| three[1] == "::" && three[2] == name);
        let mut listed =
            rows.map(|three| child(of, &three[0])).filter(|row| self.0.contains_key(row));
        // Else what a macro of the file declares.
        let declared = || file.words.iter().any(|word| word == name).then(|| of.to_vec());
        listed.next().or_else(declared)
    }

    fn defines(&self, module: &[String], name: &str) -> bool {
        self.0.get(module).is_some_and(|file| file.items.contains(name))
    }
}

fn child(of: &[String], name: &str) -> Module {
    let mut child = of.to_vec();
    child.push(name.to_owned());
    child
}

fn load(
    files: &mut BTreeMap<Module, File>,
    module: Module,
    path: PathBuf,
    folder: &Path,
    is_test: bool,
) {
    let text = fs::read_to_string(&path).unwrap();
    let code = without_tests(&without_comments_and_literals(&text));
    for (name, is_test_only) in declared(&text) {
        let own = child(&module, &name);
        let below = folder.join(&name);
        let candidates = [below.with_extension("rs"), below.join("mod.rs")];
        if let Some(path) = candidates.into_iter().find(|path| path.is_file()) {
            load(files, own, path, &below, is_test || is_test_only);
        }
    }
    let (imports, words) = imports(&words(&code));
    let items = items(&words);
    files.insert(module, File { path, imports, words, items, is_test });
}

/// Returns the top level of a file, without the content of braces.
fn items(words: &[String]) -> BTreeSet<String> {
    const KINDS: [&str; 8] = ["struct", "enum", "trait", "fn", "const", "static", "type", "union"];
    let mut items = BTreeSet::new();
    let mut depth = 0_usize;
    for three in words.windows(3) {
        match three[0].as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "macro_rules" if depth == 0 => drop(items.insert(three[2].clone())),
            kind if depth == 0 && KINDS.contains(&kind) => drop(items.insert(three[1].clone())),
            _ => {}
        }
    }
    items
}

/// Returns the names of `mod name;`, and whether each is for tests alone.
fn declared(text: &str) -> Vec<(String, bool)> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut declared = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(line) = line.strip_suffix(';') else { continue };
        let Some((before, name)) = line.rsplit_once("mod ") else { continue };
        if before.is_empty() || before.starts_with("pub") {
            let attributes = lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
            let is_test = attributes.into_iter().any(|line| line.contains("(test)"));
            declared.push((name.to_owned(), is_test));
        }
    }
    declared
}

/// Returns every leaf of every `use`, with the name that it has here; and the words that are left.
fn imports(words: &[&str]) -> (Vec<(String, Module)>, Vec<String>) {
    let mut found = Vec::new();
    let mut left = Vec::new();
    let mut at = 0;
    while at < words.len() {
        // `use<'a>` is not an import, and that of a macro has no names yet.
        let end =
            words[at..].iter().position(|word| *word == ";").map_or(words.len(), |end| at + end);
        let is_import = words[at] == "use" && words.get(at + 1) != Some(&"<");
        if is_import && words[at..end].contains(&"$") {
            at = end;
        } else if is_import {
            at = tree(words, at + 1, &[], &mut found);
        } else {
            left.push(words[at].to_owned());
        }
        at += 1;
    }
    found.retain(|(_, path)| !path.is_empty());
    (found, left)
}

/// Reads one use tree from `at`; gives the index behind it.
fn tree(
    words: &[&str],
    mut at: usize,
    before: &[String],
    found: &mut Vec<(String, Module)>,
) -> usize {
    let mut path = before.to_vec();
    loop {
        match words.get(at) {
            Some(&"{") => {
                at += 1;
                while words.get(at) != Some(&"}") {
                    at = tree(words, at, &path, found);
                    at += usize::from(words.get(at) == Some(&","));
                }
                return at + 1;
            }
            Some(&"::") => at += 1,
            Some(&"*") => {
                found.push(("*".to_owned(), path));
                return at + 1;
            }
            Some(&"as") => {
                found.push((words[at + 1].to_owned(), path));
                return at + 2;
            }
            Some(name) if is_name(name) => {
                path.push((*name).to_owned());
                at += 1;
            }
            _ => {
                if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
                    path.pop();
                }
                found.push((path.last().cloned().unwrap_or_default(), path));
                return at;
            }
        }
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Names, `::`, and single other characters.
fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if first.is_alphanumeric() || first == '_' => {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
            }
            ':' if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        let (word, others) = rest.split_at(length);
        words.push(word);
        rest = others.trim_start();
    }
    words
}

fn without_comments_and_literals(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let raw = rest.trim_start_matches('b');
        let hashes = raw.strip_prefix('r').map(|raw| raw.len() - raw.trim_start_matches('#').len());
        let is_raw = hashes.is_some_and(|hashes| raw[1 + hashes..].starts_with('"'))
            && !code.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if is_raw {
            let end = format!("\"{}", "#".repeat(hashes.unwrap()));
            let start = rest.find('"').unwrap() + 1;
            rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
        } else if first == '"' {
            quoted(rest)
        } else if first == '\'' && rest.len() > 2 && is_character(rest) {
            1 + rest[1..].char_indices().skip(1).find(|(_, c)| *c == '\'').unwrap().0 + 1
        } else {
            code.push(first);
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    code
}

fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            '"' if !escaped => return at + 1,
            _ => escaped = character == '\\' && !escaped,
        }
    }
    text.len()
}

/// Returns `true` if a quote begins a character and not a lifetime.
fn is_character(text: &str) -> bool {
    let mut characters = text.chars().skip(1);
    match characters.next() {
        Some('\\') => true,
        Some(_) => characters.next() == Some('\''),
        None => false,
    }
}

/// Without the inline module of a file's tests, which stands last.
fn without_tests(code: &str) -> String {
    match code.find("#[cfg(test)]\nmod tests {").or_else(|| code.find("mod tests {")) {
        Some(at) => code[..at].to_owned(),
        None => code.to_owned(),
    }
}
