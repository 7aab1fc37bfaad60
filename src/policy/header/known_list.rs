//! Checks lists in the values of headers that have no type here.

use crate::{
    error::near,
    policy::csp::is_origin,
    syntax::{
        directives::is_token,
        scan::same,
        structured::scan::{self, Kind, Problem, skip_white_space},
    },
};

/// The methods that are written in capital letters.
const METHODS: &[&str] =
    &["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

/// The client hints that a server can ask for.
const HINTS: &[&str] = &[
    "device-memory",
    "downlink",
    "dpr",
    "ect",
    "rtt",
    "save-data",
    "sec-ch-device-memory",
    "sec-ch-dpr",
    "sec-ch-prefers-color-scheme",
    "sec-ch-prefers-reduced-motion",
    "sec-ch-prefers-reduced-transparency",
    "sec-ch-save-data",
    "sec-ch-ua",
    "sec-ch-ua-arch",
    "sec-ch-ua-bitness",
    "sec-ch-ua-form-factors",
    "sec-ch-ua-full-version",
    "sec-ch-ua-full-version-list",
    "sec-ch-ua-high-entropy-values",
    "sec-ch-ua-mobile",
    "sec-ch-ua-model",
    "sec-ch-ua-platform",
    "sec-ch-ua-platform-version",
    "sec-ch-ua-wow64",
    "sec-ch-viewport-height",
    "sec-ch-viewport-width",
    "sec-ch-width",
    "viewport-width",
    "width",
];

/// Represents the members of a list.
#[derive(Clone, Copy)]
pub(super) enum Members {
    /// Names of headers, or `*`.
    Names,
    /// Methods, or `*`.
    Methods,
    /// `*`, `null` or origins without a wildcard.
    Origins,
    /// Client hints.
    Hints,
    /// Strings in double quotes.
    Strings,
    /// These words.
    Words(&'static [&'static str], &'static str),
}

/// Returns the problem of a list with commas between its members.
pub(super) const fn list_fault(text: &[u8], members: Members) -> Option<Problem> {
    let mut start = 0;
    loop {
        start = skip_white_space(text, start);
        let end = match members {
            Members::Strings => match scan::bare(text, start) {
                Ok((Kind::String, end)) => end,
                _ => return Some((start, "this is not a string; write one like \"/rules.json\"")),
            },
            _ => member_end(text, start),
        };
        if let Some(problem) = member_fault(text, start, end, members) {
            return Some((start, problem));
        }
        start = skip_white_space(text, end);
        if start == text.len() {
            return None;
        }
        if text[start] != b',' {
            return Some((start, "separate members with ','"));
        }
        start += 1;
    }
}

const fn member_fault(
    text: &[u8],
    start: usize,
    end: usize,
    members: Members,
) -> Option<&'static str> {
    match members {
        Members::Strings if end <= start + 2 => Some("the string is empty; write an address"),
        Members::Strings => None,
        Members::Names if are_tokens(text, start, end) => None,
        Members::Names => Some("this is not the name of a header; write one like x-total, or *"),
        Members::Methods if !are_tokens(text, start, end) => {
            Some("this is not a method; write one like PATCH, or *")
        }
        Members::Methods if is_miswritten(text, start, end) => {
            Some("browsers compare the letter case of methods; write capital letters, like PATCH")
        }
        Members::Methods => None,
        Members::Origins if is_any(text, start, end, &["*", "null"]) => None,
        Members::Origins if is_single(text, start, end) => None,
        Members::Origins => Some("this is not an origin; write * or one like https://a.example"),
        Members::Hints if !are_tokens(text, start, end) || is_misspelt(text, start, end) => {
            Some("browsers ignore this client hint; write one like Sec-CH-UA-Model")
        }
        Members::Hints => None,
        Members::Words(words, problem) => match is_any(text, start, end, words) {
            true => None,
            false => Some(problem),
        },
    }
}

/// Returns the end of a member of a list.
const fn member_end(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && !matches!(text[at], b',' | b' ') {
        at += 1;
    }
    at
}

const fn are_tokens(text: &[u8], start: usize, end: usize) -> bool {
    let mut at = start;
    while at < end && is_token(text[at]) {
        at += 1;
    }
    start < end && at == end
}

/// Returns `true` for a known method in small letters.
const fn is_miswritten(text: &[u8], start: usize, end: usize) -> bool {
    let mut i = 0;
    while i < METHODS.len() {
        if same(text, start, end, METHODS[i]) {
            return !is_exactly(text, start, end, METHODS[i]);
        }
        i += 1;
    }
    false
}

/// Returns `true` for a word that is nearly a client hint.
const fn is_misspelt(text: &[u8], start: usize, end: usize) -> bool {
    let word = text.split_at(end).0.split_at(start).1;
    let mut is_near = false;
    let mut i = 0;
    while i < HINTS.len() {
        match near(word, HINTS[i].as_bytes()) {
            Some(0) => return false,
            Some(_) => is_near = true,
            None => {}
        }
        i += 1;
    }
    is_near
}

/// Compares bytes: unlike names, values have one letter case.
pub(super) const fn is_exactly(text: &[u8], start: usize, end: usize, word: &str) -> bool {
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

pub(super) const fn is_any(text: &[u8], start: usize, end: usize, words: &[&str]) -> bool {
    let mut i = 0;
    while i < words.len() {
        if is_exactly(text, start, end, words[i]) {
            return true;
        }
        i += 1;
    }
    false
}

/// Returns `true` for an origin with a host that is not a wildcard.
pub(super) const fn is_single(text: &[u8], start: usize, end: usize) -> bool {
    let mut i = start;
    while i < end {
        if text[i] == b'*' {
            return false;
        }
        i += 1;
    }
    start < end && is_origin(text, start, end)
}
