//! Implements the strict grammar of one source (CSP3 section 2.3.1).

use super::{
    groups::Groups,
    quoted::quoted_error,
    syntax_error::{SyntaxError, wrong},
    tables::{SCHEMES, directive, is_unquoted_keyword},
};
use crate::syntax::scan::{begins, find, listed, same};

/// Returns the first syntax error of one source, in a directive of this
/// group.
pub(in crate::policy::csp) const fn source_error(
    text: &[u8],
    start: usize,
    end: usize,
    directive: Groups,
) -> Option<SyntaxError> {
    if text[start] == b'\'' {
        quoted_error(text, start, end, directive)
    } else {
        place_error(text, start, end)
    }
}

/// Checks `scheme-source` and `host-source`.
const fn place_error(text: &[u8], start: usize, end: usize) -> Option<SyntaxError> {
    if is_unquoted_keyword(text, start, end) {
        return wrong(start, end, "is an unquoted keyword; write it in single quotes");
    }
    if listed(text, start, end, SCHEMES) {
        return wrong(start, end, "is a scheme without its colon; write ':' after it");
    }
    if directive(text, start, end).is_some() {
        return wrong(
            start,
            end,
            "is the name of a directive; write ';' before it, or a scheme before a host of that name",
        );
    }
    let scheme = scheme_end(text, start, end);
    let has_scheme = scheme > start;
    if has_scheme && scheme + 1 == end && text[scheme] == b':' {
        if find(text, start, scheme, b'.') < scheme {
            return wrong(
                start,
                end,
                "is read as a scheme, since it ends in ':'; write the port, or remove the ':'",
            );
        }
        return None;
    }
    if has_scheme && begins(text, scheme, end, "://") {
        return host_error(text, start, scheme + 3, end);
    }
    if has_scheme && (begins(text, scheme, end, ":/") || begins(text, scheme, end, "//")) {
        return wrong(start, end, "has no '://' after its scheme; write it, or the host alone");
    }
    if scheme < end && text[scheme] == b':' && listed(text, start, scheme, SCHEMES) {
        return scheme_with_more_error(text, start, scheme, end);
    }
    host_error(text, start, start, end)
}

/// Checks a scheme and a `:` with text after it that begins with neither `//`
/// nor `/`.
const fn scheme_with_more_error(
    text: &[u8],
    start: usize,
    scheme: usize,
    end: usize,
) -> Option<SyntaxError> {
    if is_port(text, scheme + 1, find(text, scheme, end, b'/')) {
        return host_error(text, start, start, end);
    }
    if listed(text, start, scheme, &["data", "blob", "mediastream", "filesystem"]) {
        return wrong(start, end, "has text after its scheme; write the scheme and ':' alone");
    }
    wrong(start, end, "has no '//' after its scheme; write it, or the host alone")
}

const fn host_error(text: &[u8], source: usize, start: usize, end: usize) -> Option<SyntaxError> {
    let mut at = start;
    if at < end && text[at] == b'*' {
        at += 1;
        if at == end || matches!(text[at], b':' | b'/') {
            return port_and_path_error(text, at, end);
        }
        if text[at] != b'.' {
            return wrong(
                source,
                end,
                "has a '*' that is not a whole label; write '*.' and a domain",
            );
        }
        at += 1;
        if at == end || matches!(text[at], b':' | b'/') {
            return wrong(source, end, "has no domain after the '*.'; write one");
        }
    }
    labels_error(text, source, start, at, end)
}

/// Checks the labels of a host from `at` on, and the text that follows the host.
const fn labels_error(
    text: &[u8],
    source: usize,
    start: usize,
    mut at: usize,
    end: usize,
) -> Option<SyntaxError> {
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
            byte => return host_byte_error(source, at, end, byte),
        }
        at += 1;
    }
    if at == start {
        return wrong(source, end, "has no host; write one like cdn.example");
    }
    let slashes = begins(text, at, end, "//") || begins(text, at, end, ":/");
    if slashes && listed(text, start, at, SCHEMES) {
        return wrong(source, end, "has two schemes; write one, as in https://cdn.example");
    }
    port_and_path_error(text, at, end)
}

