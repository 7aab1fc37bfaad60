//! Deserialises the tree: strictly for a file, by the key's type for a
//! variable.

use serde::{
    Deserializer,
    de::{
        Error, IntoDeserializer, Unexpected, Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};

use super::{
    change::Change,
    error::{Place, Problem},
    sent::Sent,
    sources::Words,
    tree::{Kind, Node},
};

impl Node {
    /// Returns the text of a variable, which the key's type determines how to
    /// read.
    fn variable(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) if self.place == Place::Environment => Some(text.trim()),
            _ => None,
        }
    }

    /// Returns an error that describes the value found, in serde's terms.
    fn wrong<T>(&self, remedy: &str) -> Result<T, Problem> {
        let number;
        let found = match &self.kind {
            Kind::Switch(switch) => Unexpected::Bool(*switch),
            Kind::Integer(integer) => Unexpected::Signed(*integer),
            Kind::Number(text) => {
                number = format!("the number {text}");
                Unexpected::Other(&number)
            }
            Kind::Date(text) => {
                number = format!("the date {text}");
                Unexpected::Other(&number)
            }
            Kind::Text(text) => Unexpected::Str(text),
            Kind::List(_) => Unexpected::Seq,
            Kind::Table(_) => Unexpected::Map,
        };
        Err(Problem::invalid_type(found, &remedy))
    }
}

/// Reads a number from the text of a variable, and any other value by its own
/// type.
macro_rules! numbers {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
            match self.variable().and_then(|text| text.parse().ok()) {
                Some(number) => visitor.visit_i64(number),
                None => self.deserialize_any(visitor),
            }
        })+
    };
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match &self.kind {
            Kind::Switch(switch) => visitor.visit_bool(*switch),
            Kind::Integer(number) => visitor.visit_i64(*number),
            Kind::Number(_) | Kind::Date(_) => {
                self.wrong(&(&visitor as &dyn serde::de::Expected).to_string())
            }
            Kind::Text(text) => visitor.visit_borrowed_str(text),
            Kind::List(list) => visitor.visit_seq(SeqDeserializer::new(list.iter())),
            Kind::Table(table) => {
                let entries = table.iter().map(|(key, node)| (key.as_str(), node));
                visitor.visit_map(MapDeserializer::new(entries))
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.variable() {
            Some(text) if text.eq_ignore_ascii_case("true") => visitor.visit_bool(true),
            Some(text) if text.eq_ignore_ascii_case("false") => visitor.visit_bool(false),
            _ => self.deserialize_any(visitor),
        }
    }

    numbers! { deserialize_u16 deserialize_u64 }

    /// Treats an empty variable as a key that is not set.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        if self.variable() == Some("") { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    /// Splits a variable at the commas. An empty variable is an empty list.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.variable() {
            Some(text) => {
                let members = text.split(',').map(str::trim).filter(|member| !member.is_empty());
                visitor.visit_seq(SeqDeserializer::new(members))
            }
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match (&self.kind, self.place) {
            (Kind::Table(_), _) => self.deserialize_any(visitor),
            (_, Place::Environment) => self.wrong("one variable for each key of the table"),
            _ => self.wrong(&format!("'[{name}]', and its keys below it")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        values: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match &self.kind {
            Kind::Text(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            _ => self.wrong(&format!("one of '{}'", values.join("', '"))),
        }
    }

    /// Rejects the text of a variable for a whole table.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.variable() {
            Some(_) => self.wrong("one variable for each key of the table"),
            None => self.deserialize_any(visitor),
        }
    }

    /// Accepts a date only for the type that asks for one.
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match &self.kind {
            Kind::Date(text) if name == "Date" => visitor.visit_str(text),
            Kind::Text(text) if self.place == Place::Environment => match name {
                Words::NAME => visitor.visit_seq(SeqDeserializer::new(Words::split(text))),
                Change::NAME | Sent::NAME if text.trim().eq_ignore_ascii_case("false") => {
                    visitor.visit_bool(false)
                }
                Change::NAME => self.wrong("false, or the sources in a variable that ends in '__ADD', '__SET' or '__REMOVE'"),
                _ => visitor.visit_newtype_struct(self),
            },
            _ => visitor.visit_newtype_struct(self),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 u8 u32 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Problem> for &'de Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
