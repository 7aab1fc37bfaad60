//! What directives without sources take.

use std::{borrow::Cow, fmt, str::FromStr};

use super::{
    check::{is_endpoint, is_policy_name},
    fault::NAME,
};
use crate::ParseError;

/// One permission of `sandbox` (HTML, "parse a sandboxing directive").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SandboxToken(&'static str);

/// Declares the constants. For example `tokens! { ALLOW_FORMS = "allow-forms", }`.
macro_rules! tokens {
    ($($constant:ident = $token:literal,)+) => {
        impl SandboxToken {
            $(
                #[doc = concat!("`", $token, "`")]
                pub const $constant: Self = Self($token);
            )+
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
    /// The token's text.
    pub const fn as_str(&self) -> &'static str {
        self.0
    }
}

impl fmt::Display for SandboxToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A text of a restricted alphabet. For example `name! { /// An endpoint. EndpointName, is_endpoint, "…" }`.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $check:ident, $problem:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            /// From a literal.
            ///
            /// # Panics
            ///
            /// On a text that `FromStr` refuses: in a `const`, when compiling.
            pub const fn from_static(text: &'static str) -> Self {
                assert!(!text.is_empty() && $check(text.as_bytes(), 0, text.len()), $problem);
                Self(Cow::Borrowed(text))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                if text.is_empty() || !$check(text.as_bytes(), 0, text.len()) {
                    let problem = format!("'{}' {}", text.escape_debug(), $problem);
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
    /// The name of an endpoint that a `Reporting-Endpoints` header defines: lower-case letters,
    /// digits, `-`, `_`, `.` and `*`, a letter first.
    EndpointName, is_endpoint, "is no name of an endpoint; write lower-case letters, digits, '-', '_' and '.'"
}

name! {
    /// Which policies a page's script may create under `trusted-types`: a name, or one of the
    /// constants.
    TrustedTypesPolicy, is_policy_name, "is no name of a policy; write letters, digits and -#=_/@.%"
}

impl TrustedTypesPolicy {
    /// `*`: any name, each once.
    pub const ANY: Self = Self::from_static("*");

    /// `'allow-duplicates'`: a name may be used again.
    pub const ALLOW_DUPLICATES: Self = Self(Cow::Borrowed("'allow-duplicates'"));
}

/// Whether a page may open WebRTC connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Webrtc {
    /// `'allow'`
    Allow,
    /// `'block'`
    Block,
}

impl Webrtc {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "'allow'",
            Self::Block => "'block'",
        }
    }
}

/// A URI reference of `report-uri`: absolute or a path, in visible ASCII.
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
            let problem = format!("{found:?} cannot stand in a URI here; write it percent-encoded");
            Err(ParseError::new(NAME, at, problem))
        }
    }
}
