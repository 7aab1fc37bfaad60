//! Lints one source, in its directive.

use super::{
    Linter,
    list::{Item, List, Place},
};
use crate::policy::csp::{
    address::is_scheme,
    directive::{Directive, is_known},
    grammar::{
        groups::Groups,
        source::{ancestor_error, source_error},
        tables::{
            NONCE, NONE, RENAMED, is_any_nonce, is_nonce, is_nonce_or_hash, is_unquoted_keyword,
        },
    },
    source_directive::SourceDirective,
    word::Sort,
};

impl<'a> Linter<'a> {
    pub(super) fn sources(&mut self, directive: Directive<'a>) {
        let name = directive.name();
        let list = self.list(directive);
        if list.items.is_empty() {
            let message = format!("{name} without a value allows nothing; write 'none'");
            self.note("csp-directive-empty", directive, message);
        }
        self.repeats(&list);
        for item in &list.items {
            if item.lower == NONE {
                self.none(item, &list);
            } else if !self.misread(item) && !self.without_effect(item) {
                let is_told = self.address(item);
                let error = match directive.is("frame-ancestors") {
                    true => ancestor_error(item.text.as_bytes(), 0, item.text.len()),
                    false => source_error(item.text.as_bytes(), 0, item.text.len(), Groups::ALL),
                };
                if let Some(error) = error.filter(|_| !is_told) {
                    let offset = item.place.offset + error.start;
                    self.invalid(Place { offset, ..item.place }, error, item.text);
                }
            }
        }
        self.covered(&list);
        self.keywords(&list);
    }

    /// Reports `'none'` next to others.
    fn none(&mut self, item: &Item<'a>, list: &List<'a>) {
        let name = list.directive.name();
        let others = || list.items.iter().filter(|other| other.lower != NONE);
        if others().next().is_none() {
        } else if others().all(|other| other.lower == "'report-sample'") {
            let message = format!(
                "'none' in {name} is ignored next to 'report-sample', which allows nothing either; remove one of them"
            );
            self.note("csp-none-with-others", item.place, message);
        } else {
            let message =
                format!("'none' in {name} is ignored next to other sources; remove it or them");
            self.error("csp-none-with-others", item.place, message);
        }
    }

    /// Reports a source whose meaning to a browser differs from the author's
    /// intention.
    fn misread(&mut self, item: &Item<'a>) -> bool {
        let (place, text, lower) = (item.place, item.text, &*item.lower);
        let name = place.directive.name();
        if is_unquoted_keyword(lower.as_bytes(), 0, lower.len()) {
            self.error("csp-keyword-unquoted", place, format!("'{text}' in {name} is an unquoted keyword, which browsers read as a host; write it in single quotes"));
        } else if is_known(lower) {
            self.error(
                "csp-semicolon-missing",
                place,
                format!(
                    "'{text}' in {name} is the name of a directive, which browsers read as a host; write ';' before it"
                ),
            );
        } else if is_scheme(lower) && lower.contains('.') {
            self.error("csp-scheme-dotted", place, format!("'{text}' in {name} is read as a scheme by browsers; write the port, or remove the ':'"));
        } else if is_any_nonce(lower) && !is_nonce(text) {
            self.error("csp-nonce-fixed", place, format!("{name} has a fixed nonce, which anybody can copy; write {NONCE} for one that is new in every response"));
        } else {
            return false;
        }
        true
    }

    /// Reports a source that has no effect in its directive.
    fn without_effect(&mut self, item: &Item<'a>) -> bool {
        let (place, text, lower) = (item.place, item.text, &*item.lower);
        let name = place.directive.name();
        let has_effect = has_effect(item, name);
        if let Some((old, remedy)) = RENAMED.iter().find(|(old, _)| *old == lower) {
            let message = format!("{old} in {name} is obsolete, and browsers ignore it; {remedy}");
            self.error("csp-keyword-old", place, message);
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
        } else if name.ends_with("-attr") && (!item.is_keyword() || lower == "'self'") {
            self.note(
                "csp-host-without-effect",
                place,
                format!(
                    "'{}' has no effect in {name}, since attributes load nothing; remove it",
                    text.trim_matches('\'')
                ),
            );
        } else {
            return false;
        }
        true
    }

