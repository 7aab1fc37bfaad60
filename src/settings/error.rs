//! Reports an error in settings: its place, the value found, and the remedy.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use serde::de::{self, Expected, Unexpected};

use crate::error::{nearest, shown};

/// Reports settings that were rejected.
///
/// `Display` prints one line: the place (a file and its line, or the variable of the environment),
/// the key, the value found, and the remedy.
///
/// ```
/// use tower_hardening::settings::Settings;
///
/// let error = "[http_security]\nsts_max_age = true".parse::<Settings>().unwrap_err();
/// assert_eq!((error.line(), error.key()), (Some(2), "http_security.sts_max_age"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    file: Option<PathBuf>,
    place: Place,
    key: String,
    problem: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The file as a whole, or the larger file that contains the settings.
    File,
    Line(usize),
    Environment,
}

impl SettingsError {
    pub(super) fn new(place: Place, key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { file: None, place, key: key.into(), problem: problem.into() }
    }

    /// Adds the file's name, unless the error is about an environment
    /// variable.
    pub(super) fn in_file(self, file: &Path) -> Self {
        match self.place {
            Place::Environment => self,
            Place::File | Place::Line(_) => Self { file: Some(file.to_owned()), ..self },
        }
    }

    /// Returns the key and the problem only, for a larger file whose own error
    /// names the place.
    pub(super) fn into_part(self) -> String {
        match self.key.as_str() {
            "" => self.problem,
            key => format!("{key}: {}", self.problem),
        }
    }

    /// Returns the key, from the root of the file:
    /// `http_security.sts_max_age`. It is empty if the text is not TOML.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the line in the file, counted from 1, if the problem is on a
    /// line.
    pub fn line(&self) -> Option<usize> {
        match self.place {
            Place::Line(line) => Some(line),
            Place::File | Place::Environment => None,
        }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = self.key.clone();
        match (&self.file, self.place) {
            (_, Place::Environment) => {
                f.write_str("environment")?;
                // The members of a list have no variable of their own.
                let path = key.split('[').next().unwrap_or_default();
                key = if path.is_empty() { String::new() } else { variable(path) };
            }
            (Some(file), _) => write!(f, "{}", file.display())?,
            (None, _) => f.write_str("settings")?,
        }
        if let Place::Line(line) = self.place {
            write!(f, ", line {line}")?;
        }
        if !key.is_empty() {
            write!(f, ", {key}")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for SettingsError {}

/// Represents the path of an invalid key, and the problem.
pub(super) type Fault = (Vec<String>, String);

/// Returns a path as a key, with the members of lists in brackets.
pub(super) fn key_of(path: &[String]) -> String {
    let mut key = String::new();
    for (depth, step) in path.iter().enumerate() {
        match step.parse::<usize>() {
            Ok(index) if depth > 0 => key += &format!("[{index}]"),
            _ => {
                key += if depth > 0 { "." } else { "" };
                key += step;
            }
        }
    }
    key
}

/// Returns the variable that sets a key.
pub(super) fn variable(key: &str) -> String {
    format!("HARDENING__{}", key.replace('.', "__").replace('-', "_")).to_ascii_uppercase()
}

/// Represents a problem that serde found in a value, in plain words.
#[derive(Debug)]
pub(super) struct Problem(String);

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Problem {}

impl de::Error for Problem {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self(problem.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Bool(switch) => switch.to_string(),
            Unexpected::Unsigned(number) => format!("the number {number}"),
            Unexpected::Signed(number) => format!("the number {number}"),
            Unexpected::Str(text) => format!("the text '{}'", shown(text)),
            Unexpected::Other(found) => found.to_owned(),
            Unexpected::Seq => "a list".to_owned(),
            Unexpected::Map => "a table".to_owned(),
            _ => "nothing".to_owned(),
        };
        Self(format!("found {found}; write {}", remedy(&expected.to_string())))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn missing_field(key: &'static str) -> Self {
        Self(format!("the key '{key}' is missing; write '{key} = …'"))
    }

    fn unknown_field(found: &str, keys: &'static [&'static str]) -> Self {
        if let Some((_, new)) =
            RENAMED.iter().find(|(old, new)| *old == found && keys.contains(new))
        {
            return Self(format!("this key has a new name; write '{new}'"));
        }
        Self(among("unknown key", found, keys))
    }

    fn unknown_variant(found: &str, values: &'static [&'static str]) -> Self {
        Self(among(&format!("unknown value '{}'", shown(found)), found, values))
    }
}

/// Keys of settings files before 0.1.0.
const RENAMED: [(&str, &str); 6] = [
    ("on_domain", "domain_attribute"),
    ("on_path", "path_attribute"),
    ("strict", "reject_ambiguous"),
    ("secure_others", "secure_other_cookies"),
    ("except", "secure_other_cookies_except"),
    ("old_domains", "legacy_domains"),
];

fn among(problem: &str, found: &str, known: &[&str]) -> String {
    match nearest(found, known) {
        Some(meant) => format!("{problem}; did you mean '{meant}'?"),
        None => format!("{problem}; write one of '{}'", known.join("', '")),
    }
}

/// Translates serde's description of an expected type into a remedy.
fn remedy(expected: &str) -> &str {
    match expected {
        "u16" => "a number from 0 to 65535",
        "a nonzero u16" => "a number from 1 to 65535",
        "a boolean" => "true or false",
        "a string" => "a text in quotes",
        "a sequence" => "a list in brackets",
        "a map" => "a table",
        "struct [site]" | "struct Site" => "it as '[[site]]' in a file",
        expected => expected,
    }
}
