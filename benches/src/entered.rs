//! Finds the functions on the way of requests and responses that no case of the gate enters.
//!
//! Callgrind reports the lines that run, those of inlined functions too. A line is on the way if it
//! costs more with more exchanges. The functions come from the sources, and the table of lines in the
//! program tells which of them it contains.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    env, fs, io,
    path::Path,
    process::Command,
};

use crate::{case::Case, heap::Heap};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../src");

/// The functions that no case enters, each with the reason: `FILE: FUNCTION: REASON`.
const EXCEPTIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/not_entered.txt");

/// The folders and files whose functions a request or response passes.
const ON_THE_WAY: [&str; 5] = ["layer/", "request/", "syntax/", "policy/", "trace.rs"];

/// The folders in these whose functions run before the first request: presets and lints.
const BEFORE_REQUESTS: [&str; 2] = ["policy/hardening/", "policy/csp/lint/"];

/// Names a line of a file, whose path is relative to [`SOURCES`].
type Line = (String, usize);

/// Fails for a function that no case enters and that has no reason in the list, and for a function in
/// the list that does not exist.
pub fn check(cases: &[Case]) -> io::Result<()> {
    let missing = missing(cases)?;
    let text = fs::read_to_string(EXCEPTIONS)?;
    let listed: BTreeSet<String> =
        text.lines().filter_map(|line| Some(line.rsplit_once(": ")?.0.to_owned())).collect();
    let remedy = "is entered by no case; add a case, or a reason to not_entered.txt";
    let left_over = "does not exist; remove it from not_entered.txt";
    // A function may be entered and listed: the compiler can give its lines to those of its callers.
    let known: BTreeSet<String> = functions()?
        .into_iter()
        .map(|Function { file, name, .. }| format!("{file}: {name}"))
        .collect();
    let problems: Vec<String> = missing
        .difference(&listed)
        .map(|function| format!("{function} {remedy}"))
        .chain(listed.difference(&known).map(|function| format!("{function} {left_over}")))
        .collect();
    if problems.is_empty() {
        println!("every function on the way is entered, but {} with a reason", listed.len());
        return Ok(());
    }
    Err(io::Error::other(problems.join("\n")))
}

/// Returns the functions that the program contains and that no case enters.
fn missing(cases: &[Case]) -> io::Result<BTreeSet<String>> {
    let compiled = compiled_lines(&env::current_exe()?)?;
    let mut entered = BTreeSet::new();
    for case in cases {
        let (few, many) = (costs(case, 0)?, costs(case, 2)?);
        let more = many.into_iter().filter(|(line, cost)| few.get(line) < Some(cost));
        entered.extend(more.map(|(line, _)| line));
        // The set-up of a case enters what is not on the way.
        entered.extend(few.into_keys());
    }
    let mut missing = BTreeSet::new();
    for Function { file, name, lines } in functions()? {
        let has =
            |all: &BTreeSet<Line>| lines.clone().any(|line| all.contains(&(file.clone(), line)));
        if has(&compiled) && !has(&entered) {
            missing.insert(format!("{file}: {name}"));
        }
    }
    Ok(missing)
}

/// Holds a function in a file, and its lines.
struct Function {
    file: String,
    name: String,
    lines: std::ops::RangeInclusive<usize>,
}

