//! One `Cookie` line, split as browsers join it.

use super::bytes::{find, trim_end, trim_start};
use crate::policy::directives;

/// What stands between two semicolons; neither a comma nor a quote delimits anything.
pub(super) struct Segment<'a> {
    /// Without white space around.
    pub(super) text: &'a [u8],
    /// Where in the line that begins.
    pub(super) start: usize,
    /// The name before the first `=` and the value behind it.
    pub(super) pair: Option<(&'a [u8], &'a [u8])>,
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
        let text = trim_end(text);
        let pair = find(text, b'=')
            .map(|equals| (trim_end(&text[..equals]), trim_start(&text[equals + 1..])));
        Some(Segment { text, start, pair })
    })
}

const TOKEN: [bool; 256] = {
    let mut token = [false; 256];
    let mut byte = 0;
    while byte < token.len() {
        token[byte] = directives::is_token(byte as u8);
        byte += 1;
    }
    token
};

/// Whether the bytes can be a name (RFC 9110 section 5.6.2); so can none at all.
#[inline]
pub(super) fn is_token(name: &[u8]) -> bool {
    name.iter().all(|byte| TOKEN[usize::from(*byte)])
}

/// Whether a server may set such a cookie, as far as parsers differ about it. One byte that is not
/// ASCII makes some frameworks drop the whole line.
#[inline]
pub(super) fn is_well_formed(name: &[u8], value: &[u8]) -> bool {
    is_token(name) && value.is_ascii()
}

/// What two parsers may read in two ways: no name, a lone quote, a backslash.
pub(super) fn is_ambiguous(name: &[u8], value: &[u8]) -> bool {
    let quoted = value.len() >= 2 && value.starts_with(b"\"") && value.ends_with(b"\"");
    let inside = if quoted { &value[1..value.len() - 1] } else { value };
    name.is_empty()
        || !is_well_formed(name, value)
        || inside.iter().any(|byte| matches!(byte, b'"' | b'\\'))
}
