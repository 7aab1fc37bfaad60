//! Restricts a server to a list of hosts.

use super::host::Host;
use crate::error::ParseError;

/// Lists the hosts that a server answers for: `example.tld`, or
/// `*.example.tld` for all names below it at any depth, but not for `example.tld` itself.
///
/// A port is compared if the entry has one; otherwise any port matches. An entry cannot have port
/// 80 or 443, since browsers leave these ports out. There are no other patterns.
///
/// ```
/// use tower_hardening::hosts::AllowedHosts;
///
/// let hosts = AllowedHosts::new(["example.tld", "*.media.example.tld", "localhost:4000"])?;
/// assert!(hosts.allows(&"Example.tld:443".parse()?));
/// assert!(!hosts.allows(&"evil-example.tld".parse()?));
/// assert_eq!(
///     AllowedHosts::new(["*"]).unwrap_err().to_string(),
///     "allowed hosts, byte 0: '*' is every host; write their names",
/// );
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct AllowedHosts(Vec<Pattern>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    host: Host,
    reach: Reach,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Itself,
    Below,
}

impl AllowedHosts {
    /// Allows these hosts.
    ///
    /// Returns an error for an empty list, for an invalid host, for a pattern that matches every
    /// host, and for a port that browsers leave out.
    pub fn new<H: AsRef<str>>(hosts: impl IntoIterator<Item = H>) -> Result<Self, ParseError> {
        let mut patterns = Vec::new();
        for host in hosts {
            patterns.push(Pattern::parse(host.as_ref())?);
        }
        if patterns.is_empty() {
            return Err(error(0, "there is none; write one like 'example.tld'"));
        }
        Ok(Self(patterns))
    }

    /// Allows names in networks that do not use https, since they encrypt by
    /// themselves: `*.onion` and `*.i2p`.
    pub fn hidden_services() -> Self {
        Self::new(["*.onion", "*.i2p"]).expect("both are patterns")
    }

    /// Returns `true` if the server answers for this host.
    pub fn allows(&self, host: &Host) -> bool {
        self.0.iter().any(|pattern| pattern.matches(host))
    }
}

impl Pattern {
    fn parse(text: &str) -> Result<Self, ParseError> {
        if text == "*" {
            return Err(error(0, "'*' is every host; write their names"));
        }
        let (reach, start) = match text.strip_prefix("*.") {
            Some(_) => (Reach::Below, "*.".len()),
            None => (Reach::Itself, 0),
        };
        let host: Host =
            text[start..].parse().map_err(|error: ParseError| error.within(SUBJECT, start))?;
        if reach == Reach::Below && host.address().is_some() {
            return Err(error(0, "there are no names below an address; write the address alone"));
        }
        if matches!(host.port(), Some(80 | 443)) {
            return Err(error(0, "browsers leave ports 80 and 443 out; write the host alone"));
        }
        Ok(Self { host, reach })
    }

    fn matches(&self, host: &Host) -> bool {
        let named = match self.reach {
            Reach::Itself => host.name() == self.host.name(),
            Reach::Below => {
                let above = host.name().strip_suffix(self.host.name());
                above.is_some_and(|above| above.ends_with('.'))
            }
        };
        named && self.host.port().is_none_or(|port| host.port() == Some(port))
    }
}

const SUBJECT: &str = "allowed hosts";

fn error(offset: usize, problem: &'static str) -> ParseError {
    ParseError::new(SUBJECT, offset, problem)
}
