//! Defines the values of directives that accept no sources.

use std::{borrow::Cow, fmt, str::FromStr};

use crate::{
    error::{ParseError, did_you_mean, shown},
    policy::csp::grammar::{
        scanner::{is_endpoint, is_policy_value},
        tables::{NAME, SANDBOX_TOKENS},
    },
    syntax::scan::listed,
};

/// Grants one permission of `sandbox` (HTML, "parse a sandboxing directive").
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, csp::SandboxToken};
///
/// let token: SandboxToken = "allow-forms".parse()?;
/// let policy = ContentSecurityPolicy::EMPTY.sandbox([token, SandboxToken::ALLOW_SCRIPTS])?;
/// assert_eq!(policy.to_string(), "sandbox allow-forms allow-scripts");
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SandboxToken(&'static str);

/// Declares the constants.
///
/// For example `tokens! { ALLOW_FORMS = "allow-forms", }`.
macro_rules! tokens {
    ($($constant:ident = $token:literal,)+) => {
        impl SandboxToken {
            $(
                #[doc = concat!("`", $token, "`")]
                pub const $constant: Self = Self::of($token);
            )+

            /// Every token.
            pub const ALL: &[Self] = &[$(Self::$constant),+];
        }
    };
}

tokens! {
    ALLOW_DOWNLOADS = "allow-downloads",
    ALLOW_FORMS = "allow-forms",
    ALLOW_MODALS = "allow-modals",
    ALLOW_ORIENTATION_LOCK = "allow-orientation-lock",
    ALLOW_POINTER_LOCK = "allow-pointer-lock",
    ALLOW_POPUPS = "allow-popups",
    ALLOW_POPUPS_TO_ESCAPE_SANDBOX = "allow-popups-to-escape-sandbox",
    ALLOW_PRESENTATION = "allow-presentation",
    ALLOW_SAME_ORIGIN = "allow-same-origin",
    ALLOW_SCRIPTS = "allow-scripts",
    ALLOW_STORAGE_ACCESS_BY_USER_ACTIVATION = "allow-storage-access-by-user-activation",
    ALLOW_TOP_NAVIGATION = "allow-top-navigation",
    ALLOW_TOP_NAVIGATION_BY_USER_ACTIVATION = "allow-top-navigation-by-user-activation",
    ALLOW_TOP_NAVIGATION_TO_CUSTOM_PROTOCOLS = "allow-top-navigation-to-custom-protocols",
}

impl SandboxToken {
    const fn of(token: &'static str) -> Self {
        assert!(listed(token.as_bytes(), 0, token.len(), SANDBOX_TOKENS), "not a token");
        Self(token)
    }

    /// Returns the token's text.
    pub const fn as_str(&self) -> &'static str {
        self.0
    }
}

impl fmt::Display for SandboxToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl FromStr for SandboxToken {
    type Err = ParseError;

    /// Parses a token, in any letter case.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let token = Self::ALL.iter().copied().find(|token| token.0.eq_ignore_ascii_case(text));
        token.ok_or_else(|| {
            let remedy = did_you_mean(text, SANDBOX_TOKENS, "write one like 'allow-scripts'");
            let problem = format!("'{}' is not a sandbox token{remedy}", shown(text));
            ParseError::new(NAME, 0, problem)
        })
    }
}

/// Defines a text of a restricted alphabet.
///
/// For example `name! { /// An endpoint. pub struct EndpointName, is_endpoint, "…" }`.
macro_rules! name {
    ($(#[$doc:meta])* pub struct $name:ident, $check:ident, $problem:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            /// Parses a literal. For text at run time, use `FromStr`.
            ///
            /// # Panics
            ///
            /// Panics on a text that `FromStr` rejects. In a `const`, this is a compile-time error.
            pub const fn from_static(text: &'static str) -> Self {
                assert!(!text.is_empty() && $check(text.as_bytes(), 0, text.len()), $problem);
                Self(Cow::Borrowed(text))
            }

            /// Returns the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                if text.is_empty() || !$check(text.as_bytes(), 0, text.len()) {
                    let problem = format!("'{}' {}", shown(text), $problem);
                    return Err(ParseError::new(NAME, 0, problem));
                }
                Ok(Self(Cow::Owned(text.to_owned())))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name! {
    /// Names an endpoint that a `Reporting-Endpoints` header defines. It has
    /// lower-case letters, digits, `-`, `_`, `.` and `*`, and begins with a letter.
    ///
    /// ```
    /// use tower_hardening::{ContentSecurityPolicy, csp::EndpointName};
    ///
    /// let policy = ContentSecurityPolicy::EMPTY.report_to(EndpointName::from_static("csp"))?;
    /// assert_eq!(policy.to_string(), "report-to csp");
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    pub struct EndpointName, is_endpoint, "is not an endpoint name; write lower-case letters, digits, '-', '_' and '.'"
}

name! {
    /// Represents a policy that a page's script may create under `trusted-types`. It is a name, or
    /// one of the constants.
    ///
    /// ```
    /// use tower_hardening::{ContentSecurityPolicy, csp::TrustedTypesPolicy};
    ///
    /// let policy = ContentSecurityPolicy::EMPTY.trusted_types(["escape".parse()?])?;
    /// assert_eq!(policy.to_string(), "trusted-types escape");
    /// assert_eq!(TrustedTypesPolicy::ANY.as_str(), "*");
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    pub struct TrustedTypesPolicy, is_policy_value, "is not a policy name; write letters, digits and -#=_/@.%"
}

impl TrustedTypesPolicy {
    /// `*`: any name, each once.
    pub const ANY: Self = Self::from_static("*");

    /// `'allow-duplicates'`: a name may be used again.
    pub const ALLOW_DUPLICATES: Self = Self(Cow::Borrowed("'allow-duplicates'"));
}

/// Allows or blocks the WebRTC connections of a page: the value of `webrtc`.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, csp::WebRtc};
///
/// let policy = ContentSecurityPolicy::EMPTY.webrtc(WebRtc::Block)?;
/// assert_eq!(policy.to_string(), "webrtc 'block'");
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebRtc {
    /// `'allow'`: a page may open connections.
    Allow,
    /// `'block'`: a page may not open connections.
    Block,
}

impl WebRtc {
    /// Returns the value's text, with its quotes.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Allow => "'allow'",
            Self::Block => "'block'",
        }
    }
}

impl fmt::Display for WebRtc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Returns an error for text that is not a URI reference of `report-uri`: a
/// URL or a path, in visible ASCII.
pub(super) fn check_uri(text: &str) -> Result<(), ParseError> {
    let refused = |c: &char| !c.is_ascii_graphic() || matches!(c, ';' | ',');
    match text.char_indices().find(|(_, character)| refused(character)) {
        _ if text.starts_with('\'') => Err(ParseError::new(
            NAME,
            0,
            "a URI does not begin with a quote; write one like '/csp'",
        )),
        _ if text.is_empty() => {
            Err(ParseError::new(NAME, 0, "the URI is empty; write one like '/csp'"))
        }
        None => Ok(()),
        Some((at, found)) => {
            let problem =
                format!("{found:?} is not allowed in a URI here; write it percent-encoded");
            Err(ParseError::new(NAME, at, problem))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_of_the_grammar_has_a_constant() {
        let tokens: Vec<&str> = SandboxToken::ALL.iter().map(SandboxToken::as_str).collect();
        assert_eq!(tokens, SANDBOX_TOKENS);
    }
}
