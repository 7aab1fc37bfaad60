//! The strict grammar: what a careful author would write, checked the same way when compiling
//! and when running.

use super::{
    check_source::{ancestor_fault, source_fault},
    directive::{DIRECTIVES, Kind, SANDBOX_TOKENS},
    fault::{Fault, NAME, NOT_A_DIRECTIVE, wrong},
};
use crate::{
    ParseError,
    policy::scan::{begins, find, listed, next_token, same},
};

/// How long a policy may be, in bytes: servers and proxies hold all headers to 8 KiB or so.
pub(super) const LONGEST: usize = 8192;

/// How long a nonce is in a header, in bytes: `Nonce` draws 18 of them, and 4 characters tell 3.
pub(super) const NONCE_LENGTH: usize = 24;

/// What a nonce looks like in a policy's text, before a response's own takes the braces' place.
pub(super) const NONCE: &str = "'nonce-{}'";

const TOO_LONG: &str =
    "the policy is longer than 8192 bytes, which proxies and servers refuse; shorten it";

/// The error of a policy that is put together and becomes too long.
pub(super) fn too_long(text: &str) -> ParseError {
    ParseError::new(NAME, too_long_at(text.as_bytes()), TOO_LONG)
}

/// The first byte that is too many: the end, where it is the nonces that do not fit.
const fn too_long_at(text: &[u8]) -> usize {
    let mut at = if text.len() < LONGEST { text.len() } else { LONGEST };
    while at < text.len() && text[at] & 0xC0 == 0x80 {
        at -= 1;
    }
    at
}

/// How long a policy is in a header at most, in bytes: with its nonces filled in.
pub(super) const fn sent_length(text: &[u8]) -> usize {
    let mut length = text.len();
    let mut i = 0;
    while i < text.len() {
        if text[i] == b'\'' && begins(text, i, text.len(), NONCE) {
            length += NONCE_LENGTH - "{}".len();
        }
        i += 1;
    }
    length
}

/// The first fault of a whole policy.
pub(super) const fn policy_fault(text: &[u8]) -> Option<Fault> {
    if sent_length(text) > LONGEST {
        let end = too_long_at(text);
        return wrong(end, end, TOO_LONG);
    }
    if let Some(fault) = byte_fault(text) {
        return Some(fault);
    }
    let mut seen = 0_u64;
    let mut start = 0;
    while start <= text.len() {
        let end = find(text, start, text.len(), b';');
        let name = next_token(text, start, end);
        if name.0 < name.1 {
            let Some(index) = directive(text, name.0, name.1) else {
                return wrong(name.0, name.1, NOT_A_DIRECTIVE);
            };
            if seen & (1 << index) != 0 {
                return wrong(
                    name.0,
                    name.1,
                    "stands here a second time, and browsers read only the first; merge the two",
                );
            }
            seen |= 1 << index;
            if let Some(fault) = value_fault(text, DIRECTIVES[index].1, name, end) {
                return Some(fault);
            }
        }
        start = end + 1;
    }
    if seen == 0 {
        return wrong(0, 0, "there is no directive; write one like default-src 'self'");
    }
    None
}

/// The first byte that could end the directive, the policy or the header.
const fn byte_fault(text: &[u8]) -> Option<Fault> {
    let mut i = 0;
    while i < text.len() {
        match text[i] {
            b',' => return wrong(i, i + 1, "starts a second policy; separate sources with spaces"),
            0xE2 if is_curly_quote(text, i) => {
                return wrong(
                    i,
                    i + 3,
                    "is a curly quote, for which browsers drop the directive; write a straight one",
                );
            }
            0x80.. => {
                let mut end = i + 1;
                while end < text.len() && text[end] & 0xC0 == 0x80 {
                    end += 1;
                }
                return wrong(
                    i,
                    end,
                    "is not ASCII, for which browsers drop the directive; write ASCII, a host in its 'xn--' form",
                );
            }
            b'\t' | b' '..=b'~' => {}
            _ => return wrong(i, i + 1, "is a control character; write spaces between sources"),
        }
        i += 1;
    }
    None
}

/// One of U+2018, U+2019, U+201C and U+201D, which begin with 0xE2.
const fn is_curly_quote(text: &[u8], at: usize) -> bool {
    at + 2 < text.len() && text[at + 1] == 0x80 && matches!(text[at + 2], 0x98 | 0x99 | 0x9C | 0x9D)
}

