//! Headers with a handful of possible values: a type with one constant for each.

/// Declares the type. For example
///
/// ```text
/// closed_policy! {
///     /// Nobody but us may…
///     pub struct FrameOptions("x-frame-options", Keep, Single) {
///         /// No page may frame this one.
///         DENY = "DENY",
///     }
/// }
/// ```
///
/// The type's file adds `FromStr`, and what it lints where a fourth word names that function.
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

            /// Every value there is.
            pub const VALUES: &[Self] = &[$(Self::$constant),+];

            /// The header's value.
            pub const fn as_str(&self) -> &'static str {
                self.0
            }

            fn text(&self) -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(self.0)
            }

            /// The value that `text` spells, in any letter case and with white space around it.
            fn spelt(text: &str) -> Option<Self> {
                let text = text.trim_matches([' ', '\t']);
                Self::VALUES.iter().copied().find(|value| value.0.eq_ignore_ascii_case(text))
            }

            /// The error for a text that spells none, `what` being what it was taken for.
            fn unknown(offset: usize, text: &str, what: &str) -> $crate::ParseError {
                let values = Self::VALUES.iter().map(Self::as_str);
                let all = values.clone().collect::<Vec<_>>().join("', '");
                let remedy = format!("write one of '{all}'");
                let remedy = $crate::error::did_you_mean(text, values, &remedy);
                $crate::ParseError::new($name, offset, format!("'{text}' is not {what}{remedy}"))
            }
        }

        header_policy!($policy, $name, $existing, $lines $(, $lints)?);
    };
}

pub(crate) use closed_policy;
