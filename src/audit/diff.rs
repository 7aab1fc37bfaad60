//! Compares the headers of a response with configured policies.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

#[cfg(feature = "nonce")]
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::received::{lines, shown};
#[cfg(feature = "nonce")]
use crate::policy::csp::Nonce;
use crate::policy::{
    csp::{ContentSecurityPolicy, Directive, ReceivedPolicy},
    hardening::Hardening,
    header::for_each_policy,
};

/// The beginning of a nonce.
const NONCE: &str = "'nonce-";

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
    name: HeaderName,
    configured: Vec<String>,
    received: Vec<String>,
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
    fn is_same(&self) -> bool {
        if !self.is_csp() {
            return self.configured == self.received;
        }
        let read = |lines: &[String]| -> BTreeSet<String> {
            let lists = lines.iter().map(|line| ReceivedPolicy::parse_list(line.as_bytes()));
            lists.flatten().map(|policy| without_nonces(&policy.to_string())).collect()
        };
        read(&self.configured) == read(&self.received)
    }
}

/// Compares the headers that the policies send over https with those that were received.
///
/// The comparison covers the headers that the policies send or remove, and every security header
/// that was received. A nonce in a received policy stands for the nonce of any response.
pub fn diff(configured: &Hardening, received: &HeaderMap) -> Vec<HeaderDifference> {
    let sent = sent(configured, received);
    let differences = names(configured, &sent).into_iter().filter_map(|name| {
        let lines_of = sent.iter().filter(|(sent, _)| *sent == name);
        Some(HeaderDifference {
            configured: lines_of.map(|(_, value)| shown(value.as_bytes()).into_owned()).collect(),
            received: lines(received, name).map(Cow::into_owned).collect(),
            name: HeaderName::try_from(name).ok()?,
        })
    });
    differences.filter(|one| !one.is_same()).collect()
}

/// Returns the configured headers. If the response has a nonce, the policies have one too.
fn sent(configured: &Hardening, received: &HeaderMap) -> Vec<(HeaderName, HeaderValue)> {
    #[cfg(feature = "nonce")]
    if lines(received, ContentSecurityPolicy::HEADER).any(|line| line.contains(NONCE)) {
        if let Ok(nonce) = Nonce::from_value("MDEyMzQ1Njc4OTAxMjM0NTY3") {
            let mut sent = configured.headers_with_nonce(&nonce);
            // The nonce adds this header to what is configured.
            sent.retain(|(name, _)| *name != CACHE_CONTROL);
            return sent;
        }
    }
    let _ = received;
    configured.headers()
}

/// Returns the names that are compared.
fn names<'a>(
    configured: &'a Hardening,
    sent: &'a [(HeaderName, HeaderValue)],
) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::from([ContentSecurityPolicy::HEADER]);
    macro_rules! insert {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            names.extend([$($name),+]);
        };
    }
    for_each_policy!(insert);
    // Applications set these for single responses.
    names.retain(|name| !["cache-control", "x-robots-tag"].contains(name));
    names.extend(sent.iter().map(|(name, _)| name.as_str()));
    let removed = configured.remove.iter().flat_map(|remove| remove.names());
    names.extend(removed.map(HeaderName::as_str));
    names
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
        // A printed policy has keywords in lower case.
        let read = |line: &str| -> Vec<ReceivedPolicy> {
            let policies = ReceivedPolicy::parse_list(line.as_bytes()).into_iter();
            policies
                .flat_map(|one| ReceivedPolicy::parse_list(one.to_string().as_bytes()))
                .collect()
        };
        let ([configured], [received]) = (&read(one)[..], &read(other)[..]) else {
            return write!(f, "{}: configured '{one}', received '{other}'", self.name);
        };
        let sources = |policy: &ReceivedPolicy| -> BTreeMap<String, String> {
            let pair = |directive: Directive<'_>| {
                let sources = directive.values().collect::<Vec<_>>().join(" ");
                (directive.name().to_owned(), without_nonces(&sources))
            };
            policy.directives().map(pair).collect()
        };
        let (configured, received) = (sources(configured), sources(received));
        write!(f, "{}:", self.name)?;
        let names: BTreeSet<&String> = configured.keys().chain(received.keys()).collect();
        let mut separator = " ";
        for name in names {
            match (configured.get(name), received.get(name)) {
                (one, other) if one == other => continue,
                (Some(one), Some(other)) => {
                    write!(f, "{separator}{name} configured \"{one}\", received \"{other}\"")?;
                }
                (Some(one), None) => {
                    write!(f, "{separator}{name} configured \"{one}\", and not received")?;
                }
                (None, other) => {
                    let other = other.map_or("", String::as_str);
                    write!(f, "{separator}{name} received \"{other}\", and not configured")?;
                }
            }
            separator = "; ";
        }
        Ok(())
    }
}
