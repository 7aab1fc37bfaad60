//! Sets a header without a type in this crate to one value for every response.

use std::{borrow::Cow, fmt};

use http::HeaderName;

use super::policy::{HeaderPolicy, InsertMode, sealed};
use crate::{error::ParseError, syntax::scan::listed};

/// Sets a header without a type in this crate to one value for every response.
///
/// ```
/// use tower_hardening::header::{HeaderPolicy, StaticHeader};
///
/// const ROBOTS: StaticHeader = StaticHeader::from_static("x-robots-tag", "noindex");
/// assert_eq!(ROBOTS.value(), "noindex");
/// let error = StaticHeader::new("content-length", "0").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "content-length, byte 0: the server itself sets this header; remove it",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticHeader {
    name: HeaderName,
    value: Cow<'static, str>,
}

impl StaticHeader {
    /// Creates a header from a name in any letter case, and a value of visible
    /// ASCII and spaces.
    pub fn new(name: &str, value: &str) -> Result<Self, ParseError> {
        let Ok(header) = name.parse::<HeaderName>() else {
            let problem = format!("'{name}' is not a header's name; write letters, digits and '-'");
            return Err(ParseError::new("header", 0, problem));
        };
        let error = |offset, problem| ParseError::new(header.as_str().to_owned(), offset, problem);
        if let Some(fault) = name_fault(header.as_str().as_bytes()) {
            return Err(error(0, fault));
        }
        if let Some((offset, fault)) = value_fault(value.as_bytes()) {
            return Err(error(offset, fault));
        }
        Ok(Self { name: header, value: Cow::Owned(value.to_owned()) })
    }

    /// Creates a header from literals; the name has to be in lower case.
    ///
    /// # Panics
    ///
    /// Panics on a name or value that [`new`](Self::new) rejects: in a `const`, this is a compile
    /// error.
    pub const fn from_static(name: &'static str, value: &'static str) -> Self {
        if let Some(fault) = name_fault(name.as_bytes()) {
            panic!("{}", fault);
        }
        if let Some((_, fault)) = value_fault(value.as_bytes()) {
            panic!("{}", fault);
        }
        Self { name: HeaderName::from_static(name), value: Cow::Borrowed(value) }
    }
}

impl fmt::Display for StaticHeader {
    /// Writes the header's value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.value)
    }
}

impl sealed::Sealed for StaticHeader {}

impl HeaderPolicy for StaticHeader {
    const DEFAULT_MODE: InsertMode = InsertMode::IfNotPresent;

    fn name(&self) -> &HeaderName {
        &self.name
    }

    fn text(&self) -> Cow<'static, str> {
        self.value.clone()
    }
}

/// Lists the headers with a policy type since the first release. The list does
/// not grow: a new entry would break applications that send that header.
const TYPED: &[&str] = &[
    "content-security-policy",
    "content-security-policy-report-only",
    "expect-ct",
    "permissions-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-download-options",
    "x-frame-options",
    "x-permitted-cross-domain-policies",
    "x-xss-protection",
];

/// Rejects typed headers, headers that frame the message, and headers with one
/// line per cookie.
const fn name_fault(name: &[u8]) -> Option<&'static str> {
    const OWN: &[&str] = &[
        "connection",
        "content-length",
        "content-type",
        "date",
        "host",
        "keep-alive",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "www-authenticate",
    ];
    if listed(name, 0, name.len(), OWN) {
        return Some("the server itself sets this header; remove it");
    }
    if listed(name, 0, name.len(), TYPED) {
        return Some("this header has its own policy type; use that type");
    }
    let mut i = 0;
    while i < name.len() {
        if name[i].is_ascii_uppercase() {
            return Some("the name has a capital letter; write it in lower case");
        }
        i += 1;
    }
    None
}

/// Rejects bytes outside RFC 9110 section 5.5, and bytes that are not visible
/// ASCII.
const fn value_fault(value: &[u8]) -> Option<(usize, &'static str)> {
    let mut i = 0;
    while i < value.len() {
        match value[i] {
            b' ' if i == 0 || i + 1 == value.len() => {
                return Some((
                    i,
                    "white space at the start or the end of the value is not sent; remove it",
                ));
            }
            b' '..=b'~' => {}
            0x80.. => return Some((i, "the value is not ASCII; write ASCII")),
            b'\t' => return Some((i, "a tab is read as a space; write a space")),
            _ => return Some((i, "a control character would end the line; remove it")),
        }
        i += 1;
    }
    None
}
