//! A policy that another program wrote, read the way browsers read it.

use std::{collections::HashSet, fmt, hash, ops::Range};

use super::{ContentSecurityPolicy, Directive, grammar::tables::NAME, lint};
use crate::{Lint, ParseError, Severity};

/// A policy that another program wrote, read as browsers read it (CSP3 sections 2.2.1 and 2.2.2).
///
/// It can be linted, compared and printed. It cannot go into a layer: for that there is
/// [`TryFrom<ReceivedPolicy>`](ContentSecurityPolicy), which says what stands in the way. Unknown
/// directives and sources are kept. Equality is that of the printed text.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, ReceivedPolicy};
///
/// let header = b"IMG-SRC *; img-src 'none', default-src 'self' 'nonce-abc'";
/// let [first, second] = &ReceivedPolicy::parse_list(header)[..] else { panic!("two policies") };
/// assert_eq!(first.to_string(), "img-src *");
/// assert_eq!(first.lints()[0].id(), "csp-directive-duplicate");
/// let error = ContentSecurityPolicy::try_from(second.clone()).unwrap_err();
/// assert!(error.to_string().starts_with("content-security-policy, byte 46: 'nonce-abc' is a fixed nonce"));
/// ```
#[derive(Clone, Debug)]
pub struct ReceivedPolicy {
    /// As it came, but for the directives' names, which are in lower case, and for bytes that are not
    /// ASCII, which are replaced byte by byte.
    text: String,
    /// The place of the text in the list that it came from, in bytes.
    start: usize,
    directives: Vec<Place>,
    skipped: Vec<Skipped>,
}

/// The place of a directive in the text.
#[derive(Clone, Debug)]
struct Place {
    name: Range<usize>,
    end: usize,
}

/// A directive that browsers ignore.
#[derive(Clone, Debug)]
struct Skipped {
    /// As it came, with escapes for what cannot be shown.
    name: String,
    offset: usize,
    reason: Reason,
}

/// The reason why browsers ignore a directive.
#[derive(Clone, Copy, Debug)]
enum Reason {
    /// It is not ASCII.
    NotAscii,
    /// It has a byte that no header may have.
    Control,
    /// One of the same name comes before it.
    Duplicate,
}

impl ReceivedPolicy {
    /// Reads the value of a header: a comma starts another policy, the first of two directives of one
    /// name counts, and a directive that is not ASCII is ignored alone. A policy without directives
    /// is left out. Read each line of a header by itself.
    ///
    /// Control characters, which no header may have (RFC 9110 section 5.5), are white space where HTML
    /// says so, and otherwise spoil the directive that has them, as in browsers.
    pub fn parse_list(list: &[u8]) -> Vec<Self> {
        let policies = Self::read_list(list);
        policies.filter(|policy| !policy.directives.is_empty()).collect()
    }

    /// The lints of all policies in the value of a header, also those of policies of which browsers
    /// ignore every directive.
    ///
    /// ```
    /// use tower_hardening::ReceivedPolicy;
    ///
    /// let lints = ReceivedPolicy::lint_list("img-src m\u{fc}nchen.example".as_bytes());
    /// assert_eq!(
    ///     lints[0].to_string(),
    ///     "error[csp-not-ascii]: content-security-policy, byte 0: browsers ignore 'img-src', which \
    ///      has a byte that is not ASCII; write a host in its 'xn--' form",
    /// );
    /// ```
    pub fn lint_list(list: &[u8]) -> Vec<Lint> {
        Self::read_list(list).flat_map(|policy| policy.lints()).collect()
    }

    fn read_list(list: &[u8]) -> impl Iterator<Item = Self> {
        let mut start = 0;
        list.split(|byte| *byte == b',').map(move |policy| {
            let read = Self::read(policy, start);
            start += policy.len() + 1;
            read
        })
    }

