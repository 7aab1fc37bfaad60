//! Directives without which something is allowed from anywhere.

use super::{
    super::{
        SourceDirective,
        grammar::tables::{NONE, is_nonce_or_hash},
    },
    Linter, Place,
};

impl Linter<'_> {
    pub(super) fn absent(&mut self) {
        let script = self.effective(SourceDirective::SCRIPT_SRC);
        if script.is_none() {
            self.error("csp-script-src-missing", Place::POLICY, "neither script-src nor default-src says where script may come from; add default-src 'self'".to_owned());
        }
        if self.effective(SourceDirective::OBJECT_SRC).is_none() {
            self.warn("csp-object-src-missing", Place::POLICY, "neither object-src nor default-src says where plug-ins may come from; add object-src 'none'".to_owned());
        }
        let sandbox = self.get("sandbox");
        // A bare sandbox submits no form, and its page has no origin.
        if sandbox.is_some_and(|sandbox| sandbox.values().next().is_none()) {
            return;
        }
        let runs = script
            .is_none_or(|script| script.values().any(|value| !value.eq_ignore_ascii_case(NONE)));
        if runs && self.get("base-uri").is_none() {
            match script.is_some_and(|script| script.values().any(is_nonce_or_hash)) {
                true => self.error("csp-base-uri-missing", Place::POLICY, "an injected <base> makes the page's own script load from elsewhere, in spite of the nonce; add base-uri 'none'".to_owned()),
                false => self.warn("csp-base-uri-missing", Place::POLICY, "an injected <base> makes relative addresses of the page lead elsewhere; add base-uri 'none'".to_owned()),
            }
        }
        let submits = sandbox.is_none_or(|sandbox| {
            sandbox.values().any(|token| token.eq_ignore_ascii_case("allow-forms"))
        });
        if submits && self.get("form-action").is_none() {
            self.warn(
                "csp-form-action-missing",
                Place::POLICY,
                "an injected form sends what a person types anywhere; add form-action 'self', and each origin that the answer to a form redirects to, which Chromium checks as well"
                    .to_owned(),
            );
        }
        if self.get("frame-ancestors").is_none() {
            self.warn(
                "csp-frame-ancestors-missing",
                Place::POLICY,
                "any page may frame this one; add frame-ancestors 'none'".to_owned(),
            );
        }
    }
}
