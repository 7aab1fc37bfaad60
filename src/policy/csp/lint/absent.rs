//! Lints absent directives, without which a browser allows every source.

use super::Linter;
use crate::{
    lint::Severity::{Error, Warning},
    policy::csp::source_directive::SourceDirective,
};

impl Linter<'_> {
    pub(super) fn absent(&mut self) {
        let runs = !self.sandbox_forbids("allow-scripts");
        if runs && self.effective(SourceDirective::SCRIPT_SRC).is_none() {
            self.missing(Error, "csp-script-src-missing", "neither script-src nor default-src limits the sources of scripts; add default-src 'self'");
        }
        // A sandbox blocks all plug-ins.
        if self.effective(SourceDirective::OBJECT_SRC).is_none() && !self.has("sandbox") {
            self.missing(Warning, "csp-object-src-missing", "neither object-src nor default-src limits the sources of plug-ins; add object-src 'none'");
        }
        match self.trusts_script_by_nonce().filter(|_| !self.has("base-uri")) {
            Some(true) => self.missing(Error, "csp-base-uri-missing", "an injected <base> makes the page load its own scripts from another site, despite the nonce; add base-uri 'none'"),
            Some(false) => self.missing(Warning, "csp-base-uri-missing", "an injected <base> makes relative addresses of the page lead to another site; add base-uri 'none'"),
            None => {}
        }
        let submits = !self.sandbox_forbids("allow-forms");
        if submits && !self.has("form-action") {
            self.missing(Warning, "csp-form-action-missing", "an injected form sends the user's input to any site; add form-action 'self', and each origin that the response to a form redirects to, since Chromium checks redirects too");
        }
        // Clickjacking needs script, a form or an origin; a page without these is not a target.
        let is_inert = self.sandbox_forbids("allow-scripts") && !submits;
        if !is_inert && !self.has("frame-ancestors") {
            self.missing(
                Warning,
                "csp-frame-ancestors-missing",
                "any page may frame this one; add frame-ancestors 'none'",
            );
        }
    }
}
