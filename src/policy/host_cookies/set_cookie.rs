//! One `Set-Cookie` line: read as browsers read it, written with each attribute once.

use super::{SameSite, name::trim, pieces::Pieces};

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
    pub(super) max_age: Option<(usize, &'a [u8])>,
    pub(super) expires: Option<(usize, &'a [u8])>,
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

    /// The line under another name: each attribute once, and those that it should have.
    pub(super) fn conform(&self, prefix: &'static str, name: &'a [u8], more: &More) -> Vec<u8> {
        let mut line = Pieces::new();
        for piece in [prefix.as_bytes(), name, b"=", self.value] {
            line.push(piece);
        }
        let (mut path, mut secure, mut http_only, mut partitioned) = (false, false, false, false);
        let (mut same_site, mut max_age, mut expires) = (None, None, None);
        for (piece, name, value) in self.attributes() {
            let once = |seen: &mut bool| !std::mem::replace(seen, true);
            let kept = match Attribute::of(name) {
                Attribute::Domain => !more.path,
                Attribute::Path if more.path => {
                    if once(&mut path) {
                        line.push(b"; Path=/");
                    }
                    false
                }
                _ if value.len() > LONGEST_ATTRIBUTE => true,
                Attribute::Path | Attribute::Other => true,
                Attribute::Secure => once(&mut secure),
                Attribute::HttpOnly => once(&mut http_only),
                Attribute::Partitioned => once(&mut partitioned),
                // Of these the last counts.
                Attribute::SameSite => {
                    same_site.replace(line.push(piece)).into_iter().for_each(|old| line.clear(old));
                    false
                }
                Attribute::MaxAge => {
                    max_age.replace(line.push(piece)).into_iter().for_each(|old| line.clear(old));
                    false
                }
                Attribute::Expires => {
                    expires.replace(line.push(piece)).into_iter().for_each(|old| line.clear(old));
                    false
                }
            };
            if kept {
                line.push(piece);
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
