//! One `Set-Cookie` line: read as browsers read it, written with each attribute once.

use std::time::SystemTime;

use super::{SameSite, date, name::trim, pieces::Pieces};

/// An attribute whose value is longer is none to a browser (RFC 6265bis section 5.6).
const LONGEST_ATTRIBUTE: usize = 1024;

/// One line, read as browsers read it (RFC 6265bis section 5.6).
pub(super) struct SetCookie<'a> {
    pub(super) name: &'a [u8],
    /// With the white space around it.
    pub(super) value: &'a [u8],
    /// From the first `;` on.
    attributes: Option<&'a [u8]>,
}

/// The attributes that decide about a cookie's scope, and where the one that counts stands.
#[derive(Default)]
pub(super) struct Scope<'a> {
    pub(super) secure: Option<usize>,
    pub(super) http_only: Option<usize>,
    pub(super) partitioned: Option<usize>,
    pub(super) same_site: Option<usize>,
    /// In seconds.
    max_age: Option<i64>,
    /// In seconds from 1970.
    expires: Option<i64>,
    /// The last that is not empty.
    pub(super) domain: Option<&'a [u8]>,
    pub(super) path: Option<&'a [u8]>,
}

impl<'a> SetCookie<'a> {
    pub(super) fn parse(line: &'a [u8]) -> Self {
        let end = line.iter().position(|byte| *byte == b';').unwrap_or(line.len());
        let (pair, attributes) = line.split_at(end);
        let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
            Some(equals) => (trim(&pair[..equals]), &pair[equals + 1..]),
            None => (&b""[..], pair),
        };
        Self { name, value, attributes: Some(attributes).filter(|rest| !rest.is_empty()) }
    }

    /// The attributes: each as it was written, with the `;` before it, and its name and value.
    fn attributes(&self) -> Attributes<'a> {
        Attributes { rest: self.attributes }
    }

    /// Of each attribute the one that counts: the last, and of those without a value the first.
    pub(super) fn scope(&self) -> Scope<'a> {
        let mut scope = Scope::default();
        for (index, (_, name, value)) in self.attributes().enumerate() {
            if value.len() > LONGEST_ATTRIBUTE {
                continue;
            }
            match Attribute::of(name) {
                Attribute::Secure => drop(scope.secure.get_or_insert(index)),
                Attribute::HttpOnly => drop(scope.http_only.get_or_insert(index)),
                Attribute::Partitioned => drop(scope.partitioned.get_or_insert(index)),
                Attribute::SameSite => scope.same_site = Some(index),
                Attribute::MaxAge => scope.max_age = lifetime(value).or(scope.max_age),
                Attribute::Expires => scope.expires = date::seconds(value).or(scope.expires),
                Attribute::Domain => {
                    scope.domain = Some(value).filter(|v| !v.is_empty()).or(scope.domain)
                }
                Attribute::Path => scope.path = Some(value),
                Attribute::Other => {}
            }
        }
        scope
    }

    /// The line under another name: each attribute once, and those that it should have.
    pub(super) fn conform(&self, prefix: &'static str, name: &'a [u8], more: &More) -> Vec<u8> {
        let mut line = Pieces::new();
        for piece in [prefix.as_bytes(), name, b"=", self.value] {
            line.push(piece);
        }
        let (mut path, mut secure, mut http_only, mut partitioned) = (false, false, false, false);
        let (mut same_site, mut max_age, mut expires) = (None, None, None);
        let (mut domain, mut other_path) = (None, None);
        for (piece, name, value) in self.attributes() {
            let once = |seen: &mut bool| !std::mem::replace(seen, true);
            let (kept, last) = match Attribute::of(name) {
                Attribute::Domain if more.path || value.is_empty() => (false, None),
                Attribute::Path if more.path => {
                    if once(&mut path) {
                        line.push(b"; Path=/");
                    }
                    (false, None)
                }
                _ if value.len() > LONGEST_ATTRIBUTE => (true, None),
                Attribute::Secure => (once(&mut secure), None),
                Attribute::HttpOnly => (once(&mut http_only), None),
                Attribute::Partitioned => (once(&mut partitioned), None),
                // Of these the last counts that means something.
                Attribute::Domain => (true, Some(&mut domain)),
                Attribute::Path => (true, Some(&mut other_path)),
                Attribute::SameSite => (true, Some(&mut same_site)),
                Attribute::MaxAge if lifetime(value).is_some() => (true, Some(&mut max_age)),
                Attribute::Expires if date::seconds(value).is_some() => (true, Some(&mut expires)),
                Attribute::MaxAge | Attribute::Expires => (false, None),
                Attribute::Other => (true, None),
            };
            if kept {
                let number = line.push(piece);
                if let Some(before) = last.and_then(|last| last.replace(number)) {
                    line.clear(before);
                }
            }
        }
        if more.path && !path {
            line.push(b"; Path=/");
        }
        if !secure {
            line.push(b"; Secure");
        }
        if more.http_only && !http_only {
            line.push(b"; HttpOnly");
        }
        if let (Some(value), None) = (more.same_site, same_site) {
            line.push(b"; SameSite=");
            line.push(value.as_str().as_bytes());
        }
        line.join()
    }
}

