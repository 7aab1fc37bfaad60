//! `X-Frame-Options`: who may show a page in a frame.

use std::str::FromStr;

use super::{ContentSecurityPolicy, closed::closed_policy};
use crate::ParseError;

closed_policy! {
    /// `X-Frame-Options`: who may show a page in a frame
    /// ([HTML](https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header)).
    ///
    /// For browsers that do not know `frame-ancestors`: where an enforced
    /// `Content-Security-Policy` has that directive, a browser does not look at this header.
    /// `ALLOW-FROM` is not here, since browsers take it for no protection at all.
    ///
    /// ```
    /// use tower_hardening::FrameOptions;
    ///
    /// assert_eq!(FrameOptions::DENY.to_string(), "DENY");
    /// assert_eq!("sameorigin".parse(), Ok(FrameOptions::SAMEORIGIN));
    /// ```
    pub struct FrameOptions("x-frame-options", Keep, Single) {
        /// No page may frame this one.
        DENY = "DENY",
        /// Only pages of the same origin may, all the way up.
        SAMEORIGIN = "SAMEORIGIN",
    }
}

impl FrameOptions {
    /// What says the same as the policy's `frame-ancestors`: [`DENY`](Self::DENY) for `'none'`,
    /// [`SAMEORIGIN`](Self::SAMEORIGIN) for `'self'`, and nothing for anything else.
    pub fn matching(policy: &ContentSecurityPolicy) -> Option<Self> {
        let ancestors = policy.get("frame-ancestors")?;
        let mut values = ancestors.values();
        match (values.next(), values.next()) {
            (None, _) => Some(Self::DENY),
            (Some(only), None) if only.eq_ignore_ascii_case("'none'") => Some(Self::DENY),
            (Some(only), None) if only.eq_ignore_ascii_case("'self'") => Some(Self::SAMEORIGIN),
            _ => None,
        }
    }

    /// Returns `true` if `frame-ancestors` allows what no value of this header says: a list of
    /// origins, or every page.
    pub(crate) fn cannot_match(policy: &ContentSecurityPolicy) -> bool {
        policy.get("frame-ancestors").is_some() && Self::matching(policy).is_none()
    }
}

impl FromStr for FrameOptions {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::spelt(text).ok_or_else(|| {
            let word = text.split([' ', ':']).next().unwrap_or_default();
            if word.eq_ignore_ascii_case("ALLOW-FROM") {
                let remedy = "'ALLOW-FROM' is no protection in any browser; write the origin in the frame-ancestors of a content-security-policy";
                return ParseError::new("x-frame-options", 0, remedy);
            }
            Self::unknown(0, text, "a value of this header")
        })
    }
}
