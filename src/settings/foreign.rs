//! Reads settings as part of a larger file, in any format of serde.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

use super::{
    error::Place,
    tree::{Kind, Node},
};

impl<'de> Deserialize<'de> for Node {
    /// Reads the tree as part of a larger file, in any format.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Foreign(kind) = Foreign::deserialize(deserializer)?;
        let kind = kind.ok_or_else(|| D::Error::custom("found nothing; write a value"))?;
        Ok(Self { place: Place::File, kind })
    }
}

/// Holds a value of another format, or `None` for that format's null.
struct Foreign(Option<Kind>);

impl<'de> Deserialize<'de> for Foreign {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Option<Kind>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of the settings")
    }

    fn visit_bool<E: Error>(self, switch: bool) -> Result<Option<Kind>, E> {
        Ok(Some(Kind::Switch(switch)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Option<Kind>, E> {
        Ok(Some(Kind::Integer(number)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Option<Kind>, E> {
        let small = i64::try_from(number);
        Ok(Some(small.map_or_else(|_| Kind::Number(number.to_string()), Kind::Integer)))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Option<Kind>, E> {
        Ok(Some(Kind::Number(number.to_string())))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<Kind>, E> {
        Ok(Some(Kind::Text(text.to_owned())))
    }

    fn visit_unit<E: Error>(self) -> Result<Option<Kind>, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Option<Kind>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Kind>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Option<Kind>, A::Error> {
        let mut list = Vec::new();
        while let Some(member) = members.next_element()? {
            list.push(member);
        }
        Ok(Some(Kind::List(list)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Option<Kind>, A::Error> {
        let mut table = BTreeMap::new();
        while let Some((key, Foreign(kind))) = entries.next_entry::<String, Foreign>()? {
            match kind {
                // The toml crate passes a date in this form to code that does not ask for one.
                Some(Kind::Text(date)) if key == "$__toml_private_datetime" => {
                    return Ok(Some(Kind::Date(date)));
                }
                Some(kind) => drop(table.insert(key, Node { place: Place::File, kind })),
                // A null is a key that is not set.
                None => {}
            }
        }
        Ok(Some(Kind::Table(table)))
    }
}
