//! The strict grammar: what a careful author would write, checked the same way when compiling
//! and when running.

use super::directive::{DIRECTIVES, KEYWORDS, Kind, NONCES, SANDBOX_TOKENS};
use crate::{ParseError, error::did_you_mean};

/// The header's name, in errors.
pub(super) const NAME: &str = "content-security-policy";

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
        let problem = match self.problem {
            NOT_A_DIRECTIVE => {
                let names = DIRECTIVES.iter().map(|(name, _)| *name);
                let remedy = did_you_mean(found, names, "see CSP Level 3 for those there are");
                format!("'{}' {NOT_A_DIRECTIVE}{remedy}", found.escape_debug())
            }
            problem if found.is_empty() => problem.to_owned(),
            // Keywords bring their own quotes.
            problem if found.starts_with('\'') && found.len() > 1 => {
                format!("{} {problem}", found.escape_default().to_string().replace("\\'", "'"))
            }
            problem => format!("'{}' {problem}", found.escape_debug()),
        };
        ParseError::new(NAME, self.start, problem)
    }
}

const NOT_A_DIRECTIVE: &str = "is not a directive";

const fn wrong(start: usize, end: usize, problem: &'static str) -> Option<Fault> {
    Some(Fault { start, end, problem })
}

/// The first fault of a whole policy.
pub(super) const fn policy_fault(text: &[u8]) -> Option<Fault> {
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
                return wrong(name.0, name.1, "stands here a second time, and browsers read only the first; merge the two");
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
            0x80.. => {
                let mut end = i + 1;
                while end < text.len() && text[end] & 0xC0 == 0x80 {
                    end += 1;
                }
                return wrong(i, end, "is not ASCII, for which browsers drop the directive; write ASCII, a host in its 'xn--' form");
            }
            b'\t' | b' '..=b'~' => {}
            _ => return wrong(i, i + 1, "is a control character; write spaces between sources"),
        }
        i += 1;
    }
    None
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
            Kind::Sources(_) | Kind::Ancestors | Kind::TrustedTypes if count > 1 => {
                wrong(start, end, "does nothing beside other sources; leave it out or write it alone")
            }
            Kind::Sources(_) | Kind::Ancestors | Kind::TrustedTypes | Kind::Dead => None,
            Kind::Empty => wrong(start, end, "is no value for this directive, which takes none; remove it"),
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
        Kind::Ancestors => source_fault(text, start, end, u8::MAX),
        Kind::Sandbox if !listed(text, start, end, SANDBOX_TOKENS) => {
            wrong(start, end, "is not a token of sandbox; write one like allow-scripts")
        }
        Kind::Endpoint if count > 1 => {
            wrong(start, end, "is a second endpoint, and there can be one; remove it")
        }
        Kind::Endpoint if !is_endpoint(text, start, end) => {
            wrong(start, end, "is no name of an endpoint; write lower-case letters, digits, '-', '_' and '.'")
        }
        Kind::TrustedTypes if !is_policy_name(text, start, end) => {
            wrong(start, end, "is no name of a policy; write letters, digits and -#=_/@.%")
        }
        Kind::TrustedTypesFor if !same(text, start, end, "'script'") => {
            wrong(start, end, "is no group of sinks; write 'script', the one there is")
        }
        Kind::Webrtc if count > 1 => wrong(start, end, "is a second value; write 'allow' or 'block'"),
        Kind::Webrtc if !listed(text, start, end, &["'allow'", "'block'"]) => {
            wrong(start, end, "is no value of webrtc; write 'allow' or 'block'")
        }
        Kind::Empty => wrong(start, end, "is no value for this directive, which takes none; remove it"),
        _ => None,
    }
}

/// The first fault of one source in a directive where the keywords in `directive` count.
pub(super) const fn source_fault(
    text: &[u8],
    start: usize,
    end: usize,
    directive: u8,
) -> Option<Fault> {
    if text[start] == b'\'' {
        quoted_fault(text, start, end, directive)
    } else {
        place_fault(text, start, end)
    }
}

