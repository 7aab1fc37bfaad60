//! Splits a `Cookie` line at the separators with which browsers join it.

use crate::syntax::{
    ascii::{find, trim_end, trim_start},
    directives,
};

/// Holds the text between two semicolons; neither a comma nor a quote is a
/// delimiter.
pub(super) struct Segment<'a> {
    /// The text without surrounding white space.
    pub(super) text: &'a [u8],
    /// The offset of the text in the line.
    pub(super) start: usize,
}

/// Returns the segments of a line in order: at least one, which may be empty.
#[inline]
pub(super) fn segments(line: &[u8]) -> impl Iterator<Item = Segment<'_>> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let segment = rest?;
        let start = line.len() - segment.len();
        let end = find(segment, b';');
        rest = end.map(|end| &segment[end + 1..]);
        let segment = &segment[..end.unwrap_or(segment.len())];
        let text = trim_start(segment);
        let start = start + segment.len() - text.len();
        Some(Segment { text: trim_end(text), start })
    })
}

impl<'a> Segment<'a> {
    /// Returns the name before the first `=` and the value after it.
    #[inline]
    pub(super) fn pair(&self) -> Option<(&'a [u8], &'a [u8])> {
        let equals = find(self.text, b'=')?;
        Some((trim_end(&self.text[..equals]), trim_start(&self.text[equals + 1..])))
    }
}

/// Ranks how far parsers agree about a name. As numbers, the bitwise "or" of
/// several spellings is the worst of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spelling {
    /// Parsers agree, except about the case of letters and about `.`, which
    /// some replace by `_`.
    Plain = 0,
    /// A token (RFC 9110 section 5.6.2), which some parsers decode.
    Token = 1,
    /// Not a name that a server may set.
    Wild = 3,
}

const SPELLINGS: [Spelling; 256] = {
    let mut spellings = [Spelling::Wild; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') {
            spellings[byte as usize] = Spelling::Plain;
        } else if directives::is_token(byte) {
            spellings[byte as usize] = Spelling::Token;
        }
        byte += 1;
    }
    spellings
};

impl Spelling {
    /// Returns the spelling of a name; an empty name is `Plain`.
    #[inline]
    pub(super) fn of(name: &[u8]) -> Self {
        match name.iter().fold(0, |bits, byte| bits | SPELLINGS[usize::from(*byte)] as u8) {
            0 => Self::Plain,
            1 => Self::Token,
            _ => Self::Wild,
        }
    }
}

/// Returns `true` for a `cookie-pair` (RFC 6265 section 4.1.1): a token, `=`,
/// and an optionally quoted value of cookie-octets. All readers agree about it.
pub(super) fn is_cookie_pair(cookie: &[u8], name: &[u8], value: &[u8]) -> bool {
    !name.is_empty()
        && cookie.len() == name.len() + b"=".len() + value.len()
        && Spelling::of(name) <= Spelling::Token
        && is_cookie_value(value)
}

/// Returns `true` for a `cookie-value` (RFC 6265 section 4.1.1).
pub(super) fn is_cookie_value(value: &[u8]) -> bool {
    let inside = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
    let is_octet =
        |byte: &u8| matches!(byte, 0x21 | 0x23..=0x2B | 0x2D..=0x3A | 0x3C..=0x5B | 0x5D..=0x7E);
    inside.unwrap_or(value).iter().all(is_octet)
}

/// Returns `true` for the name of a `Set-Cookie` attribute.
///
/// Python's `http.cookies` reads such a name as an attribute in a request too, and ignores the
/// whole line if no cookie precedes it.
pub(super) fn is_attribute(name: &[u8]) -> bool {
    const ATTRIBUTES: [&str; 10] = [
        "comment",
        "domain",
        "expires",
        "httponly",
        "max-age",
        "partitioned",
        "path",
        "samesite",
        "secure",
        "version",
    ];
    ATTRIBUTES.iter().any(|attribute| attribute.as_bytes().eq_ignore_ascii_case(name))
}

/// Returns `true` if some reader looks for a closing quote in the cookies that
/// follow, or reads on after one. A value that begins with a quote has to end with the quote that
/// closes it; in all other cookies quotes have to come in pairs.
pub(super) fn is_badly_quoted(cookie: &[u8], value: &[u8]) -> bool {
    match value {
        [b'"', inside @ ..] => !ends_quote(inside),
        _ => has_odd_quotes(cookie),
    }
}

/// Returns `true` if readers that do not support escapes, as in `"\""`, look
/// for one more quote.
pub(super) fn has_odd_quotes(cookie: &[u8]) -> bool {
    cookie.iter().filter(|byte| **byte == b'"').count() % 2 == 1
}

/// Returns `true` if the first unescaped quote is the last byte.
fn ends_quote(inside: &[u8]) -> bool {
    let mut escaped = false;
    let closing = inside.iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    });
    closing.is_some_and(|closing| closing + 1 == inside.len())
}
