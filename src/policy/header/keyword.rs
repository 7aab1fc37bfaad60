//! Declares headers with a handful of possible values: a type with one
//! constant for each.

use crate::error::{ParseError, did_you_mean};

/// Declares the type. For example:
///
/// ```text
/// keyword_policy! {
///     /// Nobody but us may…
///     pub struct FrameOptions("x-frame-options", existing: IfNotPresent, lines: Single, browsers: "all") {
///         /// No page may frame this one.
///         DENY = "DENY",
///     }
/// }
/// ```
///
/// It writes `FromStr` for exactly these values, in any letter case. `parse: exact` demands the
/// letter case of the value, for headers that browsers compare byte by byte; any other `parse` names
/// a function of the type that reads its text. `lints` names the function that returns the type's
/// lints.
macro_rules! keyword_policy {
    (
        $(#[$doc:meta])*
        pub struct $policy:ident(
            $name:literal, existing: $existing:ident, lines: $lines:ident,
            browsers: $browsers:literal
            $(, lints: $lints:ident)? $(, parse: $parse:ident)?
        ) {
            $($(#[$value_doc:meta])* $constant:ident = $text:literal,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $policy(&'static str);

        impl $policy {
            $($(#[$value_doc])* pub const $constant: Self = Self($text);)+

            /// Lists every valid value.
            pub const VALUES: &[Self] = &[$(Self::$constant),+];

            const WORDS: &[&'static str] = &[$($text),+];

            /// Returns the header's value.
            pub const fn as_str(&self) -> &'static str {
                self.0
            }

            fn text(&self) -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(self.0)
            }

            /// Returns the value of this text, in any letter case and with surrounding white space.
            fn spelt(text: &str) -> Option<Self> {
                $crate::policy::header::keyword::spelt(Self::WORDS, text).map(Self)
            }

            /// Returns the error for a text that is not a value; `what` says
            /// what it was taken for.
            fn unknown(offset: usize, text: &str, what: &str) -> $crate::error::ParseError {
                $crate::policy::header::keyword::unknown($name, Self::WORDS, offset, text, what)
            }
        }

        $crate::policy::header::keyword::from_str!($policy $(, $parse)?);

        $crate::policy::header::policy::header_policy!(
            $policy, $name, existing: $existing, lines: $lines, browsers: $browsers
            $(, lints: $lints)?
        );
    };
}

/// `FromStr` by a function of the type, or for exactly its values. For example
/// `from_str!(FrameOptions, read)`.
macro_rules! from_str {
    ($policy:ident) => {
        $crate::policy::header::keyword::from_str!($policy, keyword);

        impl $policy {
            fn keyword(text: &str) -> Result<Self, $crate::error::ParseError> {
                Self::spelt(text).ok_or_else(|| Self::unknown(0, text, "a value of this header"))
            }
        }
    };
    ($policy:ident, exact) => {
        $crate::policy::header::keyword::from_str!($policy, keyword);

        impl $policy {
            fn keyword(text: &str) -> Result<Self, $crate::error::ParseError> {
                let text = text.trim_matches([' ', '\t']);
                Self::spelt(text)
                    .filter(|value| value.0 == text)
                    .ok_or_else(|| Self::unknown(0, text, "a value of this header"))
            }
        }
    };
    ($policy:ident, $parse:ident) => {
        impl std::str::FromStr for $policy {
            type Err = $crate::error::ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::$parse(text)
            }
        }
    };
}

pub(crate) use {from_str, keyword_policy};

pub(super) fn spelt(words: &[&'static str], text: &str) -> Option<&'static str> {
    let text = text.trim_matches([' ', '\t']);
    words.iter().copied().find(|word| word.eq_ignore_ascii_case(text))
}

pub(super) fn unknown(
    header: &'static str,
    words: &[&str],
    offset: usize,
    text: &str,
    what: &str,
) -> ParseError {
    let remedy = did_you_mean(text, words, &format!("write one of '{}'", words.join("', '")));
    ParseError::new(header, offset, format!("'{text}' is not {what}{remedy}"))
}
