//! Matches a URL to a source expression (CSP3 section 6.7.2).

use super::expression::{Expression, HostSource};
use crate::{
    request::{Origin, WebUrl, default_port},
    syntax::percent::decoded,
};

/// Represents the rules by which a URL is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    /// The text of CSP3.
    Standard,
    /// The rules on which the engines of browsers agree where they differ from the text: an address
    /// matches as a name does, port 80 also matches an upgrade to port 443, and a WebSocket has its
    /// own scheme.
    Engines,
}

/// Represents the position of a URL in a chain of redirects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hop {
    First,
    /// Paths are not compared after a redirect, since the answer would tell where it leads.
    Redirected,
}

/// Holds a URL, and what its match depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    pub(super) url: &'a WebUrl,
    pub(super) page: &'a Origin,
    pub(super) hop: Hop,
    pub(super) rules: Rules,
}

impl Request<'_> {
    /// Returns `true` if the URL matches the expression (CSP3 section 6.7.2.8).
    pub(super) fn matches(&self, expression: &Expression<'_>) -> bool {
        match expression {
            Expression::Any => self.is_network() || self.url.scheme() == self.page.scheme(),
            Expression::Scheme(scheme) => scheme_matches(scheme, self.url.scheme()),
            Expression::Host(source) => self.matches_host_source(source),
            Expression::Own => self.is_own(),
            _ => false,
        }
    }

    fn is_network(&self) -> bool {
        let scheme = self.url.scheme();
        matches!(scheme, "http" | "https")
            || (self.rules == Rules::Engines && matches!(scheme, "ws" | "wss"))
    }

    fn matches_host_source(&self, source: &HostSource<'_>) -> bool {
        let scheme = source.scheme.unwrap_or_else(|| self.page.scheme());
        let own_socket = self.rules == Rules::Engines
            && source.scheme.is_none()
            && is_socket_of(self.page.scheme(), self.url.scheme());
        (own_socket || scheme_matches(scheme, self.url.scheme()))
            && self.host_matches(source.host)
            && self.port_matches(source)
            && (self.hop == Hop::Redirected || path_matches(source.path, self.url.path()))
    }

    /// Compares hosts (CSP3 section 6.7.2.10).
    fn host_matches(&self, pattern: &str) -> bool {
        let Some(host) = self.url.host() else { return false };
        if self.url.address().is_some() {
            return self.rules == Rules::Engines
                && (pattern == "*" || pattern.eq_ignore_ascii_case(host));
        }
        match pattern.strip_prefix('*') {
            Some("") => true,
            Some(end) => host.len() > end.len() && ends_with(host, end),
            None => pattern.eq_ignore_ascii_case(host),
        }
    }

    /// Compares ports (CSP3 section 6.7.2.11).
    fn port_matches(&self, source: &HostSource<'_>) -> bool {
        let default = default_port(self.url.scheme());
        match source.port {
            Some("*") => true,
            None => self.url.port().is_none(),
            Some(port) => {
                let port = port.parse::<u16>().ok();
                let upgraded = self.rules == Rules::Engines
                    && port == Some(80)
                    && matches!(self.url.scheme(), "https" | "wss")
                    && self.url.port().is_none();
                upgraded || port.is_some() && port == self.url.port().or(default)
            }
        }
    }

    /// Returns `true` if the URL is of the page's origin, or an upgrade of it (CSP3 section 6.7.2.8,
    /// step 4).
    fn is_own(&self) -> bool {
        let (url, page) = (self.url, self.page);
        let is_secure = matches!(url.scheme(), "https" | "wss");
        let is_plain = !page.is_secure() && matches!(url.scheme(), "http" | "ws");
        // A default port is absent on both sides.
        url.host() == Some(page.host()) && url.port() == page.port() && (is_secure || is_plain)
    }
}

fn ends_with(host: &str, end: &str) -> bool {
    host.get(host.len() - end.len()..).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// Returns `true` if the second scheme is that of a page's own WebSockets.
fn is_socket_of(page: &str, scheme: &str) -> bool {
    scheme == "wss" || (page == "http" && scheme == "ws")
}

/// Compares schemes (CSP3 section 6.7.2.9): a secure scheme matches its insecure one too.
fn scheme_matches(pattern: &str, scheme: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    pattern == scheme
        || matches!(
            (pattern.as_str(), scheme),
            ("http", "https") | ("ws", "wss" | "http" | "https") | ("wss", "https")
        )
}

/// Compares paths (CSP3 section 6.7.2.12): a pattern that ends in `/` matches everything below it.
fn path_matches(pattern: &str, path: &str) -> bool {
    if pattern.is_empty() || (pattern == "/" && path.is_empty()) {
        return true;
    }
    let patterns: Vec<&str> = pattern.split('/').collect();
    let pieces: Vec<&str> = path.split('/').collect();
    let is_folder = pattern.ends_with('/');
    let count = patterns.len() - usize::from(is_folder);
    if patterns.len() > pieces.len() || (!is_folder && patterns.len() != pieces.len()) {
        return false;
    }
    patterns[..count].iter().zip(&pieces).all(|(pattern, piece)| decoded(pattern) == decoded(piece))
}