const fn value_fault(text: &[u8], kind: Kind, name: (usize, usize), end: usize) -> Option<Fault> {
    let lists =
        matches!(kind, Kind::Sources(_) | Kind::Ancestors | Kind::TrustedTypes | Kind::Dead);
    let mut count = 0;
    let mut none = None;
    let mut token = next_token(text, name.1, end);
    while token.0 < token.1 {
        count += 1;
        if lists && same(text, token.0, token.1, "'none'") {
            none = Some(token);
        } else if let Some(fault) = token_fault(text, kind, token.0, token.1, count) {
            return Some(fault);
        }
        token = next_token(text, token.1, end);
    }
    match (kind, none) {
        (Kind::Dead, _) => None,
        (_, Some((start, end))) if count > 1 => {
            wrong(start, end, "does nothing beside other sources; leave it out or write it alone")
        }
        (Kind::Sources(_) | Kind::Ancestors, _) if count == 0 => {
            wrong(name.0, name.1, "has no value, which allows nothing; write 'none' after it")
        }
        (Kind::Uris | Kind::Endpoint | Kind::TrustedTypesFor | Kind::Webrtc, _) if count == 0 => {
            wrong(name.0, name.1, "has no value and does nothing without; write one after it")
        }
        _ => None,
    }
}

const fn token_fault(
    text: &[u8],
    kind: Kind,
    start: usize,
    end: usize,
    count: usize,
) -> Option<Fault> {
    match kind {
        Kind::Sources(directive) => source_fault(text, start, end, directive),
        Kind::Ancestors if text[start] == b'\'' && !same(text, start, end, "'self'") => {
            wrong(start, end, "is no ancestor; write 'self', 'none', a scheme or a host")
        }
        Kind::Ancestors => ancestor_fault(text, start, end),
        Kind::Uris | Kind::Dead if text[start] == b'\'' => {
            wrong(start, end, "is no value for this directive, which takes no keywords; remove it")
        }
        Kind::Sandbox if !listed(text, start, end, SANDBOX_TOKENS) => {
            wrong(start, end, "is not a token of sandbox; write one like allow-scripts")
        }
        Kind::Endpoint if count > 1 => {
            wrong(start, end, "is a second endpoint, and there can be one; remove it")
        }
        Kind::Endpoint if !is_endpoint(text, start, end) => wrong(
            start,
            end,
            "is no name of an endpoint; write lower-case letters, digits, '-', '_' and '.'",
        ),
        Kind::TrustedTypes if !is_policy_name(text, start, end) => {
            wrong(start, end, "is no name of a policy; write letters, digits and -#=_/@.%")
        }
        Kind::TrustedTypesFor if !same(text, start, end, "'script'") => {
            wrong(start, end, "is no group of sinks; write 'script', the one there is")
        }
        Kind::Webrtc if count > 1 => {
            wrong(start, end, "is a second value; write 'allow' or 'block'")
        }
        Kind::Webrtc if !listed(text, start, end, &["'allow'", "'block'"]) => {
            wrong(start, end, "is no value of webrtc; write 'allow' or 'block'")
        }
        Kind::Empty => {
            wrong(start, end, "is no value for this directive, which takes none; remove it")
        }
        _ => None,
    }
}

pub(super) const fn is_endpoint(text: &[u8], start: usize, end: usize) -> bool {
    let mut i = start;
    while i < end {
        if !matches!(text[i], b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*') {
            return false;
        }
        i += 1;
    }
    text[start].is_ascii_lowercase()
}

pub(super) const fn is_policy_name(text: &[u8], start: usize, end: usize) -> bool {
    if same(text, start, end, "*") || same(text, start, end, "'allow-duplicates'") {
        return true;
    }
    let mut i = start;
    while i < end {
        let sign = matches!(text[i], b'-' | b'#' | b'=' | b'_' | b'/' | b'@' | b'.' | b'%');
        if !text[i].is_ascii_alphanumeric() && !sign {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether a source is a nonce, of whatever text.
pub(super) fn is_nonce(value: &str) -> bool {
    value.eq_ignore_ascii_case(NONCE)
}

/// Whether the strict reader knows a directive.
pub(super) fn is_known(name: &str) -> bool {
    directive(name.as_bytes(), 0, name.len()).is_some()
}

/// Which of [`DIRECTIVES`] the bytes name.
pub(super) const fn directive(text: &[u8], start: usize, end: usize) -> Option<usize> {
    let mut i = 0;
    while i < DIRECTIVES.len() {
        if same(text, start, end, DIRECTIVES[i].0) {
            return Some(i);
        }
        i += 1;
    }
    None
}
