//! The attributes of a `Set-Cookie` line, as browsers read them.

use std::{ptr, time::SystemTime};

use super::{
    SameSite,
    bytes::{trim, trim_start},
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

impl Kind {
    /// Those that browsers know, by number.
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

    const fn bit(self) -> u16 {
        1 << self as u16
    }

    /// Of the attribute that begins here, and what follows its name.
    #[inline]
    fn of(text: &[u8]) -> (Self, &[u8]) {
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
            _ => return (Self::Other, text),
        };
        let (name, rest) = text.split_at_checked(length).unwrap_or_default();
        let is_spelled = name.last_chunk().is_some_and(|end| small(end) == word(tail));
        let is_whole = kind != Self::Partitioned || name.eq_ignore_ascii_case(b"partitioned");
        if is_spelled && is_whole { (kind, rest) } else { (Self::Other, text) }
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
    /// Without white space around; empty where there is no `=`.
    pub(super) fn value(&self) -> &'a [u8] {
        trim(self.behind)
    }

    #[inline]
    pub(super) fn is_too_long(&self) -> bool {
        self.behind.len() > LONGEST && self.value().len() > LONGEST
    }

    /// Whether browsers take it for nothing at all: too long, or a domain without a name.
    #[inline]
    fn is_void(&self) -> bool {
        self.is_too_long() || (self.kind == Kind::Domain && self.value().is_empty())
    }

    /// Whether it counts, where one of its kind stands before it.
    fn beats(&self, before: &Self) -> bool {
        match self.kind {
            Kind::Secure | Kind::HttpOnly | Kind::Partitioned => false,
            Kind::MaxAge | Kind::Expires => self.time().is_some() || before.time().is_none(),
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
        // No name is read across a semicolon, since none has one.
        let (kind, rest) = Kind::of(trim_start(behind));
        let rest = trim_start(rest);
        // Most values are too short to look at eight bytes at a time.
        let end = rest.iter().position(|byte| *byte == b';').unwrap_or(rest.len());
        let (rest, others) = rest.split_at(end);
        let (text, _) = self.0.split_at(self.0.len() - others.len());
        self.0 = others;
        Some(match rest {
            [] => Attribute { text, kind, behind: b"" },
            [b'=', behind @ ..] => Attribute { text, kind, behind },
            _ => Attribute { text, kind: Kind::Other, behind: b"" },
        })
    }
}

/// What the attributes of a line come to.
pub(super) struct Scope<'a> {
    attributes: Attributes<'a>,
    /// Which known kinds are there, by bit; a `SameSite` that browsers do not know is not.
    kinds: u16,
    /// Whether a known attribute stands more than once, or is void.
    pub(super) is_irregular: bool,
    /// Whether the path is `/`.
    pub(super) has_root_path: bool,
    /// Whether browsers do not know the `SameSite` that counts, and take it for none
    /// (RFC 6265bis section 5.6.7).
    pub(super) has_unknown_same_site: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn of(attributes: Attributes<'a>) -> Self {
        let (mut kinds, mut is_irregular, mut has_root_path) = (0_u16, false, false);
        let mut has_unknown_same_site = false;
        for attribute in attributes {
            if attribute.kind == Kind::Other {
                continue;
            }
            let (bit, is_void) = (attribute.kind.bit(), attribute.is_void());
            is_irregular |= is_void || kinds & bit != 0;
            if !is_void {
                kinds |= bit;
                if attribute.kind == Kind::Path {
                    has_root_path = attribute.value() == b"/";
                } else if attribute.kind == Kind::SameSite {
                    is_irregular |= has_unknown_same_site;
                    has_unknown_same_site = SameSite::of(attribute.value()).is_none();
                    if has_unknown_same_site {
                        kinds &= !bit;
                    }
                }
            }
        }
        Self { attributes, kinds, is_irregular, has_root_path, has_unknown_same_site }
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.kinds & kind.bit() != 0
    }

    /// The attribute of this kind that counts.
    pub(super) fn get(&self, kind: Kind) -> Option<Attribute<'a>> {
        let valid = |attribute: &Attribute<'_>| attribute.kind == kind && !attribute.is_void();
        let later = |before, next: Attribute<'a>| if next.beats(&before) { next } else { before };
        self.attributes.filter(valid).reduce(later)
    }

    /// Tells the attributes that count from their doubles; an unknown one is nobody's double.
    pub(super) fn counting(&self) -> impl Fn(&Attribute<'a>) -> bool {
        let text = |kind| self.get(kind).map(|attribute| attribute.text);
        let counting = self.is_irregular.then(|| Kind::KNOWN.map(text));
        move |attribute| match counting.as_ref().and_then(|all| all.get(attribute.kind as usize)) {
            Some(text) => text.is_some_and(|text| ptr::eq(text, attribute.text)),
            None => true,
        }
    }

    /// How many seconds the cookie has left, if that is said; `Max-Age` beats `Expires`.
    pub(super) fn lifetime(&self) -> Option<i64> {
        let time = |kind| self.get(kind)?.time();
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
