//! Reads a policy that another program wrote, as browsers read it.

use std::{
    collections::{HashMap, HashSet},
    fmt, hash,
    ops::Range,
};

#[cfg(feature = "html")]
use super::meta;
use super::{directive::Directive, lint, value::ContentSecurityPolicy};
use crate::{
    error::ParseError,
    lint::{Lint, Severity},
    policy::csp::grammar::tables::NAME,
};

/// Represents a policy that another program wrote, read as browsers read it (CSP3 sections 2.2.1
/// and 2.2.2).
///
/// It can be linted, compared and printed. It cannot be used in a layer: convert it with
/// [`TryFrom<ReceivedPolicy>`](ContentSecurityPolicy) first, which reports the obstacles. Unknown
/// directives and sources are kept. Two policies are equal if they print the same text.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, csp::ReceivedPolicy};
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
    /// The text as it was received. The directives' names are in lower case,
    /// and bytes that are not ASCII are replaced one by one.
    text: String,
    /// The position of the text in the list that contained it, in bytes.
    start: usize,
    directives: Vec<Place>,
    skipped: Vec<Skipped>,
}

/// Holds the position of a directive in the text.
#[derive(Clone, Debug)]
struct Place {
    name: Range<usize>,
    end: usize,
}

/// Holds a directive that browsers ignore.
#[derive(Clone, Debug)]
struct Skipped {
    /// The text as it was received, with escapes for characters that cannot be
    /// shown.
    name: String,
    offset: usize,
    reason: Reason,
}

/// Represents the reason for which browsers ignore a directive.
#[derive(Clone, Copy, Debug)]
enum Reason {
    /// The directive has a byte that is not ASCII.
    NotAscii,
    /// The directive has a byte that a header must not contain.
    Control,
    /// A directive of the same name precedes it.
    Duplicate,
}

impl ReceivedPolicy {
    /// Reads the value of a header. A comma starts another policy, the first
    /// of two directives with the same name counts, and a directive that is not ASCII is ignored
    /// alone. A policy without directives is left out. Read each line of a header separately.
    ///
    /// Control characters, which a header must not contain (RFC 9110 section 5.5), are white space
    /// if HTML defines them as such. Otherwise the directive that contains them is ignored, as in
    /// browsers.
    pub fn parse_list(list: &[u8]) -> Vec<Self> {
        let policies = Self::split_list(list).map(|(start, text)| Self::read(text, start));
        policies.filter(|policy| !policy.directives.is_empty()).collect()
    }

    /// Reads the policy of a `<meta>` element, without the directives that browsers ignore there. A
    /// comma does not start another policy.
    #[cfg(feature = "html")]
    pub(crate) fn of_meta(content: &str) -> Option<Self> {
        let mut policy = Self::read(content.as_bytes(), 0);
        let text = policy.text.clone();
        policy.directives.retain(|place| !meta::IGNORED.contains(&&text[place.name.clone()]));
        (!policy.directives.is_empty()).then_some(policy)
    }

    /// Returns the lints of all policies in the value of a header, including
    /// policies whose directives are all ignored by browsers.
    ///
    /// ```
    /// use tower_hardening::csp::ReceivedPolicy;
    ///
    /// let lints = ReceivedPolicy::lint_list("img-src m\u{fc}nchen.example".as_bytes());
    /// assert_eq!(
    ///     lints[0].to_string(),
    ///     "error[csp-not-ascii]: content-security-policy, byte 0: browsers ignore 'img-src', which \
    ///      has a byte that is not ASCII; write a host in its 'xn--' form",
    /// );
    /// ```
    pub fn lint_list(list: &[u8]) -> Vec<Lint> {
        let mut seen: HashSet<&[u8]> = HashSet::new();
        let mut lints = Vec::new();
        let mut repeat = None;
        for (start, text) in Self::split_list(list) {
            match text.trim_ascii() {
                known if !known.is_empty() && !seen.insert(known) => {
                    repeat = repeat.or(Some(start));
                }
                _ => lints.extend(Self::read(text, start).lints()),
            }
        }
        lints.extend(repeat.map(|start| {
            let message =
                format!("{NAME}: the header repeats a policy, which adds nothing; remove it");
            Lint::new(Severity::Note, "csp-policy-repeated", message).at(start)
        }));
        lints
    }

