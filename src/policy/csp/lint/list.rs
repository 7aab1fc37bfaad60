//! Separates the words of one directive, for lints.

use std::{borrow::Cow, collections::HashSet};

use crate::policy::csp::{
    address::Address,
    directive::Directive,
    grammar::tables::{is_any_nonce, is_nonce_or_hash},
};

/// Holds the place of a lint: a directive, or one of its words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) directive: Directive<'a>,
    pub(super) offset: usize,
}

impl<'a> From<Directive<'a>> for Place<'a> {
    fn from(directive: Directive<'a>) -> Self {
        Self { directive, offset: directive.offset() }
    }
}

/// Holds one word of a directive.
#[derive(Clone, Debug)]
pub(super) struct Item<'a> {
    pub(super) place: Place<'a>,
    /// The word as it was written.
    pub(super) text: &'a str,
    /// The word in lower case, except for the path of an address.
    pub(super) lower: Cow<'a, str>,
}

/// Holds the words of one directive, each once.
#[derive(Clone, Debug)]
pub(super) struct List<'a> {
    pub(super) directive: Directive<'a>,
    pub(super) items: Vec<Item<'a>>,
    /// The first repeat of each word that is repeated.
    pub(super) repeats: Vec<Item<'a>>,
}

impl<'a> Item<'a> {
    pub(super) fn is_keyword(&self) -> bool {
        self.lower.starts_with('\'')
    }

    /// Returns the address of a source that is not a keyword.
    pub(super) fn address(&self) -> Option<Address<'_>> {
        (!self.is_keyword()).then(|| Address::of(&self.lower))
    }
}

impl<'a> List<'a> {
    pub(super) fn of(directive: Directive<'a>) -> Self {
        let (mut items, mut repeats) = (Vec::new(), Vec::new());
        let (mut seen, mut repeated) = (HashSet::new(), HashSet::new());
        for (offset, text) in directive.words() {
            let lower = lower_case(text);
            let item = Item { place: Place { directive, offset }, text, lower };
            let meaning = meaning(&item.lower);
            if seen.insert(meaning.clone()) {
                items.push(item);
            } else if repeated.insert(meaning) {
                repeats.push(item);
            }
        }
        Self { directive, items, repeats }
    }

    /// Returns the place of a word, given in lower case.
    pub(super) fn find(&self, word: &str) -> Option<Place<'a>> {
        self.items.iter().find(|item| item.lower == word).map(|item| item.place)
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.find(word).is_some()
    }

    pub(super) fn has_nonce_or_hash(&self) -> bool {
        self.items.iter().any(|item| is_nonce_or_hash(&item.lower))
    }

    pub(super) fn has_hash(&self) -> bool {
        self.items.iter().any(|item| is_nonce_or_hash(&item.lower) && !is_any_nonce(&item.lower))
    }

    /// Returns `true` if the list allows at least one source.
    pub(super) fn allows_anything(&self) -> bool {
        self.items.iter().any(|item| item.lower != "'none'")
    }
}

/// Returns a source in lower case. A path, a nonce and a hash are
/// case-sensitive and do not change.
fn lower_case(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte.is_ascii_uppercase()) || is_nonce_or_hash(text) {
        return Cow::Borrowed(text);
    }
    let host = text.find("://").map_or(0, |colon| colon + 3);
    let path = text[host..].find('/').map_or(text.len(), |slash| host + slash);
    let (start, path) = text.split_at(path);
    Cow::Owned(start.to_ascii_lowercase() + path)
}

/// Returns the same text for two spellings of a hash: base64 and base64url.
fn meaning<'a>(lower: &Cow<'a, str>) -> Cow<'a, str> {
    let is_url = |byte: u8| matches!(byte, b'-' | b'_');
    let digest = lower.split_once('-').filter(|_| is_nonce_or_hash(lower) && !is_any_nonce(lower));
    match digest {
        Some((function, digest)) if digest.bytes().any(is_url) => {
            Cow::Owned(format!("{function}-{}", digest.replace('-', "+").replace('_', "/")))
        }
        _ => lower.clone(),
    }
}

/// Returns a source in quotes. Keywords include their own quotes.
pub(super) fn quoted(source: &str) -> String {
    if source.starts_with('\'') { source.to_owned() } else { format!("'{source}'") }
}