const fn quoted_fault(text: &[u8], start: usize, end: usize, directive: u8) -> Option<Fault> {
    let mut i = 0;
    while i < KEYWORDS.len() {
        if same(text, start, end, KEYWORDS[i].0) {
            if KEYWORDS[i].1 & directive == 0 {
                return wrong(start, end, "has no effect in this directive; remove it");
            }
            return None;
        }
        i += 1;
    }
    if begins(text, start, end, "'nonce-") {
        if !same(text, start, end, NONCE) {
            return wrong(start, end, "is a fixed nonce, which anybody can copy; write 'nonce-{}' for one that is new in every response");
        }
        if !cfg!(feature = "nonce") {
            return wrong(start, end, "needs the feature 'nonce' of tower-hardening; switch it on");
        }
    } else if !is_hash(text, start, end) {
        return wrong(start, end, "is neither a keyword nor the base64 of a sha256, sha384 or sha512 digest");
    }
    if NONCES & directive == 0 {
        return wrong(start, end, "has no effect in this directive; write it in script-src or style-src");
    }
    None
}

/// CSP3 section 2.3.1, `scheme-source` and `host-source`.
const fn place_fault(text: &[u8], start: usize, end: usize) -> Option<Fault> {
    const SCHEMES: &[&str] = &["https", "http", "wss", "ws", "data", "blob", "mediastream", "filesystem"];
    if is_unquoted_keyword(text, start, end) {
        return wrong(start, end, "would be a host of that name; write it in single quotes");
    }
    if listed(text, start, end, SCHEMES) {
        return wrong(start, end, "would be a host of that name; write the scheme with a ':' behind it");
    }
    let scheme = scheme_end(text, start, end);
    if scheme > start && scheme + 1 == end && text[scheme] == b':' {
        if find(text, start, scheme, b'.') < scheme {
            return wrong(start, end, "would be a scheme of that name; write the port, or leave the ':' out");
        }
        return None;
    }
    let with_scheme = scheme > start && begins(text, scheme, end, "://");
    let host = if with_scheme { scheme + 3 } else { start };
    host_fault(text, start, host, end)
}

const fn host_fault(text: &[u8], source: usize, start: usize, end: usize) -> Option<Fault> {
    let mut at = start;
    if at < end && text[at] == b'*' {
        at += 1;
        let whole = at == end || matches!(text[at], b':' | b'/');
        if whole && start > source {
            return wrong(source, end, "allows every host of the scheme; write the scheme with a ':' behind it, if that is meant");
        }
        if !whole && text[at] != b'.' {
            return wrong(source, end, "has a '*' that is not a whole label; write '*.' and a domain");
        }
        at += !whole as usize;
        if !whole && at == end {
            return wrong(source, end, "has no domain behind the '*.'; write one");
        }
        if whole {
            return port_and_path_fault(text, at, end);
        }
    }
    let mut label = at;
    while at < end && !matches!(text[at], b':' | b'/') {
        match text[at] {
            b'.' if at == label => return wrong(source, end, "has an empty label in its host; write one like cdn.example"),
            b'.' => label = at + 1,
            b'-' => {}
            byte if byte.is_ascii_alphanumeric() => {}
            b'*' => return wrong(source, end, "has a '*' that is not its first label; browsers drop it"),
            b'[' | b']' => return wrong(source, end, "is an IPv6 address, which no policy can name; write a host name"),
            b'?' | b'#' => return wrong(at, end, "is ignored by browsers; leave the query and the fragment out"),
            _ => return wrong(at, at + 1, "cannot stand in a host; write letters, digits, '-' and '.'"),
        }
        at += 1;
    }
    if at == start {
        return wrong(source, end, "has no host; write one like cdn.example");
    }
    port_and_path_fault(text, at, end)
}

