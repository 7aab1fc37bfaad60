//! Writes the text of a syntax error, at run time and at compile time.

use super::{
    syntax_error::{SyntaxError, Words},
    tables::{DIRECTIVES, KEYWORDS, NAME, SANDBOX_TOKENS},
};
use crate::{
    error::{ParseError, near, shown},
    syntax::scan::find,
};

impl Words {
    const fn get(self, index: usize) -> Option<&'static str> {
        match self {
            Self::Directives if index < DIRECTIVES.len() => Some(DIRECTIVES[index].name),
            Self::Keywords if index < KEYWORDS.len() => Some(KEYWORDS[index].0),
            Self::SandboxTokens if index < SANDBOX_TOKENS.len() => Some(SANDBOX_TOKENS[index]),
            _ => None,
        }
    }

    /// Returns the word that is nearest to the bytes, if one is similar
    /// enough.
    const fn nearest(self, found: &[u8]) -> Option<&'static str> {
        let (mut nearest, mut distance, mut index) = (None, usize::MAX, 0);
        while let Some(word) = self.get(index) {
            if let Some(other) = near(found, word.as_bytes()) {
                if other < distance {
                    (nearest, distance) = (Some(word), other);
                }
            }
            index += 1;
        }
        nearest
    }
}

impl SyntaxError {
    /// Returns the error for the text in which the syntax error was found.
    pub(in crate::policy::csp) fn error(self, text: &str) -> ParseError {
        let found = text.get(self.start..self.end).unwrap_or_default();
        let text = shown(found);
        // Keywords include their own quotes.
        let quote = if is_quoted(found.as_bytes()) { "" } else { "'" };
        let problem = match self.words.nearest(found.as_bytes()) {
            _ if found.is_empty() => self.problem.to_owned(),
            None => format!("{quote}{text}{quote} {}", self.problem),
            Some(word) => {
                let what = self.problem.split(';').next().unwrap_or_default();
                let own = if is_quoted(word.as_bytes()) { "" } else { "'" };
                format!("{quote}{text}{quote} {what}; did you mean {own}{word}{own}?")
            }
        };
        ParseError::new(NAME, self.start, problem)
    }

    /// Ends compilation, or the program, with the text of the error.
    pub(in crate::policy::csp) const fn panic(self, text: &str) -> ! {
        let (_, rest) = text.as_bytes().split_at(self.start);
        let (found, _) = rest.split_at(self.end - self.start);
        let quote = if is_quoted(found) || found.is_empty() { "" } else { "'" };
        let mut message = Message { bytes: [0; 512], length: 0 };
        message.push(NAME);
        message.push(", byte ");
        message.push_number(self.start);
        message.push(": ");
        message.push(quote);
        message.push_found(found);
        message.push(quote);
        message.push(if found.is_empty() { "" } else { " " });
        message.push_problem(self.problem, self.words.nearest(found));
        let (message, _) = message.bytes.split_at(message.length);
        match std::str::from_utf8(message) {
            Ok(message) => panic!("{}", message),
            Err(_) => panic!("{}", self.problem),
        }
    }
}

const fn is_quoted(found: &[u8]) -> bool {
    found.len() > 1 && found[0] == b'\''
}

/// Holds a text that is built in a `const`.
struct Message {
    bytes: [u8; 512],
    length: usize,
}

impl Message {
    const fn push(&mut self, text: &str) {
        self.push_bytes(text.as_bytes(), text.len());
    }

    const fn push_bytes(&mut self, bytes: &[u8], end: usize) {
        let mut i = 0;
        while i < end && self.length < self.bytes.len() {
            self.bytes[self.length] = bytes[i];
            self.length += 1;
            i += 1;
        }
    }

    /// Appends the text that was found, truncated to leave room for the
    /// remedy.
    const fn push_found(&mut self, found: &[u8]) {
        const LONGEST: usize = 128;
        let whole = found.len() <= LONGEST;
        self.push_bytes(found, if whole { found.len() } else { LONGEST });
        self.push(if whole { "" } else { "..." });
    }

    const fn push_number(&mut self, number: usize) {
        if number >= 10 {
            self.push_number(number / 10);
        }
        self.push_bytes(&[b'0' + (number % 10) as u8], 1);
    }

    /// Appends the problem. If there is a similar word, that word replaces the
    /// remedy.
    const fn push_problem(&mut self, problem: &str, meant: Option<&str>) {
        let Some(word) = meant else { return self.push(problem) };
        let bytes = problem.as_bytes();
        self.push_bytes(bytes, find(bytes, 0, bytes.len(), b';'));
        let quote = if is_quoted(word.as_bytes()) { "" } else { "'" };
        self.push("; did you mean ");
        self.push(quote);
        self.push(word);
        self.push(quote);
        self.push("?");
    }
}
