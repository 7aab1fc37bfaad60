//! Reads the change of one directive: its edits, or `false`.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Unexpected, Visitor, value::MapAccessDeserializer},
};

use super::sources::Words;

/// Represents a change of one directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Edit(Edit),
    /// `false`: the policy does not have the directive.
    Off,
}

/// Holds the edits of one directive, in the order in which they are applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Edit {
    pub(super) set: Option<Words>,
    pub(super) add: Option<Words>,
    pub(super) remove: Option<Words>,
}

impl Change {
    /// The name by which the reader of variables knows this type.
    pub(super) const NAME: &str = "Change";
}

impl<'de> Deserialize<'de> for Change {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Table;

        impl<'de> Visitor<'de> for Table {
            type Value = Change;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("'add = […]', 'set = […]' or 'remove = […]' below it, or false")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Change, D::Error> {
                deserializer.deserialize_any(self)
            }

            fn visit_bool<E: Error>(self, switch: bool) -> Result<Change, E> {
                match switch {
                    false => Ok(Change::Off),
                    true => Err(E::invalid_value(Unexpected::Bool(true), &self)),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Change, A::Error> {
                Edit::deserialize(MapAccessDeserializer::new(map)).map(Change::Edit)
            }
        }

        deserializer.deserialize_newtype_struct(Self::NAME, Table)
    }
}
