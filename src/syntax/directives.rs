//! Reads lists of `name`, `name=token` and `name="quoted string"`.
//!
//! The syntax is that of RFC 6797 and RFC 9163.

use std::collections::BTreeSet;

use crate::error::{ParseError, did_you_mean, shown};

/// Holds one member of a directive list.
pub(crate) struct Directive {
    /// The name, in lower case.
    pub(crate) name: String,
    /// The offset of the name, in bytes.
    pub(crate) offset: usize,
    /// The unquoted value and its offset, in bytes.
    pub(crate) value: Option<(String, usize)>,
}

impl Directive {
    /// Returns the value as whole seconds; a number too large for the type
    /// becomes its maximum.
    pub(crate) fn seconds(&self, header: &'static str) -> Result<u64, ParseError> {
        let (value, offset) = match &self.value {
            Some((value, offset)) => (value.as_str(), *offset),
            None => ("", self.offset),
        };
        if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
            let value = shown(value);
            let problem = format!("'{value}' is not a number of seconds; write max-age=31536000");
            return Err(ParseError::new(header, offset, problem));
        }
        Ok(value.parse().unwrap_or(u64::MAX))
    }

    /// Rejects a value if the directive does not take one.
    pub(crate) fn bare(&self, header: &'static str) -> Result<(), ParseError> {
        match &self.value {
            None => Ok(()),
            Some((_, offset)) => {
                let problem = format!("{} takes no value; write it alone", self.name);
                Err(ParseError::new(header, *offset, problem))
            }
        }
    }

    /// Returns the error for a directive that is not among `known`.
    ///
    /// Browsers ignore such a directive, and therefore a misspelt one.
    pub(crate) fn unknown(&self, header: &'static str, known: &[&str]) -> ParseError {
        let remedy = format!("write one of '{}'", known.join("', '"));
        let remedy = did_you_mean(&self.name, known, &remedy);
        let problem = format!("'{}' is not a directive of this header{remedy}", self.name);
        ParseError::new(header, self.offset, problem)
    }
}

/// Selects how to read an equals sign without a value.
#[derive(Clone, Copy)]
enum MissingValue {
    /// It is an error, as in the grammar.
    Rejected,
    /// The value is empty, as browsers read parameters of `Content-Disposition`.
    Empty,
}

/// Splits `text` at `separator`. Empty members are skipped; a duplicate name
/// is an error.
pub(crate) fn directives(
    header: &'static str,
    text: &str,
    separator: u8,
) -> Result<Vec<Directive>, ParseError> {
    split(Reader { header, text, at: 0, missing: MissingValue::Rejected }, separator)
}

/// Splits a type and its parameters, in which a value may be missing.
pub(crate) fn parameters(header: &'static str, text: &str) -> Result<Vec<Directive>, ParseError> {
    split(Reader { header, text, at: 0, missing: MissingValue::Empty }, b';')
}

fn split(mut reader: Reader<'_>, separator: u8) -> Result<Vec<Directive>, ParseError> {
    let header = reader.header;
    let mut list: Vec<Directive> = Vec::new();
    let mut names = BTreeSet::new();
    loop {
        reader.skip_white_space();
        match reader.peek() {
            None => return Ok(list),
            Some(byte) if byte == separator => reader.at += 1,
            Some(_) => {
                let directive = reader.directive(separator)?;
                if !names.insert(directive.name.clone()) {
                    let problem = format!(
                        "'{}' is a duplicate directive, which makes browsers ignore the header; remove one",
                        directive.name
                    );
                    return Err(ParseError::new(header, directive.offset, problem));
                }
                list.push(directive);
            }
        }
    }
}

