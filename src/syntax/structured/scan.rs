//! Finds the ends of keys and values, in a `const`.
//!
//! Each function takes the offset where something begins and returns the offset after it.

use crate::syntax::directives::is_token;

/// Represents an offset, and what is wrong there.
pub(crate) type Problem = (usize, &'static str);

/// Represents the type of a value without its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Decimal,
    String,
    Token,
    Bytes,
    Boolean,
    Date,
    Display,
}

pub(crate) const fn skip_spaces(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && text[at] == b' ' {
        at += 1;
    }
    at
}

/// Skips spaces and tabs, which may surround the commas between members.
pub(crate) const fn skip_white_space(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && matches!(text[at], b' ' | b'\t') {
        at += 1;
    }
    at
}

/// Returns the byte at `at`; 0, which no value contains, at the end.
pub(crate) const fn peek(text: &[u8], at: usize) -> u8 {
    if at < text.len() { text[at] } else { 0 }
}

/// Reads a key (section 4.2.3.3).
pub(crate) const fn key(text: &[u8], start: usize) -> Result<usize, Problem> {
    if !matches!(peek(text, start), b'a'..=b'z' | b'*') {
        return Err((start, "expected a key in lower case"));
    }
    let mut at = start + 1;
    while matches!(peek(text, at), b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'*') {
        at += 1;
    }
    Ok(at)
}

/// Reads a value without parameters (section 4.2.3.1).
pub(crate) const fn bare(text: &[u8], at: usize) -> Result<(Kind, usize), Problem> {
    let (kind, end) = match peek(text, at) {
        b'-' | b'0'..=b'9' => return number(text, at),
        b'"' => (Kind::String, string(text, at)),
        b'*' | b'A'..=b'Z' | b'a'..=b'z' => (Kind::Token, Ok(token(text, at))),
        b':' => (Kind::Bytes, bytes(text, at)),
        b'?' => (Kind::Boolean, boolean(text, at)),
        b'@' => match number(text, at + 1) {
            Ok((Kind::Integer, end)) => (Kind::Date, Ok(end)),
            Ok(_) => (Kind::Date, Err((at, "a date is whole seconds, like @1659578233"))),
            Err(problem) => (Kind::Date, Err(problem)),
        },
        b'%' => (Kind::Display, display(text, at)),
        _ => return Err((at, "expected a value")),
    };
    match end {
        Ok(end) => Ok((kind, end)),
        Err(problem) => Err(problem),
    }
}

/// Reads a token that begins with a letter or `*` (section 4.2.6).
const fn token(text: &[u8], mut at: usize) -> usize {
    while is_token(peek(text, at)) || matches!(peek(text, at), b':' | b'/') {
        at += 1;
    }
    at
}

/// Reads an integer of 15 digits, or a decimal of 12 and 3 (section 4.2.4).
const fn number(text: &[u8], at: usize) -> Result<(Kind, usize), Problem> {
    let start = if peek(text, at) == b'-' { at + 1 } else { at };
    let point = digits(text, start);
    if point == start {
        return Err((start, "expected a digit"));
    }
    if peek(text, point) != b'.' {
        let fits = point - start <= 15;
        return if fits { Ok((Kind::Integer, point)) } else { Err((at, "more than 15 digits")) };
    }
    let end = digits(text, point + 1);
    if point - start > 12 || end == point + 1 || end - point > 4 {
        return Err((at, "a decimal has at most 12 digits before the point and 1 to 3 behind it"));
    }
    Ok((Kind::Decimal, end))
}

const fn digits(text: &[u8], mut at: usize) -> usize {
    while peek(text, at).is_ascii_digit() {
        at += 1;
    }
    at
}

/// Reads a string in double quotes (section 4.2.5).
const fn string(text: &[u8], start: usize) -> Result<usize, Problem> {
    let mut at = start + 1;
    loop {
        match peek(text, at) {
            b'"' => return Ok(at + 1),
            b'\\' if matches!(peek(text, at + 1), b'"' | b'\\') => at += 2,
            b'\\' => return Err((at, "a backslash escapes only '\"' and another backslash")),
            b' '..=b'~' => at += 1,
            0 if at >= text.len() => {
                return Err((start, "the string is never closed; expected '\"'"));
            }
            _ => return Err((at, "a string has visible ASCII and spaces only")),
        }
    }
}

/// Reads base64 between colons (section 4.2.7).
const fn bytes(text: &[u8], start: usize) -> Result<usize, Problem> {
    const WRONG: &str = "expected base64 between two colons";
    let mut at = start + 1;
    while matches!(peek(text, at), b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/') {
        at += 1;
    }
    let digits = at - start - 1;
    while peek(text, at) == b'=' {
        at += 1;
    }
    let padding = at - start - 1 - digits;
    // Padding may be missing, but is never longer than needed.
    if peek(text, at) != b':' || digits % 4 == 1 || padding > (4 - digits % 4) % 4 {
        return Err((start, WRONG));
    }
    Ok(at + 1)
}

/// Reads `?0` or `?1` (section 4.2.8).
const fn boolean(text: &[u8], at: usize) -> Result<usize, Problem> {
    match peek(text, at + 1) {
        b'0' | b'1' => Ok(at + 2),
        _ => Err((at, "expected ?1 or ?0")),
    }
}

/// Reads a string with percent-encoded bytes, which are UTF-8 (section 4.2.10).
const fn display(text: &[u8], start: usize) -> Result<usize, Problem> {
    if peek(text, start + 1) != b'"' {
        return Err((start, NOT_ENCODED));
    }
    let mut at = start + 2;
    loop {
        match peek(text, at) {
            b'"' => return Ok(at + 1),
            b'%' => match encoded(text, at) {
                Ok(end) => at = end,
                Err(problem) => return Err((at, problem)),
            },
            b' '..=b'~' => at += 1,
            _ => return Err((at, NOT_ENCODED)),
        }
    }
}

const NOT_ENCODED: &str =
    "expected a string like %\"f%c3%bc\", with hexadecimal digits in lower case";

/// Reads the percent-encoded bytes of one character.
const fn encoded(text: &[u8], mut at: usize) -> Result<usize, &'static str> {
    let mut bytes = [0; 4];
    let (mut count, mut length) = (0, 1);
    while count < length {
        let digits = (hex(peek(text, at + 1)), hex(peek(text, at + 2)));
        let (b'%', (Some(high), Some(low))) = (peek(text, at), digits) else {
            return Err(NOT_ENCODED);
        };
        bytes[count] = high << 4 | low;
        if count == 0 {
            // A first byte of UTF-8 begins with as many ones as the character has bytes.
            length = match bytes[0] {
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xff => 4,
                _ => 1,
            };
        }
        count += 1;
        at += 3;
    }
    match std::str::from_utf8(bytes.split_at(length).0) {
        Ok(_) => Ok(at),
        Err(_) => Err("the encoded bytes are not UTF-8"),
    }
}

/// Returns the value of a hexadecimal digit in lower case.
pub(super) const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
