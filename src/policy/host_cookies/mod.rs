//! `__Host-` cookies: the application's own names inside, the guarded ones on the wire.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue, header};

use super::directives::is_token;
use crate::{ParseError, error::did_you_mean};

mod request;
mod response;

/// What a guarded cookie's name begins with on the wire.
const PREFIX: &str = "__Host-";

/// Every prefix that browsers enforce; none is ever put before another.
const PREFIXES: [&str; 4] = ["__Host-Http-", "__Host-", "__Secure-", "__Http-"];

/// Which cookies go as `__Host-…` on the wire
/// ([RFC 6265bis](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3.2)).
///
/// A browser takes such a cookie only over https, from the host itself and for the whole of it, so
/// that no sibling domain and nobody on the network can plant one. That is worth nothing while
/// the plain name is still believed: so the application reads and sets the plain name, the wire
/// has the prefixed one, and the plain name and its look-alikes from the wire are dropped.
///
/// ```
/// use tower_hardening::HostCookies;
///
/// let cookies = HostCookies::new(["session"])?;
/// let error = HostCookies::new(["__Host-session"]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "host cookies, byte 0: '__Host-session' has a prefix already; \
///      write the name that the application uses, 'session'",
/// );
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostCookies {
    cookies: Vec<Names>,
}

/// One cookie's name, inside and on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Names {
    plain: Cow<'static, str>,
    wire: String,
}

impl HostCookies {
    /// The cookies of these names, as the application knows them.
    ///
    /// A name that is no token (RFC 9110 section 5.6.2), has a prefix already or comes twice is
    /// an error.
    pub fn new<N: Into<Cow<'static, str>>>(
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, ParseError> {
        let mut cookies: Vec<Names> = Vec::new();
        for name in names {
            let plain = name.into();
            check(&plain)?;
            if cookies.iter().any(|other| other.plain.eq_ignore_ascii_case(&plain)) {
                let problem = format!("'{plain}' stands twice; write it once");
                return Err(ParseError::new("host cookies", 0, problem));
            }
            let wire = format!("{PREFIX}{plain}");
            cookies.push(Names { plain, wire });
        }
        Ok(Self { cookies })
    }

    /// The names, as the application knows them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.cookies.iter().map(|names| &*names.plain)
    }

    /// Hands the application the plain names, and drops what only looks like them.
    pub fn on_request(&self, headers: &mut HeaderMap) {
        request::rewrite(self, headers);
    }

    /// Renames the application's cookies for the wire and makes their lines conform.
    pub fn on_response(&self, headers: &mut HeaderMap) {
        if !headers.contains_key(header::SET_COOKIE) {
            return;
        }
        if let header::Entry::Occupied(mut lines) = headers.entry(header::SET_COOKIE) {
            for line in lines.iter_mut() {
                if let Some(rewritten) = response::rewrite(self, line.as_bytes()) {
                    replace(line, rewritten);
                }
            }
        }
    }
}

/// Puts other bytes, all of them from header values, in a line's place; its sensitivity stays.
fn replace(line: &mut HeaderValue, bytes: Vec<u8>) {
    if let Ok(mut value) = HeaderValue::try_from(bytes) {
        value.set_sensitive(line.is_sensitive());
        *line = value;
    }
}

fn check(name: &str) -> Result<(), ParseError> {
    let error = |offset, problem| Err(ParseError::new("host cookies", offset, problem));
    if let Some(prefix) = PREFIXES.iter().find(|prefix| begins(name.as_bytes(), prefix)) {
        let plain = &name[prefix.len()..];
        return error(
            0,
            format!(
                "'{name}' has a prefix already; write the name that the application uses, '{plain}'"
            ),
        );
    }
    if name.is_empty() {
        return error(0, "the name is empty; write one".to_owned());
    }
    if let Some(offset) = name.bytes().position(|byte| !is_token(byte)) {
        let found = name[offset..].chars().next().unwrap_or(' ');
        return error(
            offset,
            format!(
                "{found:?} cannot stand in a cookie's name; write letters, digits, '-' and '_'"
            ),
        );
    }
    let start = name.get(..PREFIX.len()).unwrap_or_default();
    if name.starts_with("__") && did_you_mean(start, [PREFIX], "").contains(PREFIX) {
        return error(
            0,
            format!(
                "'{name}' nearly begins with '{PREFIX}', which is put on here; write the name alone"
            ),
        );
    }
    Ok(())
}

/// Whether `bytes` begin with `prefix`, ASCII case ignored: as browsers compare.
fn begins(bytes: &[u8], prefix: &str) -> bool {
    bytes.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Without the spaces and tabs around, which is all that browsers strip.
fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}
