//! Reads the header `Forwarded` ([RFC 7239](https://www.rfc-editor.org/rfc/rfc7239#section-4)).

use std::borrow::Cow;

use http::{HeaderMap, header};

use super::node::Node;
use crate::syntax::directives::is_token;

/// The maximum number of parameters in one element. An element with more is
/// malformed.
const MOST: usize = 16;

/// Holds one element: the description of a request by the proxy that received it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element<'a> {
    pub(super) node: Option<Node>,
    pub(super) proto: Option<Cow<'a, [u8]>>,
    pub(super) host: Option<Cow<'a, [u8]>>,
    by: bool,
}

/// Returns the elements of all lines, starting nearest the client. A malformed
/// line cannot be split into elements, and counts as one malformed element.
pub(super) fn elements(headers: &HeaderMap) -> Vec<Element<'_>> {
    let mut elements = Vec::new();
    for line in headers.get_all(header::FORWARDED) {
        match read_line(line.as_bytes()) {
            Some(read) => elements.extend(read),
            None => elements.push(Element { node: Some(Node::Malformed), ..Element::default() }),
        }
    }
    elements
}

fn read_line(line: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut reader = Reader { line, at: 0 };
    let mut elements = Vec::new();
    loop {
        reader.skip_white_space();
        elements.extend(reader.element()?);
        reader.skip_white_space();
        match reader.next() {
            None => return Some(elements),
            Some(b',') => {}
            Some(_) => return None,
        }
    }
}

struct Reader<'a> {
    line: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Parses `[ pair ] *( ";" [ pair ] )`. Returns `None` if it is malformed,
    /// and no element if it has no pair.
    fn element(&mut self) -> Option<Option<Element<'a>>> {
        let mut element = Element::default();
        let mut pairs = 0;
        loop {
            if self.peek().is_some_and(is_token) {
                self.pair(&mut element)?;
                pairs += 1;
            }
            if self.peek() != Some(b';') {
                return (pairs <= MOST).then_some((pairs > 0).then_some(element));
            }
            self.at += 1;
        }
    }

    /// Parses `token "=" value`, without white space in between; each name
    /// occurs once.
    fn pair(&mut self, element: &mut Element<'a>) -> Option<()> {
        let name = self.token();
        if self.next() != Some(b'=') {
            return None;
        }
        let value = self.value()?;
        let twice = match name.to_ascii_lowercase().as_slice() {
            b"for" => element.node.replace(Node::parse(&value)).is_some(),
            b"proto" => element.proto.replace(value).is_some(),
            b"host" => element.host.replace(value).is_some(),
            b"by" => std::mem::replace(&mut element.by, true),
            _ => false,
        };
        (!twice).then_some(())
    }

    fn token(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(is_token) {
            self.at += 1;
        }
        &self.line[start..self.at]
    }

    fn value(&mut self) -> Option<Cow<'a, [u8]>> {
        if self.peek() != Some(b'"') {
            let token = self.token();
            return (!token.is_empty()).then_some(Cow::Borrowed(token));
        }
        self.at += 1;
        let mut value = Vec::new();
        loop {
            match self.next()? {
                b'"' => return Some(Cow::Owned(value)),
                b'\\' => value.push(self.next()?),
                byte => value.push(byte),
            }
        }
    }
}
