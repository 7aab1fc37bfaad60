//! Reads the JSON of `Report-To` and `NEL`: objects with commas between them.
//!
//! The two headers contain names, addresses and numbers in ASCII on one line. An escape in a string
//! and an exponent of a number are therefore errors.

use crate::error::ParseError;

/// Holds a value and the offset where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Json<'a> {
    pub(crate) at: usize,
    pub(crate) value: Value<'a>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Null,
    Boolean(bool),
    Number(&'a str),
    String(&'a str),
    Array(Vec<Json<'a>>),
    Object(Vec<Field<'a>>),
}

/// Holds a key with its offset, and the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field<'a> {
    pub(crate) at: usize,
    pub(crate) key: &'a str,
    pub(crate) value: Json<'a>,
}

/// The maximum depth of nested values. No header needs as many levels.
const DEPTH: usize = 8;

/// Reads values with commas between them.
pub(crate) fn values<'a>(header: &'static str, text: &'a str) -> Result<Vec<Json<'a>>, ParseError> {
    let mut reader = Reader { text, at: 0 };
    let values = reader.members(|reader| reader.value(0), None);
    values.map_err(|(offset, problem)| ParseError::new(header, offset, problem))
}

type Problem = (usize, &'static str);

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Returns the next byte that is not white space; 0 at the end.
    fn peek(&mut self) -> u8 {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }

    /// Reads members with commas between them, up to `end` or to the end of the text.
    fn members<T>(
        &mut self,
        member: impl Fn(&mut Self) -> Result<T, Problem>,
        end: Option<u8>,
    ) -> Result<Vec<T>, Problem> {
        let mut members = Vec::new();
        let is_end = |byte, reader: &Self| match end {
            Some(end) => byte == end,
            None => reader.at == reader.text.len(),
        };
        let mut next = self.peek();
        while !is_end(next, self) {
            members.push(member(self)?);
            next = self.peek();
            if next == b',' {
                self.at += 1;
                next = self.peek();
                if is_end(next, self) {
                    return Err((self.at, "expected a value behind the comma"));
                }
            } else if !is_end(next, self) {
                return Err((self.at, "expected ',' or the end"));
            }
        }
        self.at += usize::from(end.is_some());
        Ok(members)
    }

    fn value(&mut self, depth: usize) -> Result<Json<'a>, Problem> {
        let next = self.peek();
        let at = self.at;
        if depth > DEPTH {
            return Err((at, "too many brackets inside of brackets"));
        }
        let value = match next {
            b'{' => {
                self.at += 1;
                Value::Object(self.members(|reader| reader.field(depth), Some(b'}'))?)
            }
            b'[' => {
                self.at += 1;
                Value::Array(self.members(|reader| reader.value(depth + 1), Some(b']'))?)
            }
            b'"' => Value::String(self.string()?),
            b'-' | b'0'..=b'9' => Value::Number(self.number()?),
            _ => self.word()?,
        };
        Ok(Json { at, value })
    }

    fn field(&mut self, depth: usize) -> Result<Field<'a>, Problem> {
        if self.peek() != b'"' {
            return Err((self.at, "expected a key in double quotes"));
        }
        let at = self.at;
        let key = self.string()?;
        if self.peek() != b':' {
            return Err((self.at, "expected ':' behind the key"));
        }
        self.at += 1;
        Ok(Field { at, key, value: self.value(depth + 1)? })
    }

    fn string(&mut self) -> Result<&'a str, Problem> {
        let start = self.at + 1;
        let rest = &self.text[start..];
        let end = rest.find(|c: char| !matches!(c, ' '..='~') || matches!(c, '"' | '\\'));
        let end = end.filter(|end| rest.as_bytes()[*end] == b'"').ok_or_else(|| {
            (
                start + end.unwrap_or(rest.len()),
                "a string has visible ASCII without backslashes, up to a closing '\"'",
            )
        })?;
        self.at = start + end + 1;
        Ok(&rest[..end])
    }

    fn number(&mut self) -> Result<&'a str, Problem> {
        let start = self.at;
        let rest = &self.text[start..];
        let end = rest.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+' | 'e' | 'E'));
        let number = &rest[..end.unwrap_or(rest.len())];
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let whole = whole.strip_prefix('-').unwrap_or(whole);
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || (whole.len() > 1 && whole.starts_with('0')) {
            return Err((start, "expected a number like 3600 or 0.5"));
        }
        self.at += number.len();
        Ok(number)
    }

    fn word(&mut self) -> Result<Value<'a>, Problem> {
        let words = [
            ("true", Value::Boolean(true)),
            ("false", Value::Boolean(false)),
            ("null", Value::Null),
        ];
        for (word, value) in words {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err((self.at, "expected a JSON value, like {\"max_age\":3600}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serde_json_reads_the_same_and_refuses_the_same() {
        fn same(ours: &Json<'_>, theirs: &serde_json::Value) -> bool {
            match (&ours.value, theirs) {
                (Value::Null, serde_json::Value::Null) => true,
                (Value::Boolean(ours), serde_json::Value::Bool(theirs)) => ours == theirs,
                (Value::Number(ours), theirs) => ours.parse::<f64>().ok() == theirs.as_f64(),
                (Value::String(ours), serde_json::Value::String(theirs)) => ours == theirs,
                (Value::Array(ours), serde_json::Value::Array(theirs)) => {
                    ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| same(a, b))
                }
                (Value::Object(ours), serde_json::Value::Object(theirs)) => {
                    ours.len() >= theirs.len()
                        && ours.iter().rev().all(|field| theirs.contains_key(field.key))
                }
                _ => false,
            }
        }
        for text in [
            "",
            "{}",
            "[]",
            "{\"a\":1}",
            "{\"a\":[1,-2.50,0,true,false,null,\"x y\"]}",
            " { \"a\" : 1 } ",
            "1,2",
            "[1,[2,[3]]]",
            "{",
            "}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "[1,]",
            "[1 2]",
            ",",
            "1,",
            "01",
            "1.",
            ".5",
            "-",
            "--1",
            "1e3",
            "tru",
            "trues",
            "\"",
            "\"\\n\"",
            "\"\u{fc}\"",
            "\u{fc}",
            "{a:1}",
            "{\"a\":1}}",
            "[[[[[[[[[[[[1]]]]]]]]]]]]",
        ] {
            let theirs: Result<Vec<serde_json::Value>, _> =
                serde_json::from_str(&format!("[{text}]"));
            match (values("a", text), theirs) {
                (Ok(ours), Ok(theirs)) => {
                    assert!(
                        ours.len() == theirs.len()
                            && ours.iter().zip(&theirs).all(|(a, b)| same(a, b)),
                        "{text}"
                    );
                }
                (Ok(_), Err(error)) => panic!("{text}: {error}"),
                // Stricter on purpose: escapes, exponents, other letters than ASCII, depth.
                (Err(_), theirs) => {
                    let stricter =
                        text.contains(['\\', 'e', '\u{fc}']) || text.contains("[[[[[[[[[[");
                    assert!(theirs.is_err() || stricter, "{text}");
                }
            }
        }
    }
}
