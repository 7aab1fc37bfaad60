//! Defines the guarded names, given in full or by what they begin with.

use std::borrow::Cow;

use super::prefix::{CookiePrefix, PREFIXES};
use crate::{
    error::ParseError,
    syntax::{ascii::begins, directives::is_token},
};

/// The subject of this policy's errors.
const SUBJECT: &str = "host cookies";

/// Matches a guarded name, as the application knows it, or all names that
/// begin with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    name: Cow<'static, str>,
    /// `true` for a pattern written `name*`, which matches every name that
    /// begins with `name`.
    open: bool,
    /// The name with its prefix.
    wire: String,
}

impl Pattern {
    pub(super) fn new(text: Cow<'static, str>, prefix: CookiePrefix) -> Result<Self, ParseError> {
        let open = text.ends_with('*');
        let name = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.strip_suffix('*').unwrap_or(text)),
            Cow::Owned(text) => Cow::Owned(text.strip_suffix('*').unwrap_or(&text).to_owned()),
        };
        check(&name, open)?;
        let wire = format!("{prefix}{name}");
        Ok(Self { name, open, wire })
    }

    pub(super) fn with_prefix(&mut self, prefix: CookiePrefix) {
        self.wire = format!("{prefix}{}", self.name);
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the name as it was passed to [`new`](Self::new).
    #[cfg(feature = "settings")]
    pub(super) fn as_written(&self) -> String {
        format!("{}{}", self.name, if self.open { "*" } else { "" })
    }

    pub(super) fn wire(&self) -> &str {
        &self.wire
    }

    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Returns `true` if the application calls a cookie of this pattern
    /// `name`.
    pub(super) fn is_plain(&self, name: &[u8]) -> bool {
        let wanted = self.name.as_bytes();
        if self.open { name.starts_with(wanted) } else { name == wanted }
    }

    /// Returns `true` if a cookie of this pattern uses `name` on the wire.
    #[inline]
    pub(super) fn is_wire(&self, name: &[u8]) -> bool {
        let wanted = self.wire.as_bytes();
        if self.open { name.starts_with(wanted) } else { name == wanted }
    }

    /// Returns `true` if some parser may take `name` for the plain name of
    /// this pattern. Bytes are compared after `canonical` has mapped them.
    #[inline]
    pub(super) fn resembles(&self, name: &[u8], canonical: impl Fn(u8) -> u8) -> bool {
        let wanted = self.name.as_bytes();
        (name.len() == wanted.len() || (self.open && name.len() > wanted.len()))
            && wanted.iter().zip(name).all(|(x, y)| canonical(*x) == canonical(*y))
    }

    /// Returns `true` if the two patterns guard a common name.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.name.as_bytes(), other.name.as_bytes());
        self.is_plain(theirs) || other.is_plain(mine) || mine.eq_ignore_ascii_case(theirs)
    }
}

/// Checks that applications can set and read a cookie of this name: a token
/// that no parser decodes.
pub(super) fn check_token(name: &str) -> Result<(), ParseError> {
    if name.is_empty() {
        return Err(ParseError::new(SUBJECT, 0, "the name is empty; write one"));
    }
    let Some(offset) = name.bytes().position(|byte| !is_token(byte) || byte == b'%') else {
        return Ok(());
    };
    let found = name[offset..].chars().next().unwrap_or(' ');
    let problem =
        format!("{found:?} is not allowed in a cookie's name; write letters, digits, '-' and '_'");
    Err(ParseError::new(SUBJECT, offset, problem))
}

fn check(name: &str, open: bool) -> Result<(), ParseError> {
    let problem = if let Some(prefix) = carried_prefix(name.as_bytes()) {
        match &name[prefix.as_str().len()..] {
            "" => format!("'{name}' is a prefix alone; write the name that the application uses"),
            plain => format!(
                "'{name}' has a prefix already; write the name that the application uses, '{plain}'"
            ),
        }
    } else {
        check_token(name)?;
        if let Some(star) = name.find('*') {
            let remedy = match &name[..star] {
                "" => "the whole name".to_owned(),
                start => format!("'{start}*', or the whole name"),
            };
            format!("'*' matches only at the end of a name; write {remedy}")
        } else if let Some(prefix) = nearly_prefixed(name) {
            format!(
                "'{name}' nearly begins with '{prefix}', which the policy adds; write the name alone"
            )
        } else if open && PREFIXES.iter().any(|prefix| begins(prefix.as_bytes(), name)) {
            format!("'{name}*' matches the prefixes themselves; write more of the name")
        } else {
            return Ok(());
        }
    };
    Err(ParseError::new(SUBJECT, 0, problem))
}

/// Returns the prefix that a misspelled name probably meant, as in `Host__`,
/// `_Host-` or `__HostHttp-`. Such names do not protect the cookie.
fn nearly_prefixed(name: &str) -> Option<&'static str> {
    let bare = name.trim_start_matches(['_', '-']);
    let word = bare.split(['_', '-']).next().unwrap_or_default();
    let marked = bare.len() < name.len() || bare[word.len()..].starts_with("__");
    let known = [
        ("HostHttp", "__Host-Http-"),
        ("HttpHost", "__Host-Http-"),
        ("Host", "__Host-"),
        ("Http", "__Http-"),
        ("Secure", "__Secure-"),
    ];
    let spelled = known.iter().find(|(meant, _)| marked && meant.eq_ignore_ascii_case(word));
    // A prefix without its hyphen, as in `__Hostsid`.
    let run_on =
        || known.iter().find(|(meant, _)| name.starts_with("__") && bare.starts_with(meant));
    spelled.or_else(run_on).map(|(_, prefix)| *prefix)
}

/// Returns the prefix that a name already has, ignoring ASCII case.
#[inline]
pub(super) fn carried_prefix(name: &[u8]) -> Option<CookiePrefix> {
    if !name.starts_with(b"__") {
        return None;
    }
    CookiePrefix::ALL.into_iter().find(|prefix| begins(name, prefix.as_str()))
}

/// Returns an error about the overlap of two patterns.
pub(super) fn overlap(first: &Pattern, second: &Pattern) -> ParseError {
    let problem = match first.name() == second.name() {
        true => format!("'{}' is a duplicate; remove one", second.name()),
        false => {
            format!("'{}' and '{}' guard the same names; remove one", first.name(), second.name())
        }
    };
    ParseError::new(SUBJECT, 0, problem)
}
