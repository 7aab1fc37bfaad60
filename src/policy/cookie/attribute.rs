//! Reads the attributes of a `Set-Cookie` line as browsers do.

use crate::syntax::{
    ascii::{trim, trim_start},
    date,
};

/// The longest attribute value; browsers ignore longer ones (RFC 6265bis
/// section 5.6).
const LONGEST: usize = 1024;

/// The `Path` attribute for `__Host-`, as this module writes it.
pub(super) const ROOT: &[u8] = b"; Path=/";

/// Identifies a known attribute.
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

impl Kind {
    /// The kinds that browsers know, in numeric order.
    pub(super) const KNOWN: [Self; Self::Other as usize] = [
        Self::Secure,
        Self::HttpOnly,
        Self::Partitioned,
        Self::SameSite,
        Self::MaxAge,
        Self::Expires,
        Self::Domain,
        Self::Path,
    ];

    /// Returns the kind of the attribute that begins here, and the text after
    /// its name.
    #[inline]
    fn of(text: &[u8]) -> (Self, &[u8]) {
        // The bit lowercases letters; no other byte that a header may contain becomes a hyphen.
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
            _ => return (Self::Other, text),
        };
        let (name, rest) = text.split_at_checked(length).unwrap_or_default();
        let is_spelled = name.last_chunk().is_some_and(|end| small(end) == word(tail));
        let is_whole = kind != Self::Partitioned || name.eq_ignore_ascii_case(b"partitioned");
        if is_spelled && is_whole { (kind, rest) } else { (Self::Other, text) }
    }
}

/// Holds a set of kinds.
#[derive(Clone, Copy, Default)]
pub(super) struct Kinds(u16);

impl Kinds {
    pub(super) const fn has(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u16 != 0
    }

    pub(super) fn insert(&mut self, kind: Kind) {
        self.0 |= 1 << kind as u16;
    }

    pub(super) fn remove(&mut self, kind: Kind) {
        self.0 &= !(1 << kind as u16);
    }
}

const fn word(four: &[u8; 4]) -> u32 {
    u32::from_ne_bytes(*four)
}

/// Holds the text between two semicolons.
#[derive(Clone, Copy)]
pub(super) struct Attribute<'a> {
    /// The text as it was written, with the `;` before it.
    pub(super) text: &'a [u8],
    pub(super) kind: Kind,
    /// The text after the `=`, for a known kind.
    behind: &'a [u8],
    /// The number of bytes of the line that follow: no two attributes of a line have the same.
    following: usize,
}

impl<'a> Attribute<'a> {
    /// Returns the value without surrounding white space; empty if there is no
    /// `=`.
    pub(super) fn value(&self) -> &'a [u8] {
        trim(self.behind)
    }

    #[inline]
    pub(super) fn is_too_long(&self) -> bool {
        self.behind.len() > LONGEST && self.value().len() > LONGEST
    }

    /// Returns `true` if browsers ignore the attribute: too long, or a domain
    /// without a name.
    #[inline]
    pub(super) fn is_void(&self) -> bool {
        self.is_too_long() || (self.kind == Kind::Domain && self.value().is_empty())
    }

    /// Returns `true` for the same attribute of the same line.
    pub(super) fn is_at_place_of(&self, other: &Self) -> bool {
        self.following == other.following
    }

    /// Returns `true` if this attribute overrides an earlier one of its kind.
    pub(super) fn beats(&self, before: &Self) -> bool {
        match self.kind {
            Kind::Secure | Kind::HttpOnly | Kind::Partitioned => false,
            Kind::MaxAge | Kind::Expires => self.time().is_some() || before.time().is_none(),
            _ => true,
        }
    }

    /// Returns a number of seconds, counted from now or from 1970.
    pub(super) fn time(&self) -> Option<i64> {
        match self.kind {
            Kind::MaxAge => seconds(self.value()),
            Kind::Expires => date::seconds(self.value()),
            _ => None,
        }
    }
}

/// Iterates over the attributes of a line, in order.
#[derive(Clone, Copy)]
pub(super) struct Attributes<'a>(&'a [u8]);

impl<'a> Attributes<'a> {
    /// Takes the text after a cookie's value, from its `;` on.
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
        // No name is read across a semicolon, since no name contains one.
        let (kind, rest) = Kind::of(trim_start(behind));
        let rest = trim_start(rest);
        // Most values are too short to look at eight bytes at a time.
        let end = rest.iter().position(|byte| *byte == b';').unwrap_or(rest.len());
        let (rest, others) = rest.split_at(end);
        let following = others.len();
        let (text, _) = self.0.split_at(self.0.len() - following);
        self.0 = others;
        Some(match rest {
            [] => Attribute { text, kind, behind: b"", following },
            [b'=', behind @ ..] => Attribute { text, kind, behind, following },
            _ => Attribute { text, kind: Kind::Other, behind: b"", following },
        })
    }
}

/// Reads a `Max-Age` in seconds; a number too large for the type becomes its
/// maximum.
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
