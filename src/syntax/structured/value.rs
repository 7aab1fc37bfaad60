//! Defines the values of structured fields, and prints them.

use std::{borrow::Cow, fmt};

use crate::syntax::base64;

/// Represents a value without parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bare<'a> {
    Integer(i64),
    /// A decimal, in thousandths.
    Decimal(i64),
    String(Cow<'a, str>),
    Token(&'a str),
    Bytes(Vec<u8>),
    Boolean(bool),
    /// Seconds since 1970.
    Date(i64),
    Display(String),
}

/// Holds a value with parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item<'a> {
    /// The offset of the value, in bytes.
    pub(crate) at: usize,
    pub(crate) value: Bare<'a>,
    pub(crate) parameters: Vec<Entry<'a, Bare<'a>>>,
}

/// Holds a value or an inner list, with parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member<'a> {
    /// The offset of the value, in bytes.
    pub(crate) at: usize,
    pub(crate) value: Value<'a>,
    pub(crate) parameters: Vec<Entry<'a, Bare<'a>>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Bare(Bare<'a>),
    List(Vec<Item<'a>>),
}

/// Holds a value with a key: a parameter, or a member of a dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a, V> {
    /// The offset of the key, in bytes.
    pub(crate) at: usize,
    pub(crate) key: &'a str,
    pub(crate) value: V,
}

impl fmt::Display for Bare<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(f, "{number}"),
            Self::Decimal(thousandths) => decimal(*thousandths, f),
            Self::String(text) => {
                write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
            Self::Token(token) => f.write_str(token),
            Self::Bytes(bytes) => write!(f, ":{}:", base64::encode(bytes)),
            Self::Boolean(value) => f.write_str(if *value { "?1" } else { "?0" }),
            Self::Date(seconds) => write!(f, "@{seconds}"),
            Self::Display(text) => display(text, f),
        }
    }
}

fn decimal(thousandths: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let sign = if thousandths < 0 { "-" } else { "" };
    let positive = thousandths.unsigned_abs();
    let fraction = format!("{:03}", positive % 1000);
    let kept = fraction.trim_end_matches('0').len().max(1);
    write!(f, "{sign}{}.{}", positive / 1000, &fraction[..kept])
}

fn display(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("%\"")?;
    for byte in text.bytes() {
        match byte {
            b'%' | b'"' | 0..0x20 | 0x7F.. => write!(f, "%{byte:02x}")?,
            _ => write!(f, "{}", char::from(byte))?,
        }
    }
    f.write_str("\"")
}

impl fmt::Display for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.value, Parameters(&self.parameters))
    }
}

impl fmt::Display for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Bare(value) => write!(f, "{value}")?,
            Value::List(items) => write!(f, "({})", Separated(items, " "))?,
        }
        write!(f, "{}", Parameters(&self.parameters))
    }
}

impl fmt::Display for Entry<'_, Member<'_>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value.value {
            Value::Bare(Bare::Boolean(true)) => {
                write!(f, "{}{}", self.key, Parameters(&self.value.parameters))
            }
            _ => write!(f, "{}={}", self.key, self.value),
        }
    }
}

/// Prints parameters, each after a semicolon.
struct Parameters<'a, 'b>(&'b [Entry<'a, Bare<'a>>]);

impl fmt::Display for Parameters<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|parameter| match parameter.value {
            Bare::Boolean(true) => write!(f, ";{}", parameter.key),
            _ => write!(f, ";{}={}", parameter.key, parameter.value),
        })
    }
}

/// Prints the members of a list or dictionary with a text between them.
pub(crate) struct Separated<'a, T>(pub(crate) &'a [T], pub(crate) &'static str);

impl<T: fmt::Display> fmt::Display for Separated<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, member) in self.0.iter().enumerate() {
            f.write_str(if index > 0 { self.1 } else { "" })?;
            write!(f, "{member}")?;
        }
        Ok(())
    }
}
