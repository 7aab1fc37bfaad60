//! Sets `Permissions-Policy`, which controls the browser features of a page.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    hash::{Hash, Hasher},
    str::FromStr,
};

use super::policy::header_policy;
use crate::{
    error::ParseError,
    policy::csp::is_origin,
    syntax::{directives::is_token, scan::same},
};

const NAME: &str = "permissions-policy";

/// Controls which browser features a page and its frames may use, with
/// `Permissions-Policy` ([W3C Permissions Policy](https://www.w3.org/TR/permissions-policy/)).
///
/// Chrome 88 and later read the header; Firefox and Safari do not. Any valid value is accepted:
/// features in lower case, each once, with `*`, `self` or a list in parentheses of `self`, `*` and
/// quoted origins. One syntax error makes a browser drop the whole header, so this type rejects it.
///
/// ```
/// use tower_hardening::header::PermissionsPolicy;
///
/// const POLICY: PermissionsPolicy =
///     PermissionsPolicy::from_static(r#"camera=(), fullscreen=(self "https://x.example")"#);
/// assert_eq!(POLICY.to_string(), r#"camera=(), fullscreen=(self "https://x.example")"#);
/// let error = "geolocation='self'".parse::<PermissionsPolicy>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "permissions-policy, byte 12: expected '*', self or a list like (self \"https://x.example\")",
/// );
/// ```
#[derive(Clone, Debug)]
pub struct PermissionsPolicy(Cow<'static, str>);

impl PermissionsPolicy {
    /// Creates a policy from a literal.
    ///
    /// # Panics
    ///
    /// Panics on a value that `FromStr` rejects: in a `const`, this is a compile error.
    pub const fn from_static(text: &'static str) -> Self {
        if let Some((_, problem)) = fault(text.as_bytes()) {
            panic!("{}", problem);
        }
        if has_twins(text.as_bytes()) {
            panic!("{}", TWICE);
        }
        Self(Cow::Borrowed(text))
    }

    fn text(&self) -> Cow<'static, str> {
        let canonical = canonical(&self.0);
        match &self.0 {
            Cow::Borrowed(text) if *text == canonical => Cow::Borrowed(text),
            _ => Cow::Owned(canonical),
        }
    }
}

header_policy!(PermissionsPolicy, "permissions-policy", existing: IfNotPresent, lines: Joined, report_only: "permissions-policy-report-only");

impl FromStr for PermissionsPolicy {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if let Some((offset, problem)) = fault(text.as_bytes()) {
            return Err(ParseError::new(NAME, offset, problem));
        }
        let mut seen = BTreeSet::new();
        let mut offset = 0;
        for member in text.split(',') {
            let feature = member.split('=').next().unwrap_or_default();
            let start = offset + feature.len() - feature.trim_start().len();
            if !seen.insert(feature.trim().to_owned()) {
                let problem = format!("'{}' {TWICE}", feature.trim());
                return Err(ParseError::new(NAME, start, problem));
            }
            offset += member.len() + 1;
        }
        Ok(Self(Cow::Owned(canonical(text))))
    }
}

impl PartialEq for PermissionsPolicy {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for PermissionsPolicy {}

impl Hash for PermissionsPolicy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text().hash(state);
    }
}

const TWICE: &str = "stands here twice, and browsers read only the last; merge the two";

/// Serialises a valid text by RFC 9651 section 4.1; origins contain no space
/// or comma.
fn canonical(text: &str) -> String {
    let spaced = text.replace(",", ", ");
    let mut canonical = spaced.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    for (wide, narrow) in [(" ,", ","), ("( ", "("), (" )", ")"), ("; ", ";")] {
        canonical = canonical.replace(wide, narrow);
    }
    canonical
}

/// Returns `true` if a feature occurs twice. Takes quadratic time; used for
/// literals only.
const fn has_twins(text: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        let (start, end) = feature(text, at);
        let mut other = skip_member(text, end);
        while other < text.len() {
            let (first, last) = feature(text, other);
            if last - first == end - start && starts_same(text, start, first, end - start) {
                return true;
            }
            other = skip_member(text, last);
        }
        at = skip_member(text, end);
    }
    false
}

const fn starts_same(text: &[u8], first: usize, second: usize, length: usize) -> bool {
    let mut i = 0;
    while i < length && text[first + i] == text[second + i] {
        i += 1;
    }
    i == length
}

/// Returns the start of the member after the next comma.
const fn skip_member(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && text[at] != b',' {
        at += 1;
    }
    at + 1
}

