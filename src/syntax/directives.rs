//! Reads lists of `name`, `name=token` and `name="quoted string"`.
//!
//! The syntax is that of RFC 6797 and RFC 9163.

use std::collections::BTreeSet;

use crate::error::ParseError;

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
}

/// Splits `text` at `separator`. Empty members are skipped; a duplicate name
/// is an error.
pub(crate) fn directives(
    header: &'static str,
    text: &str,
    separator: u8,
) -> Result<Vec<Directive>, ParseError> {
    let mut reader = Reader { header, text, at: 0 };
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
                    let problem =
                        format!("a second {} voids the header; write one", directive.name);
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
            return match self.peek() {
                Some(byte) if is_token(byte) => Ok(self.token()?.to_owned()),
                _ => Ok(String::new()),
            };
        }
        self.at += 1;
        let mut value = String::new();
        while let Some(character) = self.text[self.at..].chars().next() {
            self.at += character.len_utf8();
            match character {
                '"' => return Ok(value),
                '\\' => {
                    let escaped = self.text[self.at..].chars().next();
                    self.at += escaped.map_or(0, char::len_utf8);
                    value.extend(escaped);
                }
                _ => value.push(character),
            }
        }
        Err(ParseError::new(self.header, start, "the quotation mark is never closed; close it"))
    }

    fn unexpected(&self, separator: u8) -> ParseError {
        let found = self.text[self.at..].chars().next().unwrap_or(' ');
        let problem = match separator {
            b'=' => format!("{found:?} begins no directive; write name or name=value"),
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
