//! Defines one directive of a policy.

use std::collections::HashSet;

use super::word::lower_case;
#[cfg(feature = "settings")]
use crate::policy::csp::grammar::tables::DIRECTIVES;
use crate::policy::csp::grammar::tables::{Kind, NONE, SANDBOX_TOKENS, row_of};

/// Represents one directive of a policy.
///
/// ```
/// use tower_hardening::ContentSecurityPolicy;
///
/// let policy = ContentSecurityPolicy::from_static("default-src 'none'; img-src 'self' data:");
/// let images = policy.get("img-src").unwrap();
/// assert_eq!(images.name(), "img-src");
/// assert!(images.values().eq(["'self'", "data:"]));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Directive<'a> {
    name: &'a str,
    value: &'a str,
    /// The position of the name in the policy's text, in bytes.
    offset: usize,
    reading: Reading,
}

/// Represents the form in which a directive's values are returned.
#[derive(Clone, Copy, Debug)]
enum Reading {
    /// Values as they are printed: keywords in lower case, each source once.
    Canonical,
    /// Values as they were received.
    Received,
}

impl<'a> Directive<'a> {
    /// Reads the directives of a text that the strict parser accepts.
    pub(super) fn split(text: &'a str) -> impl Iterator<Item = Self> {
        let mut start = 0;
        text.split(';').filter_map(move |part| {
            let offset = start + part.len() - part.trim_ascii_start().len();
            start += part.len() + 1;
            let part = part.trim_ascii();
            let end = part.find(|c: char| c.is_ascii_whitespace()).unwrap_or(part.len());
            let (name, value) = part.split_at(end);
            let name = row_of(name).map_or(name, |row| row.name);
            let reading = Reading::Canonical;
            (!name.is_empty()).then_some(Self { name, value, offset, reading })
        })
    }

    /// Creates a directive that another program wrote. Its name is in lower
    /// case.
    pub(super) fn received(name: &'a str, value: &'a str, offset: usize) -> Self {
        Self { name, value, offset, reading: Reading::Received }
    }

    /// Returns the directive's name, in lower case.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Returns the directive's values, in order.
    ///
    /// In a [`ContentSecurityPolicy`](crate::ContentSecurityPolicy) keywords are in lower case and
    /// each source occurs once. In a [`ReceivedPolicy`](crate::csp::ReceivedPolicy) values are
    /// unchanged.
    pub fn values(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let values = self.value.split_ascii_whitespace();
        let values: Vec<&'a str> = match self.reading {
            Reading::Received => values.collect(),
            Reading::Canonical => {
                let kind = self.kind();
                let mut seen = HashSet::new();
                let is_list = matches!(
                    kind,
                    Some(Kind::Sources(_) | Kind::Ancestors | Kind::Sandbox | Kind::TrustedTypes)
                );
                let values = values.map(|value| canonical(kind, value));
                values.filter(|value| !is_list || seen.insert(*value)).collect()
            }
        };
        values.into_iter()
    }

    /// Returns the values as they are printed, for a policy of either kind.
    pub(super) fn printed(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let kind = self.kind();
        let canonical = move |value| canonical(kind, value);
        self.values().map(canonical)
    }

    /// Returns the words as they were written, each with its position in the
    /// policy's text.
    pub(super) fn words(&self) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
        let mut next = self.offset + self.name.len();
        self.value.split(|c: char| c.is_ascii_whitespace()).filter_map(move |word| {
            let offset = next;
            next += word.len() + 1;
            (!word.is_empty()).then_some((offset, word))
        })
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn value(&self) -> &'a str {
        self.value
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        row_of(self.name).map(|row| row.kind)
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// Returns a value as it is printed.
fn canonical(kind: Option<Kind>, value: &str) -> &str {
    let lower = match kind {
        Some(Kind::Sources(_) | Kind::Ancestors | Kind::TrustedTypes)
            if value.eq_ignore_ascii_case(NONE) =>
        {
            Some(NONE)
        }
        Some(Kind::Sources(_) | Kind::Ancestors) => lower_case(value),
        Some(Kind::Sandbox) => spelt(SANDBOX_TOKENS, value),
        Some(Kind::TrustedTypes) => spelt(&["'allow-duplicates'"], value),
        Some(Kind::TrustedTypesFor) => spelt(&["'script'"], value),
        Some(Kind::WebRtc) => spelt(&["'allow'", "'block'"], value),
        _ => None,
    };
    lower.unwrap_or(value)
}

fn spelt(words: &[&'static str], value: &str) -> Option<&'static str> {
    words.iter().copied().find(|word| word.eq_ignore_ascii_case(value))
}

/// Returns `true` if the strict parser knows a directive with this name.
pub(super) fn is_known(name: &str) -> bool {
    row_of(name).is_some()
}

/// Returns the names of all directives that browsers read.
#[cfg(feature = "settings")]
pub(crate) fn directive_names() -> impl Iterator<Item = &'static str> {
    DIRECTIVES.iter().filter(|row| row.kind != Kind::Obsolete).map(|row| row.name)
}
