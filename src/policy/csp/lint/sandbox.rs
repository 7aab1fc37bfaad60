//! Lints the tokens of `sandbox`, alone, in pairs, and next to other
//! directives.

use super::Linter;
use crate::policy::csp::{
    directive::{Directive, SourceDirective},
    grammar::tables::NONE,
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
            self.blocked_by_sandbox(SourceDirective::SCRIPT_SRC, "allow-scripts");
        }
        if !list.has("allow-forms") {
            self.blocked_by_sandbox(SourceDirective::FORM_ACTION, "allow-forms");
        }
    }

    /// Reports a directive that allows what the sandbox forbids.
    fn blocked_by_sandbox(&mut self, directive: SourceDirective, needed: &str) {
        let name = directive.name();
        let Some(directive) = self.get(name) else { return };
        if directive.values().any(|value| !value.eq_ignore_ascii_case(NONE)) {
            let message = format!(
                "{name} has no effect, since sandbox has no {needed}; write {name} 'none', or add {needed}"
            );
            self.note("csp-sandbox-blocks", directive, message);
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