const fn host_byte_error(source: usize, at: usize, end: usize, byte: u8) -> Option<SyntaxError> {
    match byte {
        b'*' => wrong(
            source,
            end,
            "has a '*' that is not its first label, and browsers ignore it; write one like *.cdn.example",
        ),
        b'[' | b']' => wrong(
            source,
            end,
            "is an IPv6 address, which a policy cannot contain; write a host name",
        ),
        b'?' | b'#' => query_error(at, end),
        b'@' => wrong(
            source,
            end,
            "has a user name, which a source cannot contain; write the host alone",
        ),
        _ => wrong(at, at + 1, "is not allowed in a host; write letters, digits, '-' and '.'"),
    }
}

const fn query_error(start: usize, end: usize) -> Option<SyntaxError> {
    wrong(start, end, "is a query or a fragment, which browsers ignore; remove it")
}

const fn port_and_path_error(text: &[u8], mut at: usize, end: usize) -> Option<SyntaxError> {
    if at < end && text[at] == b':' {
        let port = at + 1;
        at = find(text, port, end, b'/');
        if !is_port(text, port, at) {
            // If no text follows the ':', the error shows the ':'.
            let found = if port < end { port } else { port - 1 };
            return wrong(found, end, "is not a port; write a number or '*'");
        }
    }
    if begins(text, at, end, "//") {
        return wrong(at, end, "is not a path, since it begins with '//'; write one '/'");
    }
    while at < end {
        match text[at] {
            b'?' | b'#' => return query_error(at, end),
            b'%' if !is_encoded(text, at, end) => {
                return wrong(
                    at,
                    at + 1,
                    "is not followed by two hexadecimal digits; write '%25' for a percent sign",
                );
            }
            b'%' => {}
            byte if is_path_byte(byte) => {}
            _ => {
                return wrong(at, at + 1, "is not allowed in a path; write it percent-encoded");
            }
        }
        at += 1;
    }
    None
}

/// Returns `true` for the bytes of `pchar` (RFC 3986 section 3.3) and `/`,
/// except those that end a directive or begin a keyword.
const fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'/' | b'-'
                | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b'='
                | b':'
                | b'@'
        )
}

/// Returns the first syntax error of a member of `frame-ancestors`, which
/// compares origins.
pub(in crate::policy::csp) const fn ancestor_error(
    text: &[u8],
    start: usize,
    end: usize,
) -> Option<SyntaxError> {
    if text[start] == b'\'' && !same(text, start, end, "'self'") {
        return wrong(
            start,
            end,
            "is not a valid frame ancestor; write 'self', 'none', a scheme or a host",
        );
    }
    if let Some(error) = source_error(text, start, end, Groups::ALL) {
        return Some(error);
    }
    let scheme = scheme_end(text, start, end);
    let host = if begins(text, scheme, end, "://") { scheme + 3 } else { start };
    let path = find(text, host, end, b'/');
    if path + 1 < end {
        return wrong(path, end, "is a path, and frame-ancestors compares origins; remove it");
    }
    None
}

/// Returns `true` for a scheme, a host and an optional port. Other headers
/// also use this form.
pub(crate) const fn is_origin(text: &[u8], start: usize, end: usize) -> bool {
    let mut at = start;
    while at < end && text[at] != b':' {
        at += 1;
    }
    let scheme = at > start && at + 3 < end && text[at + 1] == b'/' && text[at + 2] == b'/';
    let all = at + 4 == end && text[end - 1] == b'*';
    scheme && !all && text[end - 1] != b'/' && ancestor_error(text, start, end).is_none()
}

/// Returns `true` for `*`, and for a number that fits a port.
const fn is_port(text: &[u8], start: usize, end: usize) -> bool {
    if same(text, start, end, "*") {
        return true;
    }
    let mut number = 0_u32;
    let mut at = start;
    while at < end && text[at].is_ascii_digit() && number <= u16::MAX as u32 {
        number = number * 10 + (text[at] - b'0') as u32;
        at += 1;
    }
    at == end && at > start && number <= u16::MAX as u32
}

const fn is_encoded(text: &[u8], at: usize, end: usize) -> bool {
    at + 2 < end && text[at + 1].is_ascii_hexdigit() && text[at + 2].is_ascii_hexdigit()
}

/// Returns the end of a scheme that begins at `start`, or `start` if there is
/// no scheme.
const fn scheme_end(text: &[u8], start: usize, end: usize) -> usize {
    let mut at = start;
    while at < end && (text[at].is_ascii_alphanumeric() || matches!(text[at], b'+' | b'-' | b'.')) {
        at += 1;
    }
    if text[start].is_ascii_alphabetic() { at } else { start }
}