    /// Reports keywords, nonces and hashes that lack a prerequisite, or that
    /// others turn off.
    fn keywords(&mut self, list: &List<'a>) {
        let name = list.directive.name();
        if let Some(place) = list.find("'unsafe-hashes'").filter(|_| !list.has_hash()) {
            self.warn(
                "csp-unsafe-hashes-without-hash",
                place,
                format!(
                    "'unsafe-hashes' in {name} has no effect without a hash; add one, or remove it"
                ),
            );
        }
        if name.ends_with("-attr") && list.has_hash() && !list.has("'unsafe-hashes'") {
            self.warn(
                "csp-hash-without-unsafe-hashes",
                list.directive,
                format!("hashes in {name} have no effect without 'unsafe-hashes'; add it"),
            );
        }
        if let Some(place) = list.find("'trusted-types-eval'") {
            if !self.has("require-trusted-types-for") {
                self.warn("csp-trusted-types-eval-without-requirement", place, format!("'trusted-types-eval' in {name} has no effect without require-trusted-types-for 'script'; add it"));
            }
        }
        self.reports(list);
        if let Some(place) =
            list.find("'inline-speculation-rules'").filter(|_| list.has_nonce_or_hash())
        {
            self.note("csp-speculation-rules-ignored", place, format!("'inline-speculation-rules' in {name} is ignored next to a nonce or a hash; give the script a nonce or a hash"));
        }
        if matches!(name, "style-src" | "style-src-elem") {
            self.inline_style(list);
        }
    }

    /// Reports keywords that add to reports, where there are none.
    fn reports(&mut self, list: &List<'a>) {
        let name = list.directive.name();
        let reports = self.has("report-uri") || self.has("report-to");
        if let Some(place) = list.find("'report-sample'").filter(|_| !reports) {
            self.note(
                "csp-report-sample-mute",
                place,
                format!("'report-sample' in {name} has no effect on reports without report-to or report-uri; add one, or remove it"),
            );
        }
        for keyword in ["'report-sha256'", "'report-sha384'", "'report-sha512'"] {
            if let Some(place) = list.find(keyword).filter(|_| !self.has("report-to")) {
                self.note(
                    "csp-report-hash-mute",
                    place,
                    format!("{keyword} in {name} has no effect without report-to; add it"),
                );
            }
        }
    }

    fn inline_style(&mut self, list: &List<'a>) {
        let name = list.directive.name();
        let Some(place) = list.find("'unsafe-inline'") else { return };
        match list.has_nonce_or_hash() {
            true => self.note("csp-unsafe-inline-ignored", place, format!("'unsafe-inline' in {name} is ignored next to a nonce or a hash, except by browsers that do not support them")),
            false => self.note("csp-style-unsafe-inline", place, format!("'unsafe-inline' in {name} lets injected styles change the page and read parts of it; use a nonce or hashes")),
        }
    }
}

fn has_effect(item: &Item<'_>, name: &str) -> bool {
    let lower = &*item.lower;
    match SourceDirective::named(name) {
        Some(_) if item.is_keyword() && !is_in_table(lower) => true,
        // Hashes of attributes and of `javascript:` addresses, which are not style elements.
        Some(SourceDirective::STYLE_SRC_ELEM) if lower == "'unsafe-hashes'" => false,
        Some(directive) => directive.has_effect(sort(lower)),
        None => !item.is_keyword() || lower == "'self'",
    }
}

/// Returns `true` for quoted text if the table defines where it has an effect.
fn is_in_table(lower: &str) -> bool {
    is_nonce_or_hash(lower) || matches!(Sort::of(lower), Sort::Keyword(_))
}

fn sort(lower: &str) -> Sort {
    if is_any_nonce(lower) { Sort::Nonce } else { Sort::of(lower) }
}
