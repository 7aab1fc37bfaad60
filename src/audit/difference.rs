//! Describes a header that differs from the configured one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use http::HeaderName;

use crate::policy::{
    csp::{ContentSecurityPolicy, ReceivedPolicy},
    hardening::Hardening,
};

/// The beginning of a nonce.
pub(super) const NONCE: &str = "'nonce-";

/// Describes a header that differs from the configured one, for example because a proxy changed it.
///
/// ```
/// use http::{HeaderMap, HeaderValue};
/// use tower_hardening::{Hardening, audit::diff};
///
/// let hardening = Hardening::recommended();
/// let mut received: HeaderMap = hardening.headers().into_iter().collect();
/// assert!(diff(&hardening, &received).is_empty());
///
/// received.insert("x-frame-options", HeaderValue::from_static("ALLOWALL"));
/// let changed = &diff(&hardening, &received)[0];
/// assert_eq!(changed.to_string(), "x-frame-options: configured 'SAMEORIGIN', received 'ALLOWALL'");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderDifference {
    pub(super) name: HeaderName,
    pub(super) configured: Vec<String>,
    pub(super) received: Vec<String>,
}

impl HeaderDifference {
    /// Returns the header.
    pub fn name(&self) -> &HeaderName {
        &self.name
    }

    /// Returns the lines that the policies send. The list is empty for a header that they do not
    /// send or that they remove.
    pub fn configured(&self) -> &[String] {
        &self.configured
    }

    /// Returns the lines of the response.
    pub fn received(&self) -> &[String] {
        &self.received
    }

    fn is_csp(&self) -> bool {
        self.name.as_str().starts_with(ContentSecurityPolicy::HEADER)
    }

    /// Returns `true` if browsers read both lists of lines as the same.
    pub(super) fn is_same(&self) -> bool {
        if self.is_csp() {
            return policies(&self.configured) == policies(&self.received);
        }
        let read = |lines: &[String]| match lines {
            [] => None,
            lines => Hardening::empty().with_line(self.name.as_str(), &lines.join(", ")).ok(),
        };
        let is_read_as_same = || {
            let configured = read(&self.configured);
            configured.is_some() && configured == read(&self.received)
        };
        self.configured == self.received || is_read_as_same()
    }
}

/// Holds the sources of a directive as text, and as a set with one text for every nonce.
struct Sources {
    text: String,
    set: BTreeSet<String>,
}

impl PartialEq for Sources {
    fn eq(&self, other: &Self) -> bool {
        self.set == other.set
    }
}

impl Eq for Sources {}

impl PartialOrd for Sources {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sources {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.set.cmp(&other.set)
    }
}

/// Holds the directives of a policy, whose order does not matter.
type Directives = BTreeMap<String, Sources>;

/// Reads the policies of lines. Browsers enforce a repeated policy once.
fn policies(lines: &[String]) -> BTreeSet<Directives> {
    let read = |line: &str| ReceivedPolicy::parse_list(line.as_bytes());
    // A printed policy has keywords in lower case.
    let printed = lines.iter().flat_map(|line| read(line)).map(|policy| policy.to_string());
    printed.flat_map(|line| read(&line)).map(|policy| directives(&policy)).collect()
}

fn directives(policy: &ReceivedPolicy) -> Directives {
    let mut directives = Directives::new();
    for directive in policy.directives() {
        let values: Vec<String> = directive.values().map(without_nonces).collect();
        let text = values.join(" ");
        let sources = Sources { text, set: values.into_iter().collect() };
        // Browsers ignore a directive that is repeated.
        directives.entry(directive.name().to_owned()).or_insert(sources);
    }
    directives
}

/// Returns a policy with the same text for every nonce.
fn without_nonces(policy: &str) -> String {
    let mut parts = policy.split(NONCE);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str("'nonce-{}");
        text.push_str(part.find('\'').map_or("", |end| &part[end..]));
    }
    text
}

impl fmt::Display for HeaderDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (configured, received) = (self.configured.join("', '"), self.received.join("', '"));
        match (&self.configured[..], &self.received[..]) {
            ([], _) => write!(f, "{}: received '{received}', and not configured", self.name),
            (_, []) => write!(f, "{}: configured '{configured}', and not received", self.name),
            ([one], [other]) if self.is_csp() => self.directives(f, one, other),
            _ => write!(f, "{}: configured '{configured}', received '{received}'", self.name),
        }
    }
}

impl HeaderDifference {
    /// Writes the directives that differ.
    fn directives(&self, f: &mut fmt::Formatter<'_>, one: &str, other: &str) -> fmt::Result {
        let (configured, received) = (policies(&self.configured), policies(&self.received));
        let (Some(configured), Some(received), 1, 1) =
            (configured.first(), received.first(), configured.len(), received.len())
        else {
            return write!(f, "{}: configured '{one}', received '{other}'", self.name);
        };
        write!(f, "{}:", self.name)?;
        let names: BTreeSet<&String> = configured.keys().chain(received.keys()).collect();
        let mut separator = " ";
        for name in names {
            match (configured.get(name), received.get(name)) {
                (one, other) if one == other => continue,
                (Some(Sources { text: one, .. }), Some(Sources { text: other, .. })) => {
                    write!(f, "{separator}{name} configured \"{one}\", received \"{other}\"")?;
                }
                (Some(Sources { text, .. }), None) => {
                    write!(f, "{separator}{name} configured \"{text}\", and not received")?;
                }
                (None, other) => {
                    let other = other.map_or("", |other| &other.text);
                    write!(f, "{separator}{name} received \"{other}\", and not configured")?;
                }
            }
            separator = "; ";
        }
        Ok(())
    }
}
