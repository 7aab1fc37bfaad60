//! The strict grammar of one source.

use super::{
    check::{NONCE, directive},
    directive::{INLINE, KEYWORDS, NONCES},
    fault::{Fault, wrong},
};
use crate::policy::scan::{begins, find, listed, same, same_bytes};

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
            return wrong(
                start,
                end,
                "is a fixed nonce, which anybody can copy; write 'nonce-{}' for one that is new in every response",
            );
        }
        if !cfg!(feature = "nonce") {
            return wrong(start, end, "needs the feature 'nonce', which is off; switch it on");
        }
        if NONCES & directive == 0 {
            return wrong(
                start,
                end,
                "has no effect in this directive; write it in script-src or style-src",
            );
        }
        return None;
    }
    if listed(
        text,
        start,
        end,
        &["'unsafe-allow-redirects'", "'unsafe-hashed-attributes'", "'unsafe-dynamic'"],
    ) {
        return wrong(start, end, "is a keyword that no browser reads any more; remove it");
    }
    if !is_hash(text, start, end) {
        return wrong(
            start,
            end,
            "is neither a keyword nor a hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        );
    }
    if INLINE & directive == 0 {
        return wrong(
            start,
            end,
            "has no effect in this directive; write it in script-src or style-src",
        );
    }
    None
}

/// CSP3 section 2.3.1, `scheme-source` and `host-source`.
const fn place_fault(text: &[u8], start: usize, end: usize) -> Option<Fault> {
    const SCHEMES: &[&str] =
        &["https", "http", "wss", "ws", "data", "blob", "mediastream", "filesystem"];
    if is_unquoted_keyword(text, start, end) {
        return wrong(start, end, "would be a host of that name; write it in single quotes");
    }
    if listed(text, start, end, SCHEMES) {
        return wrong(
            start,
            end,
            "would be a host of that name; write the scheme with a ':' behind it",
        );
    }
    if directive(text, start, end).is_some() {
        return wrong(
            start,
            end,
            "would be a host of that name; write ';' before a directive, the scheme before a host",
        );
    }
    let scheme = scheme_end(text, start, end);
    if scheme > start && scheme + 1 == end && text[scheme] == b':' {
        if find(text, start, scheme, b'.') < scheme {
            return wrong(
                start,
                end,
                "would be a scheme of that name; write the port, or leave the ':' out",
            );
        }
        return None;
    }
    let with_scheme = scheme > start && begins(text, scheme, end, "://");
    let slashes = scheme > start
        && !with_scheme
        && (begins(text, scheme, end, ":/") || begins(text, scheme, end, "//"));
    if slashes {
        return wrong(start, end, "has no '://' behind its scheme; write it so, or the host alone");
    }
    let host = if with_scheme { scheme + 3 } else { start };
    host_fault(text, start, host, end)
}

const fn host_fault(text: &[u8], source: usize, start: usize, end: usize) -> Option<Fault> {
    let mut at = start;
    if at < end && text[at] == b'*' {
        at += 1;
        let whole = at == end || matches!(text[at], b':' | b'/');
        if start > source && at == end {
            return wrong(
                source,
                end,
                "allows every host of the scheme; write the scheme with a ':' behind it, if that is meant",
            );
        }
        if !whole && text[at] != b'.' {
            return wrong(
                source,
                end,
                "has a '*' that is not a whole label; write '*.' and a domain",
            );
        }
        at += !whole as usize;
        if start > source && whole && at + 1 == end {
            return wrong(
                source,
                end,
                "allows every host of the scheme; write the scheme with a ':' behind it, if that is meant",
            );
        }
        if !whole && (at == end || matches!(text[at], b':' | b'/')) {
            return wrong(source, end, "has no domain behind the '*.'; write one");
        }
        if whole {
            return port_and_path_fault(text, at, end);
        }
    }
    let mut label = at;
    while at < end && !matches!(text[at], b':' | b'/') {
        match text[at] {
            b'.' if at == label => {
                return wrong(
                    source,
                    end,
                    "has an empty label in its host; write one like cdn.example",
                );
            }
            b'.' => label = at + 1,
            b'-' => {}
            byte if byte.is_ascii_alphanumeric() => {}
            b'*' => {
                return wrong(
                    source,
                    end,
                    "has a '*' that is not its first label, for which browsers drop it; write one like *.cdn.example",
                );
            }
            b'[' | b']' => {
                return wrong(
                    source,
                    end,
                    "is an IPv6 address, which no policy can name; write a host name",
                );
            }
            b'?' | b'#' => {
                return wrong(
                    at,
                    end,
                    "is ignored by browsers; leave the query and the fragment out",
                );
            }
            _ => {
                return wrong(
                    at,
                    at + 1,
                    "cannot stand in a host; write letters, digits, '-' and '.'",
                );
            }
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
        if at == port || (at < end && text[at] != b'/') || !is_port(text, port, at) {
            // Where there is nothing behind the ':', that is what stands there.
            let found = if port < end { port } else { port - 1 };
            return wrong(found, end, "is not a port; write a number or '*'");
        }
    }
    while at < end {
        match text[at] {
            b'?' | b'#' => {
                return wrong(
                    at,
                    end,
                    "is ignored by browsers; leave the query and the fragment out",
                );
            }
            b'"' | b'\'' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                return wrong(at, at + 1, "cannot stand in a path; write it percent-encoded");
            }
            b'%' if !is_encoded(text, at, end) => {
                return wrong(
                    at,
                    at + 1,
                    "is not followed by two hexadecimal digits; write '%25' for itself",
                );
            }
            _ => at += 1,
        }
    }
    None
}

/// The first fault of a member of `frame-ancestors`, which compares origins.
pub(super) const fn ancestor_fault(text: &[u8], start: usize, end: usize) -> Option<Fault> {
    let scheme = scheme_end(text, start, end);
    let host = if begins(text, scheme, end, "://") { scheme + 3 } else { start };
    let path = find(text, host, end, b'/');
    if path + 1 < end {
        return wrong(
            path,
            end,
            "never matches, since frame-ancestors compares origins; leave the path out",
        );
    }
    source_fault(text, start, end, u8::MAX)
}

/// Whether the bytes are `*`, or a number that fits a port.
const fn is_port(text: &[u8], start: usize, end: usize) -> bool {
    let mut number = 0_u32;
    let mut at = start;
    while at < end && text[at].is_ascii_digit() && number <= u16::MAX as u32 {
        number = number * 10 + (text[at] - b'0') as u32;
        at += 1;
    }
    number <= u16::MAX as u32
}

const fn is_encoded(text: &[u8], at: usize, end: usize) -> bool {
    at + 2 < end && text[at + 1].is_ascii_hexdigit() && text[at + 2].is_ascii_hexdigit()
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

/// `'sha256-…'` and the like, with padded base64 or base64url of the right length (CSP3 section
/// 6.7.3.3).
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

/// The end of a scheme that begins at `start`; `start` itself where none does.
const fn scheme_end(text: &[u8], start: usize, end: usize) -> usize {
    let mut at = start;
    while at < end && (text[at].is_ascii_alphanumeric() || matches!(text[at], b'+' | b'-' | b'.')) {
        at += 1;
    }
    if text[start].is_ascii_alphabetic() { at } else { start }
}
