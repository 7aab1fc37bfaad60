//! One `Set-Cookie` line: read as browsers read it, written with each attribute once.

use super::{SameSite, name::trim};

/// An attribute whose value is longer is none to a browser (RFC 6265bis section 5.6).
const LONGEST_ATTRIBUTE: usize = 1024;

/// One line, read as browsers read it (RFC 6265bis section 5.6).
pub(super) struct SetCookie<'a> {
    pub(super) name: &'a [u8],
    /// With the white space around it.
    pub(super) value: &'a [u8],
    /// What follows the first `;`.
    attributes: Option<&'a [u8]>,
}

/// The attributes that decide about a cookie's scope, and where the one that counts stands.
#[derive(Default)]
pub(super) struct Scope<'a> {
    pub(super) secure: Option<usize>,
    pub(super) http_only: Option<usize>,
    pub(super) partitioned: Option<usize>,
    pub(super) same_site: Option<usize>,
    pub(super) max_age: Option<(usize, &'a [u8])>,
    pub(super) expires: Option<(usize, &'a [u8])>,
    /// The last that is not empty.
    pub(super) domain: Option<&'a [u8]>,
    pub(super) path: Option<&'a [u8]>,
}

impl<'a> SetCookie<'a> {
    pub(super) fn parse(line: &'a [u8]) -> Option<Self> {
        let mut parts = line.splitn(2, |byte| *byte == b';');
        let pair = parts.next()?;
        let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
            Some(equals) => (trim(&pair[..equals]), &pair[equals + 1..]),
            None => (&b""[..], pair),
        };
        Some(Self { name, value, attributes: parts.next() })
    }

    /// The attributes, each as it was written, with its name and value.
    fn attributes(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8], &'a [u8])> + use<'a> {
        let list = self.attributes.map(|list| list.split(|byte| *byte == b';'));
        list.into_iter().flatten().map(|attribute| {
            let mut parts = attribute.splitn(2, |byte| *byte == b'=');
            let name = trim(parts.next().unwrap_or_default());
            (attribute, name, trim(parts.next().unwrap_or_default()))
        })
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
                Attribute::MaxAge => scope.max_age = Some((index, value)),
                Attribute::Expires => scope.expires = Some((index, value)),
                Attribute::Domain => {
                    scope.domain = Some(value).filter(|v| !v.is_empty()).or(scope.domain)
                }
                Attribute::Path => scope.path = Some(value),
                Attribute::Other => {}
            }
        }
        scope
    }

    pub(super) fn print(&self, prefix: Option<&str>, name: &[u8], more: &More) -> Vec<u8> {
        let scope = self.scope();
        let mut length = 0;
        self.write(&scope, prefix, name, more, |bytes| length += bytes.len());
        let mut line = Vec::with_capacity(length);
        self.write(&scope, prefix, name, more, |bytes| line.extend_from_slice(bytes));
        line
    }

    /// Writes the line piece by piece: once to be measured, once to be kept.
    fn write(
        &self,
        scope: &Scope<'_>,
        prefix: Option<&str>,
        name: &[u8],
        more: &More,
        mut write: impl FnMut(&[u8]),
    ) {
        for piece in [prefix.unwrap_or_default().as_bytes(), name, b"=", self.value] {
            write(piece);
        }
        let mut path = false;
        for (index, (attribute, name, value)) in self.attributes().enumerate() {
            let counts = Some(index);
            let kept = match Attribute::of(name) {
                Attribute::Domain => !more.path,
                Attribute::Path if more.path => {
                    write(if path { b"" } else { b"; Path=/" });
                    path = true;
                    false
                }
                _ if value.len() > LONGEST_ATTRIBUTE => true,
                Attribute::Path | Attribute::Other => true,
                Attribute::Secure => scope.secure == counts,
                Attribute::HttpOnly => scope.http_only == counts,
                Attribute::Partitioned => scope.partitioned == counts,
                Attribute::SameSite => scope.same_site == counts,
                Attribute::MaxAge => scope.max_age.map(|(index, _)| index) == counts,
                Attribute::Expires => scope.expires.map(|(index, _)| index) == counts,
            };
            if kept {
                write(b";");
                write(attribute);
            }
        }
        if more.path && !path {
            write(b"; Path=/");
        }
        if scope.secure.is_none() {
            write(b"; Secure");
        }
        if more.http_only && scope.http_only.is_none() {
            write(b"; HttpOnly");
        }
        if let Some(same_site) = more.same_site.filter(|_| scope.same_site.is_none()) {
            write(b"; SameSite=");
            write(same_site.as_str().as_bytes());
        }
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

impl Scope<'_> {
    /// Whether the line deletes its cookie; `Max-Age` beats `Expires`.
    pub(super) fn is_deletion(&self) -> bool {
        match (self.max_age, self.expires) {
            (Some((_, seconds)), _) => {
                seconds.starts_with(b"-")
                    || (!seconds.is_empty() && seconds.iter().all(|byte| *byte == b'0'))
            }
            (None, Some((_, date))) => {
                date.windows(5).any(|word| word == b" 1970" || word == b"-1970")
            }
            (None, None) => false,
        }
    }
}
