//! Sets `Referrer-Policy`, which limits the referrer that browsers send.

use std::{borrow::Cow, str::FromStr};

use super::{keyword::unknown, policy::header_policy};
use crate::{
    error::ParseError,
    lint::{Lint, Severity},
};

const NAME: &str = "referrer-policy";

/// The policies in the order of [`Keyword`].
const WORDS: [&str; COUNT] = [
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "unsafe-url",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
];
const COUNT: usize = 8;

/// Represents one policy. Browsers added the last three later than the others, all at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Keyword {
    NoReferrer,
    NoReferrerWhenDowngrade,
    Origin,
    OriginWhenCrossOrigin,
    UnsafeUrl,
    SameOrigin,
    StrictOrigin,
    StrictOriginWhenCrossOrigin,
}

/// Limits how much of a page's address is sent with its requests, by
/// `Referrer-Policy` ([W3C Referrer Policy](https://www.w3.org/TR/referrer-policy/)).
///
/// Chrome 56, Firefox 50 and Safari 11.1 and later read the header. A "downgrade" is a request
/// from an https page to an http address. Of a list, a browser uses the last policy that it knows:
/// see [`with_fallback`](Self::with_fallback).
///
/// ```
/// use tower_hardening::ReferrerPolicy;
///
/// const POLICY: ReferrerPolicy =
///     ReferrerPolicy::STRICT_ORIGIN_WHEN_CROSS_ORIGIN.with_fallback(ReferrerPolicy::NO_REFERRER);
/// assert_eq!(POLICY.to_string(), "no-referrer, strict-origin-when-cross-origin");
/// assert_eq!("no-referrer, strict-origin-when-cross-origin".parse(), Ok(POLICY));
/// assert!("no-referrer, strict-orign".parse::<ReferrerPolicy>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct ReferrerPolicy {
    /// The list in the order of the header, each policy once, without gaps.
    list: [Option<Keyword>; COUNT],
}

impl ReferrerPolicy {
    /// Sends no referrer.
    pub const NO_REFERRER: Self = Self::one(Keyword::NoReferrer);
    /// Sends the whole address, except on a downgrade.
    pub const NO_REFERRER_WHEN_DOWNGRADE: Self = Self::one(Keyword::NoReferrerWhenDowngrade);
    /// Sends the whole address to the same origin, and nothing to others.
    /// This is the Pleroma guide's value.
    pub const SAME_ORIGIN: Self = Self::one(Keyword::SameOrigin);
    /// Sends the origin with every request.
    pub const ORIGIN: Self = Self::one(Keyword::Origin);
    /// Sends the origin, except on a downgrade.
    pub const STRICT_ORIGIN: Self = Self::one(Keyword::StrictOrigin);
    /// Sends the whole address to the same origin, and the origin to others.
    pub const ORIGIN_WHEN_CROSS_ORIGIN: Self = Self::one(Keyword::OriginWhenCrossOrigin);
    /// Sends the whole address to the same origin, the origin to others, and nothing on a
    /// downgrade. This is the browsers' default without the header.
    pub const STRICT_ORIGIN_WHEN_CROSS_ORIGIN: Self =
        Self::one(Keyword::StrictOriginWhenCrossOrigin);
    /// Sends the whole address with every request.
    pub const UNSAFE_URL: Self = Self::one(Keyword::UnsafeUrl);

    /// Lists every policy, without fallbacks.
    pub const VALUES: &[Self] = &[
        Self::NO_REFERRER,
        Self::NO_REFERRER_WHEN_DOWNGRADE,
        Self::SAME_ORIGIN,
        Self::ORIGIN,
        Self::STRICT_ORIGIN,
        Self::ORIGIN_WHEN_CROSS_ORIGIN,
        Self::STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
        Self::UNSAFE_URL,
    ];

    const fn one(keyword: Keyword) -> Self {
        let mut list = [None; COUNT];
        list[0] = Some(keyword);
        Self { list }
    }

