//! Scans bytes in a `const`, where slices have few methods of their own.
//!
//! All comparisons ignore ASCII case. The loops over a word are not inlined, since the compiler
//! would otherwise unroll them at every call.

/// Returns the range of the next run of bytes that are not white space; empty
/// at the end.
pub(crate) const fn next_token(text: &[u8], mut at: usize, end: usize) -> (usize, usize) {
    while at < end && text[at].is_ascii_whitespace() {
        at += 1;
    }
    let start = at;
    while at < end && !text[at].is_ascii_whitespace() {
        at += 1;
    }
    (start, at)
}

pub(crate) const fn find(text: &[u8], mut at: usize, end: usize, byte: u8) -> usize {
    while at < end && text[at] != byte {
        at += 1;
    }
    at
}

#[inline(never)]
pub(crate) const fn listed(text: &[u8], start: usize, end: usize, words: &[&str]) -> bool {
    let mut i = 0;
    while i < words.len() {
        if same(text, start, end, words[i]) {
            return true;
        }
        i += 1;
    }
    false
}

pub(crate) const fn same(text: &[u8], start: usize, end: usize, word: &str) -> bool {
    end - start == word.len() && same_bytes(text, start, end, word.as_bytes(), 0)
}

/// Returns `true` for the name of a URL's scheme
/// ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-3.1)).
pub(crate) fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

pub(crate) const fn begins(text: &[u8], start: usize, end: usize, word: &str) -> bool {
    end - start >= word.len() && same_bytes(text, start, start + word.len(), word.as_bytes(), 0)
}

/// Returns `true` if the bytes match `word` from `skip` on, ignoring ASCII
/// case.
#[inline(never)]
pub(crate) const fn same_bytes(
    text: &[u8],
    start: usize,
    end: usize,
    word: &[u8],
    skip: usize,
) -> bool {
    let mut i = start;
    while i < end {
        if !text[i].eq_ignore_ascii_case(&word[skip + i - start]) {
            return false;
        }
        i += 1;
    }
    true
}

/// Returns text without the spaces and tabs around it, the only white space of a header's value.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}
