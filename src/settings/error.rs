//! What is wrong with a settings file: where, what was found, what to write instead.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::error::nearest;

/// Why settings were refused.
///
/// `Display` is one line: where it was found (a file and its line, or the environment), the key,
/// what was found and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    file: Option<PathBuf>,
    place: Place,
    key: String,
    problem: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The file as a whole.
    File,
    Line(usize),
    Environment,
}

impl SettingsError {
    pub(super) fn new(place: Place, key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { file: None, place, key: key.into(), problem: problem.into() }
    }

    pub(super) fn in_file(self, file: &Path) -> Self {
        Self { file: Some(file.to_owned()), ..self }
    }

    /// The key, from the root of the file: `http_security.sts_max_age`. Empty where the text is
    /// not TOML.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The line of the file, from 1, where the problem is in one.
    pub fn line(&self) -> Option<usize> {
        match self.place {
            Place::Line(line) => Some(line),
            Place::File | Place::Environment => None,
        }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{}", file.display())?,
            None => f.write_str(if self.place == Place::Environment {
                "environment"
            } else {
                "settings"
            })?,
        }
        if let Place::Line(line) = self.place {
            write!(f, ", line {line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ", {}", self.key)?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for SettingsError {}

/// Puts serde's words into ours: what was found, and what to write instead.
pub(super) fn teach(message: &str) -> String {
    let wrong =
        ["invalid type: ", "invalid value: "].iter().find_map(|start| message.strip_prefix(start));
    if let Some((found, expected)) = wrong.and_then(|wrong| wrong.rsplit_once(", expected ")) {
        return format!("found {}; write {}", found.replace('`', "'"), remedy(expected));
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let (what, found) = match quoted.next() {
        Some(found) if message.starts_with("unknown field") => {
            ("there is no such key".into(), found)
        }
        Some(found) if message.starts_with("unknown variant") => {
            (format!("there is no '{found}'"), found)
        }
        _ => return message.to_owned(),
    };
    let known: Vec<&str> = quoted.collect();
    match nearest(found, known.iter().copied()) {
        Some(meant) => format!("{what}; did you mean '{meant}'?"),
        None => format!("{what}; there are '{}'", known.join("', '")),
    }
}

/// What serde calls the type of a key, as something to write.
fn remedy(expected: &str) -> &str {
    match expected {
        "u16" => "a number from 0 to 65535",
        "a nonzero u16" => "a number from 1 to 65535",
        "a boolean" => "true or false",
        "a string" => "a text",
        "a sequence" => "a list",
        expected if expected.starts_with("struct ") => "the keys of this table",
        expected => expected,
    }
}
