//! Represents settings as a tree, from any source, with the place of each
//! value.

use std::collections::BTreeMap;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::error::{Place, SettingsError};
use crate::error::shown;

/// The length at which a message cuts off a line that is not TOML, in
/// characters.
const LONGEST_LINE: usize = 60;

/// Holds a value and its place.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Switch(bool),
    Integer(i64),
    /// A number that no key accepts: it has a fraction, or is too large.
    Number(String),
    Date(String),
    Text(String),
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
}

impl Node {
    /// Reads TOML.
    pub(super) fn from_toml(text: &str) -> Result<Self, SettingsError> {
        let lines = Lines::of(text);
        let table = DeTable::parse(text).map_err(|error| {
            let start = error.span().map_or(text.len(), |span| span.start);
            SettingsError::new(lines.place(start), "", syntax(text, start, error.message()))
        })?;
        let kind = Kind::table(&lines, table.into_inner());
        Ok(Self { place: Place::File, kind })
    }

    /// Replaces the value of the key with a variable of the environment.
    pub(super) fn set(&mut self, key: &[&str], text: String) {
        let [first, rest @ ..] = key else {
            *self = Self { place: Place::Environment, kind: Kind::Text(text) };
            return;
        };
        let Kind::Table(table) = &mut self.kind else {
            *self = Self { place: Place::Environment, kind: Kind::Table(BTreeMap::new()) };
            return self.set(key, text);
        };
        // The letter case of a variable's name has no meaning, and neither has that of a header's.
        let known = table.keys().find(|known| known.eq_ignore_ascii_case(first)).cloned();
        let empty = Self { place: Place::Environment, kind: Kind::Table(BTreeMap::new()) };
        let node = table.entry(known.unwrap_or_else(|| (*first).to_owned())).or_insert(empty);
        node.set(rest, text);
    }

    /// Returns `true` if the table with this name sets a key.
    pub(super) fn has(&self, table: &str) -> bool {
        let Kind::Table(root) = &self.kind else { return false };
        match root.get(table).map(|node| &node.kind) {
            Some(Kind::Table(keys)) => !keys.is_empty(),
            _ => false,
        }
    }

    /// Returns `true` if the key has a value. An empty variable of the environment is none.
    pub(super) fn is_set(&self, path: &[&str]) -> bool {
        let Some((first, rest)) = path.split_first() else {
            let is_empty = matches!(&self.kind, Kind::Text(text) if text.trim().is_empty());
            return !(is_empty && self.place == Place::Environment);
        };
        match &self.kind {
            Kind::Table(table) => table.get(*first).is_some_and(|node| node.is_set(rest)),
            Kind::List(list) => {
                let member = first.parse().ok().and_then(|index: usize| list.get(index));
                member.is_some_and(|node| node.is_set(rest))
            }
            // A member of the list that a variable has.
            Kind::Text(_) => self.place == Place::Environment && first.parse::<usize>().is_ok(),
            _ => false,
        }
    }

    /// Returns `true` if the list at the end of the path has a member from the environment.
    pub(super) fn has_variable(&self, path: &[String]) -> bool {
        match (path.split_first(), &self.kind) {
            (Some((first, rest)), Kind::Table(table)) => {
                table.get(first).is_some_and(|node| node.has_variable(rest))
            }
            (None, Kind::List(list)) => list.iter().any(|node| node.place == Place::Environment),
            _ => false,
        }
    }

    /// Returns the place of the value at the end of the path, or else that of
    /// its nearest ancestor.
    pub(super) fn place<S: AsRef<str>>(&self, path: &[S]) -> Place {
        let Some((first, rest)) = path.split_first() else {
            return self.place;
        };
        let part = match &self.kind {
            Kind::Table(table) => table.get(first.as_ref()),
            Kind::List(list) => first.as_ref().parse().ok().and_then(|at: usize| list.get(at)),
            _ => None,
        };
        part.map_or(self.place, |part| part.place(rest))
    }
}

impl Kind {
    fn table(lines: &Lines, table: DeTable<'_>) -> Self {
        let node = |(key, value): (Spanned<_>, Spanned<_>)| {
            let place = lines.place(key.span().start);
            let kind = Self::value(lines, value.into_inner());
            (String::from(key.into_inner()), Node { place, kind })
        };
        Self::Table(table.into_iter().map(node).collect())
    }

    fn value(lines: &Lines, value: DeValue<'_>) -> Self {
        match value {
            DeValue::Boolean(switch) => Self::Switch(switch),
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => Self::Integer(number),
                    Err(_) => Self::Number(number.as_str().to_owned()),
                }
            }
            DeValue::Float(number) => Self::Number(number.as_str().to_owned()),
            DeValue::Datetime(date) => Self::Date(date.to_string()),
            DeValue::String(text) => Self::Text(text.into()),
            DeValue::Array(list) => {
                let node = |value: Spanned<_>| {
                    let place = lines.place(value.span().start);
                    Node { place, kind: Self::value(lines, value.into_inner()) }
                };
                Self::List(list.into_iter().map(node).collect())
            }
            DeValue::Table(table) => Self::table(lines, table),
        }
    }
}

/// Lists the ends of a text's lines, in bytes.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(ends.map(|(at, _)| at).collect())
    }

    /// Returns the line that has this byte.
    fn place(&self, byte: usize) -> Place {
        Place::Line(1 + self.0.partition_point(|end| *end < byte))
    }
}

/// Returns the error for a text that is not TOML: the line and the remedy.
fn syntax(text: &str, byte: usize, message: &str) -> String {
    let (before, after) = text.split_at_checked(byte).unwrap_or((text, ""));
    let start = before.rsplit('\n').next().unwrap_or_default();
    let line = format!("{start}{}", after.lines().next().unwrap_or_default());
    let found: String = line.trim().chars().take(LONGEST_LINE).collect();
    let message = message.replace('`', "'");
    let (problem, expected) = message.split_once(", expected ").unwrap_or((&message, ""));
    let remedy = match (problem, expected) {
        (_, "literal string") => "write it in quotes".to_owned(),
        (_, "newline, '#'") => "write the rest on another line".to_owned(),
        (_, "nothing") => "remove it".to_owned(),
        ("duplicate key", _) => "keep one of them".to_owned(),
        (_, "") => "see https://toml.io".to_owned(),
        (_, expected) => format!("write {expected}"),
    };
    format!("'{}' is not TOML: {problem}; {remedy}", shown(&found))
}
