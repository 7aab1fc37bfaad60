//! Which cookies are guarded: names, or what names begin with.

use std::borrow::Cow;

use super::prefix::{CookiePrefix, PREFIXES};
use crate::{ParseError, error::nearest, policy::directives::is_token};

/// What errors call this policy.
const SUBJECT: &str = "host cookies";

/// A guarded name, as the application knows it; or all that begin with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    name: Cow<'static, str>,
    /// Written `name*`: any name that begins so.
    open: bool,
    /// The name behind its prefix.
    wire: String,
}

impl Pattern {
    pub(super) fn new(text: Cow<'static, str>, prefix: CookiePrefix) -> Result<Self, ParseError> {
        let open = text.ends_with('*');
        let name = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.strip_suffix('*').unwrap_or(text)),
            Cow::Owned(text) => Cow::Owned(text.strip_suffix('*').unwrap_or(&text).to_owned()),
        };
        check(&name)?;
        let wire = format!("{prefix}{name}");
        Ok(Self { name, open, wire })
    }

    pub(super) fn with_prefix(&mut self, prefix: CookiePrefix) {
        self.wire = format!("{prefix}{}", self.name);
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn wire(&self) -> &str {
        &self.wire
    }

    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Whether the application means this cookie by `name`.
    pub(super) fn is_plain(&self, name: &[u8]) -> bool {
        self.matches(name, self.name.as_bytes())
    }

    /// Whether `name` is this cookie's on the wire, to the byte.
    pub(super) fn is_wire(&self, name: &[u8]) -> bool {
        self.matches(name, self.wire.as_bytes())
    }

    fn matches(&self, name: &[u8], wanted: &[u8]) -> bool {
        if self.open { name.starts_with(wanted) } else { name == wanted }
    }

    /// Whether some parser may take `name` for this cookie's, inside or on the wire: compared with
    /// what `alike` makes of each byte.
    pub(super) fn resembles(&self, name: &[u8], alike: impl Fn(u8) -> u8) -> bool {
        [self.name.as_bytes(), self.wire.as_bytes()].into_iter().any(|wanted| {
            (name.len() == wanted.len() || (self.open && name.len() > wanted.len()))
                && wanted.iter().zip(name).all(|(x, y)| alike(*x) == alike(*y))
        })
    }

    /// Whether the two guard a name in common.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.name.as_bytes(), other.name.as_bytes());
        self.is_plain(theirs) || other.is_plain(mine) || mine.eq_ignore_ascii_case(theirs)
    }
}

fn check(name: &str) -> Result<(), ParseError> {
    let error = |offset, problem| Err(ParseError::new(SUBJECT, offset, problem));
    if let Some(prefix) = PREFIXES.iter().find(|prefix| begins(name.as_bytes(), prefix)) {
        let plain = &name[prefix.len()..];
        if plain.is_empty() {
            return error(
                0,
                format!("'{name}' is a prefix alone; write the name that the application uses"),
            );
        }
        return error(
            0,
            format!(
                "'{name}' has a prefix already; write the name that the application uses, '{plain}'"
            ),
        );
    }
    if name.is_empty() {
        return error(0, "the name is empty; write one".to_owned());
    }
    if let Some(offset) = name.bytes().position(|byte| !is_token(byte) || byte == b'%') {
        let found = name[offset..].chars().next().unwrap_or(' ');
        return error(
            offset,
            format!(
                "{found:?} cannot stand in a cookie's name; write letters, digits, '-' and '_'"
            ),
        );
    }
    if let Some(prefix) = nearly_prefixed(name) {
        return error(
            0,
            format!(
                "'{name}' nearly begins with '{prefix}', which is put on here; write the name alone"
            ),
        );
    }
    Ok(())
}

/// `Host__`, `_Host-` and the like: protection that was meant and is none.
fn nearly_prefixed(name: &str) -> Option<&'static str> {
    let bare = name.trim_start_matches(['_', '-']);
    let word = bare.split(['_', '-']).next().unwrap_or_default();
    let marked = bare.len() < name.len() || bare[word.len()..].starts_with("__");
    let known = ["Host", "Secure", "Http"];
    let meant = nearest(word, known).filter(|meant| marked && meant.eq_ignore_ascii_case(word))?;
    PREFIXES.into_iter().find(|prefix| prefix[2..prefix.len() - 1] == *meant)
}

/// Whether `bytes` begin with `prefix`, ASCII case ignored: as browsers compare.
pub(super) fn begins(bytes: &[u8], prefix: &str) -> bool {
    bytes.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Without the spaces and tabs around, which is all that browsers strip.
pub(super) fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// The overlap of two patterns, as an error.
pub(super) fn overlap(first: &Pattern, second: &Pattern) -> ParseError {
    let problem = match first.name() == second.name() {
        true => format!("'{}' stands twice; write it once", second.name()),
        false => format!(
            "'{}' and '{}' guard the same names; leave one out",
            first.name(),
            second.name()
        ),
    };
    ParseError::new(SUBJECT, 0, problem)
}
