//! Represents one word of a directive, so that it can move between directives.

use std::{
    borrow::Cow,
    hash::{Hash, Hasher},
    sync::Arc,
};

use crate::policy::csp::grammar::{
    groups::Groups,
    tables::{KEYWORDS, NONCE, NONCE_LENGTH, is_ignored_next_to_nonce, is_nonce, keyword},
};

/// Holds one word of a directive's value, as it is printed. A clone is cheap: hooks clone sources
/// for each response.
#[derive(Clone, Debug)]
pub(super) struct Word {
    text: Text,
    sort: Sort,
}

#[derive(Clone, Debug)]
enum Text {
    Static(&'static str),
    Shared(Arc<str>),
}

/// Represents the sort of a word, which determines the directives in which it has an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    /// A keyword of a source list; the directives in which it has an
    /// effect are those of these groups.
    Keyword(Groups),
    /// The placeholder of a nonce.
    Nonce,
    Hash,
    /// Every host, of one scheme or of several: `*`, `https://*`.
    AnyHost,
    /// A scheme, a host, or a word of a directive that takes no sources.
    Other,
}

impl Word {
    pub(super) fn new(text: Cow<'static, str>, sort: Sort) -> Self {
        match text {
            Cow::Borrowed(text) => Self::of_static(text, sort),
            Cow::Owned(text) => Self { text: Text::Shared(text.into()), sort },
        }
    }

    /// Creates a word from a literal.
    pub(super) const fn of_static(text: &'static str, sort: Sort) -> Self {
        Self { text: Text::Static(text), sort }
    }

    /// Creates a keyword, from a literal that is in the table.
    pub(super) const fn keyword(text: &'static str) -> Self {
        match keyword(text.as_bytes(), 0, text.len()) {
            Some(index) => Self::of_static(text, Sort::Keyword(KEYWORDS[index].1)),
            None => panic!("not a keyword"),
        }
    }

    /// Creates a validated source as it is printed: keywords and the
    /// placeholder in lower case.
    pub(super) fn source(text: Cow<'static, str>) -> Self {
        let sort = Sort::of(&text);
        match lower_case(&text) {
            Some(lower) => Self::of_static(lower, sort),
            None => Self::new(text, sort),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        match &self.text {
            Text::Static(text) => text,
            Text::Shared(text) => text,
        }
    }

    pub(super) fn sort(&self) -> Sort {
        self.sort
    }

    /// Returns the length in a header, in bytes.
    pub(super) fn sent_length(&self) -> usize {
        match self.sort {
            Sort::Nonce => NONCE.len() - "{}".len() + NONCE_LENGTH,
            _ => self.as_str().len(),
        }
    }

    /// Returns `true` if a nonce or a hash in the same list turns this source
    /// off.
    pub(super) fn is_ignored_next_to_nonce(&self) -> bool {
        is_ignored_next_to_nonce(self.as_str())
    }

    /// Returns `true` if this source is useful only with a nonce or a hash in
    /// the same list.
    pub(super) fn needs_nonce(&self) -> bool {
        self.is_ignored_next_to_nonce() || self.as_str() == "'strict-dynamic'"
    }
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Word {}

impl Hash for Word {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Sort {
    pub(super) fn of(source: &str) -> Self {
        match keyword(source.as_bytes(), 0, source.len()) {
            Some(index) => Self::Keyword(KEYWORDS[index].1),
            None if is_nonce(source) => Self::Nonce,
            None if source.starts_with('\'') => Self::Hash,
            None if is_any_host(source) => Self::AnyHost,
            None => Self::Other,
        }
    }

    /// Returns `true` if this sort of source has an effect in the directives of
    /// this group.
    pub(super) fn has_effect(self, group: Groups) -> bool {
        match self {
            Self::Keyword(effect) => effect.meets(group),
            Self::Nonce => Groups::NONCES.meets(group),
            Self::Hash => Groups::INLINE.meets(group),
            Self::AnyHost | Self::Other => true,
        }
    }

    pub(super) fn is_nonce(self) -> bool {
        self == Self::Nonce
    }

    pub(super) fn is_nonce_or_hash(self) -> bool {
        matches!(self, Self::Nonce | Self::Hash)
    }
}

fn is_any_host(source: &str) -> bool {
    let host = source.split_once("://").map_or(source, |(_, host)| host);
    host.starts_with('*') && !host.starts_with("*.")
}

/// Returns the printed form of a keyword or of a nonce's placeholder.
pub(super) fn lower_case(source: &str) -> Option<&'static str> {
    match keyword(source.as_bytes(), 0, source.len()) {
        Some(index) => Some(KEYWORDS[index].0),
        None => is_nonce(source).then_some(NONCE),
    }
}
