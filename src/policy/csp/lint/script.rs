//! Script: what a policy lets run, and from where.

use super::{
    super::{Directive, SourceDirective, grammar::tables::is_nonce_or_hash, word::Sort},
    Linter, Place,
    place::Parts,
};

/// Hosts that serve callbacks or old frameworks: a policy that allows one allows any script.
const BYPASSES: &[&str] = &[
    "accounts.google.com",
    "ajax.googleapis.com",
    "ajax.microsoft.com",
    "apis.google.com",
    "cdn.bootcss.com",
    "cdn.jsdelivr.net",
    "cdnjs.cloudflare.com",
    "code.angularjs.org",
    "code.jquery.com",
    "d3js.org",
    "esm.sh",
    "gstatic.com",
    "maps.googleapis.com",
    "raw.githubusercontent.com",
    "translate.google.com",
    "unpkg.com",
    "www.google-analytics.com",
    "www.google.com",
    "www.googletagmanager.com",
    "www.gstatic.com",
    "yandex.st",
    "yastatic.net",
];

/// The sources of one directive, in lower case.
struct Sources<'a> {
    directive: Directive<'a>,
    words: Vec<(usize, String)>,
}

impl<'a> Sources<'a> {
    fn of(directive: Directive<'a>) -> Self {
        let lower = |(offset, word): (usize, &str)| (offset, word.to_ascii_lowercase());
        Self { directive, words: directive.words().map(lower).collect() }
    }

    /// The place of a keyword.
    fn find(&self, keyword: &str) -> Option<Place<'a>> {
        let word = self.words.iter().find(|(_, word)| word == keyword);
        word.map(|(offset, _)| Place::word(self.directive, *offset))
    }

    fn has_nonce_or_hash(&self) -> bool {
        self.words.iter().any(|(_, word)| is_nonce_or_hash(word))
    }
}

impl<'a> Linter<'a> {
    pub(super) fn scripts(&mut self) {
        for directive in [
            SourceDirective::SCRIPT_SRC,
            SourceDirective::SCRIPT_SRC_ELEM,
            SourceDirective::SCRIPT_SRC_ATTR,
            SourceDirective::OBJECT_SRC,
            SourceDirective::BASE_URI,
        ] {
            let Some(effective) = self.effective(directive) else { continue };
            let sources = Sources::of(effective);
            let runs = directive.has_effect(Sort::of("'unsafe-inline'"));
            if runs {
                self.inline(&sources);
            }
            // Attributes load nothing from anywhere, and 'strict-dynamic' ignores hosts.
            let is_dynamic = runs && sources.find("'strict-dynamic'").is_some();
            if !is_dynamic && directive != SourceDirective::SCRIPT_SRC_ATTR {
                self.script_places(&sources, runs);
            }
        }
    }

    fn inline(&mut self, sources: &Sources<'a>) {
        let name = sources.directive.name();
        let is_trusted = sources.has_nonce_or_hash();
        let dynamic = sources.find("'strict-dynamic'");
        if let Some(place) = sources.find("'unsafe-inline'") {
            if is_trusted {
                self.note("csp-unsafe-inline-dead", place, format!("'unsafe-inline' in {name} is ignored next to a nonce or a hash, except by browsers that do not know those"));
            } else if dynamic.is_some() {
                self.note("csp-unsafe-inline-dead", place, format!("'unsafe-inline' in {name} is ignored next to 'strict-dynamic', except by browsers that do not know that"));
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
        if let Some(place) = sources.find("'unsafe-eval'") {
            self.warn("csp-script-unsafe-eval", place, format!("'unsafe-eval' in {name} lets text run as script; for WebAssembly write 'wasm-unsafe-eval'"));
        }
        let Some(place) = dynamic else { return };
        if !is_trusted {
            self.error("csp-strict-dynamic-alone", place, format!("'strict-dynamic' in {name} without a nonce or a hash lets no script run; add one"));
        }
        let place = sources.words.iter().find(|(_, word)| !word.starts_with('\''));
        if let Some((offset, _)) = place {
            let place = Place::word(sources.directive, *offset);
            self.note("csp-hosts-dead", place, format!("hosts and schemes in {name} are ignored next to 'strict-dynamic', except by browsers that do not know that"));
        }
    }

    /// Places from which script, plug-ins or the base of all addresses may come.
    fn script_places(&mut self, sources: &Sources<'a>, runs: bool) {
        let name = sources.directive.name();
        for (offset, word) in &sources.words {
            if word.starts_with('\'') {
                continue;
            }
            let place = Place::word(sources.directive, *offset);
            let parts = Parts::of(word);
            if matches!(word.as_str(), "data:" | "blob:" | "https:" | "http:" | "filesystem:") {
                // A plug-in from a blob comes from a script of the page.
                match !runs && word == "blob:" {
                    true => self.note("csp-object-blob", place, format!("'{word}' in {name} lets the page's own script make plug-ins; remove it if none does")),
                    false => self.error("csp-script-scheme", place, format!("'{word}' in {name} lets script come from anywhere under that scheme; name the hosts")),
                }
            }
            if parts.is_any_host() {
                self.error(
                    "csp-script-anywhere",
                    place,
                    format!("'{word}' in {name} lets script come from any host; name the hosts"),
                );
            }
            if let Some(known) = BYPASSES.iter().find(|known| runs && covers(parts.host, known)) {
                self.warn("csp-bypass-host", place, format!("'{known}', which '{word}' in {name} allows, serves script that runs text from an attacker; use a nonce with 'strict-dynamic'"));
            }
        }
    }
}

/// Returns `true` if a host, perhaps with `*.` before it, allows `known`.
fn covers(host: &str, known: &str) -> bool {
    match host.strip_prefix('*') {
        Some(suffix) if !suffix.is_empty() => known.ends_with(suffix),
        _ => host == known,
    }
}
