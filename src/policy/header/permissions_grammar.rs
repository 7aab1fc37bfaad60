//! Checks the text of a `Permissions-Policy`, in a `const`.
//!
//! The text is a dictionary of RFC 9651 with the values that browsers use. Whatever browsers skip
//! is an error here too, such as an origin without quotes.

use crate::{
    policy::csp::{is_endpoint, is_origin},
    syntax::{
        scan::same,
        structured::scan::{self, Kind, Problem, peek, skip_spaces, skip_white_space},
    },
};

pub(super) const TWICE: &str =
    "is a duplicate feature, and browsers read only the last; merge the two";

/// Returns `true` if the text is the name of a feature.
pub(super) const fn is_feature(text: &str) -> bool {
    match feature(text.as_bytes(), 0) {
        Ok(end) => end == text.len(),
        Err(_) => false,
    }
}

/// Checks a whole policy, except that no feature occurs twice.
pub(super) const fn fault(text: &[u8]) -> Option<Problem> {
    let mut at = skip_spaces(text, 0);
    loop {
        at = match member(text, at) {
            Ok(end) => skip_white_space(text, end),
            Err(problem) => return Some(problem),
        };
        if at == text.len() {
            return None;
        }
        if text[at] != b',' {
            return Some((at, "expected ',' before the next feature"));
        }
        let comma = at;
        at = skip_white_space(text, at + 1);
        if at == text.len() {
            return Some((comma, "a comma at the end makes browsers drop the header; remove it"));
        }
    }
}

/// Returns `true` if a feature occurs twice. Takes quadratic time; used for literals only.
pub(super) const fn has_repeats(text: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        let start = skip_white_space(text, at);
        let Ok(end) = feature(text, start) else { return false };
        let mut other = next_member(text, end);
        while other < text.len() {
            let first = skip_white_space(text, other);
            let Ok(last) = feature(text, first) else { return false };
            if last - first == end - start && starts_same(text, start, first, end - start) {
                return true;
            }
            other = next_member(text, last);
        }
        at = next_member(text, end);
    }
    false
}

const fn starts_same(text: &[u8], first: usize, second: usize, length: usize) -> bool {
    let mut i = 0;
    while i < length && text[first + i] == text[second + i] {
        i += 1;
    }
    i == length
}

/// Returns the start of the member after the next comma; origins contain none.
const fn next_member(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && text[at] != b',' {
        at += 1;
    }
    at + 1
}

/// Checks a feature and its allow-list, and returns the end of both.
const fn member(text: &[u8], at: usize) -> Result<usize, Problem> {
    let end = match feature(text, at) {
        Ok(end) => end,
        Err(problem) => return Err(problem),
    };
    if peek(text, end) != b'=' {
        return Err((end, "expected '=' and what is allowed, like camera=()"));
    }
    allowlist(text, end + 1)
}

const fn feature(text: &[u8], at: usize) -> Result<usize, Problem> {
    match scan::key(text, at) {
        Ok(end) if text[at] != b'*' => Ok(end),
        _ => Err((at, "expected a feature in lower case, like camera=()")),
    }
}

/// Checks an allow-list with its parameter, and returns its end.
pub(super) const fn allowlist(text: &[u8], start: usize) -> Result<usize, Problem> {
    const EXPECTED: &str = "expected '*', self or a list like (self \"https://x.example\")";
    let end = match peek(text, start) {
        b'(' => match list(text, start + 1) {
            Ok(end) => end,
            Err(problem) => return Err(problem),
        },
        b'"' => {
            return Err((
                start,
                "browsers ignore an origin that is not in a list; write (\"https://x.example\")",
            ));
        }
        _ => match scan::bare(text, start) {
            Ok((Kind::Token, end)) if is_keyword(text, start, end) => end,
            _ => return Err((start, EXPECTED)),
        },
    };
    if peek(text, end) == b';' { parameter(text, end) } else { Ok(end) }
}

/// Checks the parameter `report-to=endpoint`, the only one that browsers read.
const fn parameter(text: &[u8], semicolon: usize) -> Result<usize, Problem> {
    const ENDPOINT: &str =
        "expected an endpoint without quotes, in lower case, like report-to=main";
    let start = skip_spaces(text, semicolon + 1);
    let Ok(end) = scan::key(text, start) else {
        return Err((start, "expected a parameter in lower case, like report-to=endpoint"));
    };
    if !same(text, start, end, "report-to") {
        return Err((semicolon, "';' does not begin another feature; separate features with ','"));
    }
    if peek(text, end) != b'=' {
        return Err((end, ENDPOINT));
    }
    let end = match scan::bare(text, end + 1) {
        Ok((Kind::Token, last)) if is_endpoint(text, end + 1, last) => last,
        _ => return Err((end + 1, ENDPOINT)),
    };
    match peek(text, end) {
        b';' => Err((end, "';' does not begin another feature; separate features with ','")),
        _ => Ok(end),
    }
}

const fn list(text: &[u8], mut at: usize) -> Result<usize, Problem> {
    loop {
        at = skip_spaces(text, at);
        if peek(text, at) == b')' {
            return Ok(at + 1);
        }
        if at >= text.len() {
            return Err((at, "the list is never closed; expected ')'"));
        }
        at = match scan::bare(text, at) {
            Ok((Kind::String, end)) if is_origin(text, at + 1, end - 1) => end,
            Ok((Kind::Token, end)) if is_keyword(text, at, end) => end,
            Ok((Kind::String, _)) => {
                return Err((at, "expected an origin, like \"https://x.example\""));
            }
            Err(problem) if text[at] == b'"' => return Err(problem),
            _ => return Err((at, "expected self, * or an origin in double quotes")),
        };
        if at < text.len() && !matches!(text[at], b' ' | b')') {
            return Err((at, "expected a space between the members of a list"));
        }
    }
}

/// Returns `true` for `self` in lower case and for `*`.
const fn is_keyword(text: &[u8], start: usize, end: usize) -> bool {
    (end - start == 1 && text[start] == b'*')
        || (same(text, start, end, "self") && starts_lower(text, start))
}

const fn starts_lower(text: &[u8], start: usize) -> bool {
    text[start].is_ascii_lowercase()
        && text[start + 1].is_ascii_lowercase()
        && text[start + 2].is_ascii_lowercase()
        && text[start + 3].is_ascii_lowercase()
}
