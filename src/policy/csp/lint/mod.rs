//! Lints parts of a policy that are legal, but weak, ineffective or
//! contradictory.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use self::list::{List, Place};
use super::{directive::Directive, source_directive::SourceDirective};
use crate::{
    lint::{Lint, Severity},
    policy::csp::grammar::tables::{MAX_LENGTH, NAME},
};

#[cfg(feature = "settings")]
pub(crate) use self::bypass::{is_top_level, shared_domain};

mod absent;
mod address;
mod bypass;
mod bypass_hosts;
mod directive;
mod fallback;
mod list;
mod pairs;
mod reach;
mod sandbox;
mod script;
mod source;
mod trusted_types;

/// The length above which a header becomes a problem for some proxies, in
/// bytes.
const LONG: usize = 3072;

/// Returns the lints of these directives. `length` is the maximum length of
/// their header in bytes.
pub(super) fn lints(directives: Vec<Directive<'_>>, length: usize) -> Vec<Lint> {
    let mut linter =
        Linter { directives, lists: HashMap::new(), lints: Vec::new(), said: HashSet::new() };
    for index in 0..linter.directives.len() {
        linter.directive(linter.directives[index]);
    }
    linter.scripts();
    linter.unscripted();
    linter.fallbacks();
    linter.absent();
    linter.length(length);
    linter.lints
}

/// Collects the lints of one policy.
pub(super) struct Linter<'a> {
    directives: Vec<Directive<'a>>,
    /// The words of the directives that were needed so far, by their position.
    lists: HashMap<usize, Rc<List<'a>>>,
    lints: Vec<Lint>,
    /// The messages so far, to drop repeats: several directives may have the
    /// same fallback.
    said: HashSet<String>,
}

impl<'a> Linter<'a> {
    fn report(
        &mut self,
        severity: Severity,
        id: &'static str,
        place: Option<Place<'a>>,
        message: String,
    ) {
        if self.said.contains(&message) {
            return;
        }
        let lint = Lint::new(severity, id, format!("{NAME}: {message}"));
        self.lints.push(match place {
            Some(Place { directive, offset }) => {
                lint.in_directive(directive.name().to_owned()).at(offset)
            }
            None => lint,
        });
        self.said.insert(message);
    }

    fn note(&mut self, id: &'static str, place: impl Into<Place<'a>>, message: String) {
        self.report(Severity::Note, id, Some(place.into()), message);
    }

    fn warn(&mut self, id: &'static str, place: impl Into<Place<'a>>, message: String) {
        self.report(Severity::Warning, id, Some(place.into()), message);
    }

    fn error(&mut self, id: &'static str, place: impl Into<Place<'a>>, message: String) {
        self.report(Severity::Error, id, Some(place.into()), message);
    }

    /// Reports something that the policy as a whole lacks.
    fn missing(&mut self, severity: Severity, id: &'static str, message: &str) {
        self.report(severity, id, None, message.to_owned());
    }

    fn get(&self, name: &str) -> Option<Directive<'a>> {
        self.directives.iter().find(|directive| directive.is(name)).copied()
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Returns the directive that a browser uses: the one with this name, or
    /// its nearest fallback.
    fn effective(&self, directive: SourceDirective) -> Option<Directive<'a>> {
        let fallback = || directive.fallback().iter().find_map(|name| self.get(name));
        self.get(directive.name()).or_else(fallback)
    }

    /// Returns the words of a directive. A policy can be long, so they are
    /// separated once.
    fn list(&mut self, directive: Directive<'a>) -> Rc<List<'a>> {
        let list = self.lists.entry(directive.offset());
        list.or_insert_with(|| Rc::new(List::of(directive))).clone()
    }

    fn length(&mut self, length: usize) {
        if length > MAX_LENGTH {
            let message = format!(
                "the policy has {length} bytes, more than most servers and proxies accept; shorten it below {LONG}"
            );
            self.missing(Severity::Error, "csp-too-long", &message);
        } else if length > LONG {
            let message = format!(
                "the policy has {length} bytes, more than some proxies accept; shorten it below {LONG}"
            );
            self.missing(Severity::Warning, "csp-long", &message);
        }
    }
}
