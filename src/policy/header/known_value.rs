//! Checks the values of headers that have no type here, but that browsers read.

use super::{
    known_keys::{Keys, NO_VARY_SEARCH, USE_AS_DICTIONARY, keys_fault},
    known_list::{Members, is_any, is_exactly, is_single, list_fault},
};
use crate::syntax::{
    scan::listed,
    structured::{
        check::dictionary_fault,
        scan::{Problem, peek},
    },
};

/// Represents the syntax of a value.
#[derive(Clone, Copy)]
enum Syntax {
    /// One of these words, or else the problem.
    One(&'static [&'static str], &'static str),
    /// `*`, `null` or one origin.
    Origin,
    List(Members),
    /// A dictionary with any keys.
    Dictionary,
    /// A dictionary with these keys.
    Keys(Keys),
    /// A path of the site.
    Path,
    /// Seconds, or `-1` for none.
    Seconds,
    /// `load`, or `retry` with an origin.
    StorageAccess,
}

const LOADING_MODES: &[&str] = &[
    "credentialed-prerender",
    "fenced-frame",
    "uncredentialed-prefetch",
    "uncredentialed-prerender",
];

/// The headers, by their syntax.
const KNOWN: &[(&[&str], Syntax)] = &[
    (
        &["access-control-allow-credentials", "access-control-allow-private-network"],
        Syntax::One(&["true"], "browsers ignore any value but true; write true or leave it out"),
    ),
    (&["access-control-allow-origin"], Syntax::Origin),
    (
        &["access-control-allow-headers", "access-control-expose-headers", "vary"],
        Syntax::List(Members::Names),
    ),
    (&["access-control-allow-methods"], Syntax::List(Members::Methods)),
    (&["access-control-max-age"], Syntax::Seconds),
    (&["accept-ch", "critical-ch"], Syntax::List(Members::Hints)),
    (&["timing-allow-origin"], Syntax::List(Members::Origins)),
    (&["service-worker-allowed"], Syntax::Path),
    (
        &["supports-loading-mode"],
        Syntax::List(Members::Words(
            LOADING_MODES,
            "browsers ignore this mode; write credentialed-prerender",
        )),
    ),
    (
        &["pragma"],
        Syntax::One(&["no-cache"], "caches ignore any value but no-cache; write no-cache"),
    ),
    (&["speculation-rules"], Syntax::List(Members::Strings)),
    (&["activate-storage-access"], Syntax::StorageAccess),
    (&["cdn-cache-control", "require-document-policy"], Syntax::Dictionary),
    (&["no-vary-search"], Syntax::Keys(NO_VARY_SEARCH)),
    (&["use-as-dictionary"], Syntax::Keys(USE_AS_DICTIONARY)),
    (
        &["observe-browsing-topics"],
        Syntax::One(&["?1"], "browsers ignore any value but ?1; write ?1 or leave it out"),
    ),
    (
        &["set-login"],
        Syntax::One(
            &["logged-in", "logged-out"],
            "browsers ignore this status; write logged-in or logged-out",
        ),
    ),
];

/// Returns the problem of a value that browsers ignore; `None` for a header that is not known.
pub(super) const fn fault(name: &[u8], value: &[u8]) -> Option<Problem> {
    let mut i = 0;
    while i < KNOWN.len() {
        let (names, syntax) = KNOWN[i];
        if listed(name, 0, name.len(), names) {
            return syntax_fault(value, syntax);
        }
        i += 1;
    }
    None
}

const fn syntax_fault(value: &[u8], syntax: Syntax) -> Option<Problem> {
    match syntax {
        Syntax::One(words, _) if is_any(value, 0, value.len(), words) => None,
        Syntax::One(_, problem) => Some((0, problem)),
        Syntax::Origin => one_origin(value),
        Syntax::List(members) => list_fault(value, members),
        Syntax::Dictionary | Syntax::Keys(_) if value.is_empty() => {
            Some((0, "the value is empty; write one or leave the header out"))
        }
        Syntax::Dictionary => dictionary_fault(value),
        Syntax::Keys(keys) => keys_fault(value, keys),
        Syntax::Path => path(value),
        Syntax::Seconds => seconds(value),
        Syntax::StorageAccess => storage_access(value),
    }
}

const fn one_origin(value: &[u8]) -> Option<Problem> {
    let is_known = is_any(value, 0, value.len(), &["*", "null"]);
    if is_known || is_single(value, 0, value.len()) {
        return None;
    }
    Some((0, "browsers compare one origin; write * or one like https://a.example"))
}

const fn path(value: &[u8]) -> Option<Problem> {
    let is_path = peek(value, 0) == b'/' && !matches!(peek(value, 1), b'/' | b'\\');
    if is_path { None } else { Some((0, "this is not a path of the site; write one like /")) }
}

const fn seconds(value: &[u8]) -> Option<Problem> {
    let mut at = 0;
    while at < value.len() && value[at].is_ascii_digit() {
        at += 1;
    }
    let is_number = at == value.len() && at > 0;
    if is_number || is_exactly(value, 0, value.len(), "-1") {
        return None;
    }
    Some((at, "browsers ignore this; write seconds like 600, or -1"))
}

const fn storage_access(value: &[u8]) -> Option<Problem> {
    const PROBLEM: Option<Problem> = Some((
        0,
        "browsers ignore this; write load or retry; allowed-origin=\"https://a.example\"",
    ));
    const RETRY: &str = "retry; allowed-origin=";
    if is_exactly(value, 0, value.len(), "load") {
        return None;
    }
    if value.len() <= RETRY.len() || !is_exactly(value, 0, RETRY.len(), RETRY) {
        return PROBLEM;
    }
    let (start, last) = (RETRY.len(), value.len() - 1);
    if is_exactly(value, start, value.len(), "*") {
        return None;
    }
    let is_quoted = value[start] == b'"' && value[last] == b'"' && last > start + 1;
    if is_quoted && is_single(value, start + 1, last) { None } else { PROBLEM }
}
