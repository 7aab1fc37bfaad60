//! Reads the three kinds of fields: an item, a list, a dictionary.

use std::borrow::Cow;

use super::{
    scan::{self, Kind, Problem},
    value::{Bare, Entry, Item, Member, Value},
};
use crate::error::ParseError;

/// Reads a field that is one item (section 4.2).
pub(crate) fn item<'a>(header: &'static str, text: &'a str) -> Result<Item<'a>, ParseError> {
    read(header, text, |reader| {
        let item = reader.item()?;
        reader.at = scan::skip_spaces(text.as_bytes(), reader.at);
        reader.expect_end("expected nothing behind the value")?;
        Ok(item)
    })
}

/// Reads a field that is a list (section 4.2.1). An empty field is an empty list.
pub(crate) fn list<'a>(header: &'static str, text: &'a str) -> Result<Vec<Member<'a>>, ParseError> {
    read(header, text, |reader| reader.members(Reader::member))
}

/// Reads a field that is a dictionary (section 4.2.2). An empty field is an empty dictionary.
///
/// Repeated keys are kept; browsers use the last one, in the place of the first.
pub(crate) fn dictionary<'a>(
    header: &'static str,
    text: &'a str,
) -> Result<Vec<Entry<'a, Member<'a>>>, ParseError> {
    read(header, text, |reader| reader.members(Reader::entry))
}

fn read<'a, T>(
    header: &'static str,
    text: &'a str,
    field: impl FnOnce(&mut Reader<'a>) -> Result<T, Problem>,
) -> Result<T, ParseError> {
    let mut reader = Reader { text, at: scan::skip_spaces(text.as_bytes(), 0) };
    field(&mut reader).map_err(|(offset, problem)| ParseError::new(header, offset, problem))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> u8 {
        scan::peek(self.text.as_bytes(), self.at)
    }

    fn expect_end(&self, problem: &'static str) -> Result<(), Problem> {
        if self.at == self.text.len() { Ok(()) } else { Err((self.at, problem)) }
    }

    /// Reads members with commas between them, up to the end.
    fn members<T>(
        &mut self,
        member: impl Fn(&mut Self) -> Result<T, Problem>,
    ) -> Result<Vec<T>, Problem> {
        let bytes = self.text.as_bytes();
        let mut members = Vec::new();
        while self.at < bytes.len() {
            members.push(member(self)?);
            self.at = scan::skip_white_space(bytes, self.at);
            if self.at == bytes.len() {
                break;
            }
            if self.peek() != b',' {
                return Err((self.at, "expected ',' before the next member"));
            }
            let comma = self.at;
            self.at = scan::skip_white_space(bytes, self.at + 1);
            if self.at == bytes.len() {
                return Err((
                    comma,
                    "a comma at the end makes browsers drop the header; remove it",
                ));
            }
        }
        Ok(members)
    }

    fn entry(&mut self) -> Result<Entry<'a, Member<'a>>, Problem> {
        let at = self.at;
        let key = self.key()?;
        let value = if self.peek() == b'=' {
            self.at += 1;
            self.member()?
        } else {
            let value = Value::Bare(Bare::Boolean(true));
            Member { at: self.at, value, parameters: self.parameters()? }
        };
        Ok(Entry { at, key, value })
    }

    fn member(&mut self) -> Result<Member<'a>, Problem> {
        if self.peek() != b'(' {
            let Item { at, value, parameters } = self.item()?;
            return Ok(Member { at, value: Value::Bare(value), parameters });
        }
        let at = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.at = scan::skip_spaces(self.text.as_bytes(), self.at);
            if self.peek() == b')' {
                self.at += 1;
                return Ok(Member {
                    at,
                    value: Value::List(items),
                    parameters: self.parameters()?,
                });
            }
            if self.at == self.text.len() {
                return Err((at, "the list is never closed; expected ')'"));
            }
            items.push(self.item()?);
            if !matches!(self.peek(), b' ' | b')') && self.at < self.text.len() {
                return Err((self.at, "expected a space between the members of a list"));
            }
        }
    }

    fn item(&mut self) -> Result<Item<'a>, Problem> {
        let at = self.at;
        let value = self.bare()?;
        Ok(Item { at, value, parameters: self.parameters()? })
    }

    fn parameters(&mut self) -> Result<Vec<Entry<'a, Bare<'a>>>, Problem> {
        let mut parameters = Vec::new();
        while self.peek() == b';' {
            self.at = scan::skip_spaces(self.text.as_bytes(), self.at + 1);
            let at = self.at;
            let key = self.key()?;
            let value = if self.peek() == b'=' {
                self.at += 1;
                self.bare()?
            } else {
                Bare::Boolean(true)
            };
            parameters.push(Entry { at, key, value });
        }
        Ok(parameters)
    }

    fn key(&mut self) -> Result<&'a str, Problem> {
        let start = self.at;
        self.at = scan::key(self.text.as_bytes(), start)?;
        Ok(&self.text[start..self.at])
    }

    fn bare(&mut self) -> Result<Bare<'a>, Problem> {
        let start = self.at;
        let (kind, end) = scan::bare(self.text.as_bytes(), start)?;
        self.at = end;
        let text = &self.text[start..end];
        Ok(match kind {
            Kind::Integer => Bare::Integer(number(text)),
            Kind::Decimal => Bare::Decimal(thousandths(text)),
            Kind::String => Bare::String(unescape(&text[1..text.len() - 1])),
            Kind::Token => Bare::Token(text),
            Kind::Bytes => Bare::Bytes(decode(text.trim_matches(':').trim_end_matches('='))),
            Kind::Boolean => Bare::Boolean(text == "?1"),
            Kind::Date => Bare::Date(number(&text[1..])),
            Kind::Display => {
                Bare::Display(percent_decode(&text[2..text.len() - 1]).unwrap_or_default())
            }
        })
    }
}

