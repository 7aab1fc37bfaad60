//! What is legal in a policy, and yet weak, dead or contradictory.

use std::{collections::BTreeSet, fmt::Arguments};

use super::{
    ContentSecurityPolicy, SourceDirective,
    check::LONGEST,
    known::{BYPASSES, covers, host, is_nonce_or_hash},
};
use crate::{Lint, Severity};

/// Above this a header begins to be in some proxy's way, in bytes.
const LONG: usize = 3072;

pub(super) fn lints(policy: &ContentSecurityPolicy) -> Vec<Lint> {
    let mut linter = Linter { policy, lints: Vec::new(), said: BTreeSet::new() };
    for directive in policy.directives() {
        linter.directive(directive);
    }
    linter.scripts();
    linter.absences();
    linter.reporting();
    let length = policy.sent_length();
    if length > LONGEST {
        linter.error("csp-too-long", format_args!("{length} bytes are more than most servers and proxies take; shorten it below {LONG}"));
    } else if length > LONG {
        linter.warn(
            "csp-long",
            format_args!("{length} bytes are more than some proxies take; shorten it below {LONG}"),
        );
    }
    linter.lints
}

pub(super) struct Linter<'a> {
    policy: &'a ContentSecurityPolicy,
    lints: Vec<Lint>,
    said: BTreeSet<String>,
}

impl<'a> Linter<'a> {
    fn add(&mut self, severity: Severity, id: &'static str, message: Arguments<'_>) {
        let message = format!("content-security-policy: {message}");
        if self.said.insert(message.clone()) {
            self.lints.push(Lint::new(severity, id, message));
        }
    }

    pub(super) fn note(&mut self, id: &'static str, message: Arguments<'_>) {
        self.add(Severity::Note, id, message);
    }

    pub(super) fn warn(&mut self, id: &'static str, message: Arguments<'_>) {
        self.add(Severity::Warning, id, message);
    }

    pub(super) fn error(&mut self, id: &'static str, message: Arguments<'_>) {
        self.add(Severity::Error, id, message);
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.policy.get(name).is_some()
    }

    /// What the policy lets run.
    fn scripts(&mut self) {
        for directive in [
            SourceDirective::SCRIPT_SRC,
            SourceDirective::SCRIPT_SRC_ELEM,
            SourceDirective::SCRIPT_SRC_ATTR,
            SourceDirective::OBJECT_SRC,
            SourceDirective::BASE_URI,
        ] {
            let Some(effective) = self.policy.effective(directive) else { continue };
            let name = effective.name();
            let values: Vec<String> = effective.values().map(str::to_ascii_lowercase).collect();
            let has = |keyword: &str| values.iter().any(|value| value == keyword);
            let trusted = values.iter().any(|value| is_nonce_or_hash(value));
            let dynamic = has("'strict-dynamic'");
            let runs = directive.counts("'unsafe-inline'");
            if runs {
                if has("'unsafe-inline'") {
                    match trusted || dynamic {
                        true => self.note("csp-unsafe-inline-dead", format_args!("'unsafe-inline' in {name} is ignored beside a nonce or a hash, but by browsers older than those")),
                        false => self.error("csp-script-unsafe-inline", format_args!("'unsafe-inline' in {name} lets injected script run; use a nonce or hashes")),
                    }
                }
                if has("'unsafe-eval'") {
                    self.warn("csp-script-unsafe-eval", format_args!("'unsafe-eval' in {name} turns text into script; for WebAssembly 'wasm-unsafe-eval' will do"));
                }
                if dynamic && !trusted {
                    self.error("csp-strict-dynamic-alone", format_args!("'strict-dynamic' in {name} without a nonce or a hash lets no script run; add one"));
                }
                if dynamic && values.iter().any(|value| !value.starts_with('\'')) {
                    self.note("csp-hosts-dead", format_args!("hosts and schemes in {name} are ignored beside 'strict-dynamic', but by browsers older than that"));
                }
            }
            // Attributes load nothing from anywhere.
            if dynamic || directive == SourceDirective::SCRIPT_SRC_ATTR {
                continue;
            }
            for value in &values {
                if matches!(value.as_str(), "data:" | "blob:" | "https:" | "http:" | "filesystem:")
                {
                    self.error("csp-script-scheme", format_args!("'{value}' in {name} lets script come from anywhere under that scheme; name the hosts"));
                }
                if matches!(host(value), "*") && !value.starts_with('\'') {
                    self.error(
                        "csp-script-anywhere",
                        format_args!(
                            "'{value}' in {name} lets script come from any host; name the hosts"
                        ),
                    );
                }
                let bypass = |known: &&&str| covers(host(value), known);
                if let Some(known) = BYPASSES.iter().find(bypass).filter(|_| runs) {
                    self.warn("csp-bypass-host", format_args!("'{known}', which '{value}' in {name} allows, serves script that runs what attackers hand it; use a nonce with 'strict-dynamic'"));
                }
            }
        }
    }

    /// Directives that nothing stands in for.
    fn absences(&mut self) {
        let script = self.policy.effective(SourceDirective::SCRIPT_SRC);
        if script.is_none() {
            self.error("csp-script-src-missing", format_args!("neither script-src nor default-src says where script may come from; add default-src 'self'"));
        }
        if self.policy.effective(SourceDirective::OBJECT_SRC).is_none() {
            self.warn("csp-object-src-missing", format_args!("neither object-src nor default-src says where plug-ins may come from; add object-src 'none'"));
        }
        // A bare sandbox submits no form, and its page is of no origin.
        if self.policy.get("sandbox").is_some_and(|sandbox| sandbox.values().next().is_none()) {
            return;
        }
        let runs = script.is_none_or(|script| {
            script.values().any(|value| !value.eq_ignore_ascii_case("'none'"))
        });
        if runs && !self.has("base-uri") {
            let nonce = script.is_some_and(|script| script.values().any(is_nonce_or_hash));
            match nonce {
                true => self.error("csp-base-uri-missing", format_args!("an injected <base> sends the page's own script elsewhere, nonce and all; add base-uri 'none'")),
                false => self.warn("csp-base-uri-missing", format_args!("an injected <base> sends the page's relative links elsewhere; add base-uri 'none'")),
            }
        }
        if !self.has("form-action") {
            self.warn(
                "csp-form-action-missing",
                format_args!(
                    "an injected form sends what is typed anywhere; add form-action 'self', and each origin that the answer to a form redirects to, which Chromium checks as well"
                ),
            );
        }
        if !self.has("frame-ancestors") {
            self.warn(
                "csp-frame-ancestors-missing",
                format_args!("any page may frame this one; add frame-ancestors 'none'"),
            );
        }
    }

    fn reporting(&mut self) {
        if let Some(uris) = self.policy.get("report-uri") {
            if uris.values().any(|uri| uri.starts_with("http:")) {
                self.warn(
                    "csp-report-insecure",
                    format_args!("report-uri is without encryption; write https"),
                );
            }
        } else if self.has("report-to") {
            self.note(
                "csp-report-to-alone",
                format_args!(
                    "browsers older than report-to report nowhere; add report-uri beside it"
                ),
            );
        }
    }
}
