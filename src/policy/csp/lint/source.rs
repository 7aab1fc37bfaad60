//! One source, in the directive where it stands.

use super::{
    super::{
        Directive, SourceDirective,
        directive::is_known,
        grammar::{
            source::source_error,
            tables::{
                NONCE, NONE, RENAMED, is_any_nonce, is_nonce, is_nonce_or_hash, is_unquoted_keyword,
            },
        },
        source::is_scheme,
        word::Sort,
    },
    Linter, Place,
    place::Parts,
};

/// One source, as it was written and in lower case.
#[derive(Clone, Copy)]
struct Source<'a, 'l> {
    directive: Directive<'a>,
    offset: usize,
    text: &'a str,
    lower: &'l str,
}

impl<'a> Source<'a, '_> {
    fn place(&self) -> Place<'a> {
        Place::word(self.directive, self.offset)
    }
}

impl<'a> Linter<'a> {
    pub(super) fn sources(&mut self, directive: Directive<'a>) {
        let name = directive.name();
        let words: Vec<(usize, &str)> = directive.words().collect();
        if words.is_empty() {
            let message = format!("{name} without a value allows nothing; write 'none'");
            self.note("csp-directive-empty", directive, message);
        }
        for (offset, text) in &words {
            let lower = text.to_ascii_lowercase();
            let source = Source { directive, offset: *offset, text, lower: &lower };
            if lower == NONE {
                if words.len() > 1 {
                    let message = format!(
                        "'none' in {name} is ignored next to other sources; remove it or them"
                    );
                    self.error("csp-none-beside-others", source.place(), message);
                }
            } else if !self.misread(source) && !self.without_effect(source) {
                let address = self.named_place(source);
                let error = source_error(text.as_bytes(), 0, text.len(), u8::MAX);
                if let Some(error) = error.filter(|_| !address) {
                    self.invalid(directive, *offset + error.start, error, text);
                }
            }
        }
        if directive.is("style-src") || directive.is("style-src-elem") {
            self.style(directive, &words);
        }
    }

    fn style(&mut self, directive: Directive<'a>, words: &[(usize, &'a str)]) {
        let name = directive.name();
        let inline = words.iter().find(|(_, word)| word.eq_ignore_ascii_case("'unsafe-inline'"));
        let Some((offset, _)) = inline else { return };
        let place = Place::word(directive, *offset);
        match words.iter().any(|(_, word)| is_nonce_or_hash(word)) {
            true => self.note("csp-unsafe-inline-dead", place, format!("'unsafe-inline' in {name} is ignored next to a nonce or a hash, except by browsers that do not know those")),
            false => self.note("csp-style-unsafe-inline", place, format!("'unsafe-inline' in {name} lets injected styles change the page and read parts of it; use a nonce or hashes")),
        }
    }

    /// Reports a source that means something else to a browser than to its author.
    fn misread(&mut self, source: Source<'a, '_>) -> bool {
        let Source { directive, text, lower, .. } = source;
        let name = directive.name();
        let place = source.place();
        if is_unquoted_keyword(lower.as_bytes(), 0, lower.len()) {
            self.error("csp-keyword-unquoted", place, format!("'{text}' in {name} is a host of that name to browsers; write it in single quotes"));
        } else if is_known(lower) {
            self.error(
                "csp-semicolon-missing",
                place,
                format!(
                    "'{text}' in {name} is a host of that name to browsers; write ';' before it"
                ),
            );
        } else if is_scheme(lower) && lower.contains('.') {
            self.error("csp-scheme-dotted", place, format!("'{text}' in {name} is a scheme of that name to browsers; write the port, or remove the ':'"));
        } else if is_any_nonce(lower) && !is_nonce(text) {
            self.error("csp-nonce-fixed", place, format!("{name} has a fixed nonce, which anybody can copy; write {NONCE} for one that is new in every response"));
        } else {
            return false;
        }
        true
    }

    /// Reports a source that has no effect in its directive.
    fn without_effect(&mut self, source: Source<'a, '_>) -> bool {
        let Source { directive, text, lower, .. } = source;
        let name = directive.name();
        let place = source.place();
        let has_effect = match SourceDirective::named(name) {
            Some(_) if lower.starts_with('\'') && !is_keyword_like(lower) => true,
            Some(directive) => directive.has_effect(sort(lower)),
            None => !lower.starts_with('\'') || lower == "'self'",
        };
        if let Some((old, remedy)) = RENAMED.iter().find(|(old, _)| *old == lower) {
            self.error(
                "csp-keyword-old",
                place,
                format!("no browser reads {old} in {name} any more; {remedy}"),
            );
        } else if !has_effect && is_nonce_or_hash(lower) {
            let what = if is_any_nonce(lower) { "nonces" } else { "hashes" };
            self.error(
                "csp-nonce-without-effect",
                place,
                format!("{what} have no effect in {name}; write them in script-src or style-src"),
            );
        } else if !has_effect && lower.ends_with("-eval'") {
            self.error(
                "csp-eval-without-effect",
                place,
                format!("{lower} has no effect in {name}; write it in script-src"),
            );
        } else if !has_effect {
            self.error(
                "csp-keyword-without-effect",
                place,
                format!("{lower} has no effect in {name}; remove it"),
            );
        } else if name.ends_with("-attr") && !lower.starts_with('\'') {
            self.note(
                "csp-host-without-effect",
                place,
                format!(
                    "'{text}' has no effect in {name}, since attributes load nothing; remove it"
                ),
            );
        } else {
            return false;
        }
        true
    }

    /// Reports the weakness of a host or a scheme; returns `true` for an address that the grammar does
    /// not have.
    fn named_place(&mut self, source: Source<'a, '_>) -> bool {
        let Source { directive, text, lower, .. } = source;
        if lower.starts_with('\'') {
            return false;
        }
        let name = directive.name();
        let place = source.place();
        let parts = Parts::of(lower);
        let address = parts.is_unmatched_address();
        if address {
            self.warn("csp-ip-source", place, format!("browsers do not match the address '{text}' in {name}; write a host name, or four decimal numbers"));
        }
        if matches!(parts.scheme, "http" | "ws") {
            self.warn(
                "csp-insecure-source",
                place,
                format!("'{text}' in {name} is not encrypted; write https or wss"),
            );
        }
        if parts.is_local() {
            self.note("csp-localhost-source", place, format!("'{text}' in {name} is the machine of whoever looks at the page; remove it in production"));
        }
        let all = parts.is_any_host()
            || parts.host.is_empty() && matches!(parts.scheme, "https" | "wss" | "http" | "ws");
        if directive.is("connect-src") && all {
            self.warn(
                "csp-connect-anywhere",
                place,
                format!(
                    "'{text}' in connect-src lets script send data to any host; name the hosts"
                ),
            );
        }
        if directive.is("frame-ancestors") && parts.path.len() > 1 {
            self.error(
                "csp-ancestor-path",
                place,
                format!(
                    "'{text}' has a path, and frame-ancestors compares origins; remove the path"
                ),
            );
        }
        address
    }
}

/// Returns `true` for quoted text of a form that the table of effects knows.
fn is_keyword_like(lower: &str) -> bool {
    is_nonce_or_hash(lower) || matches!(Sort::of(lower), Sort::Keyword(_))
}

fn sort(lower: &str) -> Sort {
    if is_any_nonce(lower) { Sort::Nonce } else { Sort::of(lower) }
}
