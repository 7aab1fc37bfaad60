//! Sets `X-Frame-Options`, which controls which pages may frame this one.

use super::keyword::keyword_policy;
use crate::{error::ParseError, policy::csp::ContentSecurityPolicy};

keyword_policy! {
    /// Controls which pages may frame this one, with `X-Frame-Options`
    /// ([HTML](https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header)).
    ///
    /// The header is for browsers that do not know `frame-ancestors`: if an enforced
    /// `Content-Security-Policy` has that directive, a browser ignores this header. `ALLOW-FROM` is
    /// not supported, since browsers treat it as no protection at all.
    ///
    /// ```
    /// use tower_hardening::FrameOptions;
    ///
    /// assert_eq!(FrameOptions::DENY.to_string(), "DENY");
    /// assert_eq!("sameorigin".parse(), Ok(FrameOptions::SAMEORIGIN));
    /// ```
    pub struct FrameOptions("x-frame-options", existing: IfNotPresent, lines: Single, browsers: "all, where no policy has `frame-ancestors`", parse: read) {
        /// Forbids all pages to frame this one.
        DENY = "DENY",
        /// Allows only pages of the same origin, for every ancestor frame.
        SAMEORIGIN = "SAMEORIGIN",
    }
}

impl FrameOptions {
    /// Returns the equivalent of the policy's `frame-ancestors`:
    /// [`DENY`](Self::DENY) for `'none'`, [`SAMEORIGIN`](Self::SAMEORIGIN) for `'self'`, and `None`
    /// for anything else.
    pub fn from_frame_ancestors(policy: &ContentSecurityPolicy) -> Option<Self> {
        let ancestors = policy.get("frame-ancestors")?;
        let mut values = ancestors.values();
        match (values.next(), values.next()) {
            (None, _) => Some(Self::DENY),
            (Some(only), None) if only.eq_ignore_ascii_case("'none'") => Some(Self::DENY),
            (Some(only), None) if only.eq_ignore_ascii_case("'self'") => Some(Self::SAMEORIGIN),
            _ => None,
        }
    }

    /// Returns `true` if `frame-ancestors` allows something that no value of
    /// this header can express: a list of origins, or every page.
    pub(crate) fn cannot_match(policy: &ContentSecurityPolicy) -> bool {
        policy.get("frame-ancestors").is_some() && Self::from_frame_ancestors(policy).is_none()
    }
}

impl FrameOptions {
    fn read(text: &str) -> Result<Self, ParseError> {
        Self::spelt(text).ok_or_else(|| {
            let word = text.split([' ', ':']).next().unwrap_or_default();
            if word.eq_ignore_ascii_case("ALLOW-FROM") {
                let remedy = "no browser supports 'ALLOW-FROM'; write the origin in the frame-ancestors of a content-security-policy";
                return ParseError::new("x-frame-options", 0, remedy);
            }
            Self::unknown(0, text, "a value of this header")
        })
    }
}
