//! Sets `X-XSS-Protection`, which controls the script filter of older
//! browsers.

use super::keyword::keyword_policy;
use crate::{
    error::ParseError,
    lint::{Lint, Severity},
};

keyword_policy! {
    /// Sets the obsolete `X-XSS-Protection`, which Chrome 4 to 77, Edge 12 to
    /// 16 and Safari 5 to 15.3 read.
    ///
    /// Attackers could use this filter to switch off a page's own scripts, so today's advice is
    /// [`OFF`](Self::OFF). The Pleroma guide sends [`BLOCK`](Self::BLOCK). A bare `1`, which lets
    /// the filter rewrite a page, is not supported.
    ///
    /// ```
    /// use tower_hardening::header::XssProtection;
    ///
    /// assert_eq!(XssProtection::BLOCK.to_string(), "1; mode=block");
    /// assert!("1".parse::<XssProtection>().is_err());
    /// ```
    pub struct XssProtection("x-xss-protection", existing: IfNotPresent, lines: Single, browsers: "none since Safari 15.3", lints: lints, parse: read) {
        /// Switches the filter off.
        OFF = "0",
        /// Makes the filter block a page that it suspects.
        BLOCK = "1; mode=block",
    }
}

impl XssProtection {
    fn lints(&self) -> Vec<Lint> {
        if *self == Self::OFF {
            return Vec::new();
        }
        vec![Lint::new(
            Severity::Note,
            "xss-protection-filter",
            "x-xss-protection: no current browser has the filter, and older ones could be attacked through it; send '0' or rely on a content-security-policy",
        )]
    }
}

impl XssProtection {
    fn read(text: &str) -> Result<Self, ParseError> {
        let trim = |part: &str| part.trim_matches([' ', '\t']).to_owned();
        let parameter = |part: &str| part.split('=').map(trim).collect::<Vec<_>>().join("=");
        let tidy: Vec<String> = text.split(';').map(parameter).collect();
        Self::spelt(&tidy.join("; ")).ok_or_else(|| {
            if trim(text) == "1" {
                let problem = "'1' lets the filter rewrite the page; write '0' or '1; mode=block'";
                return ParseError::new("x-xss-protection", 0, problem);
            }
            Self::unknown(0, text, "a value of this header")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_allowed_around_separators_and_not_inside_words() {
        for text in ["1;mode=block", " 1 ;\tmode = block ", "1; MODE=BLOCK"] {
            assert_eq!(text.parse(), Ok(XssProtection::BLOCK), "{text}");
        }
        for text in ["1; mo de=block", "1; mode=blo ck", "1 mode=block", "1; mode=blok", "1;", "0;"]
        {
            assert!(text.parse::<XssProtection>().is_err(), "{text}");
        }
    }
}
