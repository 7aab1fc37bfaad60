//! One `Cookie` line, split as browsers join it.

use super::bytes::{find, trim_end, trim_start};
use crate::policy::directives;

/// What stands between two semicolons; neither a comma nor a quote delimits anything.
pub(super) struct Segment<'a> {
    /// Without white space around.
    pub(super) text: &'a [u8],
    /// Where in the line that begins.
    pub(super) start: usize,
}

/// The segments of a line in order: at least one, maybe empty.
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
    /// The name before the first `=` and the value behind it.
    #[inline]
    pub(super) fn pair(&self) -> Option<(&'a [u8], &'a [u8])> {
        let equals = find(self.text, b'=')?;
        Some((trim_end(&self.text[..equals]), trim_start(&self.text[equals + 1..])))
    }
}

/// How far parsers agree about a name. As a number, the worst of several is all their bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spelling {
    /// But for the case of letters, and that some put `_` for `.`.
    Plain = 0,
    /// A token (RFC 9110 section 5.6.2), which some decode.
    Token = 1,
    /// No name that a server may set.
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
    /// Of a name, or of none at all.
    #[inline]
    pub(super) fn of(name: &[u8]) -> Self {
        match name.iter().fold(0, |bits, byte| bits | SPELLINGS[usize::from(*byte)] as u8) {
            0 => Self::Plain,
            1 => Self::Token,
            _ => Self::Wild,
        }
    }
}

/// What two parsers may read in two ways: no name, a lone quote, a backslash.
pub(super) fn is_ambiguous(name: &[u8], value: &[u8]) -> bool {
    let quoted = value.len() >= 2 && value.starts_with(b"\"") && value.ends_with(b"\"");
    let inside = if quoted { &value[1..value.len() - 1] } else { value };
    name.is_empty()
        || Spelling::of(name) > Spelling::Token
        || !value.is_ascii()
        || inside.iter().any(|byte| matches!(byte, b'"' | b'\\'))
}
