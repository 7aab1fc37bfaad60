//! Recognises names that a parser behind this server may take for a guarded
//! name.
//!
//! Cookie parsers strip quotes and Unicode white space, decode percent-encoding, ignore case, or
//! replace `.` and `[` by `_`. A browser does none of that when it checks a prefix. This module
//! therefore treats every name that such a parser would turn into a guarded name as a look-alike,
//! and the policy drops it.

use std::borrow::Cow;

use super::{guard::HostCookies, prefix::PREFIXES, segment::Spelling};
use crate::syntax::ascii::begins;

/// The number of percent-encoding layers that are decoded.
const LAYERS: usize = 3;

/// Returns `true` if some parser may take `name` for a guarded name, or for a
/// name with a prefix that it does not have.
#[inline]
pub(super) fn looks_alike(policy: &HostCookies, name: &[u8], spelling: Spelling) -> bool {
    match spelling {
        Spelling::Plain => resembles(policy, name, name),
        _ => folds_alike(policy, name),
    }
}

/// Returns `true` if a name resembles a guarded one after decoding and
/// stripping, for parsers that change more than the case of letters.
pub(super) fn folds_alike(policy: &HostCookies, name: &[u8]) -> bool {
    let folded = fold(name);
    resembles(policy, name, &folded) || {
        // Some parsers find more than one name here: each part is checked by itself, except the key
        // of an array, as in `cart[session]`.
        let ends = |byte: u8| {
            matches!(byte, b'=' | b';' | b',' | b'[' | b']' | b'+') || byte.is_ascii_control()
        };
        let mut start = 0;
        (0..=folded.len()).filter(|at| folded.get(*at).is_none_or(|byte| ends(*byte))).any(|end| {
            let piece = strip(&folded[start..end]);
            let is_key = folded[..start].ends_with(b"[") && folded[end..].starts_with(b"]");
            start = end + 1;
            piece.len() < folded.len() && !is_key && resembles(policy, name, piece)
        })
    }
}

/// Returns `true` if a value begins like a guarded cookie. A cookie that a
/// browser stored without a name can have such a value.
#[inline]
pub(super) fn begins_guarded(value: &[u8]) -> bool {
    matches!(value.first(), Some(b'_' | b'%' | b'"' | b' ' | b'=' | 0x80..)) && folds_guarded(value)
}

fn folds_guarded(value: &[u8]) -> bool {
    let folded = fold(value);
    let start = folded.iter().position(|byte| !matches!(byte, b'=' | b' ')).unwrap_or(0);
    PREFIXES.iter().any(|prefix| begins(&folded[start..], prefix))
}

#[inline]
fn resembles(policy: &HostCookies, name: &[u8], folded: &[u8]) -> bool {
    is_guarded(policy, folded)
        || (folded.first().is_some_and(|byte| canonical_byte(*byte) == b'_')
            && is_prefixed(policy, name, folded))
}

fn is_guarded(policy: &HostCookies, plain: &[u8]) -> bool {
    policy.guarded.iter().any(|pattern| pattern.resembles(plain, canonical_byte))
}

/// Returns `true` if the name has a prefix that browsers have not checked, or
/// a prefix before a guarded name. All prefixes begin with `_`. One reader looks for a cookie under
/// each prefix, while the policy accepts its own prefix alone.
fn is_prefixed(policy: &HostCookies, name: &[u8], folded: &[u8]) -> bool {
    let mut prefixes = PREFIXES.iter().filter(|prefix| begins_alike(folded, prefix));
    prefixes.any(|prefix| {
        // Browsers have checked a prefix that matches to the byte.
        !name.starts_with(prefix.as_bytes()) || is_guarded(policy, &folded[prefix.len()..])
    })
}

/// Returns `true` if `bytes` begin with `start`, or with bytes that some
/// parser turns into it.
#[inline]
pub(super) fn begins_alike(bytes: &[u8], start: &str) -> bool {
    bytes.len() >= start.len()
        && start.bytes().zip(bytes).all(|(x, y)| canonical_byte(x) == canonical_byte(*y))
}