/// Returns the range of the name after the white space at `at`.
const fn feature(text: &[u8], at: usize) -> (usize, usize) {
    let start = skip_white_space(text, at);
    let mut end = start;
    while end < text.len() && matches!(text[end], b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_') {
        end += 1;
    }
    (start, end)
}

/// Checks the dictionary of RFC 9651 section 3.2, with the values that the
/// header allows.
const fn fault(text: &[u8]) -> Option<(usize, &'static str)> {
    let mut at = 0;
    loop {
        let (start, end) = feature(text, at);
        if end == start || !text[start].is_ascii_lowercase() {
            return Some((start, "expected a feature in lower case, like camera=()"));
        }
        if end >= text.len() || text[end] != b'=' {
            return Some((end, "expected '=' and what is allowed, like camera=()"));
        }
        at = match allowlist(text, end + 1) {
            Ok(end) => end,
            Err(fault) => return Some(fault),
        };
        while at < text.len() && text[at] == b';' {
            at = match parameter(text, at + 1) {
                Ok(end) => end,
                Err(fault) => return Some(fault),
            };
        }
        at = skip_white_space(text, at);
        if at == text.len() {
            return None;
        }
        if text[at] != b',' {
            return Some((at, "expected ',' before the next feature"));
        }
        at += 1;
    }
}

/// Skips a parameter, such as `report-to=endpoint`.
const fn parameter(text: &[u8], at: usize) -> Result<usize, (usize, &'static str)> {
    const EXPECTED: &str = "expected a parameter in lower case, like report-to=endpoint";
    let mut start = at;
    while start < text.len() && text[start] == b' ' {
        start += 1;
    }
    let mut end = start;
    while end < text.len()
        && matches!(text[end], b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*')
    {
        end += 1;
    }
    if end == start || !text[start].is_ascii_lowercase() {
        return Err((start, EXPECTED));
    }
    if end < text.len() && text[end] == b'=' {
        let value = end + 1;
        end = token(text, value);
        if end == value || !text[value].is_ascii_alphabetic() {
            return Err((value, EXPECTED));
        }
    }
    Ok(end)
}

const fn allowlist(text: &[u8], start: usize) -> Result<usize, (usize, &'static str)> {
    const EXPECTED: &str = "expected '*', self or a list like (self \"https://x.example\")";
    if start < text.len() && text[start] == b'*' {
        return Ok(start + 1);
    }
    if start >= text.len() || text[start] != b'(' {
        let end = token(text, start);
        return if is_self(text, start, end) { Ok(end) } else { Err((start, EXPECTED)) };
    }
    let mut at = start + 1;
    loop {
        at = skip_spaces(text, at);
        if at >= text.len() {
            return Err((at, "the list is never closed; expected ')'"));
        }
        let item = at;
        at = match text[at] {
            b')' => return Ok(at + 1),
            b'*' => at + 1,
            b'"' => match quoted(text, at) {
                Some(end) if is_origin(text, at + 1, end - 1) => end,
                Some(_) => return Err((at, "expected an origin, like \"https://x.example\"")),
                None => return Err((at, "the string is never closed; expected '\"'")),
            },
            _ => token(text, at),
        };
        if !matches!(text[item], b'*' | b'"') && !is_self(text, item, at) {
            return Err((item, "expected self, * or an origin in double quotes"));
        }
        if at < text.len() && !matches!(text[at], b' ' | b')') {
            return Err((at, "expected a space between the members of a list"));
        }
    }
}

const fn is_self(text: &[u8], start: usize, end: usize) -> bool {
    same(text, start, end, "self") && text[start] == b's'
}

/// Returns the end of a token that begins at `at`; `at` itself if none begins
/// there.
const fn token(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && (is_token(text[at]) || matches!(text[at], b':' | b'/')) {
        at += 1;
    }
    at
}

/// Returns the end of a string of visible ASCII that begins at `at`.
const fn quoted(text: &[u8], mut at: usize) -> Option<usize> {
    at += 1;
    while at < text.len() && matches!(text[at], b' '..=b'~') && text[at] != b'\\' {
        if text[at] == b'"' {
            return Some(at + 1);
        }
        at += 1;
    }
    None
}

const fn skip_spaces(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && text[at] == b' ' {
        at += 1;
    }
    at
}

const fn skip_white_space(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && matches!(text[at], b' ' | b'\t') {
        at += 1;
    }
    at
}
