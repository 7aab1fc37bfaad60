//! Sets `Referrer-Policy`, which limits the referrer that browsers send.

use super::keyword::keyword_policy;
use crate::{
    error::ParseError,
    lint::{Lint, Severity},
};

keyword_policy! {
    /// Limits how much of a page's address is sent with its requests, by
    /// `Referrer-Policy` ([W3C Referrer Policy](https://www.w3.org/TR/referrer-policy/)).
    ///
    /// Chrome 56, Firefox 50 and Safari 11.1 and later read the header. A "downgrade" is a request
    /// from an https page to an http address.
    ///
    /// ```
    /// use tower_hardening::ReferrerPolicy;
    ///
    /// const POLICY: ReferrerPolicy = ReferrerPolicy::SAME_ORIGIN;
    /// assert_eq!(POLICY.to_string(), "same-origin");
    /// // Of a list, a browser takes the last policy that it knows.
    /// assert_eq!("no-referrer, strict-origin".parse(), Ok(ReferrerPolicy::STRICT_ORIGIN));
    /// ```
    pub struct ReferrerPolicy("referrer-policy", existing: IfNotPresent, lines: Joined, lints: lints, parse: read) {
        /// Sends no referrer.
        NO_REFERRER = "no-referrer",
        /// Sends the whole address, except on a downgrade.
        NO_REFERRER_WHEN_DOWNGRADE = "no-referrer-when-downgrade",
        /// Sends the whole address to the same origin, and nothing to others.
        /// This is the Pleroma guide's value.
        SAME_ORIGIN = "same-origin",
        /// Sends the origin with every request.
        ORIGIN = "origin",
        /// Sends the origin, except on a downgrade.
        STRICT_ORIGIN = "strict-origin",
        /// Sends the whole address to the same origin, and the origin to
        /// others.
        ORIGIN_WHEN_CROSS_ORIGIN = "origin-when-cross-origin",
        /// Sends the whole address to the same origin, the origin to others,
        /// and nothing on a downgrade. This is the browsers' default without the header.
        STRICT_ORIGIN_WHEN_CROSS_ORIGIN = "strict-origin-when-cross-origin",
        /// Sends the whole address with every request.
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

impl ReferrerPolicy {
    /// Parses a list as section 8.1 requires: the last known policy applies.
    fn read(text: &str) -> Result<Self, ParseError> {
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
