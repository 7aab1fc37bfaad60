//! Restricts a server to a list of hosts.

use std::collections::{BTreeSet, HashMap};

use super::host::Host;
use crate::error::ParseError;

/// Lists the hosts that a server answers for: `example.tld`, or
/// `*.example.tld` for all names below it at any depth, but not for `example.tld` itself.
///
/// A port is compared if the entry has one; otherwise any port matches. An entry cannot have port
/// 80 or 443, since browsers leave these ports out. There are no other patterns. A request takes the
/// same time for every number of entries.
///
/// ```
/// use tower_hardening::hosts::AllowedHosts;
///
/// let hosts = AllowedHosts::new(["example.tld", "*.media.example.tld", "localhost:4000"])?;
/// assert!(hosts.allows(&"Example.tld:443".parse()?));
/// assert!(!hosts.allows(&"evil-example.tld".parse()?));
/// assert_eq!(
///     AllowedHosts::new(["*"]).unwrap_err().to_string(),
///     "allowed hosts, byte 0: '*' matches every host; write the names of the hosts",
/// );
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct AllowedHosts {
    /// The ports of each name in the list.
    names: HashMap<String, Ports>,
    /// The ports of the names below each of these.
    below: HashMap<String, Ports>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Ports {
    Any,
    These(BTreeSet<u16>),
}

impl AllowedHosts {
    /// Allows these hosts.
    ///
    /// Returns an error for an empty list, for an invalid host, for a pattern that matches every
    /// host, and for a port that browsers leave out.
    pub fn new<H: AsRef<str>>(hosts: impl IntoIterator<Item = H>) -> Result<Self, ParseError> {
        let (mut names, mut below) = (HashMap::new(), HashMap::new());
        for text in hosts {
            let text = text.as_ref();
            let (map, start) = match text.strip_prefix("*.") {
                Some(_) => (&mut below, "*.".len()),
                None => (&mut names, 0),
            };
            let host = parse(text, start)?;
            let ports = map.entry(host.name().to_owned());
            ports.or_insert(Ports::These(BTreeSet::new())).allow(host.port());
        }
        if names.is_empty() && below.is_empty() {
            return Err(error(0, "the list is empty; write a host like 'example.tld'"));
        }
        Ok(Self { names, below })
    }

    /// Allows names in networks that do not use https, since they encrypt by
    /// themselves: `*.onion` and `*.i2p`.
    pub fn hidden_services() -> Self {
        Self::new(["*.onion", "*.i2p"]).expect("both are patterns")
    }

    /// Returns `true` if the server answers for this host.
    pub fn allows(&self, host: &Host) -> bool {
        let allowed = |map: &HashMap<String, Ports>, name: &str| {
            map.get(name).is_some_and(|ports| ports.contain(host.port()))
        };
        allowed(&self.names, host.name())
            || !self.below.is_empty()
                && parents(host.name()).any(|parent| allowed(&self.below, parent))
    }
}

impl Ports {
    fn allow(&mut self, port: Option<u16>) {
        match (self, port) {
            (Self::These(ports), Some(port)) => drop(ports.insert(port)),
            (ports, None) => *ports = Self::Any,
            (Self::Any, Some(_)) => {}
        }
    }

    fn contain(&self, port: Option<u16>) -> bool {
        match self {
            Self::Any => true,
            Self::These(ports) => port.is_some_and(|port| ports.contains(&port)),
        }
    }
}

/// Returns the names above this one: `b.example` and `example` for
/// `a.b.example`.
fn parents(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| Some(name.split_once('.')?.1)).skip(1)
}

/// Parses the host of an entry, from this offset on.
fn parse(text: &str, start: usize) -> Result<Host, ParseError> {
    if text == "*" {
        return Err(error(0, "'*' matches every host; write the names of the hosts"));
    }
    if let Some(domain) = text.strip_prefix('.') {
        let problem = format!("'{text}' begins with a dot; write '*.{domain}' for the names below");
        return Err(ParseError::new(SUBJECT, 0, problem));
    }
    if let Some(offset) = text.find([',', ' ']) {
        let problem = match text.trim() {
            one if one.contains([',', ' ']) => {
                format!(
                    "'{text}' is more than one host; write each as a text of its own, or with commas in a variable"
                )
            }
            one => format!("'{text}' has blanks around the host; write '{one}'"),
        };
        return Err(ParseError::new(SUBJECT, offset, problem));
    }
    let host: Host =
        text[start..].parse().map_err(|error: ParseError| error.within(SUBJECT, start))?;
    if start > 0 && host.address().is_some() {
        return Err(error(0, "an address has no names below it; write the address alone"));
    }
    if matches!(host.port(), Some(80 | 443)) {
        return Err(error(0, "browsers omit ports 80 and 443; write the host alone"));
    }
    Ok(host)
}

const SUBJECT: &str = "allowed hosts";

fn error(offset: usize, problem: &'static str) -> ParseError {
    ParseError::new(SUBJECT, offset, problem)
}