struct Reader<'a> {
    header: &'static str,
    text: &'a str,
    at: usize,
    missing: MissingValue,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    fn directive(&mut self, separator: u8) -> Result<Directive, ParseError> {
        let offset = self.at;
        let name = self.token()?.to_ascii_lowercase();
        self.skip_white_space();
        let mut value = None;
        if self.peek() == Some(b'=') {
            self.at += 1;
            self.skip_white_space();
            let start = self.at;
            value = Some((self.value()?, start));
            self.skip_white_space();
        }
        match self.peek() {
            Some(byte) if byte != separator => Err(self.unexpected(separator)),
            _ => Ok(Directive { name, offset, value }),
        }
    }

    fn token(&mut self) -> Result<&'a str, ParseError> {
        let start = self.at;
        while self.peek().is_some_and(is_token) {
            self.at += 1;
        }
        match self.at - start {
            0 => Err(self.unexpected(b'=')),
            _ => Ok(&self.text[start..self.at]),
        }
    }

    fn value(&mut self) -> Result<String, ParseError> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return match (self.peek(), self.missing) {
                (Some(byte), _) if is_token(byte) => Ok(self.token()?.to_owned()),
                (_, MissingValue::Empty) => Ok(String::new()),
                (_, MissingValue::Rejected) => {
                    let problem = "there is no value after '='; write one, or remove the '='";
                    Err(ParseError::new(self.header, start, problem))
                }
            };
        }
        self.at += 1;
        let mut value = String::new();
        loop {
            match self.quoted(start)? {
                '"' => return Ok(value),
                '\\' => value.push(self.quoted(start)?),
                character => value.push(character),
            }
        }
    }

    /// Returns the next character of a quoted string that begins at `start`
    /// (RFC 9110 section 5.6.4).
    fn quoted(&mut self, start: usize) -> Result<char, ParseError> {
        match self.text[self.at..].chars().next() {
            None => {
                let problem = "the quoted string has no closing quote; add one";
                Err(ParseError::new(self.header, start, problem))
            }
            Some(character) if character.is_control() && character != '\t' => {
                let problem = format!("{character:?} is a control character; remove it");
                Err(ParseError::new(self.header, self.at, problem))
            }
            Some(character) => {
                self.at += character.len_utf8();
                Ok(character)
            }
        }
    }

    fn unexpected(&self, separator: u8) -> ParseError {
        let found = self.text[self.at..].chars().next().unwrap_or(' ');
        let problem = match separator {
            b'=' => format!("{found:?} does not start a directive; write name or name=value"),
            _ => format!("{found:?} does not end a directive; write '{}'", separator as char),
        };
        ParseError::new(self.header, self.at, problem)
    }
}

/// Returns `true` for a byte of a token (RFC 9110 section 5.6.2).
pub(crate) const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Result<Vec<(String, Option<String>)>, String> {
        let list = directives("header", text, b';').map_err(|error| error.to_string())?;
        Ok(list.into_iter().map(|one| (one.name, one.value.map(|(value, _)| value))).collect())
    }

    #[test]
    fn an_equals_sign_without_a_value_is_an_error() {
        for text in ["a=", "a= ", "a=;b", "a=1; b =\t", "a==1"] {
            let error = values(text).unwrap_err();
            assert!(error.ends_with("there is no value after '='; write one, or remove the '='"));
        }
        assert_eq!(values("a=\"\""), Ok(vec![("a".into(), Some(String::new()))]));
    }

    #[test]
    fn a_quoted_string_has_no_control_characters() {
        for (text, at) in [("a=\"\0\"", 3), ("a=\"x\\\r\"", 5), ("a=\"\n", 3), ("a=\"\u{7f}\"", 3)]
        {
            let error = values(text).unwrap_err();
            assert!(error.starts_with(&format!("header, byte {at}: ")), "{error}");
            assert!(error.ends_with(" is a control character; remove it"), "{error}");
        }
        let expected = Ok(vec![("a".into(), Some("\t\"\\é".into()))]);
        assert_eq!(values("a=\"\t\\\"\\\\é\""), expected);
        for text in ["a=\"", "a=\"x", "a=\"x\\", "a=\"x\\\""] {
            assert!(values(text).unwrap_err().contains("no closing quote"), "{text}");
        }
    }
}
