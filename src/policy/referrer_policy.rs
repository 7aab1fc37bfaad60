//! `Referrer-Policy`: how much of a page's address other sites are told.

use std::str::FromStr;

use super::closed::closed_policy;
use crate::{Lint, ParseError, Severity};

closed_policy! {
    /// `Referrer-Policy`: how much of a page's address goes out with the requests it makes
    /// ([W3C Referrer Policy](https://www.w3.org/TR/referrer-policy/)).
    ///
    /// Chrome 56, Firefox 50 and Safari 11.1 onwards. "Downgrade" is a request from an https page
    /// to an http address.
    ///
    /// ```
    /// use tower_hardening::ReferrerPolicy;
    ///
    /// const POLICY: ReferrerPolicy = ReferrerPolicy::SAME_ORIGIN;
    /// assert_eq!(POLICY.to_string(), "same-origin");
    /// // Of a list, a browser takes the last policy that it knows.
    /// assert_eq!("no-referrer, strict-origin".parse(), Ok(ReferrerPolicy::STRICT_ORIGIN));
    /// ```
    pub struct ReferrerPolicy("referrer-policy", Keep, Joined, lints) {
        /// Nothing, to anybody.
        NO_REFERRER = "no-referrer",
        /// The whole address, except on a downgrade.
        NO_REFERRER_WHEN_DOWNGRADE = "no-referrer-when-downgrade",
        /// The whole address to the own origin, nothing to others. The guide's value.
        SAME_ORIGIN = "same-origin",
        /// The origin, to everybody.
        ORIGIN = "origin",
        /// The origin, except on a downgrade.
        STRICT_ORIGIN = "strict-origin",
        /// The whole address to the own origin, the origin to others.
        ORIGIN_WHEN_CROSS_ORIGIN = "origin-when-cross-origin",
        /// The same, but nothing on a downgrade. What browsers do without the header.
        STRICT_ORIGIN_WHEN_CROSS_ORIGIN = "strict-origin-when-cross-origin",
        /// The whole address, to everybody.
        UNSAFE_URL = "unsafe-url",
    }
}

impl ReferrerPolicy {
    fn lints(&self) -> Vec<Lint> {
        let weaker = [Self::UNSAFE_URL, Self::NO_REFERRER_WHEN_DOWNGRADE];
        if !weaker.contains(self) {
            return Vec::new();
        }
        vec![Lint::new(
            Severity::Warning,
            "referrer-policy-weak",
            format!(
                "referrer-policy: '{self}' tells other sites whole addresses; send 'strict-origin-when-cross-origin' or 'same-origin'"
            ),
        )]
    }
}

impl FromStr for ReferrerPolicy {
    type Err = ParseError;

    /// Reads a list as section 8.1 says: the last policy that is known counts.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut known = None;
        let mut offset = 0;
        let mut unknown = None;
        for part in text.split(',') {
            let token = part.trim_matches([' ', '\t']);
            let at = offset + part.find(token).unwrap_or(0);
            if token.chars().any(|c| !c.is_ascii_alphabetic() && c != '-') {
                return Err(Self::unknown(at, token, "a policy"));
            }
            match Self::spelt(token) {
                Some(policy) => known = Some(policy),
                None if unknown.is_none() => unknown = Some(Self::unknown(at, token, "a policy")),
                None => {}
            }
            offset += part.len() + 1;
        }
        known.ok_or_else(|| unknown.unwrap_or_else(|| Self::unknown(0, text, "a policy")))
    }
}
