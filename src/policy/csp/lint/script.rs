//! Lints the scripts that a policy allows, and their sources.

use super::{
    Linter,
    bypass::Bypass,
    list::{Item, List},
};
use crate::policy::csp::{
    grammar::tables::{is_nonce, is_nonce_or_hash},
    source_directive::SourceDirective,
    word::Sort,
};

impl<'a> Linter<'a> {
    pub(super) fn scripts(&mut self) {
        if self.sandbox_forbids("allow-scripts") {
            return;
        }
        let mut done = Vec::new();
        for directive in [
            SourceDirective::SCRIPT_SRC,
            SourceDirective::SCRIPT_SRC_ELEM,
            SourceDirective::SCRIPT_SRC_ATTR,
            SourceDirective::OBJECT_SRC,
            SourceDirective::BASE_URI,
        ] {
            let Some(effective) = self.effective(directive) else { continue };
            let list = self.list(effective);
            let runs = directive.has_effect(Sort::of("'unsafe-inline'"));
            if runs {
                self.inline(&list);
            }
            // Attributes load no files, and 'strict-dynamic' ignores hosts.
            let is_dynamic = runs && list.has("'strict-dynamic'");
            if is_dynamic || directive == SourceDirective::SCRIPT_SRC_ATTR {
                continue;
            }
            // Several directives may fall back to one, for which the same holds.
            let is_done = |(offset, did_run)| offset == effective.offset() && did_run == runs;
            if done.iter().copied().any(is_done) {
                continue;
            }
            done.push((effective.offset(), runs));
            for item in &list.items {
                self.script_place(item, directive);
            }
        }
    }

    fn inline(&mut self, list: &List<'a>) {
        let name = list.directive.name();
        let is_trusted = list.has_nonce_or_hash();
        let dynamic = list.find("'strict-dynamic'");
        if let Some(place) = list.find("'unsafe-inline'") {
            if is_trusted {
                self.note("csp-unsafe-inline-ignored", place, format!("'unsafe-inline' in {name} is ignored next to a nonce or a hash, except by browsers that do not support them"));
            } else if dynamic.is_some() {
                self.note("csp-unsafe-inline-ignored", place, format!("'unsafe-inline' in {name} is ignored next to 'strict-dynamic', except by browsers that do not support it"));
            } else {
                self.error(
                    "csp-script-unsafe-inline",
                    place,
                    format!(
                        "'unsafe-inline' in {name} lets injected script run; use a nonce or hashes"
                    ),
                );
            }
        }
        if let Some(place) = list.find("'unsafe-eval'") {
            self.warn("csp-script-unsafe-eval", place, format!("'unsafe-eval' in {name} lets text run as script; for WebAssembly write 'wasm-unsafe-eval'"));
        }
        let Some(place) = dynamic else { return };
        if !is_trusted {
            self.error("csp-strict-dynamic-without-nonce", place, format!("'strict-dynamic' in {name} without a nonce or a hash lets no script run; add one"));
        }
        // A response whose nonce was not read gets the list without 'strict-dynamic', with its hosts.
        let is_dropped = list.items.iter().any(|item| is_nonce(&item.lower)) && !list.has_hash();
        let hosts = list.items.iter().find(|item| !item.is_keyword() && !is_dropped);
        if let Some(host) = hosts {
            self.note("csp-hosts-ignored", host.place, format!("'{}' and other hosts and schemes in {name} are ignored next to 'strict-dynamic', except by browsers that do not support it", host.text));
        }
    }

    /// Reports a source of script, plug-ins or the base URL.
    fn script_place(&mut self, item: &Item<'a>, directive: SourceDirective) {
        let (place, text, name) = (item.place, item.text, item.place.directive.name());
        let Some(address) = item.address() else { return };
        let is_object = directive == SourceDirective::OBJECT_SRC;
        match &*item.lower {
            // A plug-in from a blob comes from a script of the page.
            "blob:" if is_object => {
                self.note("csp-object-blob", place, format!("'{text}' in {name} lets the page's own scripts create plug-ins; remove it if none does"));
            }
            // A base cannot have these schemes.
            "data:" | "blob:" | "filesystem:" if directive == SourceDirective::BASE_URI => {}
            "data:" | "blob:" | "https:" | "http:" | "filesystem:" => {
                self.error("csp-script-scheme", place, format!("'{text}' in {name} lets script come from anywhere under that scheme; name the hosts"));
            }
            _ => {}
        }
        if address.is_any_host() {
            self.error(
                "csp-script-anywhere",
                place,
                format!("'{text}' in {name} lets script come from any host; name the hosts"),
            );
        }
        let Some(bypass) = Bypass::of(&address) else { return };
        let runs = !is_object && directive != SourceDirective::BASE_URI;
        match bypass {
            Bypass::TopLevel => self.error("csp-script-anywhere", place, format!("'{text}' in {name} lets script come from every domain under a top-level domain; name the hosts")),
            Bypass::Gadget(known) if runs => self.warn("csp-bypass-host", place, format!("'{text}' in {name} allows {known}, which runs text from an attacker; use a nonce with 'strict-dynamic', or name the file")),
            Bypass::Shared(known) if runs => self.warn("csp-bypass-host", place, format!("'{text}' in {name} allows {known}, where anybody can publish script; use a nonce with 'strict-dynamic', or name the file")),
            _ => {}
        }
    }

    /// Returns `Some` if script may run, with `true` if the policy trusts it
    /// by a nonce or a hash.
    pub(super) fn trusts_script_by_nonce(&mut self) -> Option<bool> {
        if self.sandbox_forbids("allow-scripts") {
            return None;
        }
        let Some(script) = self.effective(SourceDirective::SCRIPT_SRC) else { return Some(false) };
        let list = self.list(script);
        let is_trusted = list.items.iter().any(|item| is_nonce_or_hash(&item.lower));
        list.allows_anything().then_some(is_trusted)
    }
}