const fn port_and_path_fault(text: &[u8], mut at: usize, end: usize) -> Option<Fault> {
    if at < end && text[at] == b':' {
        let port = at + 1;
        at = port;
        while at < end && text[at].is_ascii_digit() {
            at += 1;
        }
        if at == port && at < end && text[at] == b'*' {
            at += 1;
        }
        if at == port || (at < end && text[at] != b'/') || at - port > 5 {
            return wrong(port, end, "is not a port; write a number or '*'");
        }
    }
    while at < end {
        match text[at] {
            b'?' | b'#' => return wrong(at, end, "is ignored by browsers; leave the query and the fragment out"),
            b'"' | b'\'' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                return wrong(at, at + 1, "cannot stand in a path; write it percent-encoded");
            }
            _ => at += 1,
        }
    }
    None
}

const fn is_unquoted_keyword(text: &[u8], start: usize, end: usize) -> bool {
    let mut i = 0;
    while i < KEYWORDS.len() {
        let keyword = KEYWORDS[i].0.as_bytes();
        if end - start + 2 == keyword.len() && same_bytes(text, start, end, keyword, 1) {
            return true;
        }
        i += 1;
    }
    same(text, start, end, "none")
        || begins(text, start, end, "nonce-")
        || begins(text, start, end, "sha256-")
        || begins(text, start, end, "sha384-")
        || begins(text, start, end, "sha512-")
}

/// `'sha256-…'` and the like, with padded base64 of the right length (CSP3 section 6.7.3.3).
const fn is_hash(text: &[u8], start: usize, end: usize) -> bool {
    let (digits, padding) = match end - start {
        53 if begins(text, start, end, "'sha256-") => (43, 1),
        73 if begins(text, start, end, "'sha384-") => (64, 0),
        97 if begins(text, start, end, "'sha512-") => (86, 2),
        _ => return false,
    };
    let mut i = 0;
    while i < digits + padding {
        let byte = text[start + 8 + i];
        let digit = byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
        if (i < digits && !digit) || (i >= digits && byte != b'=') {
            return false;
        }
        i += 1;
    }
    text[end - 1] == b'\''
}

const fn is_endpoint(text: &[u8], start: usize, end: usize) -> bool {
    let mut i = start;
    while i < end {
        if !matches!(text[i], b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*') {
            return false;
        }
        i += 1;
    }
    text[start].is_ascii_lowercase()
}

const fn is_policy_name(text: &[u8], start: usize, end: usize) -> bool {
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

/// The end of a scheme that begins at `start`; `start` itself where none does.
const fn scheme_end(text: &[u8], start: usize, end: usize) -> usize {
    let mut at = start;
    while at < end && (text[at].is_ascii_alphanumeric() || matches!(text[at], b'+' | b'-' | b'.')) {
        at += 1;
    }
    if text[start].is_ascii_alphabetic() { at } else { start }
}

/// The next run of bytes that are not white space, empty at the end.
const fn next_token(text: &[u8], mut at: usize, end: usize) -> (usize, usize) {
    while at < end && text[at].is_ascii_whitespace() {
        at += 1;
    }
    let start = at;
    while at < end && !text[at].is_ascii_whitespace() {
        at += 1;
    }
    (start, at)
}

const fn find(text: &[u8], mut at: usize, end: usize, byte: u8) -> usize {
    while at < end && text[at] != byte {
        at += 1;
    }
    at
}

const fn listed(text: &[u8], start: usize, end: usize, words: &[&str]) -> bool {
    let mut i = 0;
    while i < words.len() {
        if same(text, start, end, words[i]) {
            return true;
        }
        i += 1;
    }
    false
}

const fn same(text: &[u8], start: usize, end: usize, word: &str) -> bool {
    end - start == word.len() && same_bytes(text, start, end, word.as_bytes(), 0)
}

const fn begins(text: &[u8], start: usize, end: usize, word: &str) -> bool {
    end - start >= word.len() && same_bytes(text, start, start + word.len(), word.as_bytes(), 0)
}

/// Whether the bytes are those of `word` from `skip` on, ASCII case ignored.
const fn same_bytes(text: &[u8], start: usize, end: usize, word: &[u8], skip: usize) -> bool {
    let mut i = start;
    while i < end {
        if !text[i].eq_ignore_ascii_case(&word[skip + i - start]) {
            return false;
        }
        i += 1;
    }
    true
}
