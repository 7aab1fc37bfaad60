//! Lints hosts and schemes that match nothing, or that match everything.

use super::{Linter, list::Item};
use crate::policy::csp::{address::Address, grammar::tables::SCHEMES};

/// Schemes of resources that no directive can allow.
const NOT_LOADED: [&str; 7] =
    ["about", "javascript", "mailto", "mediastream", "sms", "tel", "view-source"];

/// Schemes of pages with an opaque origin, which no source matches.
const NO_ORIGIN: [&str; 5] = ["about", "blob", "data", "filesystem", "javascript"];

impl<'a> Linter<'a> {
    /// Reports the weakness of a host or a scheme. Returns `true` if the
    /// grammar's own error would add nothing.
    pub(super) fn address(&mut self, item: &Item<'a>) -> bool {
        let Some(address) = item.address() else { return false };
        self.everywhere(item, &address);
        self.insecure(item, &address);
        self.never_matches(item, &address)
    }

    fn insecure(&mut self, item: &Item<'a>, address: &Address<'_>) {
        let (place, text, name) = (item.place, item.text, item.place.directive.name());
        if matches!(address.scheme, "http" | "ws") {
            self.warn(
                "csp-insecure-source",
                place,
                format!("'{text}' in {name} is not encrypted; write https or wss"),
            );
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
        if address.path.contains('*') {
            self.warn("csp-path-star", place, format!("the '*' in the path of '{text}' in {name} is a literal character; remove the path, or end it in '/'"));
        }
        let has_two_schemes = address.path.starts_with("//");
        if SCHEMES.contains(&address.host) && !address.scheme.is_empty() && !has_two_schemes {
            self.warn(
                "csp-host-is-scheme",
                place,
                format!(
                    "'{text}' in {name} is a host named '{}'; write the scheme once",
                    address.host
                ),
            );
        }
        if address.host.len() > 1 && address.host.ends_with('.') {
            self.warn("csp-host-dot", place, format!("'{text}' in {name} matches only addresses with a dot at the end of their host; remove the dot"));
        }
        let is_ancestor = name == "frame-ancestors";
        if is_ancestor && address.path.len() > 1 {
            self.error(
                "csp-ancestor-path",
                place,
                format!(
                    "'{text}' has a path, and frame-ancestors compares origins; remove the path"
                ),
            );
        }
        let without_effect = match name {
            "frame-ancestors" => NO_ORIGIN.contains(&address.scheme),
            "base-uri" => matches!(address.scheme, "data" | "javascript"),
            "form-action" => false,
            "fenced-frame-src" => !address.scheme.is_empty() && address.scheme != "https",
            _ => NOT_LOADED.contains(&address.scheme),
        };
        if without_effect {
            self.warn(
                "csp-scheme-without-effect",
                place,
                format!("'{text}' in {name} matches nothing; remove it"),
            );
        }
        if address.is_websocket() && !matches!(name, "connect-src" | "default-src") {
            self.warn(
                "csp-websocket-without-effect",
                place,
                format!("'{text}' in {name} has no effect, since WebSockets use connect-src; write it there"),
            );
        }
        is_unmatched || is_ancestor && address.path.len() > 1
    }

    /// Reports sources that match every host.
    fn everywhere(&mut self, item: &Item<'a>, address: &Address<'_>) {
        let (place, text, name) = (item.place, item.text, item.place.directive.name());
        match name {
            "connect-src" if address.is_everywhere() => {
                self.warn(
                    "csp-connect-anywhere",
                    place,
                    format!(
                        "'{text}' in connect-src lets script send data to any host; name the hosts"
                    ),
                );
            }
            "form-action" if address.is_everywhere() => {
                self.warn("csp-form-action-anywhere", place, format!("'{text}' in form-action lets an injected form send the user's input to any host, as without form-action; name the hosts"));
            }
            "frame-ancestors" if address.is_everywhere() => {
                self.warn("csp-frame-ancestors-anywhere", place, format!("'{text}' in frame-ancestors lets any page frame this one, as without frame-ancestors; name the hosts"));
            }
            // Other lints report script, plug-ins and the base.
            "default-src" | "script-src" | "script-src-elem" | "object-src" | "base-uri" => {}
            _ if address.is_any_host() => {
                self.note(
                    "csp-anywhere",
                    place,
                    format!("'{text}' in {name} allows every host; name the hosts"),
                );
            }
            _ => {}
        }
    }
}