    /// Adds a policy for browsers that do not know this one.
    ///
    /// It precedes this policy in the header. Chrome 56 to 60 and Firefox 50 and 51 do not know
    /// [`SAME_ORIGIN`](Self::SAME_ORIGIN), [`STRICT_ORIGIN`](Self::STRICT_ORIGIN) and
    /// [`STRICT_ORIGIN_WHEN_CROSS_ORIGIN`](Self::STRICT_ORIGIN_WHEN_CROSS_ORIGIN); every other
    /// fallback has a lint. A policy that this one contains already is added once.
    pub const fn with_fallback(self, fallback: Self) -> Self {
        let mut list = [None; COUNT];
        let mut length = 0;
        let mut index = 0;
        while index < 2 * COUNT {
            let from = if index < COUNT { &fallback.list } else { &self.list };
            match from[index % COUNT] {
                Some(keyword) if index >= COUNT || !self.contains(keyword) => {
                    list[length] = Some(keyword);
                    length += 1;
                }
                _ => {}
            }
            index += 1;
        }
        Self { list }
    }

    const fn contains(&self, keyword: Keyword) -> bool {
        let mut index = 0;
        while index < COUNT {
            match self.list[index] {
                Some(known) if known as usize == keyword as usize => return true,
                _ => index += 1,
            }
        }
        false
    }

    /// Returns the policy that browsers of today use, without fallbacks.
    pub fn effective(&self) -> Self {
        self.keywords().last().map_or(*self, Self::one)
    }

    /// Returns the policy that `text` spells in any letter case.
    pub(super) fn word(text: &str) -> Option<&'static str> {
        WORDS.into_iter().find(|word| word.eq_ignore_ascii_case(text))
    }

    fn keywords(&self) -> impl Iterator<Item = Keyword> + Clone {
        self.list.into_iter().flatten()
    }

    fn text(&self) -> Cow<'static, str> {
        let mut words = self.keywords().map(Keyword::as_str);
        let first = words.next().unwrap_or_default();
        words.fold(Cow::Borrowed(first), |text, word| format!("{text}, {word}").into())
    }

    fn lints(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        let mut keywords = self.keywords();
        while let Some(keyword) = keywords.next() {
            let word = keyword.as_str();
            if keyword.is_weak() {
                let problem = format!(
                    "{NAME}: '{word}' sends whole addresses to other sites; send 'strict-origin-when-cross-origin' or 'same-origin'"
                );
                lints.push(Lint::new(Severity::Warning, "referrer-policy-weak", problem));
            }
            if let Some(other) = keywords.clone().find(|other| other.is_known_with(keyword)) {
                let problem = format!(
                    "{NAME}: no browser uses the fallback '{word}', since each that knows it also knows '{}'; remove it",
                    other.as_str()
                );
                lints.push(Lint::new(Severity::Note, "referrer-policy-fallback-unused", problem));
            }
        }
        lints
    }
}

impl Keyword {
    const ALL: [Self; COUNT] = [
        Self::NoReferrer,
        Self::NoReferrerWhenDowngrade,
        Self::Origin,
        Self::OriginWhenCrossOrigin,
        Self::UnsafeUrl,
        Self::SameOrigin,
        Self::StrictOrigin,
        Self::StrictOriginWhenCrossOrigin,
    ];

    fn as_str(self) -> &'static str {
        WORDS[self as usize]
    }

    fn is_weak(self) -> bool {
        matches!(self, Self::UnsafeUrl | Self::NoReferrerWhenDowngrade)
    }

    /// Returns `true` if every browser that knows `other` knows this policy too.
    fn is_known_with(self, other: Self) -> bool {
        let is_later = |keyword: Self| keyword as usize >= Self::SameOrigin as usize;
        is_later(other) || !is_later(self)
    }
}

header_policy!(ReferrerPolicy, "referrer-policy", existing: IfNotPresent, lines: Joined, browsers: "all", lints: lints);

impl FromStr for ReferrerPolicy {
    type Err = ParseError;

