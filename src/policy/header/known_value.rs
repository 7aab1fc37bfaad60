//! Checks the values of headers that have no type here, but that browsers read.

use crate::{
    policy::csp::is_origin,
    syntax::{
        scan::same,
        structured::scan::{Problem, peek, skip_white_space},
    },
};

/// Returns the problem of a value that browsers ignore; `None` for a header that is not known.
pub(super) const fn fault(name: &[u8], value: &[u8]) -> Option<Problem> {
    if named(name, "access-control-allow-credentials") {
        one_of(value, &["true"], "browsers ignore any value but true; write true or leave it out")
    } else if named(name, "access-control-allow-origin") {
        one_origin(value)
    } else if named(name, "timing-allow-origin") {
        origins(value)
    } else if named(name, "service-worker-allowed") {
        path(value)
    } else if named(name, "supports-loading-mode") {
        list_of(value, LOADING_MODES, "browsers ignore this mode; write credentialed-prerender")
    } else if named(name, "speculation-rules") {
        quoted(value)
    } else if named(name, "activate-storage-access") {
        storage_access(value)
    } else {
        None
    }
}

const LOADING_MODES: &[&str] = &[
    "credentialed-prerender",
    "fenced-frame",
    "uncredentialed-prefetch",
    "uncredentialed-prerender",
];

const fn named(name: &[u8], known: &str) -> bool {
    same(name, 0, name.len(), known)
}

/// Compares bytes: unlike names, these values have one letter case.
const fn is_exactly(text: &[u8], start: usize, end: usize, word: &str) -> bool {
    let word = word.as_bytes();
    if end - start != word.len() {
        return false;
    }
    let mut i = 0;
    while i < word.len() {
        if text[start + i] != word[i] {
            return false;
        }
        i += 1;
    }
    true
}

const fn is_any(text: &[u8], start: usize, end: usize, words: &[&str]) -> bool {
    let mut i = 0;
    while i < words.len() {
        if is_exactly(text, start, end, words[i]) {
            return true;
        }
        i += 1;
    }
    false
}

const fn one_of(value: &[u8], words: &[&str], problem: &'static str) -> Option<Problem> {
    if is_any(value, 0, value.len(), words) { None } else { Some((0, problem)) }
}

const fn one_origin(value: &[u8]) -> Option<Problem> {
    let is_known = is_any(value, 0, value.len(), &["*", "null"]);
    if is_known || is_single(value, 0, value.len()) {
        return None;
    }
    Some((0, "browsers compare one origin; write * or one like https://a.example"))
}

const fn origins(value: &[u8]) -> Option<Problem> {
    let mut start = 0;
    loop {
        start = skip_white_space(value, start);
        let end = member(value, start);
        if !is_any(value, start, end, &["*", "null"]) && !is_single(value, start, end) {
            return Some((start, "this is not an origin; write * or one like https://a.example"));
        }
        start = skip_white_space(value, end);
        if start == value.len() {
            return None;
        }
        if value[start] != b',' {
            return Some((start, "separate origins with ','"));
        }
        start += 1;
    }
}

/// Returns `true` for an origin with a host that is not a wildcard.
const fn is_single(text: &[u8], start: usize, end: usize) -> bool {
    let mut i = start;
    while i < end {
        if text[i] == b'*' {
            return false;
        }
        i += 1;
    }
    start < end && is_origin(text, start, end)
}

const fn list_of(value: &[u8], words: &[&str], problem: &'static str) -> Option<Problem> {
    let mut start = 0;
    loop {
        start = skip_white_space(value, start);
        let end = member(value, start);
        if !is_any(value, start, end, words) {
            return Some((start, problem));
        }
        start = skip_white_space(value, end);
        if start == value.len() {
            return None;
        }
        if value[start] != b',' {
            return Some((start, "separate values with ','"));
        }
        start += 1;
    }
}

/// Returns the end of a member of a list.
const fn member(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && !matches!(text[at], b',' | b' ') {
        at += 1;
    }
    at
}

const fn path(value: &[u8]) -> Option<Problem> {
    let is_path = peek(value, 0) == b'/' && peek(value, 1) != b'/';
    if is_path { None } else { Some((0, "this is not a path of the site; write one like /")) }
}

const fn quoted(value: &[u8]) -> Option<Problem> {
    let last = value.len().saturating_sub(1);
    if value.len() > 2 && value[0] == b'"' && value[last] == b'"' {
        return None;
    }
    Some((0, "addresses are in double quotes; write one like \"/speculation-rules.json\""))
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
