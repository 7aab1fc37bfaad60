//! Lints sources that allow every host, or hosts that anyone can get.

use super::{
    Linter,
    address::takes_websockets,
    bypass::{is_top_level, shared_domain},
    list::Item,
};
use crate::policy::csp::address::Address;

impl<'a> Linter<'a> {
    /// Reports a source that matches hosts of an attacker.
    pub(super) fn reach(&mut self, item: &Item<'a>, address: &Address<'_>) {
        let name = item.place.directive.name();
        let without_effect = address.is_websocket() && !takes_websockets(name);
        let domain = address.host.strip_prefix("*.");
        match name {
            // Other lints report script, plug-ins and the base.
            "default-src" | "script-src" | "script-src-elem" | "object-src" | "base-uri" => {}
            _ if without_effect => {}
            // Only a script can make a blob, but its text may pass on an address from an attacker.
            "worker-src" if item.lower == "data:" => self.note(
                "csp-worker-data",
                item.place,
                "'data:' in worker-src lets a script that starts a worker at an address from outside run an attacker's text; write blob:, which only the page's own scripts can create".to_owned(),
            ),
            _ if domain.is_some_and(is_top_level) => {
                self.anywhere(item, "every domain under a top-level domain")
            }
            "connect-src" | "form-action" | "frame-ancestors" if address.is_network() => {
                match address.is_everywhere() {
                    true => self.anywhere(item, "any host"),
                    false => self.shared(item, address),
                }
            }
            _ if address.is_any_host() => {
                let message =
                    format!("'{}' in {name} allows every host; name the hosts", item.text);
                self.note("csp-anywhere", item.place, message);
            }
            _ => self.shared(item, address),
        }
    }

    /// Reports a source that allows `hosts`, in other words all of them.
    fn anywhere(&mut self, item: &Item<'a>, hosts: &str) {
        let (place, text, name) = (item.place, item.text, item.place.directive.name());
        match name {
            "connect-src" => self.warn(
                "csp-connect-anywhere",
                place,
                format!("'{text}' in connect-src lets script send data to {hosts}; name the hosts"),
            ),
            "form-action" => self.warn("csp-form-action-anywhere", place, format!("'{text}' in form-action lets an injected form send the user's input to {hosts}, as without form-action; name the hosts")),
            "frame-ancestors" => {
                let pages = match hosts {
                    "any host" => "any page",
                    _ => "pages of every domain under a top-level domain",
                };
                self.warn("csp-frame-ancestors-anywhere", place, format!("'{text}' in frame-ancestors lets {pages} frame this one, as without frame-ancestors; name the hosts"));
            }
            _ => self.note(
                "csp-anywhere",
                place,
                format!("'{text}' in {name} allows {hosts}; name the hosts"),
            ),
        }
    }

    /// Reports a wildcard over a domain at which an attacker can get a host too.
    ///
    /// Images, fonts and media from such a host are harmless.
    fn shared(&mut self, item: &Item<'a>, address: &Address<'_>) {
        let (place, text, name) = (item.place, item.text, item.place.directive.name());
        let Some(domain) = address.host.strip_prefix("*.").and_then(shared_domain) else { return };
        let lets = match name {
            "connect-src" => "script send data to",
            "form-action" => "an injected form send the user's input to",
            "frame-ancestors" => "this page be framed by",
            "style-src" | "style-src-elem" => "injected markup load styles from",
            "frame-src" | "child-src" | "fenced-frame-src" => "injected markup frame pages of",
            _ => return,
        };
        self.note("csp-shared-host", place, format!("'{text}' in {name} lets {lets} a sub-domain of {domain}, which anybody can get; name the host"));
    }
}
