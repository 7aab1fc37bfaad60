//! Reads lists of words: sources of a policy, names of headers.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

/// Represents a list of words without blanks and commas, so that a variable of the environment can
/// separate them with either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words(pub(super) Vec<String>);

impl Words {
    /// The name by which the reader of variables knows this type.
    pub(super) const NAME: &str = "Words";

    /// Splits the text of a variable.
    pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
        let words = text.split(|letter: char| letter == ',' || letter.is_ascii_whitespace());
        words.filter(|word| !word.is_empty())
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Words;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list in brackets")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Words, D::Error> {
                deserializer.deserialize_seq(self)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Words, A::Error> {
                let mut words = Vec::new();
                while let Some(word) = members.next_element()? {
                    words.push(word);
                }
                Ok(Words(words))
            }
        }

        deserializer.deserialize_newtype_struct(Self::NAME, List)
    }
}