/// Splits what follows the first `;`.
struct Attributes<'a> {
    /// From a `;` on.
    rest: Option<&'a [u8]>,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8], &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        let mut equals = None;
        let mut end = 1;
        while end < rest.len() && rest[end] != b';' {
            if rest[end] == b'=' && equals.is_none() {
                equals = Some(end);
            }
            end += 1;
        }
        let (attribute, rest) = rest.split_at(end);
        self.rest = Some(rest).filter(|rest| !rest.is_empty());
        let name_end = equals.unwrap_or(end);
        let value = equals.map_or(&[][..], |equals| &attribute[equals + 1..]);
        Some((attribute, trim(&attribute[1..name_end]), trim(value)))
    }
}

/// What a line is to have besides `Secure`.
pub(super) struct More {
    /// `Path=/`, and no `Domain`.
    pub(super) path: bool,
    pub(super) http_only: bool,
    pub(super) same_site: Option<SameSite>,
}

enum Attribute {
    Secure,
    HttpOnly,
    Partitioned,
    SameSite,
    MaxAge,
    Expires,
    Domain,
    Path,
    Other,
}

impl Attribute {
    fn of(name: &[u8]) -> Self {
        match name.len() {
            6 if name.eq_ignore_ascii_case(b"secure") => Self::Secure,
            8 if name.eq_ignore_ascii_case(b"httponly") => Self::HttpOnly,
            11 if name.eq_ignore_ascii_case(b"partitioned") => Self::Partitioned,
            8 if name.eq_ignore_ascii_case(b"samesite") => Self::SameSite,
            7 if name.eq_ignore_ascii_case(b"max-age") => Self::MaxAge,
            7 if name.eq_ignore_ascii_case(b"expires") => Self::Expires,
            6 if name.eq_ignore_ascii_case(b"domain") => Self::Domain,
            4 if name.eq_ignore_ascii_case(b"path") => Self::Path,
            _ => Self::Other,
        }
    }
}

/// A `Max-Age` in seconds, if it is one; a number too large for the type is its largest.
fn lifetime(value: &[u8]) -> Option<i64> {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sign = if digits.len() < value.len() { -1 } else { 1 };
    Some(digits.iter().fold(0_i64, |number, digit| {
        number.saturating_mul(10).saturating_add(sign * i64::from(digit - b'0'))
    }))
}

impl Scope<'_> {
    /// Whether the line deletes its cookie; `Max-Age` beats `Expires`.
    pub(super) fn is_deletion(&self) -> bool {
        let now = || {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX))
        };
        match (self.max_age, self.expires) {
            (Some(seconds), _) => seconds <= 0,
            (None, Some(date)) => date <= now(),
            (None, None) => false,
        }
    }
}