    /// Splits the value of a header into policies, with their positions.
    fn split_list(list: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
        let mut next = 0;
        list.split(|byte| *byte == b',').map(move |policy| {
            let start = next;
            next += policy.len() + 1;
            (start, policy)
        })
    }

    /// Reads one policy, which begins at this byte of a list.
    pub(super) fn read(policy: &[u8], start: usize) -> Self {
        let ascii = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { '\u{1a}' };
        let mut read = Self {
            text: policy.iter().map(ascii).collect(),
            start,
            directives: Vec::new(),
            skipped: Vec::new(),
        };
        let mut repeats: HashMap<Vec<u8>, usize> = HashMap::new();
        for Place { name, end } in places(policy) {
            let (from, directive) = (name.start, &policy[name.start..end]);
            read.text[name.clone()].make_ascii_lowercase();
            let control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
            let written = &policy[name.clone()];
            let mut repeat = |name: &[u8]| {
                let count = repeats.entry(name.to_ascii_lowercase());
                *count.and_modify(|count| *count += 1).or_insert(0)
            };
            let reason = if !directive.is_ascii() {
                Reason::NotAscii
            } else if let repeat @ 1.. = repeat(written) {
                // The first duplicate of a name is enough: the text can repeat a name very often.
                if repeat > 1 {
                    continue;
                }
                Reason::Duplicate
            } else if directive.iter().any(control) {
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

    /// Returns the directives that browsers read, in order, with their values
    /// unchanged.
    pub fn directives(&self) -> impl Iterator<Item = Directive<'_>> {
        self.directives.iter().map(|place| {
            let name = &self.text[place.name.clone()];
            let value = &self.text[place.name.end..place.end];
            Directive::received(name, value, self.start + place.name.start)
        })
    }

    /// Returns the directive with this name, in any letter case.
    pub fn get(&self, name: &str) -> Option<Directive<'_>> {
        self.directives().find(|directive| directive.is(name))
    }

    /// Returns the directives that browsers ignore, and the parts that are
    /// weak, without effect or contradictory. Each lint has a stable id, a severity, its position,
    /// and a remedy.
    ///
    /// The position is a byte of the list from which the policy was read.
    pub fn lints(&self) -> Vec<Lint> {
        let mut lints: Vec<Lint> = self.skipped.iter().map(Skipped::lint).collect();
        if !self.directives.is_empty() {
            lints.extend(lint::lints(self.directives().collect(), self.to_string().len()));
        }
        lints
    }
}

/// Returns the places of the directives of a policy, before browsers skip any.
fn places(policy: &[u8]) -> impl Iterator<Item = Place> {
    let mut offset = 0;
    policy.split(|byte| *byte == b';').filter_map(move |part| {
        let from = offset + part.len() - part.trim_ascii_start().len();
        let end = from + part.trim_ascii().len();
        offset += part.len() + 1;
        let length = policy[from..end].iter().position(u8::is_ascii_whitespace);
        let name = from..length.map_or(end, |length| from + length);
        (!name.is_empty()).then_some(Place { name, end })
    })
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

    /// Parses the policy strictly, as `FromStr` does. The error names the
    /// obstacle: a directive that browsers ignore, an unknown directive, or a source that a careful
    /// author would not write, such as a fixed nonce.
    fn try_from(received: ReceivedPolicy) -> Result<Self, ParseError> {
        if let Some(skipped) = received.skipped.first() {
            let problem = format!("browsers ignore {}", skipped.problem());
            return Err(ParseError::new(NAME, skipped.offset, problem));
        }
        received.text.parse().map_err(|error: ParseError| error.within(NAME, received.start))
    }
}

impl fmt::Display for ReceivedPolicy {
    /// Prints one line: names and keywords in lower case, one space between
    /// words.
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
