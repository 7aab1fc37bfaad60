//! `Permissions-Policy`: which browser features a page and its frames may use.

use std::{borrow::Cow, str::FromStr};

use crate::ParseError;

const NAME: &str = "permissions-policy";

/// `Permissions-Policy`: which browser features a page and its frames may use
/// ([W3C Permissions Policy](https://www.w3.org/TR/permissions-policy/)).
///
/// Chrome 88 onwards; Firefox and Safari do not read it. Any valid value: features in lower case,
/// each with `*`, `self` or a list in parentheses of `self`, `*` and quoted origins. One error of
/// syntax makes a browser drop the whole header, so it is refused here.
///
/// ```
/// use tower_hardening::PermissionsPolicy;
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PermissionsPolicy(Cow<'static, str>);

impl PermissionsPolicy {
    /// What Pleroma 2.7 sends: no interest cohorts, a feature that was withdrawn in 2021.
    pub const PLEROMA: Self = Self::from_static("interest-cohort=()");

    /// From a literal.
    ///
    /// # Panics
    ///
    /// On a value that `FromStr` refuses: in a `const`, when compiling.
    pub const fn from_static(text: &'static str) -> Self {
        match fault(text.as_bytes()) {
            None => Self(Cow::Borrowed(text)),
            Some((_, problem)) => panic!("{}", problem),
        }
    }

    fn text(&self) -> Cow<'static, str> {
        self.0.clone()
    }
}

header_policy!(PermissionsPolicy, "permissions-policy", Keep, Joined);

impl FromStr for PermissionsPolicy {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match fault(text.as_bytes()) {
            None => Ok(Self(Cow::Owned(text.to_owned()))),
            Some((offset, problem)) => Err(ParseError::new(NAME, offset, problem)),
        }
    }
}

/// Reads the dictionary of RFC 9651 section 3.2, with the values that the header knows.
const fn fault(text: &[u8]) -> Option<(usize, &'static str)> {
    let mut at = 0;
    loop {
        let start = at;
        while at < text.len() && matches!(text[at], b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_') {
            at += 1;
        }
        if at == start || !text[start].is_ascii_lowercase() {
            return Some((start, "expected a feature in lower case, like camera=()"));
        }
        if at >= text.len() || text[at] != b'=' {
            return Some((at, "expected '=' and what is allowed, like camera=()"));
        }
        at = match allowlist(text, at + 1) {
            Ok(end) => end,
            Err(fault) => return Some(fault),
        };
        while at < text.len() && text[at] == b';' {
            at = match token(text, skip_spaces(text, at + 1)) {
                end if end < text.len() && text[end] == b'=' => token(text, end + 1),
                end => end,
            };
        }
        at = skip_spaces(text, at);
        if at == text.len() {
            return None;
        }
        if text[at] != b',' {
            return Some((at, "expected ',' before the next feature"));
        }
        at = skip_spaces(text, at + 1);
    }
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
                Some(end) => end,
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
    end - start == 4
        && text[start] == b's'
        && text[start + 1] == b'e'
        && text[start + 2] == b'l'
        && text[start + 3] == b'f'
}

/// The end of a token that begins at `at`; `at` itself where none does.
const fn token(text: &[u8], mut at: usize) -> usize {
    while at < text.len()
        && (super::directives::is_token(text[at]) || matches!(text[at], b':' | b'/'))
    {
        at += 1;
    }
    at
}

/// The end of a string of visible ASCII that begins at `at`.
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