/// Returns the value of at most 15 decimal digits.
fn number(text: &str) -> i64 {
    text.parse().unwrap_or_default()
}

fn thousandths(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    number(&format!("{whole}{fraction:0<3}"))
}

fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut characters = text.chars();
    let next = || match characters.next() {
        Some('\\') => characters.next(),
        character => character,
    };
    Cow::Owned(std::iter::from_fn(next).collect())
}

/// Decodes digits of base64 whose padding is removed.
fn decode(digits: &str) -> Vec<u8> {
    let value = |digit: u8| match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for four in digits.as_bytes().chunks(4) {
        let bits = four.iter().fold(0u32, |bits, digit| bits << 6 | u32::from(value(*digit)));
        let three = (bits << (6 * (4 - four.len()))).to_be_bytes();
        bytes.extend_from_slice(&three[1..four.len()]);
    }
    bytes
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let next = || match bytes.next()? {
        b'%' => Some(scan::hex(bytes.next()?)? << 4 | scan::hex(bytes.next()?)?),
        byte => Some(byte),
    };
    String::from_utf8(std::iter::from_fn(next).collect()).ok()
}

#[cfg(test)]
mod tests {
    use super::{super::value::Separated, *};

    fn printed(text: &str) -> String {
        Separated(&dictionary("a", text).unwrap(), ", ").to_string()
    }

    #[test]
    fn a_parsed_value_prints_in_the_form_of_section_4_1() {
        for (text, expected) in [
            ("", ""),
            ("a", "a"),
            ("  a=?1;b=?1 \t,\t b=?0  ", "a;b, b=?0"),
            ("a=( x  \"y\";p=1 );  q", "a=(x \"y\";p=1);q"),
            ("a=-00012, b=0012.340", "a=-12, b=12.34"),
            ("a=-0.5, b=1.0, c=999999999999999", "a=-0.5, b=1.0, c=999999999999999"),
            (r#"a="x\"\\y", b=*/:x"#, r#"a="x\"\\y", b=*/:x"#),
            ("a=:aGk=:, b=:aGk:, c=::", "a=:aGk=:, b=:aGk=:, c=::"),
            ("a=@-1659578233, b=%\"f%c3%bc \\\"", "a=@-1659578233, b=%\"f%c3%bc \\\""),
            ("*=1, *a=1", "*=1, *a=1"),
        ] {
            assert_eq!(printed(text), expected, "{text:?}");
            assert_eq!(printed(expected), expected);
        }
    }

    #[test]
    fn one_error_fails_the_whole_field() {
        for text in [
            ",",
            "a,",
            "a,,b",
            "\ta",
            "A=1",
            "a=",
            "a= 1",
            "a =1",
            "a=1 b=2",
            "a=\"",
            "a=\"\\x\"",
            "a=\"ü\"",
            "a=1.",
            "a=.1",
            "a=1.2345",
            "a=1234567890123.1",
            "a=1234567890123456",
            "a=-",
            "a=?2",
            "a=?",
            "a=(",
            "a=(1",
            "a=(1\t2)",
            "a=(1,2)",
            "a=(\"x\"\"y\")",
            "a=1;",
            "a=1;B",
            "a=1 ;b",
            "a=:a:",
            "a=:ab=c:",
            "a=:ab",
            "a=:ab===:",
            "a=@1.5",
            "a=%x",
            "a=%\"%C3\"",
            "a=%\"%c3\"",
            "a=%\"",
            "a='x'",
            "a=ü",
            "é=1",
            "a;b=(1)",
        ] {
            assert!(dictionary("a", text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_item_and_a_list_have_nothing_around_them() {
        assert_eq!(item("a", " x;y=1 ").unwrap().to_string(), "x;y=1");
        for text in ["", "x y", "x,", "x\t", "(x)", "x, y"] {
            assert!(item("a", text).is_err(), "{text:?}");
        }
        let members = list("a", "x, (y z);p, \"z\"").unwrap();
        assert_eq!(Separated(&members, ", ").to_string(), "x, (y z);p, \"z\"");
    }

    #[test]
    fn an_error_says_where_it_is() {
        let error = dictionary("a", "camera=(), \u{e9}").unwrap_err();
        assert_eq!(error.to_string(), "a, byte 11: expected a key in lower case");
        let error = dictionary("a", "a=(x").unwrap_err();
        assert_eq!(error.to_string(), "a, byte 2: the list is never closed; expected ')'");
    }
}
