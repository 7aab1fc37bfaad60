//! Declares headers with a handful of possible values: a type with one
//! constant for each.

use crate::error::{ParseError, did_you_mean};

/// Declares the type. For example:
///
/// ```text
/// closed_policy! {
///     /// Nobody but us may…
///     pub struct FrameOptions("x-frame-options", IfNotPresent, Single) {
///         /// No page may frame this one.
///         DENY = "DENY",
///     }
/// }
/// ```
///
/// The type's file adds `FromStr`. If a fourth word is given, it names the function that returns
/// the type's lints, which the file also adds.
macro_rules! closed_policy {
    (
        $(#[$doc:meta])*
        pub struct $policy:ident($name:literal, $existing:ident, $lines:ident $(, $lints:ident)?) {
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

            /// Returns the value that `text` spells, in any letter case and
            /// with surrounding white space.
            fn spelt(text: &str) -> Option<Self> {
                $crate::policy::header::keyword::spelt(Self::WORDS, text).map(Self)
            }

            /// Returns the error for a text that is not a value; `what` says
            /// what it was taken for.
            fn unknown(offset: usize, text: &str, what: &str) -> $crate::error::ParseError {
                $crate::policy::header::keyword::unknown($name, Self::WORDS, offset, text, what)
            }
        }

        $crate::policy::header::policy::header_policy!($policy, $name, $existing, $lines $(, $lints)?);
    };
}

pub(crate) use closed_policy;

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
