//! Sets a header without a type in this crate to one value for every response.

use std::{borrow::Cow, fmt};

use http::{HeaderName, header};

use super::{
    known_value,
    policy::{HeaderPolicy, InsertMode, sealed},
    refused_name,
};
use crate::{
    error::ParseError,
    lint::{Lint, Severity},
};

/// Sets a header without a type in this crate to one value for every response.
///
/// A header that has a type is an error that names it. Of a header that browsers know, a value that
/// they ignore is an error too. `content-disposition` is allowed with one value for every response,
/// such as `attachment`; for a file name that differs by response, write a
/// [`ContentDisposition`](crate::media::ContentDisposition).
///
/// ```
/// use tower_hardening::header::{HeaderPolicy, StaticHeader};
///
/// const WORKER: StaticHeader = StaticHeader::from_static("service-worker-allowed", "/");
/// assert_eq!(WORKER.value(), "/");
/// let error = StaticHeader::new("x-frame-options", "DENY").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "x-frame-options, byte 0: this header has its own type; use FrameOptions",
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
            let found = name.escape_debug();
            let problem =
                format!("'{found}' is not a header's name; write letters, digits and '-'");
            return Err(ParseError::new("header", 0, problem));
        };
        let invalid =
            |offset, problem| ParseError::new(header.as_str().to_owned(), offset, problem);
        if let Some(fault) = refused_name::fault(header.as_str().as_bytes()) {
            return Err(invalid(0, fault));
        }
        if let Some((offset, fault)) = value_fault(value.as_bytes()) {
            return Err(invalid(offset, fault));
        }
        if let Some((offset, fault)) =
            known_value::fault(header.as_str().as_bytes(), value.as_bytes())
        {
            return Err(invalid(offset, fault));
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
        if let Some(fault) = refused_name::fault(name.as_bytes()) {
            panic!("{}", fault);
        }
        if let Some((_, fault)) = value_fault(value.as_bytes()) {
            panic!("{}", fault);
        }
        if let Some((_, fault)) = known_value::fault(name.as_bytes(), value.as_bytes()) {
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

    fn lints(&self) -> Vec<Lint> {
        if self.name != header::ACCESS_CONTROL_ALLOW_ORIGIN || self.value != "null" {
            return Vec::new();
        }
        let problem = "access-control-allow-origin: every sandboxed page and every file has the origin null; write one like https://a.example";
        vec![Lint::new(Severity::Warning, "cors-null-origin", problem)]
    }
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
