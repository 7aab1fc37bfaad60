//! Checks the keys of dictionaries in the values of headers that have no type here.

use super::known_list::is_exactly;
use crate::{
    error::near,
    syntax::structured::{
        check::{dictionary_fault, entry_end},
        scan::{Problem, key, skip_spaces, skip_white_space},
    },
};

/// Represents the keys of a header.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    /// Each key, and the problem of one that is nearly the same.
    known: &'static [(&'static str, &'static str)],
    /// The problem of another key.
    unknown: &'static str,
}

macro_rules! keys {
    ($($key:literal),+; $unknown:literal) => {
        Keys {
            known: &[$(($key, concat!("browsers do not know this key; did you mean '", $key, "'?"))),+],
            unknown: concat!("browsers do not know this key; write ", $unknown),
        }
    };
}

/// The keys of [No-Vary-Search](https://httpwg.org/http-extensions/draft-ietf-httpbis-no-vary-search.html).
pub(super) const NO_VARY_SEARCH: Keys =
    keys!("key-order", "params", "except"; "key-order, params or except");

/// The keys of [RFC 9842](https://www.rfc-editor.org/rfc/rfc9842#section-2.1).
pub(super) const USE_AS_DICTIONARY: Keys =
    keys!("match", "match-dest", "id", "type"; "match, match-dest, id or type");

/// Returns the problem of a dictionary: its syntax, or a key that browsers do not know.
pub(super) const fn keys_fault(text: &[u8], keys: Keys) -> Option<Problem> {
    if let Some(problem) = dictionary_fault(text) {
        return Some(problem);
    }
    let mut at = skip_spaces(text, 0);
    while at < text.len() {
        if let Ok(end) = key(text, at) {
            if let Some(problem) = key_fault(text, at, end, keys) {
                return Some((at, problem));
            }
        }
        at = match entry_end(text, at) {
            // The next key stands behind a comma.
            Ok(end) => skip_white_space(text, skip_white_space(text, end) + 1),
            Err(problem) => return Some(problem),
        };
    }
    None
}

const fn key_fault(text: &[u8], start: usize, end: usize, keys: Keys) -> Option<&'static str> {
    let word = text.split_at(end).0.split_at(start).1;
    let mut problem = keys.unknown;
    let mut least = usize::MAX;
    let mut i = 0;
    while i < keys.known.len() {
        let (known, misspelt) = keys.known[i];
        if is_exactly(text, start, end, known) {
            return None;
        }
        match near(word, known.as_bytes()) {
            Some(distance) if distance < least => (least, problem) = (distance, misspelt),
            _ => {}
        }
        i += 1;
    }
    Some(problem)
}
