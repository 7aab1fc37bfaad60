//! Finds guarded names inside other cookies, where some readers start a new
//! cookie.
//!
//! A browser stores and sends nearly every byte in a value, and readers do not agree where a value
//! ends. Some end it at a blank or a comma, some at a quote, and one searches for a pattern
//! anywhere, so that it ends a value at every byte outside its pattern. These readers take the text
//! that follows for a name. If a sibling domain sets `theme=dark session=evil`, such a reader sees
//! `session`, although browsers checked the prefix of `theme` alone.
//!
//! [`hides_guarded_name`] is the one rule for all of these readers: a guarded name counts if the
//! byte before it is one at which any reader ends a value, and an `=` follows it.

use super::{
    byte_class::Class,
    guard::HostCookies,
    lookalike::{begins_alike, folds_alike},
    prefix::PREFIXES,
    segment::Spelling,
};

/// Describes the position before a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// After a blank: one reader takes a name without `=` for an empty value
    /// here.
    Blank,
    /// After a comma, or at the start of the cookie: other readers do the same
    /// here.
    Comma,
    /// After another separating byte.
    Other,
}

impl Place {
    /// Returns the place before the next byte, if a reader begins a name
    /// there.
    fn next(place: Option<Self>, class: Class) -> Option<Self> {
        match (class, place) {
            (Class::Comma, _) | (Class::Blank, Some(Self::Comma)) => Some(Self::Comma),
            (Class::Blank, _) => Some(Self::Blank),
            (Class::Other, _) | (Class::Skipped, Some(_)) => Some(Self::Other),
            (Class::Skipped, None) | (Class::Octet, _) => None,
        }
    }

    /// Returns `true` if some reader takes a name without `=` for an empty
    /// value when these bytes follow it.
    fn takes_bare_name(self, behind: &[u8]) -> bool {
        match behind.first().map(|byte| Class::of(*byte)) {
            None | Some(Class::Blank) => self != Self::Other,
            Some(Class::Comma) => self == Self::Comma,
            Some(_) => false,
        }
    }
}

/// Returns `true` if some reader finds a guarded name inside this cookie, or a
/// name with a prefix that browsers have not checked. The name can be in the value, or after the
/// bytes that precede the cookie's own name.
///
/// Takes linear time: runs of bytes are measured once.
pub(super) fn hides_guarded_name(policy: &HostCookies, cookie: &[u8]) -> bool {
    search(policy, cookie, Some(Place::Comma))
}

/// Returns `true` if some reader finds such a name in a value alone, from its
/// `=` on.
pub(super) fn value_hides_guarded_name(policy: &HostCookies, value: &[u8]) -> bool {
    search(policy, value, None)
}

fn search(policy: &HostCookies, text: &[u8], mut place: Option<Place>) -> bool {
    let mut scan =
        Scan { policy, text, word: Run::default(), token: Run::default(), blanks: Run::default() };
    for (at, byte) in text.iter().enumerate() {
        let class = Class::of(*byte);
        if place.is_some_and(|place| scan.is_guarded(at, place, class)) {
            return true;
        }
        place = Place::next(place, class);
    }
    false
}

/// Caches the run of bytes measured last: every byte in the run has the same
/// end.
#[derive(Default)]
struct Run {
    start: usize,
    end: usize,
}

impl Run {
    fn end(&mut self, text: &[u8], at: usize, ends: impl Fn(u8) -> bool) -> usize {
        if !(self.start..self.end).contains(&at) {
            let rest = &text[at..];
            let length = rest.iter().position(|byte| ends(*byte)).unwrap_or(rest.len());
            *self = Self { start: at, end: at + length };
        }
        self.end
    }
}

struct Scan<'a> {
    policy: &'a HostCookies,
    text: &'a [u8],
    word: Run,
    token: Run,
    blanks: Run,
}

impl Scan<'_> {
    fn is_guarded(&mut self, at: usize, place: Place, class: Class) -> bool {
        if self.is_plain(at, place) {
            return true;
        }
        // Check each word once, even if a reader skips several of its first bytes.
        if class != Class::Octet {
            return false;
        }
        // One reader's pattern knows dates and ends a value after a date, whatever follows.
        let end = self.word_end(at);
        if self.is_encoded(at) {
            return true;
        }
        if !self.text[at..end].starts_with(b"GMT") {
            return false;
        }
        // It skips every '=' before the next name.
        let date_end = at + 3;
        let equals = self.text[date_end..].iter().take_while(|byte| **byte == b'=').count();
        [date_end, date_end + equals]
            .into_iter()
            .any(|next| self.is_plain(next, Place::Other) || self.is_encoded(next))
    }

    /// Compares names by [`begins_alike`]: some readers change letters and bytes,
    /// and none of these readers decodes.
    fn is_plain(&mut self, at: usize, place: Place) -> bool {
        let prefix = PREFIXES.iter().find(|prefix| begins_alike(&self.text[at..], prefix));
        if self.is_named(at, place) {
            return true;
        }
        let Some(behind) = prefix.map(|prefix| at + prefix.len()) else { return false };
        // Browsers have checked the prefix of the cookie's own name.
        let end = self.word_end(behind);
        self.is_named(behind, place) || (at > 0 && self.has_equals(end))
    }

    fn is_named(&mut self, at: usize, place: Place) -> bool {
        let policy = self.policy;
        policy.guarded.iter().any(|pattern| {
            let found = &self.text[at..];
            if !begins_alike(found, pattern.name()) {
                return false;
            }
            let is_exact = found.starts_with(pattern.name().as_bytes());
            let mut end = at + pattern.name().len();
            if pattern.is_open() {
                end = self.token_end(end);
            }
            self.has_equals(end) || (is_exact && place.takes_bare_name(&self.text[end..]))
        })
    }

    /// Returns `true` if a word becomes a guarded name for a reader that
    /// decodes it.
    fn is_encoded(&mut self, at: usize) -> bool {
        let end = self.word_end(at);
        let word = &self.text[at..end];
        Spelling::of(word) != Spelling::Plain
            && folds_alike(self.policy, word)
            && self.has_equals(end)
    }

    /// Returns the latest end of a name, for a reader that splits at every
    /// separating byte.
    fn word_end(&mut self, at: usize) -> usize {
        self.word.end(self.text, at, |byte| byte == b'=' || Class::of(byte).separates())
    }

    /// Returns the latest end of a name, for a reader that splits at blanks
    /// and commas.
    fn token_end(&mut self, at: usize) -> usize {
        let ends = |byte| byte == b'=' || matches!(Class::of(byte), Class::Blank | Class::Comma);
        self.token.end(self.text, at, ends)
    }

    /// Returns `true` if an `=` follows: immediately, or after bytes that some
    /// reader strips from a name.
    fn has_equals(&mut self, at: usize) -> bool {
        let at = at + element(&self.text[at..]);
        let ends = |byte| !matches!(byte, b' ' | b'\t' | b'"' | 0x80..);
        let end = self.blanks.end(self.text, at, ends);
        self.text.get(end) == Some(&b'=')
    }
}

/// Returns the length of `[…]` after a name, which PHP takes for an array
/// element.
fn element(behind: &[u8]) -> usize {
    let [b'[', inside @ ..] = behind else { return 0 };
    let end = inside.iter().position(|byte| matches!(byte, b'[' | b']' | b'='));
    end.filter(|end| inside[*end] == b']').map_or(0, |end| end + 2)
}