    /// Parses one policy, or a list in which the last is for the browsers of today. Every member
    /// has to be a policy, and each occurs once.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut read: Option<Self> = None;
        let mut offset = 0;
        for part in text.split(',') {
            let word = part.trim_matches([' ', '\t']);
            let at = offset + part.len() - part.trim_start_matches([' ', '\t']).len();
            let mut all = Keyword::ALL.into_iter();
            let known = all.find(|known| known.as_str().eq_ignore_ascii_case(word));
            let Some(known) = known else {
                return Err(unknown(NAME, &WORDS, at, word, "a policy"));
            };
            if read.is_some_and(|list| list.contains(known)) {
                let problem = format!("'{word}' is a duplicate policy; write it once");
                return Err(ParseError::new(NAME, at, problem));
            }
            read = Some(
                read.map_or_else(|| Self::one(known), |list| Self::one(known).with_fallback(list)),
            );
            offset += part.len() + 1;
        }
        read.ok_or_else(|| unknown(NAME, &WORDS, 0, text, "a policy"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_with_a_misspelt_policy_is_an_error_that_asks_for_the_right_one() {
        for (text, at, found, meant) in [
            ("no-referrer, strict-orign", 13, "strict-orign", "strict-origin"),
            ("no-refferer,\torigin", 0, "no-refferer", "no-referrer"),
            ("same-origin , sameorigin", 14, "sameorigin", "same-origin"),
        ] {
            assert_eq!(
                text.parse::<ReferrerPolicy>().unwrap_err().to_string(),
                format!(
                    "referrer-policy, byte {at}: '{found}' is not a policy; did you mean '{meant}'?"
                )
            );
        }
        for text in ["", ",", "origin,", ",origin", "origin, , no-referrer", "always"] {
            assert!(text.parse::<ReferrerPolicy>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_keeps_its_order_and_the_last_policy_is_the_effective_one() {
        let list: ReferrerPolicy =
            "NO-Referrer ,\tstrict-origin-when-cross-origin".parse().unwrap();
        assert_eq!(list.to_string(), "no-referrer, strict-origin-when-cross-origin");
        assert_eq!(list.effective(), ReferrerPolicy::STRICT_ORIGIN_WHEN_CROSS_ORIGIN);
        assert!(list.lints().is_empty());
        let all = ReferrerPolicy::VALUES.iter().copied();
        let all = all.reduce(|list, policy| policy.with_fallback(list)).unwrap();
        assert_eq!(all.to_string().parse(), Ok(all));
        assert_eq!(all.with_fallback(list), all);
        // The order of a list decides what browsers use, so it counts.
        assert_ne!("no-referrer, origin".parse(), "origin, no-referrer".parse::<ReferrerPolicy>());
    }

    #[test]
    fn a_duplicate_policy_is_an_error() {
        let error = "no-referrer, origin,No-Referrer".parse::<ReferrerPolicy>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "referrer-policy, byte 20: 'No-Referrer' is a duplicate policy; write it once"
        );
    }

    #[test]
    fn a_fallback_that_no_browser_uses_has_a_lint_and_so_has_a_weak_one() {
        let ids = |text: &str| {
            let lints = text.parse::<ReferrerPolicy>().unwrap().lints();
            lints.iter().map(Lint::id).collect::<Vec<_>>()
        };
        let (unused, weak) = ("referrer-policy-fallback-unused", "referrer-policy-weak");
        for (text, expected) in [
            ("no-referrer, strict-origin", &[][..]),
            ("origin, same-origin", &[]),
            ("unsafe-url, same-origin", &[weak]),
            ("same-origin, unsafe-url", &[unused, weak]),
            ("same-origin, no-referrer", &[unused]),
            ("strict-origin, same-origin", &[unused]),
            ("no-referrer, origin", &[unused]),
            ("no-referrer, origin, same-origin", &[unused]),
        ] {
            assert_eq!(ids(text), expected, "{text}");
        }
        let lints = "no-referrer, origin".parse::<ReferrerPolicy>().unwrap().lints();
        assert_eq!(
            lints[0].message(),
            "referrer-policy: no browser uses the fallback 'no-referrer', since each that knows it also knows 'origin'; remove it"
        );
    }
}
