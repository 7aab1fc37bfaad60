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
    /// // Of a list, a browser uses the last policy that it knows.
    /// assert_eq!("no-referrer, strict-origin".parse(), Ok(ReferrerPolicy::STRICT_ORIGIN));
    /// assert!("no-referrer, strict-orign".parse::<ReferrerPolicy>().is_err());
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
                "referrer-policy: '{self}' sends whole addresses to other sites; send 'strict-origin-when-cross-origin' or 'same-origin'"
            ),
        )]
    }
}

impl ReferrerPolicy {
    /// Parses one policy, or a list of which a browser uses the last policy
    /// that it knows. Every member has to be a policy.
    fn read(text: &str) -> Result<Self, ParseError> {
        let mut last = None;
        let mut offset = 0;
        for part in text.split(',') {
            let token = part.trim_matches([' ', '\t']);
            let at = offset + part.len() - part.trim_start_matches([' ', '\t']).len();
            last = Some(Self::spelt(token).ok_or_else(|| Self::unknown(at, token, "a policy"))?);
            offset += part.len() + 1;
        }
        last.ok_or_else(|| Self::unknown(0, text, "a policy"))
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
}
