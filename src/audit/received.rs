//! Reads lines of a response.

use std::{borrow::Cow, fmt::Write};

use http::HeaderMap;

/// Returns the lines of a header as one text, as Node and most proxies join them.
pub(super) fn joined(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut lines = headers.get_all(name).iter().map(|line| shown(line.as_bytes()));
    let mut text = lines.next()?.into_owned();
    for line in lines {
        // Writing to a string does not fail.
        let _ = write!(text, ", {line}");
    }
    Some(text)
}

/// Returns the lines of a header.
pub(super) fn lines<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
    headers.get_all(name).iter().map(|line| shown(line.as_bytes()))
}

/// Returns bytes as text. A byte that is not ASCII is one character.
pub(super) fn shown(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => text.into(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}
