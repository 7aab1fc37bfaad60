//! Lints sources and directives that are never a fallback (CSP3 section
//! 6.8.3).

use std::collections::BTreeSet;

use super::{
    Linter,
    list::{Item, List, quoted},
};
use crate::policy::csp::{directive::Directive, source_directive::SourceDirective, word::Sort};

/// Holds one kind of load or of inline code, and the directives that control it, nearest first.
struct Use {
    chain: &'static [&'static str],
    /// A directive in which the same keywords have an effect.
    keywords: SourceDirective,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A resource is loaded from a host.
    Load,
    /// Inline code or style is run or applied.
    Inline,
    /// Text is converted to script.
    Eval,
}

const fn load(chain: &'static [&'static str], keywords: SourceDirective) -> Use {
    Use { chain, keywords, kind: Kind::Load }
}

const fn inline(chain: &'static [&'static str], keywords: SourceDirective) -> Use {
    Use { chain, keywords, kind: Kind::Inline }
}

const USES: &[Use] = &[
    Use {
        chain: &["script-src", "default-src"],
        keywords: SourceDirective::SCRIPT_SRC,
        kind: Kind::Eval,
    },
    load(&["script-src-elem", "script-src", "default-src"], SourceDirective::SCRIPT_SRC_ELEM),
    inline(&["script-src-attr", "script-src", "default-src"], SourceDirective::SCRIPT_SRC_ATTR),
    load(&["style-src-elem", "style-src", "default-src"], SourceDirective::STYLE_SRC_ELEM),
    inline(&["style-src-attr", "style-src", "default-src"], SourceDirective::STYLE_SRC_ATTR),
    load(&["connect-src", "default-src"], SourceDirective::CONNECT_SRC),
    load(&["frame-src", "child-src", "default-src"], SourceDirective::FRAME_SRC),
    load(&["worker-src", "child-src", "script-src", "default-src"], SourceDirective::WORKER_SRC),
    // Prefetches, and every kind of load whose only fallback is this directive.
    load(&["default-src"], SourceDirective::IMG_SRC),
];

/// Directives and their nearest fallback. A source next to the same one in
/// `default-src` is usual, and makes a policy easier to read.
const PAIRS: [(&str, &str); 5] = [
    ("frame-src", "child-src"),
    ("fenced-frame-src", "frame-src"),
    ("script-src-elem", "script-src"),
    ("style-src-elem", "style-src"),
    ("style-src-attr", "style-src"),
];

impl Use {
    fn has_effect(&self, item: &Item<'_>) -> bool {
        let sort = Sort::of(&item.lower);
        let is_place = !item.is_keyword() || item.lower == "'self'";
        match self.kind {
            Kind::Load if is_place => true,
            Kind::Inline | Kind::Eval if is_place => false,
            Kind::Eval => item.lower.contains("eval") || item.lower == "'report-sample'",
            _ => !item.lower.contains("eval") && self.keywords.has_effect(sort),
        }
    }
}

impl<'a> Linter<'a> {
    /// Reports sources and directives that are not the fallback of any load.
    pub(super) fn fallbacks(&mut self) {
        for name in ["default-src", "script-src", "style-src", "child-src"] {
            if let Some(directive) = self.get(name) {
                self.fallback(directive);
            }
        }
        for (name, fallback) in PAIRS {
            self.repeats_fallback(name, fallback);
        }
        if let Some(child) = self.get("child-src").filter(|_| !self.has("worker-src")) {
            if self.list(child).allows_anything() {
                self.warn(
                    "csp-child-src-workers",
                    child,
                    "Chromium does not use child-src for workers; add worker-src".to_owned(),
                );
            }
        }
    }

    /// Reports a directive that has the same sources as its fallback.
    fn repeats_fallback(&mut self, name: &str, fallback: &str) {
        let (Some(directive), Some(fallback)) = (self.get(name), self.get(fallback)) else {
            return;
        };
        let words = |list: &List<'a>| {
            list.items.iter().map(|item| item.lower.clone().into_owned()).collect::<BTreeSet<_>>()
        };
        let [nearer, farther] = [directive, fallback].map(|one| words(&self.list(one)));
        if nearer == farther {
            let message = format!(
                "{name} has the same sources as {}, which browsers use without it; remove it",
                fallback.name()
            );
            self.note("csp-directive-redundant", directive, message);
        }
    }

    fn fallback(&mut self, directive: Directive<'a>) {
        let name = directive.name();
        let decides = |one: &&Use| one.chain.iter().find(|link| self.has(link)) == Some(&name);
        let uses: Vec<&Use> = USES.iter().filter(decides).collect();
        let nearer: Vec<&str> = USES
            .iter()
            .filter(|one| one.chain.contains(&name))
            .filter_map(|one| one.chain.iter().find(|link| self.has(link)).copied())
            .filter(|link| *link != name)
            .collect();
        let nearer = unique(nearer).join(", ");
        let list = self.list(directive);
        if uses.is_empty() && list.allows_anything() {
            let message = format!(
                "{name} has no effect next to {nearer}, except in browsers that do not support them; remove it"
            );
            self.note("csp-directive-shadowed", directive, message);
            return;
        }
        for item in list.items.iter().filter(|item| is_told(name, item)) {
            if !uses.iter().any(|one| one.has_effect(item)) {
                let message = format!(
                    "{} in {name} has no effect next to {nearer}; remove it",
                    quoted(item.text)
                );
                self.note("csp-source-shadowed", item.place, message);
            }
        }
    }
}

/// Returns `true` if the source has an effect in a directive for which no
/// nearer one exists.
fn is_told(name: &str, item: &Item<'_>) -> bool {
    let directive = SourceDirective::named(name);
    item.lower != "'none'"
        && item.lower != "'report-sample'"
        && directive.is_some_and(|directive| directive.has_effect(Sort::of(&item.lower)))
}

fn unique(names: Vec<&str>) -> Vec<&str> {
    let mut unique = Vec::new();
    for name in names {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    unique
}
