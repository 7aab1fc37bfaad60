//! What is wrong with a settings file: where, what was found, what to write instead.

use std::fmt;

use crate::error::nearest;

/// Why settings were refused.
///
/// `Display` is one line: where it was found (a line of the file, or the environment), the key,
/// what was found and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    place: Place,
    key: String,
    problem: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The file itself.
    File,
    Line(usize),
    Environment,
}

impl SettingsError {
    pub(super) fn new(place: Place, key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place, key: key.into(), problem: problem.into() }
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
        match &self.place {
            Place::File => write!(f, "settings"),
            Place::Line(line) => write!(f, "line {line}"),
            Place::Environment => write!(f, "environment"),
        }?;
        if !self.key.is_empty() {
            write!(f, ", {}", self.key)?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for SettingsError {}

/// Puts serde's words for an unknown key or choice into ours.
pub(super) fn teach(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let (what, found) = match quoted.next() {
        Some(found) if message.starts_with("unknown field") => ("there is no key", found),
        Some(found) if message.starts_with("unknown variant") => ("there is no", found),
        _ => return message.to_owned(),
    };
    let known: Vec<&str> = quoted.collect();
    match nearest(found, known.iter().copied()) {
        Some(meant) => format!("{what} '{found}'; did you mean '{meant}'?"),
        None => format!("{what} '{found}'; there are '{}'", known.join("', '")),
    }
}
