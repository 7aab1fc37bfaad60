//! The parts of a source that names a place.

use std::net::Ipv4Addr;

/// A scheme, a host, a port and a path. A part that is absent is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub(super) scheme: &'a str,
    pub(super) host: &'a str,
    pub(super) port: &'a str,
    pub(super) path: &'a str,
}

impl<'a> Parts<'a> {
    /// The parts of a source that is not a keyword.
    pub(super) fn of(source: &'a str) -> Self {
        let (scheme, rest) = match source.split_once("://") {
            Some(parts) => parts,
            None if is_scheme(source) => (source.trim_end_matches(':'), ""),
            None => ("", source),
        };
        let (rest, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = match rest.rfind(':').filter(|_| !rest.ends_with(']')) {
            Some(colon) => (&rest[..colon], &rest[colon + 1..]),
            None => (rest, ""),
        };
        Self { scheme, host, port, path }
    }

    /// Returns `true` for a source that allows every host, of one scheme or of several.
    pub(super) fn is_any_host(&self) -> bool {
        self.host == "*"
    }

    /// Returns `true` for the machine of whoever looks at the page.
    pub(super) fn is_local(&self) -> bool {
        let loopback = |address: Ipv4Addr| address.is_loopback();
        self.host == "localhost"
            || self.host.ends_with(".localhost")
            || self.host == "[::1]"
            || self.host.parse().is_ok_and(loopback)
    }

    /// Returns `true` for an IP address that browsers do not match: version 6, or version 4 in another
    /// form than four decimal numbers.
    pub(super) fn is_unmatched_address(&self) -> bool {
        if self.host.starts_with('[') {
            return true;
        }
        let last = self.host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
        let hexadecimal = last.strip_prefix("0x");
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let number = !last.is_empty() && digits(last)
            || hexadecimal.is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        number && self.host.parse::<Ipv4Addr>().is_err()
    }
}

/// Returns `true` for a scheme: a path may end in `:`, too.
fn is_scheme(source: &str) -> bool {
    source.ends_with(':') && !source.contains('/')
}
