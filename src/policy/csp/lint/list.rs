//! Lints the sources of one directive, and pairs in which one source has no
//! effect.

use std::collections::HashSet;

use super::{Linter, Place};
use crate::policy::csp::{
    address::Address,
    directive::Directive,
    grammar::tables::{is_any_nonce, is_nonce_or_hash},
};

/// The number of sources above which only repeats are reported.
const MANY: usize = 200;

/// One word of a directive.
#[derive(Clone, Debug)]
pub(super) struct Item<'a> {
    pub(super) place: Place<'a>,
    /// The word as it was written.
    pub(super) text: &'a str,
    /// The word in lower case, except for the path of an address.
    pub(super) lower: String,
}

/// The words of one directive, each once.
#[derive(Clone, Debug)]
pub(super) struct List<'a> {
    pub(super) directive: Directive<'a>,
    pub(super) items: Vec<Item<'a>>,
    /// The first repeat of each word that is repeated.
    repeats: Vec<Item<'a>>,
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
            if seen.insert(item.lower.clone()) {
                items.push(item);
            } else if repeated.insert(item.lower.clone()) {
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
fn lower_case(text: &str) -> String {
    if is_nonce_or_hash(text) {
        return text.to_owned();
    }
    let host = text.find("://").map_or(0, |colon| colon + 3);
    let path = text[host..].find('/').map_or(text.len(), |slash| host + slash);
    let (start, path) = text.split_at(path);
    start.to_ascii_lowercase() + path
}

impl<'a> Linter<'a> {
    /// Reports words that are repeated.
    pub(super) fn repeats(&mut self, list: &List<'a>) {
        let name = list.directive.name();
        for item in &list.repeats {
            let message =
                format!("'{}' is repeated in {name}; remove one", item.text.trim_matches('\''));
            self.note("csp-source-repeated", item.place, message);
        }
    }

    /// Reports sources that allow nothing that another source of the list does
    /// not allow.
    pub(super) fn covered(&mut self, list: &List<'a>) {
        let name = list.directive.name();
        if list.items.len() > MANY {
            return;
        }
        for item in &list.items {
            let wider = list.items.iter().find(|wider| covers(wider, item));
            if let Some(wider) = wider {
                let message = format!(
                    "{} adds nothing to {} in {name}; remove one of them",
                    quoted(item.text),
                    quoted(wider.text)
                );
                self.note("csp-source-redundant", item.place, message);
            }
        }
    }
}

/// Returns `true` if the first of two different sources allows everything that
/// the second does.
fn covers(wider: &Item<'_>, item: &Item<'_>) -> bool {
    const KEYWORDS: [(&str, &str); 4] = [
        ("'unsafe-eval'", "'wasm-unsafe-eval'"),
        ("'unsafe-eval'", "'trusted-types-eval'"),
        ("*", "'self'"),
        ("'unsafe-inline'", "'inline-speculation-rules'"),
    ];
    match (wider.address(), item.address()) {
        (Some(wider_address), Some(address)) => {
            wider.lower != item.lower
                && wider_address.covers(&address)
                // The first of two equivalent sources is reported.
                && (!address.covers(&wider_address) || wider.place.offset > item.place.offset)
        }
        _ => KEYWORDS.contains(&(&wider.lower, &item.lower)),
    }
}

/// Returns a source in quotes. Keywords include their own quotes.
pub(super) fn quoted(source: &str) -> String {
    if source.starts_with('\'') { source.to_owned() } else { format!("'{source}'") }
}
