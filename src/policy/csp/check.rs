//! The strict grammar: what a careful author would write, checked the same way when compiling
//! and when running.

use super::{
    check_source::{ancestor_fault, source_fault},
    directive::{DIRECTIVES, Kind, SANDBOX_TOKENS},
};
use crate::{
    ParseError,
    error::did_you_mean,
    policy::scan::{find, listed, next_token, same},
};

/// The header's name, in errors.
pub(super) const NAME: &str = "content-security-policy";

/// How long a policy may be, in bytes: servers and proxies hold all headers to 8 KiB or so.
pub(super) const LONGEST: usize = 8192;

/// How long a nonce is in a header, in bytes: `Nonce` draws 18 of them, and 4 characters tell 3.
pub(super) const NONCE_LENGTH: usize = 24;

/// What a nonce looks like in a policy's text, before a response's own takes the braces' place.
pub(super) const NONCE: &str = "'nonce-{}'";

/// What is wrong with the bytes from `start` to `end`.
#[derive(Clone, Copy)]
pub(super) struct Fault {
    pub(super) start: usize,
    pub(super) end: usize,
    /// What that is, and what to write instead; it follows the bytes in quotes.
    pub(super) problem: &'static str,
}

impl Fault {
    pub(super) fn error(self, text: &str) -> ParseError {
        let found = text.get(self.start..self.end).unwrap_or_default();
        let shown = found.escape_debug().to_string().replace("\\'", "'").replace("\\\"", "\"");
        let problem = match self.problem {
            NOT_A_DIRECTIVE if found.contains('\'') => {
                format!("'{shown}' {NOT_A_DIRECTIVE}; write a space before its first quote")
            }
            NOT_A_DIRECTIVE => {
                let names = DIRECTIVES.iter().map(|(name, _)| *name);
                let remedy = did_you_mean(found, names, "see CSP Level 3 for those there are");
                format!("'{shown}' {NOT_A_DIRECTIVE}{remedy}")
            }
            problem if found.is_empty() => problem.to_owned(),
            // Keywords bring their own quotes.
            problem if found.starts_with('\'') && found.len() > 1 => format!("{shown} {problem}"),
            problem => format!("'{shown}' {problem}"),
        };
        ParseError::new(NAME, self.start, problem)
    }
}

impl Fault {
    /// Ends compilation, or the program, with the text of the error.
    pub(super) const fn panic(self, text: &str) -> ! {
        let mut message = Message { bytes: [0; 512], length: 0 };
        message.push(NAME.as_bytes());
        message.push(b", byte ");
        message.push_number(self.start);
        message.push(b": '");
        let (_, rest) = text.as_bytes().split_at(self.start);
        let (found, _) = rest.split_at(self.end - self.start);
        message.push(found);
        message.push(b"' ");
        message.push(self.problem.as_bytes());
        let (message, _) = message.bytes.split_at(message.length);
        match std::str::from_utf8(message) {
            Ok(message) => panic!("{}", message),
            Err(_) => panic!("{}", self.problem),
        }
    }
}

/// A text that is put together in a `const`.
struct Message {
    bytes: [u8; 512],
    length: usize,
}

impl Message {
    const fn push(&mut self, bytes: &[u8]) {
        let mut i = 0;
        while i < bytes.len() && self.length < self.bytes.len() {
            self.bytes[self.length] = bytes[i];
            self.length += 1;
            i += 1;
        }
    }

    const fn push_number(&mut self, number: usize) {
        if number >= 10 {
            self.push_number(number / 10);
        }
        self.push(&[b'0' + (number % 10) as u8]);
    }
}

const TOO_LONG: &str =
    "the policy is longer than 8192 bytes, which proxies and servers refuse; shorten it";

/// The error of a policy whose nonces, once they are filled in, make it too long.
pub(super) fn too_long(text: &str) -> ParseError {
    ParseError::new(NAME, text.len(), TOO_LONG)
}

const NOT_A_DIRECTIVE: &str = "is not a directive";

pub(super) const fn wrong(start: usize, end: usize, problem: &'static str) -> Option<Fault> {
    Some(Fault { start, end, problem })
}

/// The first fault of a whole policy.
pub(super) const fn policy_fault(text: &[u8]) -> Option<Fault> {
    if text.len() > LONGEST {
        return wrong(LONGEST, LONGEST, TOO_LONG);
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
    let mut count = 0;
    let mut none = None;
    let mut token = next_token(text, name.1, end);
    while token.0 < token.1 {
        count += 1;
        if same(text, token.0, token.1, "'none'") {
            none = Some(token);
        } else if let Some(fault) = token_fault(text, kind, token.0, token.1, count) {
            return Some(fault);
        }
        token = next_token(text, token.1, end);
    }
    if let Some((start, end)) = none {
        return match kind {
            Kind::Sources(_) | Kind::Ancestors | Kind::TrustedTypes if count > 1 => wrong(
                start,
                end,
                "does nothing beside other sources; leave it out or write it alone",
            ),
            Kind::Sources(_) | Kind::Ancestors | Kind::TrustedTypes | Kind::Dead => None,
            Kind::Empty => {
                wrong(start, end, "is no value for this directive, which takes none; remove it")
            }
            _ => wrong(start, end, "is no value for this directive; see what it takes"),
        };
    }
    match kind {
        Kind::Sources(_) | Kind::Ancestors if count == 0 => {
            wrong(name.0, name.1, "has no value, which allows nothing; write 'none' after it")
        }
        Kind::Uris | Kind::Endpoint | Kind::TrustedTypesFor | Kind::Webrtc if count == 0 => {
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
const fn directive(text: &[u8], start: usize, end: usize) -> Option<usize> {
    let mut i = 0;
    while i < DIRECTIVES.len() {
        if same(text, start, end, DIRECTIVES[i].0) {
            return Some(i);
        }
        i += 1;
    }
    None
}