/// Reads the functions of all files on the way, without those of tests.
fn functions() -> io::Result<Vec<Function>> {
    let mut files = Vec::new();
    list(Path::new(SOURCES), &mut files)?;
    let mut functions = Vec::new();
    for path in files {
        let file = path.strip_prefix(SOURCES).unwrap_or(&path).trim_start_matches('/').to_owned();
        let is_in = |places: &[&str]| places.iter().any(|place| file.starts_with(place));
        if !is_in(&ON_THE_WAY) || is_in(&BEFORE_REQUESTS) {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let lines: Vec<&str> = text.lines().take_while(|line| *line != "#[cfg(test)]").collect();
        for (index, line) in lines.iter().enumerate() {
            let Some(name) = name(line) else { continue };
            let indent = &line[..line.len() - line.trim_start().len()];
            let end = format!("{indent}}}");
            let has_body = lines[index..]
                .iter()
                .find(|line| line.ends_with(['{', ';', '}']))
                .is_some_and(|line| !line.ends_with(';'));
            let length = lines[index..]
                .iter()
                .position(|line| **line == end || (line.ends_with('}') && *line == lines[index]));
            if let Some(length) = length.filter(|_| has_body) {
                functions.push(Function {
                    file: file.clone(),
                    name,
                    lines: index + 1..=index + 1 + length,
                });
            }
        }
    }
    Ok(functions)
}

/// Returns the name of the function that a line declares.
fn name(line: &str) -> Option<String> {
    let mut words = line.trim_start().split(' ');
    let keyword = |word: &&str| {
        matches!(*word, "const" | "async") || word.starts_with("pub") || word.ends_with(')')
    };
    let mut rest = words.by_ref().skip_while(|word| keyword(word) || *word == "in");
    (rest.next()? == "fn").then_some(())?;
    let declared = rest.next()?;
    let end = declared.find(['(', '<'])?;
    Some(declared[..end].to_owned())
}

fn list(folder: &Path, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if let Some(path) = path.to_str() {
            files.push(path.to_owned());
        }
    }
    Ok(())
}

/// Returns the part of a path below [`SOURCES`].
fn source(path: &str) -> Option<String> {
    let sources = fs::canonicalize(SOURCES).ok()?;
    Some(path.strip_prefix(sources.to_str()?)?.trim_start_matches('/').to_owned())
}

/// Reads the lines of this crate from the program's table of lines.
fn compiled_lines(program: &Path) -> io::Result<BTreeSet<Line>> {
    let output = Command::new("objdump").arg("--dwarf=decodedline").arg(program).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let (mut file, mut lines) = (None, BTreeSet::new());
    for line in text.lines() {
        if let Some(path) = line.strip_suffix(':') {
            file = source(path.trim_start_matches("CU: "));
        } else if let Some(file) = &file {
            let number = line.split_whitespace().nth(1).and_then(|number| number.parse().ok());
            lines.extend(number.map(|number| (file.clone(), number)));
        }
    }
    if lines.is_empty() {
        return Err(io::Error::other("objdump: the program has no lines of this crate"));
    }
    Ok(lines)
}

/// Counts the instructions of each line of this crate, with so many exchanges.
fn costs(case: &Case, exchanges: u32) -> io::Result<BTreeMap<Line, u64>> {
    let file = env::temp_dir().join(format!("tower-hardening-entered-{}", std::process::id()));
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet", &format!("--callgrind-out-file={}", file.display())])
        .arg(env::current_exe()?)
        .args(["one", &case.id(), &exchanges.to_string(), Heap::Holed.name()])
        .status()?;
    let text = fs::read_to_string(&file);
    let _ = fs::remove_file(&file);
    if !status.success() {
        return Err(io::Error::other(format!("valgrind, {}: {status}", case.id())));
    }
    Ok(read_costs(&text?))
}

/// Reads callgrind's format: a file, then lines with costs, whose numbers are relative.
fn read_costs(text: &str) -> BTreeMap<Line, u64> {
    let (mut names, mut costs) = (HashMap::new(), BTreeMap::new());
    let (mut file, mut number, mut is_call) = (None, 0_usize, false);
    for line in text.lines() {
        if let Some((kind @ ("fl" | "fi" | "fe" | "cfl" | "cfi"), id)) = line.split_once('=') {
            let (id, name) = id.split_once(' ').unwrap_or((id, ""));
            if !name.is_empty() {
                names.insert(id, source(name));
            }
            if !kind.starts_with('c') {
                file = names.get(id).cloned().flatten();
            }
        } else if line.starts_with("calls=") {
            is_call = true;
        } else if let Some((position, Ok(cost))) =
            line.split_once(' ').map(|(position, cost)| (position, cost.parse::<u64>()))
        {
            number = match position.as_bytes().first() {
                Some(b'+') => number + position[1..].parse::<usize>().unwrap_or(0),
                Some(b'-') => number.saturating_sub(position[1..].parse::<usize>().unwrap_or(0)),
                Some(b'*') => number,
                _ => position.parse().unwrap_or(number),
            };
            // The cost of a call is that of the other function.
            let cost = if std::mem::take(&mut is_call) { 1 } else { cost };
            if let Some(file) = &file {
                *costs.entry((file.clone(), number)).or_insert(0) += cost;
            }
        }
    }
    costs
}