/// Returns the byte as the parsers that change names most rewrite it.
fn canonical_byte(byte: u8) -> u8 {
    match byte {
        b'.' | b'[' | b' ' | b'+' => b'_',
        byte => byte.to_ascii_lowercase(),
    }
}

fn fold(name: &[u8]) -> Cow<'_, [u8]> {
    let mut folded = Cow::Borrowed(strip(name));
    for _ in 0..LAYERS {
        match decode(&folded) {
            Some(decoded) => folded = Cow::Owned(strip(&decoded).to_vec()),
            None => break,
        }
    }
    folded
}

/// Decodes one layer of percent-encoding, if there is any: `%61`, and the
/// `%u0061` that Perl's CGI.pm decodes.
fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let first = bytes.iter().position(|byte| *byte == b'%')?;
    let mut decoded = bytes[..first].to_vec();
    let mut rest = &bytes[first..];
    while let [byte, behind @ ..] = rest {
        let short = behind.get(..2).and_then(hexadecimal);
        let long = || behind.strip_prefix(b"u").and_then(|behind| hexadecimal(behind.get(..4)?));
        rest = behind;
        if *byte != b'%' {
            decoded.push(*byte);
        } else if let Some(number) = short {
            decoded.push(number as u8);
            rest = &behind[2..];
        } else if let Some(number) = long() {
            let character = char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER);
            decoded.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &behind[5..];
        } else {
            decoded.push(*byte);
        }
    }
    (decoded.len() < bytes.len()).then_some(decoded)
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    digits.iter().try_fold(0, |number, byte| Some(number * 16 + digit(byte)?))
}

/// Strips quotes, control characters and every white or invisible character
/// from both ends, both for bytes read as UTF-8 and for bytes read as Latin-1.
fn strip(mut name: &[u8]) -> &[u8] {
    loop {
        match name {
            [b' ' | b'"' | 0x00..=0x1F | 0x7F, rest @ ..]
            | [rest @ .., b' ' | b'"' | 0x00..=0x1F | 0x7F] => name = rest,
            [0x80..=0xFF, ..] | [.., 0x80..=0xFF] => match strip_blank(name) {
                Some(rest) => name = rest,
                None => return name,
            },
            _ => return name,
        }
    }
}

fn strip_blank(name: &[u8]) -> Option<&[u8]> {
    BLANKS
        .iter()
        .find_map(|blank| name.strip_prefix(*blank).or_else(|| name.strip_suffix(*blank)))
        .or(match name {
            [0x85 | 0xA0, rest @ ..] | [rest @ .., 0x85 | 0xA0] => Some(rest),
            _ => None,
        })
}

/// Lists Unicode's non-ASCII white space, the zero-width characters and the
/// byte order mark.
const BLANKS: [&[u8]; 25] = [
    "\u{85}".as_bytes(),
    "\u{A0}".as_bytes(),
    "\u{1680}".as_bytes(),
    "\u{180E}".as_bytes(),
    "\u{2000}".as_bytes(),
    "\u{2001}".as_bytes(),
    "\u{2002}".as_bytes(),
    "\u{2003}".as_bytes(),
    "\u{2004}".as_bytes(),
    "\u{2005}".as_bytes(),
    "\u{2006}".as_bytes(),
    "\u{2007}".as_bytes(),
    "\u{2008}".as_bytes(),
    "\u{2009}".as_bytes(),
    "\u{200A}".as_bytes(),
    "\u{200B}".as_bytes(),
    "\u{200C}".as_bytes(),
    "\u{200D}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{2029}".as_bytes(),
    "\u{202F}".as_bytes(),
    "\u{205F}".as_bytes(),
    "\u{2060}".as_bytes(),
    "\u{3000}".as_bytes(),
    "\u{FEFF}".as_bytes(),
];
