//! Parts of a policy that are legal, and yet weak, without effect or contradictory.

use std::collections::HashSet;

use super::{
    Directive, SourceDirective,
    grammar::tables::{MAX_LENGTH, NAME},
};
use crate::{Lint, Severity};

mod absent;
mod directive;
mod place;
mod script;
mod source;

/// Above this length a header begins to be a problem for some proxies, in bytes.
const LONG: usize = 3072;

/// The lints of these directives, whose header has so many bytes at most.
pub(super) fn lints(directives: Vec<Directive<'_>>, length: usize) -> Vec<Lint> {
    let mut linter = Linter { directives, lints: Vec::new(), said: HashSet::new() };
    for index in 0..linter.directives.len() {
        linter.directive(linter.directives[index]);
    }
    linter.scripts();
    linter.absent();
    linter.length(length);
    linter.lints
}

/// Collects the lints of one policy.
struct Linter<'a> {
    directives: Vec<Directive<'a>>,
    lints: Vec<Lint>,
    /// The messages so far, since several directives may fall back to one.
    said: HashSet<String>,
}

/// The place of a lint.
#[derive(Clone, Copy)]
struct Place<'a> {
    directive: Option<&'a str>,
    offset: Option<usize>,
}

impl Place<'_> {
    /// The policy as a whole.
    const POLICY: Self = Self { directive: None, offset: None };
}

impl<'a> Place<'a> {
    /// A word of a directive.
    fn word(directive: Directive<'a>, offset: usize) -> Self {
        Self { directive: Some(directive.name()), offset: Some(offset) }
    }
}

impl<'a> From<Directive<'a>> for Place<'a> {
    fn from(directive: Directive<'a>) -> Self {
        Self::word(directive, directive.offset())
    }
}

impl<'a> Linter<'a> {
    fn report(
        &mut self,
        severity: Severity,
        id: &'static str,
        place: impl Into<Place<'a>>,
        message: String,
    ) {
        if self.said.contains(&message) {
            return;
        }
        let place = place.into();
        let mut lint = Lint::new(severity, id, format!("{NAME}: {message}"));
        if let Some(directive) = place.directive {
            lint = lint.in_directive(directive.to_owned());
        }
        self.lints.push(match place.offset {
            Some(offset) => lint.at(offset),
            None => lint,
        });
        self.said.insert(message);
    }

    fn note(&mut self, id: &'static str, place: impl Into<Place<'a>>, message: String) {
        self.report(Severity::Note, id, place, message);
    }

    fn warn(&mut self, id: &'static str, place: impl Into<Place<'a>>, message: String) {
        self.report(Severity::Warning, id, place, message);
    }

    fn error(&mut self, id: &'static str, place: impl Into<Place<'a>>, message: String) {
        self.report(Severity::Error, id, place, message);
    }

    fn get(&self, name: &str) -> Option<Directive<'a>> {
        self.directives.iter().find(|directive| directive.is(name)).copied()
    }

    /// The directive that a browser uses: the one of that name, or the nearest that it falls back to.
    fn effective(&self, directive: SourceDirective) -> Option<Directive<'a>> {
        let fallback = || directive.fallback().iter().find_map(|name| self.get(name));
        self.get(directive.name()).or_else(fallback)
    }

    fn length(&mut self, length: usize) {
        if length > MAX_LENGTH {
            self.error("csp-too-long", Place::POLICY, format!("the policy has {length} bytes, more than most servers and proxies accept; shorten it below {LONG}"));
        } else if length > LONG {
            self.warn("csp-long", Place::POLICY, format!("the policy has {length} bytes, more than some proxies accept; shorten it below {LONG}"));
        }
    }
}
