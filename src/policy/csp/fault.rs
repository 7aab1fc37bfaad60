//! What is wrong with a policy's text, as an error and as the end of compilation.

use super::directive::DIRECTIVES;
use crate::{
    ParseError,
    error::{did_you_mean, near},
    policy::scan::{find, same},
};

/// The header's name, in errors.
pub(super) const NAME: &str = "content-security-policy";

/// The problem of a name that is none; errors add the one that was meant.
pub(super) const NOT_A_DIRECTIVE: &str = "is not a directive";

/// What to write instead where a quote is in the name.
const SPACE: &str = "; write a space before its first quote";

/// What to write instead where no name is near.
const SEE: &str = "see CSP Level 3 for those there are";

/// What is wrong with the bytes from `start` to `end`.
#[derive(Clone, Copy)]
pub(super) struct Fault {
    pub(super) start: usize,
    pub(super) end: usize,
    /// What that is, and what to write instead; it follows the bytes in quotes.
    pub(super) problem: &'static str,
}

impl Fault {
    pub(super) fn error(self, text: &str) -> ParseError {
        let found = text.get(self.start..self.end).unwrap_or_default();
        let shown = found.escape_debug().to_string().replace("\\'", "'").replace("\\\"", "\"");
        let problem = match self.problem {
            NOT_A_DIRECTIVE if found.contains('\'') => {
                format!("'{shown}' {NOT_A_DIRECTIVE}{SPACE}")
            }
            NOT_A_DIRECTIVE => {
                let names: Vec<&str> = DIRECTIVES.iter().map(|(name, _)| *name).collect();
                let remedy = did_you_mean(found, &names, SEE);
                format!("'{shown}' {NOT_A_DIRECTIVE}{remedy}")
            }
            problem if found.is_empty() => problem.to_owned(),
            // Keywords bring their own quotes.
            problem if found.starts_with('\'') && found.len() > 1 => format!("{shown} {problem}"),
            problem => format!("'{shown}' {problem}"),
        };
        ParseError::new(NAME, self.start, problem)
    }

    /// The error of a source that a method was given for that directive.
    pub(super) fn error_in(self, text: &str, directive: &str) -> ParseError {
        let problem = self.error(text).problem().replace("this directive", directive);
        ParseError::new(NAME, self.start, problem)
    }

    /// Ends compilation, or the program, with the text of the error.
    pub(super) const fn panic(self, text: &str) -> ! {
        let (_, rest) = text.as_bytes().split_at(self.start);
        let (found, _) = rest.split_at(self.end - self.start);
        let keyword = found.len() > 1 && found[0] == b'\'';
        let quote = if keyword || found.is_empty() { "" } else { "'" };
        let mut message = Message { bytes: [0; 512], length: 0 };
        message.push(NAME);
        message.push(", byte ");
        message.push_number(self.start);
        message.push(": ");
        message.push(quote);
        message.push_found(found);
        message.push(quote);
        message.push(if found.is_empty() { "" } else { " " });
        message.push(self.problem);
        if same(self.problem.as_bytes(), 0, self.problem.len(), NOT_A_DIRECTIVE) {
            message.push_remedy(found);
        }
        let (message, _) = message.bytes.split_at(message.length);
        match std::str::from_utf8(message) {
            Ok(message) => panic!("{}", message),
            Err(_) => panic!("{}", self.problem),
        }
    }
}

/// A text that is put together in a `const`.
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

    /// What was found, or how it begins: the remedy is to have room.
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

    /// What to write instead of a name that is none.
    const fn push_remedy(&mut self, found: &[u8]) {
        if find(found, 0, found.len(), b'\'') < found.len() {
            return self.push(SPACE);
        }
        let (mut nearest, mut distance, mut i) = (None, usize::MAX, 0);
        while i < DIRECTIVES.len() {
            if let Some(other) = near(found, DIRECTIVES[i].0.as_bytes()) {
                if other < distance {
                    (nearest, distance) = (Some(DIRECTIVES[i].0), other);
                }
            }
            i += 1;
        }
        match nearest {
            Some(name) => {
                self.push("; did you mean '");
                self.push(name);
                self.push("'?");
            }
            None => {
                self.push("; ");
                self.push(SEE);
            }
        }
    }
}

pub(super) const fn wrong(start: usize, end: usize, problem: &'static str) -> Option<Fault> {
    Some(Fault { start, end, problem })
}
