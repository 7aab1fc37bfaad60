//! Implements the strict grammar of a policy, and of values that are not
//! sources.

use super::{
    source::{ancestor_error, source_error},
    syntax_error::{SyntaxError, Words, unknown, wrong},
    tables::{
        DIRECTIVES, Kind, MAX_LENGTH, NAME, NONCE, NONCE_LENGTH, NONE, SANDBOX_TOKENS, directive,
    },
};
use crate::{
    error::ParseError,
    syntax::scan::{find, listed, next_token, same},
};

const TOO_LONG: &str =
    "the policy is longer than 8192 bytes, which proxies and servers reject; shorten it";

/// Returns the error for a policy that becomes too long when it is edited.
pub(in crate::policy::csp) fn too_long() -> ParseError {
    ParseError::new(NAME, MAX_LENGTH, TOO_LONG)
}

/// Returns the largest length that this policy can have in a header, in bytes,
/// when it is printed with its nonces filled in.
pub(in crate::policy::csp) const fn sent_length(text: &[u8]) -> usize {
    let (mut length, mut start) = (0, 0);
    while start <= text.len() {
        let end = find(text, start, text.len(), b';');
        let mut token = next_token(text, start, end);
        // "; " precedes every directive except the first, and a space precedes every value.
        let mut gap = if length == 0 { 0 } else { "; ".len() };
        while token.0 < token.1 {
            length += gap + token.1 - token.0;
            if same(text, token.0, token.1, NONCE) {
                length += NONCE_LENGTH - "{}".len();
            }
            gap = " ".len();
            token = next_token(text, token.1, end);
        }
        start = end + 1;
    }
    length
}

/// Returns the first byte beyond the limit, or the end if only the nonces
/// exceed it.
const fn too_long_at(text: &[u8]) -> usize {
    let mut at = if text.len() < MAX_LENGTH { text.len() } else { MAX_LENGTH };
    while at < text.len() && text[at] & 0xC0 == 0x80 {
        at -= 1;
    }
    at
}

/// Returns the first syntax error of a whole policy.
pub(in crate::policy::csp) const fn policy_error(text: &[u8]) -> Option<SyntaxError> {
    if sent_length(text) > MAX_LENGTH {
        let end = too_long_at(text);
        return wrong(end, end, TOO_LONG);
    }
    if let Some(error) = byte_error(text) {
        return Some(error);
    }
    let mut seen = 0_u64;
    let mut start = 0;
    while start <= text.len() {
        let end = find(text, start, text.len(), b';');
        let name = next_token(text, start, end);
        if name.0 < name.1 {
            let Some(index) = directive(text, name.0, name.1) else {
                return unknown_name(text, name);
            };
            if seen & (1 << index) != 0 {
                return wrong(
                    name.0,
                    name.1,
                    "is a duplicate directive, and browsers read only the first; merge the two",
                );
            }
            seen |= 1 << index;
            if let Some(error) = value_error(text, DIRECTIVES[index].kind, name, end) {
                return Some(error);
            }
        }
        start = end + 1;
    }
    if seen == 0 {
        return wrong(0, 0, "there is no directive; write one like default-src 'self'");
    }
    None
}

/// Returns the error for a name that is not a directive.
pub(in crate::policy::csp) fn name_error(name: &str) -> ParseError {
    let error = unknown_name(name.as_bytes(), (0, name.len()));
    error.map_or_else(too_long, |error| error.error(name))
}

const fn unknown_name(text: &[u8], (start, end): (usize, usize)) -> Option<SyntaxError> {
    if start == end {
        return wrong(start, end, "the name is empty; write one like default-src");
    }
    if find(text, start, end, b'\'') < end {
        return wrong(start, end, "is not a directive; write a space before its first quote");
    }
    if text[end - 1] == b':' {
        return wrong(start, end, "is not a directive; write its name without the ':'");
    }
    unknown(
        start,
        end,
        Words::Directives,
        "is not a directive; see CSP Level 3 for the directives that exist",
    )
}

/// Returns the first byte that could end the directive, the policy or the
/// header.
const fn byte_error(text: &[u8]) -> Option<SyntaxError> {
    let mut i = 0;
    while i < text.len() {
        match text[i] {
            b',' => return wrong(i, i + 1, "starts a second policy; separate sources with spaces"),
            0xE2 if is_curly_quote(text, i) => {
                return wrong(i, i + 3, CURLY_QUOTE);
            }
            0x80.. => {
                let mut end = i + 1;
                while end < text.len() && text[end] & 0xC0 == 0x80 {
                    end += 1;
                }
                return wrong(
                    i,
                    end,
                    "is not ASCII, and browsers ignore the directive that has it; write ASCII, and a host in its 'xn--' form",
                );
            }
            b' '..=b'~' => {}
            byte if byte.is_ascii_whitespace() => {}
            _ => return wrong(i, i + 1, "is a control character; write spaces between sources"),
        }
        i += 1;
    }
    None
}

