//! Reads a value of `[headers]`: a text, or `false`.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, Unexpected, Visitor},
};

/// Represents a value of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// The header's value.
    Text(String),
    /// `false`: the header is not sent.
    Off,
}

impl Sent {
    /// The name by which the reader of variables knows this type.
    pub(super) const NAME: &str = "Sent";
}

impl<'de> Deserialize<'de> for Sent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Value;

        impl<'de> Visitor<'de> for Value {
            type Value = Sent;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the header's value in quotes, or false")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Sent, D::Error> {
                deserializer.deserialize_any(self)
            }

            fn visit_bool<E: Error>(self, switch: bool) -> Result<Sent, E> {
                match switch {
                    false => Ok(Sent::Off),
                    true => Err(E::invalid_value(Unexpected::Bool(true), &self)),
                }
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Sent, E> {
                Ok(Sent::Text(text.to_owned()))
            }
        }

        deserializer.deserialize_newtype_struct(Self::NAME, Value)
    }
}
