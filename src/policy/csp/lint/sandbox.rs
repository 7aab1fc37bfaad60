//! Lints the tokens of `sandbox`, alone, in pairs, and next to other
//! directives.

use super::{Linter, list::Place};
use crate::policy::csp::{
    directive::Directive, grammar::tables::NONE, source_directive::SourceDirective,
};

/// Tokens that need another token to have an effect.
const NEEDS: [(&str, &str); 7] = [
    ("allow-modals", "allow-scripts"),
    ("allow-orientation-lock", "allow-scripts"),
    ("allow-pointer-lock", "allow-scripts"),
    ("allow-popups-to-escape-sandbox", "allow-popups"),
    ("allow-presentation", "allow-scripts"),
    ("allow-storage-access-by-user-activation", "allow-scripts"),
    ("allow-storage-access-by-user-activation", "allow-same-origin"),
];

/// Tokens that a wider one makes redundant.
const REDUNDANT: [(&str, &str); 3] = [
    ("allow-top-navigation-by-user-activation", "allow-top-navigation"),
    ("allow-top-navigation-to-custom-protocols", "allow-top-navigation"),
    ("allow-top-navigation-to-custom-protocols", "allow-popups"),
];

/// Directives that have an effect only if script runs.
const SCRIPTED: [&str; 7] = [
    "script-src",
    "script-src-elem",
    "script-src-attr",
    "worker-src",
    "require-trusted-types-for",
    "trusted-types",
    "webrtc",
];

/// Those of them that do not name script themselves.
const STARTED_BY_SCRIPT: [&str; 4] =
    ["worker-src", "require-trusted-types-for", "trusted-types", "webrtc"];

impl<'a> Linter<'a> {
    pub(super) fn sandbox(&mut self, directive: Directive<'a>) {
        let list = self.list(directive);
        self.repeats(&list);
        if let Some(place) = list.find("allow-same-origin").filter(|_| list.has("allow-scripts")) {
            self.note("csp-sandbox-weak", place, "sandbox with allow-scripts and allow-same-origin restricts little; remove one of them".to_owned());
        }
        for (token, wider) in REDUNDANT {
            if let Some(place) = list.find(token).filter(|_| list.has(wider)) {
                let message = format!("{token} adds nothing to {wider}; remove one of them");
                self.note("csp-sandbox-redundant", place, message);
            }
        }
        for (token, needed) in NEEDS {
            if let Some(place) = list.find(token).filter(|_| !list.has(needed)) {
                let message =
                    format!("{token} has no effect without {needed}; remove it or add {needed}");
                self.note("csp-sandbox-without-effect", place, message);
            }
        }
        if !list.has("allow-scripts") {
            for name in SCRIPTED {
                self.blocked_by_sandbox(name, "allow-scripts");
            }
        } else if !list.has("allow-same-origin") && !self.has_inline_workers() {
            self.blocked_by_sandbox("worker-src", "allow-same-origin");
        }
        if !list.has("allow-forms") {
            self.blocked_by_sandbox("form-action", "allow-forms");
        }
        if let Some(place) = list.find("allow-scripts") {
            self.scripts_without_source(place);
        }
    }

    /// Reports a directive that allows what the sandbox forbids.
    fn blocked_by_sandbox(&mut self, name: &str, needed: &str) {
        let Some(directive) = self.get(name) else { return };
        if !allows_nothing(directive) {
            let remedy = match SourceDirective::named(name) {
                Some(_) => format!("write {name} 'none'"),
                None => "remove it".to_owned(),
            };
            let message = format!(
                "{name} has no effect, since sandbox has no {needed}; {remedy}, or add {needed}"
            );
            self.note("csp-sandbox-blocks", directive, message);
        }
    }

    /// Returns `true` if workers may come from text of the page, which needs no origin.
    fn has_inline_workers(&self) -> bool {
        let workers = self.get("worker-src");
        workers.is_some_and(|workers| {
            workers.values().any(|value| {
                ["blob:", "data:"].iter().any(|scheme| value.eq_ignore_ascii_case(scheme))
            })
        })
    }

    /// Reports a permission to run script if no script may run.
    fn scripts_without_source(&mut self, place: Place<'a>) {
        if let Some(script) = self.without_script() {
            let name = script.name();
            let message = format!(
                "allow-scripts has no effect, since {name} allows nothing; remove one of them"
            );
            self.note("csp-sandbox-needless", place, message);
        }
    }

    /// Returns the directive that lets no script run, if no other lets one run.
    fn without_script(&mut self) -> Option<Directive<'a>> {
        let elements = self.effective(SourceDirective::SCRIPT_SRC_ELEM)?;
        let attributes = self.effective(SourceDirective::SCRIPT_SRC_ATTR)?;
        let allows =
            self.list(elements).allows_anything() || self.list(attributes).allows_anything();
        (!allows).then_some(elements)
    }

    /// Reports directives that have an effect only if script runs, in a policy that lets none run.
    pub(super) fn unscripted(&mut self) {
        if self.sandbox_forbids("allow-scripts") {
            return;
        }
        let Some(script) = self.without_script() else { return };
        for name in STARTED_BY_SCRIPT {
            let directive = self.get(name).filter(|directive| !allows_nothing(*directive));
            if let Some(directive) = directive {
                let message = format!(
                    "{name} has no effect, since {} lets no script run; remove one of them",
                    script.name()
                );
                self.note("csp-script-blocks", directive, message);
            }
        }
    }

    /// Returns `true` if the policy has a sandbox without this permission.
    pub(super) fn sandbox_forbids(&self, permission: &str) -> bool {
        let sandbox = self.get("sandbox");
        sandbox.is_some_and(|sandbox| {
            !sandbox.values().any(|token| token.eq_ignore_ascii_case(permission))
        })
    }
}

/// Returns `true` if the value is `'none'`, or empty.
fn allows_nothing(directive: Directive<'_>) -> bool {
    directive.values().all(|value| value.eq_ignore_ascii_case(NONE))
}