/// The problem of a quote that a text processor converted.
pub(in crate::policy::csp) const CURLY_QUOTE: &str =
    "is a curly quote, and browsers ignore the directive that has it; write a straight quote";

/// Matches one of U+2018, U+2019, U+201C and U+201D, which begin with 0xE2.
const fn is_curly_quote(text: &[u8], at: usize) -> bool {
    at + 2 < text.len() && text[at + 1] == 0x80 && matches!(text[at + 2], 0x98 | 0x99 | 0x9C | 0x9D)
}

const fn value_error(
    text: &[u8],
    kind: Kind,
    name: (usize, usize),
    end: usize,
) -> Option<SyntaxError> {
    let lists =
        matches!(kind, Kind::Sources(_) | Kind::Ancestors | Kind::TrustedTypes | Kind::Obsolete);
    let mut count = 0;
    let mut none = None;
    let mut token = next_token(text, name.1, end);
    while token.0 < token.1 {
        count += 1;
        if lists && same(text, token.0, token.1, NONE) {
            none = Some(token);
        } else if let Some(error) = token_error(text, kind, token.0, token.1, count) {
            return Some(error);
        }
        token = next_token(text, token.1, end);
    }
    match (kind, none) {
        (Kind::Obsolete, _) => None,
        (_, Some((start, end))) if count > 1 => {
            wrong(start, end, "has no effect next to other sources; remove it or write it alone")
        }
        (Kind::Sources(_) | Kind::Ancestors, _) if count == 0 => {
            wrong(name.0, name.1, "has no value, which allows nothing; write 'none' after it")
        }
        (Kind::Uris | Kind::Endpoint | Kind::TrustedTypesFor | Kind::WebRtc, _) if count == 0 => {
            wrong(name.0, name.1, "has no effect without a value; write one after it")
        }
        _ => None,
    }
}

const fn token_error(
    text: &[u8],
    kind: Kind,
    start: usize,
    end: usize,
    count: usize,
) -> Option<SyntaxError> {
    match kind {
        Kind::Sources(directive) => source_error(text, start, end, directive),
        Kind::Ancestors => ancestor_error(text, start, end),
        Kind::Uris | Kind::Obsolete if text[start] == b'\'' => {
            wrong(start, end, "is a keyword, and this directive takes none; remove it")
        }
        Kind::Sandbox if text[start] == b'\'' => {
            wrong(start, end, "is quoted, and sandbox tokens are not; write allow-scripts")
        }
        Kind::Sandbox if !listed(text, start, end, SANDBOX_TOKENS) => unknown(
            start,
            end,
            Words::SandboxTokens,
            "is not a sandbox token; write one like allow-scripts",
        ),
        Kind::Endpoint if count > 1 => {
            wrong(start, end, "is a second endpoint, and a policy has one; remove it")
        }
        Kind::Endpoint if !is_endpoint(text, start, end) => wrong(
            start,
            end,
            "is not an endpoint name; write lower-case letters, digits, '-', '_' and '.'",
        ),
        Kind::TrustedTypes if !is_policy_value(text, start, end) => {
            wrong(start, end, "is not a policy name; write letters, digits and -#=_/@.%")
        }
        Kind::TrustedTypesFor if !same(text, start, end, "'script'") => {
            wrong(start, end, "is not a group of sinks; write 'script', the only group")
        }
        Kind::WebRtc if count > 1 => {
            wrong(start, end, "is a second value; write 'allow' or 'block'")
        }
        Kind::WebRtc if !listed(text, start, end, &["'allow'", "'block'"]) => {
            wrong(start, end, "is not a value of webrtc; write 'allow' or 'block'")
        }
        Kind::Empty => wrong(start, end, "is a value, and this directive takes none; remove it"),
        _ => None,
    }
}

/// Returns `true` if the text is the name of an endpoint: a key of a
/// structured field that is also a token.
pub(in crate::policy) const fn is_endpoint(text: &[u8], start: usize, end: usize) -> bool {
    let mut i = start;
    while i < end {
        if !matches!(text[i], b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*') {
            return false;
        }
        i += 1;
    }
    text[start].is_ascii_lowercase()
}

/// Returns `true` if the text is the name of a Trusted Types policy, or a
/// value that represents several names.
pub(in crate::policy::csp) const fn is_policy_value(text: &[u8], start: usize, end: usize) -> bool {
    is_policy_name(text, start, end)
        || same(text, start, end, "*")
        || same(text, start, end, "'allow-duplicates'")
}

/// Returns `true` if the text is the name of a Trusted Types policy.
pub(in crate::policy::csp) const fn is_policy_name(text: &[u8], start: usize, end: usize) -> bool {
    let mut i = start;
    while i < end {
        let sign = matches!(text[i], b'-' | b'#' | b'=' | b'_' | b'/' | b'@' | b'.' | b'%');
        if !text[i].is_ascii_alphanumeric() && !sign {
            return false;
        }
        i += 1;
    }
    start < end
}
