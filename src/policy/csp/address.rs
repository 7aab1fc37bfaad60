//! Splits and compares sources that name an address (CSP3 section 6.7.2).

use std::net::Ipv4Addr;

/// Holds a `scheme-source` or a `host-source`, in lower case except for its path. An absent part is
/// empty. A scheme alone has an empty host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address<'a> {
    pub(super) scheme: &'a str,
    pub(super) host: &'a str,
    pub(super) port: &'a str,
    pub(super) path: &'a str,
}

impl<'a> Address<'a> {
    /// Returns the address of a source that is not a keyword.
    pub(super) fn of(source: &'a str) -> Self {
        let (scheme, rest) = match source.split_once("://") {
            Some(parts) => parts,
            None if is_scheme(source) => (&source[..source.len() - 1], ""),
            None => ("", source),
        };
        let (rest, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = match rest.rfind(':').filter(|_| !rest.ends_with(']')) {
            Some(colon) => (&rest[..colon], &rest[colon + 1..]),
            None => (rest, ""),
        };
        Self { scheme, host, port, path }
    }

    /// Returns `true` if the source allows every host, of one scheme or of
    /// several.
    pub(super) fn is_any_host(&self) -> bool {
        self.host == "*"
    }

    /// Returns `true` if the source allows every page of the web, of one
    /// scheme or of both.
    pub(super) fn is_everywhere(&self) -> bool {
        self.is_network() && (self.is_any_host() || self.host.is_empty())
    }

    /// Returns `true` if the scheme is `http`, `https`, `ws` or `wss`, or
    /// absent.
    pub(super) fn is_network(&self) -> bool {
        matches!(self.scheme, "" | "https" | "http" | "wss" | "ws")
    }

    /// Returns `true` if the scheme is one of WebSockets.
    pub(super) fn is_websocket(&self) -> bool {
        matches!(self.scheme, "wss" | "ws")
    }

    /// Returns the port, without leading zeros; empty for the default port of
    /// the scheme.
    fn effective_port(&self) -> &'a str {
        match (self.scheme, self.port.trim_start_matches('0')) {
            ("https" | "wss", "443") | ("http" | "ws", "80") => "",
            (_, "") if !self.port.is_empty() => "0",
            (_, port) => port,
        }
    }

    /// Returns `true` if the host is the machine on which the browser runs.
    pub(super) fn is_local(&self) -> bool {
        self.host == "localhost"
            || self.host.ends_with(".localhost")
            || self
                .host
                .parse()
                .is_ok_and(|address: Ipv4Addr| address.is_loopback() || address.is_unspecified())
    }

    /// Returns `true` if the host is an IP address that browsers do not match.
    /// These are version 6, and version 4 in any form other than four decimal numbers.
    pub(super) fn is_unmatched_address(&self) -> bool {
        if self.host.starts_with('[') {
            return true;
        }
        let last = self.host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
        let is_number = match last.strip_prefix("0x") {
            Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
            None => !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()),
        };
        is_number && self.host.parse::<Ipv4Addr>().is_err()
    }

    /// Returns `true` if this source allows every address that `other` allows,
    /// on every page.
    pub(super) fn covers(&self, other: &Self) -> bool {
        if self.host.is_empty() {
            // A page of the web is on http or https, and so is a source without a scheme.
            let is_of_page = other.scheme.is_empty() && self.scheme == "http";
            return is_of_page
                || !other.scheme.is_empty() && covers_scheme(self.scheme, other.scheme);
        }
        if self.is_any_host() && self.scheme.is_empty() && self.port.is_empty() {
            return other.is_network();
        }
        // A source without a scheme allows the scheme of the page, and always https.
        let scheme = match (self.scheme, other.scheme) {
            ("", "" | "https") => true,
            (scheme, other) => !other.is_empty() && covers_scheme(scheme, other),
        };
        scheme
            && !other.host.is_empty()
            && covers_host(self.host, other.host)
            && (self.port == "*" || self.effective_port() == other.effective_port())
            && covers_path(self.path, other.path)
    }

    /// Returns `true` if the source allows files of this host over https.
    pub(super) fn allows_host(&self, host: &str) -> bool {
        matches!(self.scheme, "" | "https" | "http")
            && matches!(self.port, "" | "*" | "443")
            && covers_host(self.host, host)
    }

    /// Returns `true` if the source allows this file over https.
    pub(super) fn allows(&self, host: &str, path: &str) -> bool {
        self.allows_host(host) && covers_path(self.path, path)
    }
}

/// Returns `true` if the source is a scheme alone. A path may end in `:` too.
pub(super) fn is_scheme(source: &str) -> bool {
    source.ends_with(':') && !source.contains('/')
}

/// Returns `true` if a scheme allows another one: itself, or its encrypted
/// variant.
fn covers_scheme(scheme: &str, other: &str) -> bool {
    scheme == other || matches!((scheme, other), ("http", "https") | ("ws", "wss"))
}

fn covers_host(host: &str, other: &str) -> bool {
    match host.strip_prefix('*') {
        Some("") => true,
        Some(domain) => other.ends_with(domain),
        None => host == other,
    }
}

fn covers_path(path: &str, other: &str) -> bool {
    match path {
        "" | "/" => true,
        _ if path.ends_with('/') => other.starts_with(path),
        _ => path == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_covers_what_it_allows_on_every_page() {
        for (source, covered, not_covered) in [
            (
                "*",
                &["https:", "http:", "wss:", "a.example", "http://a.example:8080/x"][..],
                &["data:", "blob:"][..],
            ),
            (
                "https:",
                &["https://a.example", "https://*.a.example:8443/x"],
                &["a.example", "http://a.example", "wss:"],
            ),
            ("http:", &["https:", "https://a.example"], &["ws:", "data:"]),
            (
                "https://*",
                &["https://a.example/x"],
                &["https:", "https://a.example:8443", "http://a.example"],
            ),
            (
                "*.a.example",
                &["b.a.example", "*.b.a.example", "https://b.a.example"],
                &["a.example", "http://b.a.example", "xa.example"],
            ),
            (
                "a.example",
                &["a.example/x", "https://a.example/", "a.example"],
                &["http://a.example", "a.example:443"],
            ),
            ("a.example:*", &["a.example", "a.example:8443"], &["b.example"]),
            ("a.example:0443", &["a.example:443"], &["a.example:44"]),
            (
                "https://a.example:443",
                &["https://a.example", "https://a.example/x"],
                &["https://a.example:80", "https://a.example:444", "http://a.example:443"],
            ),
            ("ws://a.example", &["ws://a.example:80"], &["ws://a.example:443"]),
            (
                "a.example/x/",
                &["a.example/x/", "a.example/x/y"],
                &["a.example/x", "a.example", "a.example/"],
            ),
            ("a.example/x", &["a.example/x"], &["a.example/x/", "a.example/xy"]),
        ] {
            let covers = |other: &str| Address::of(source).covers(&Address::of(other));
            assert!(covered.iter().all(|other| covers(other)), "{source}");
            assert!(!not_covered.iter().any(|other| covers(other)), "{source}");
        }
    }
}
