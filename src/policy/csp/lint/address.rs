//! Lints hosts and schemes that match nothing, or that match everything.

use super::{Linter, list::Item};
use crate::policy::csp::{address::Address, grammar::tables::SCHEMES};

/// Schemes that pages of the web cannot load, or for which no directive is checked.
const NOT_LOADED: &[&str] = &["about", "file", "ftp", "javascript", "mediastream", "view-source"];

/// Schemes of other programs, which only a frame can open.
const PROGRAMS: &[&str] = &["mailto", "sms", "tel"];

/// Schemes of pages with an opaque origin, which no source matches.
const NO_ORIGIN: &[&str] =
    &["about", "blob", "data", "file", "filesystem", "ftp", "javascript", "view-source"];

/// Schemes whose addresses have no host.
const HOSTLESS: &[&str] =
    &["about", "blob", "data", "filesystem", "javascript", "mailto", "mediastream", "sms", "tel"];

impl<'a> Linter<'a> {
    /// Reports the weakness of a host or a scheme. Returns `true` if the
    /// grammar's own error would add nothing.
    pub(super) fn address(&mut self, item: &Item<'a>) -> bool {
        let Some(address) = item.address() else { return false };
        self.reach(item, &address);
        self.insecure(item, &address);
        self.never_matches(item, &address)
    }

    fn insecure(&mut self, item: &Item<'a>, address: &Address<'_>) {
        let (place, text, name) = (item.place, item.text, item.place.directive.name());
        if matches!(address.scheme, "http" | "ws") {
            let is_upgraded = !matches!(name, "base-uri" | "frame-ancestors")
                && self.has("upgrade-insecure-requests");
            let message = match is_upgraded {
                true => format!(
                    "'{text}' in {name} is loaded over https or wss, since the policy has upgrade-insecure-requests; write https or wss"
                ),
                false => format!("'{text}' in {name} is not encrypted; write https or wss"),
            };
            self.warn("csp-insecure-source", place, message);
        }
        if address.is_local() {
            self.note(
                "csp-localhost-source",
                place,
                format!("'{text}' in {name} is the visitor's own machine; remove it in production"),
            );
        }
    }

    /// Reports sources that match nothing, or not what the author intended.
    fn never_matches(&mut self, item: &Item<'a>, address: &Address<'_>) -> bool {
        let (place, text, name) = (item.place, item.text, item.place.directive.name());
        let is_unmatched = address.is_unmatched_address();
        if is_unmatched {
            self.warn("csp-ip-source", place, format!("browsers do not match the address '{text}' in {name}; write a host name, or four decimal numbers"));
        }
        self.path(item, address);
        let has_two_schemes = address.path.starts_with("//");
        // A scheme without its colon is an error of the grammar.
        let is_host = !address.scheme.is_empty() || !address.port.is_empty();
        if SCHEMES.contains(&address.host) && is_host && !has_two_schemes {
            self.warn(
                "csp-host-is-scheme",
                place,
                format!(
                    "'{text}' in {name} is a host named '{}'; write the scheme once",
                    address.host
                ),
            );
        }
        if !address.port.is_empty() && address.port.bytes().all(|digit| digit == b'0') {
            self.warn("csp-port-without-effect", place, format!("'{text}' in {name} matches nothing, since no address has port 0; write a port from 1 to 65535, or '*'"));
        }
        if address.host.len() > 1 && address.host.ends_with('.') {
            self.warn("csp-host-dot", place, format!("'{text}' in {name} matches only addresses with a dot at the end of their host; remove the dot"));
        }
        self.scheme(item, address);
        let has_ancestor_path = name == "frame-ancestors" && address.path.len() > 1;
        is_unmatched || has_ancestor_path
    }

    /// Reports a path that no address has, or that limits less than it promises.
    fn path(&mut self, item: &Item<'a>, address: &Address<'_>) {
        let (place, text, name) = (item.place, item.text, item.place.directive.name());
        if address.path.contains('*') {
            self.warn("csp-path-star", place, format!("the '*' in the path of '{text}' in {name} is a literal character; remove the path, or end it in '/'"));
        }
        if address.path.split('/').any(is_dots) {
            self.warn("csp-path-dots", place, format!("'{text}' in {name} matches nothing, since browsers remove '.' and '..' from the path of an address; write the path without them"));
        }
        match name {
            "frame-ancestors" if address.path.len() > 1 => self.error(
                "csp-ancestor-path",
                place,
                format!(
                    "'{text}' has a path, and frame-ancestors compares origins; remove the path"
                ),
            ),
            "base-uri" if address.path.len() > 1 => self.note(
                "csp-base-path",
                place,
                format!(
                    "the path of '{text}' in base-uri limits the base alone, and addresses that begin with '/' lead to every path of the host; remove the path"
                ),
            ),
            _ => {}
        }
    }

    /// Reports a scheme that the directive cannot allow.
    fn scheme(&mut self, item: &Item<'a>, address: &Address<'_>) {
        let (place, text, name) = (item.place, item.text, item.place.directive.name());
        let scheme = address.scheme;
        let is_one_of = |schemes: &[&str]| schemes.contains(&scheme);
        let without_effect = match name {
            "frame-ancestors" => is_one_of(NO_ORIGIN) || is_one_of(PROGRAMS),
            "base-uri" => is_one_of(NO_ORIGIN) || is_one_of(PROGRAMS),
            // A form can open another program.
            "form-action" => is_one_of(NO_ORIGIN) || scheme == "mediastream",
            "fenced-frame-src" => !scheme.is_empty() && scheme != "https",
            "frame-src" | "child-src" | "default-src" => is_one_of(NOT_LOADED),
            _ => is_one_of(NOT_LOADED) || is_one_of(PROGRAMS),
        };
        let has_host = is_one_of(HOSTLESS) && !address.host.is_empty();
        if without_effect || has_host {
            let why = match name {
                "form-action" => "is not a server that receives forms",
                _ => "matches nothing",
            };
            self.warn(
                "csp-scheme-without-effect",
                place,
                format!("'{text}' in {name} {why}; remove it"),
            );
        }
        if address.is_websocket() && !takes_websockets(name) {
            self.warn(
                "csp-websocket-without-effect",
                place,
                format!("'{text}' in {name} has no effect, since WebSockets use connect-src; write it there"),
            );
        }
    }
}

/// Returns `true` if a directive controls WebSockets.
pub(super) fn takes_websockets(name: &str) -> bool {
    matches!(name, "connect-src" | "default-src")
}

/// Returns `true` for a segment of a path that browsers remove or resolve: `.`
/// or `..`, percent-encoded or not (URL, section 4.4).
fn is_dots(segment: &str) -> bool {
    matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}