    fn read(policy: &[u8], start: usize) -> Self {
        let ascii = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { '\u{1a}' };
        let mut read = Self {
            text: policy.iter().map(ascii).collect(),
            start,
            directives: Vec::new(),
            skipped: Vec::new(),
        };
        let mut names = HashSet::new();
        let mut offset = 0;
        for part in policy.split(|byte| *byte == b';') {
            let from = offset + part.len() - part.trim_ascii_start().len();
            let end = from + part.trim_ascii().len();
            offset += part.len() + 1;
            let length = policy[from..end].iter().position(u8::is_ascii_whitespace);
            let name = from..length.map_or(end, |length| from + length);
            if name.is_empty() {
                continue;
            }
            read.text[name.clone()].make_ascii_lowercase();
            let control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
            let written = &policy[name.clone()];
            let reason = if !part.is_ascii() {
                Reason::NotAscii
            } else if !names.insert(written.to_ascii_lowercase()) {
                Reason::Duplicate
            } else if policy[from..end].iter().any(control) {
                Reason::Control
            } else {
                read.directives.push(Place { name, end });
                continue;
            };
            let name = written.escape_ascii().to_string();
            read.skipped.push(Skipped { name, offset: start + from, reason });
        }
        read
    }

    /// The directives that browsers read, in order, with their values as they came.
    pub fn directives(&self) -> impl Iterator<Item = Directive<'_>> {
        self.directives.iter().map(|place| {
            let name = &self.text[place.name.clone()];
            let value = &self.text[place.name.end..place.end];
            Directive::received(name, value, self.start + place.name.start)
        })
    }

    /// The directive of that name, in any letter case.
    pub fn get(&self, name: &str) -> Option<Directive<'_>> {
        self.directives().find(|directive| directive.is(name))
    }

    /// The directives that browsers ignore, and the parts that are weak, without effect or
    /// contradictory: each with a stable id, a severity, its place, and what to do about it.
    ///
    /// The place is a byte of the list that the policy was read from.
    pub fn lints(&self) -> Vec<Lint> {
        let mut lints: Vec<Lint> = self.skipped.iter().map(Skipped::lint).collect();
        if !self.directives.is_empty() {
            lints.extend(lint::lints(self.directives().collect(), self.to_string().len()));
        }
        lints
    }
}

impl Skipped {
    fn lint(&self) -> Lint {
        let message = format!("{NAME}: browsers ignore {}", self.problem());
        Lint::new(Severity::Error, self.reason.id(), message)
            .in_directive(self.name.to_ascii_lowercase())
            .at(self.offset)
    }

    fn problem(&self) -> String {
        let problem = match self.reason {
            Reason::NotAscii => "has a byte that is not ASCII; write a host in its 'xn--' form",
            Reason::Control => "has a control character; write spaces between sources",
            Reason::Duplicate => "is a duplicate directive; merge the two",
        };
        format!("'{}', which {problem}", self.name)
    }
}

impl Reason {
    fn id(self) -> &'static str {
        match self {
            Self::NotAscii => "csp-not-ascii",
            Self::Control => "csp-control-character",
            Self::Duplicate => "csp-directive-duplicate",
        }
    }
}

impl TryFrom<ReceivedPolicy> for ContentSecurityPolicy {
    type Error = ParseError;

    /// Reads the policy strictly, as `FromStr` does. The error says what stands in the way: a directive
    /// that browsers ignore, an unknown one, or a source that a careful author would not write, such as
    /// a fixed nonce.
    fn try_from(received: ReceivedPolicy) -> Result<Self, ParseError> {
        if let Some(skipped) = received.skipped.first() {
            let problem = format!("browsers ignore {}", skipped.problem());
            return Err(ParseError::new(NAME, skipped.offset, problem));
        }
        received.text.parse().map_err(|error: ParseError| error.within(NAME, received.start))
    }
}

impl fmt::Display for ReceivedPolicy {
    /// One line: names and keywords in lower case, one space between words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, directive) in self.directives().enumerate() {
            f.write_str(if index == 0 { "" } else { "; " })?;
            f.write_str(directive.name())?;
            directive.printed().try_for_each(|value| write!(f, " {value}"))?;
        }
        Ok(())
    }
}

impl PartialEq for ReceivedPolicy {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for ReceivedPolicy {}

impl hash::Hash for ReceivedPolicy {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.to_string().hash(state);
    }
}
