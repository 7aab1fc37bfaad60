//! The attributes of a `Set-Cookie` line, as browsers read them.

use std::time::SystemTime;

use super::{
    bytes::{find, trim, trim_start},
    date,
};

/// An attribute whose value is longer is none to a browser (RFC 6265bis section 5.6).
const LONGEST: usize = 1024;

/// The path of `__Host-`, as it is written here.
pub(super) const ROOT: &[u8] = b"; Path=/";

/// What an attribute is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Secure,
    HttpOnly,
    Partitioned,
    SameSite,
    MaxAge,
    Expires,
    Domain,
    Path,
    /// Unknown, or too long: browsers ignore it.
    Other,
}

/// Kinds that browsers know.
const KNOWN: usize = Kind::Other as usize;

impl Kind {
    /// Of an attribute that begins here, with the length of its name.
    #[inline]
    fn of(text: &[u8]) -> (Self, usize) {
        // The bit makes letters small, and a hyphen of nothing that stands in a header.
        let small = |four: &[u8; 4]| word(four) | word(&[0x20; 4]);
        let head = text.first_chunk().map_or(0, small);
        let (kind, length, tail) = match head {
            head if head == word(b"path") => (Self::Path, 4, b"path"),
            head if head == word(b"http") => (Self::HttpOnly, 8, b"only"),
            head if head == word(b"secu") => (Self::Secure, 6, b"cure"),
            head if head == word(b"same") => (Self::SameSite, 8, b"site"),
            head if head == word(b"max-") => (Self::MaxAge, 7, b"-age"),
            head if head == word(b"expi") => (Self::Expires, 7, b"ires"),
            head if head == word(b"doma") => (Self::Domain, 6, b"main"),
            head if head == word(b"part") => (Self::Partitioned, 11, b"oned"),
            _ => return (Self::Other, 0),
        };
        let name = text.get(..length).unwrap_or_default();
        let is_spelled = name.last_chunk().is_some_and(|end| small(end) == word(tail));
        let is_whole = kind != Self::Partitioned || name.eq_ignore_ascii_case(b"partitioned");
        if is_spelled && is_whole { (kind, length) } else { (Self::Other, 0) }
    }
}

const fn word(four: &[u8; 4]) -> u32 {
    u32::from_ne_bytes(*four)
}

/// What stands between two semicolons.
#[derive(Clone, Copy)]
pub(super) struct Attribute<'a> {
    /// As it was written, with the `;` before it.
    pub(super) text: &'a [u8],
    pub(super) kind: Kind,
    /// Behind the `=`, for a known kind.
    behind: &'a [u8],
}

impl<'a> Attribute<'a> {
    #[inline]
    fn read(text: &'a [u8]) -> Self {
        let inside = trim_start(text.get(1..).unwrap_or_default());
        let (kind, length) = Kind::of(inside);
        match trim_start(&inside[length..]) {
            [] => Self { text, kind, behind: b"" },
            [b'=', behind @ ..] => Self { text, kind, behind },
            _ => Self { text, kind: Kind::Other, behind: b"" },
        }
    }

    /// Without white space around; empty where there is no `=`.
    pub(super) fn value(&self) -> &'a [u8] {
        trim(self.behind)
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.behind.len() > LONGEST && self.value().len() > LONGEST
    }

    /// Whether browsers take it for nothing at all: too long, or a domain without a name.
    fn is_void(&self) -> bool {
        self.is_too_long() || (self.kind == Kind::Domain && self.value().is_empty())
    }

    /// Whether it counts, where one of its kind stands before it.
    fn beats(&self, before: &[u8]) -> bool {
        match self.kind {
            Kind::Secure | Kind::HttpOnly | Kind::Partitioned => false,
            Kind::MaxAge | Kind::Expires => {
                self.time().is_some() || Attribute::read(before).time().is_none()
            }
            _ => true,
        }
    }

    /// A number of seconds, from now or from 1970.
    fn time(&self) -> Option<i64> {
        match self.kind {
            Kind::MaxAge => seconds(self.value()),
            Kind::Expires => date::seconds(self.value()),
            _ => None,
        }
    }
}

/// The attributes of a line, in order.
#[derive(Clone, Copy)]
pub(super) struct Attributes<'a>(&'a [u8]);

impl<'a> Attributes<'a> {
    /// What follows a cookie's value, from its `;` on.
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self(text)
    }

    pub(super) fn text(self) -> &'a [u8] {
        self.0
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    #[inline]
    fn next(&mut self) -> Option<Attribute<'a>> {
        let (_, behind) = self.0.split_first()?;
        let end = find(behind, b';').unwrap_or(behind.len());
        let (text, rest) = self.0.split_at(end + 1);
        self.0 = rest;
        Some(Attribute::read(text))
    }
}

/// Of each known attribute the one that counts.
#[derive(Default)]
pub(super) struct Scope<'a> {
    /// By kind, as they were written; empty for none.
    counting: [&'a [u8]; KNOWN],
    /// Whether a known attribute stands more than once, or is void.
    pub(super) is_irregular: bool,
    /// Whether the path is `/`.
    pub(super) has_root_path: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn of(attributes: Attributes<'a>) -> Self {
        let mut scope = Self::default();
        for attribute in attributes {
            let Some(slot) = scope.counting.get_mut(attribute.kind as usize) else { continue };
            let (is_first, is_void) = (slot.is_empty(), attribute.is_void());
            scope.is_irregular |= is_void || !is_first;
            if !is_void && (is_first || attribute.beats(slot)) {
                *slot = attribute.text;
                if attribute.kind == Kind::Path {
                    scope.has_root_path = attribute.value() == b"/";
                }
            }
        }
        scope
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        !self.text(kind).is_empty()
    }

    /// The attribute of this kind that counts, as it was written; empty for none.
    pub(super) fn text(&self, kind: Kind) -> &'a [u8] {
        self.counting.get(kind as usize).copied().unwrap_or_default()
    }

    pub(super) fn value(&self, kind: Kind) -> Option<&'a [u8]> {
        self.has(kind).then(|| Attribute::read(self.text(kind)).value())
    }

    /// Whether an attribute of the line is the one of its kind that counts; an unknown one is
    /// nobody's double.
    pub(super) fn counts(&self, attribute: &Attribute<'a>) -> bool {
        attribute.kind == Kind::Other || std::ptr::eq(self.text(attribute.kind), attribute.text)
    }

    /// How many seconds the cookie has left, if that is said; `Max-Age` beats `Expires`.
    pub(super) fn lifetime(&self) -> Option<i64> {
        let time = |kind| Attribute::read(self.text(kind)).time();
        time(Kind::MaxAge).or_else(|| {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
            Some(time(Kind::Expires)? - i64::try_from(now.as_secs()).ok()?)
        })
    }

    pub(super) fn is_deletion(&self) -> bool {
        self.lifetime().is_some_and(|seconds| seconds <= 0)
    }
}

/// A `Max-Age` in seconds, if it is one; a number too large for the type is its largest.
fn seconds(value: &[u8]) -> Option<i64> {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sign = if digits.len() < value.len() { -1 } else { 1 };
    Some(digits.iter().fold(0_i64, |number, digit| {
        number.saturating_mul(10).saturating_add(sign * i64::from(digit - b'0'))
    }))
}
