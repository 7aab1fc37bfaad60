//! What is legal in a policy, and yet weak, dead or contradictory.

use std::collections::HashSet;

use super::{
    ContentSecurityPolicy, Directive, SourceDirective, check,
    known::{
        BYPASSES, DEPRECATED, covers, host, is_ip, is_nonce_or_hash, is_unquoted_keyword, path,
        takes_nonces,
    },
};
use crate::{Lint, Severity};

/// Above this a header begins to be in some proxy's way, in bytes.
const LONG: usize = 3072;

pub(super) fn lints(policy: &ContentSecurityPolicy) -> Vec<Lint> {
    let mut linter = Linter { policy, lints: Vec::new(), said: HashSet::new() };
    for directive in policy.directives() {
        linter.directive(directive);
    }
    linter.scripts();
    linter.absences();
    linter.reporting();
    let length = policy.sent_length();
    if length > LONG {
        linter.warn(
            "csp-long",
            format!("{length} bytes are more than some proxies take; shorten it below {LONG}"),
        );
    }
    linter.lints
}

struct Linter<'a> {
    policy: &'a ContentSecurityPolicy,
    lints: Vec<Lint>,
    said: HashSet<String>,
}

impl<'a> Linter<'a> {
    fn add(&mut self, severity: Severity, id: &'static str, message: String) {
        if self.said.insert(message.clone()) {
            self.lints.push(Lint::new(severity, id, format!("content-security-policy: {message}")));
        }
    }

    fn note(&mut self, id: &'static str, message: impl Into<String>) {
        self.add(Severity::Note, id, message.into());
    }

    fn warn(&mut self, id: &'static str, message: impl Into<String>) {
        self.add(Severity::Warning, id, message.into());
    }

    fn error(&mut self, id: &'static str, message: impl Into<String>) {
        self.add(Severity::Error, id, message.into());
    }

    fn has(&self, name: &str) -> bool {
        self.policy.get(name).is_some()
    }

    /// What a browser goes by for that directive.
    fn effective(&self, directive: SourceDirective) -> Option<Directive<'a>> {
        let names = std::iter::once(directive.name()).chain(directive.fallback().iter().copied());
        let policy = self.policy;
        names.filter_map(|name| policy.get(name)).next()
    }

    fn directive(&mut self, directive: Directive<'a>) {
        let name = directive.name();
        if DEPRECATED.iter().any(|dead| directive.is(dead)) {
            self.warn(
                "csp-directive-deprecated",
                format!("no browser reads {name} any more; remove it"),
            );
        } else if !check::is_known(name) {
            self.warn(
                "csp-directive-unknown",
                format!("browsers skip '{name}', which they do not know; correct it or remove it"),
            );
        }
        if SourceDirective::named(name).is_some() || directive.is("frame-ancestors") {
            self.sources(directive);
        }
        if directive.is("frame-ancestors") {
            for value in
                directive.values().filter(|value| path(value).is_some_and(|path| path != "/"))
            {
                self.error("csp-ancestor-path", format!("'{value}' has a path, and frame-ancestors compares origins; leave the path out"));
            }
        }
        let allows = |token: &str| {
            directive.is("sandbox")
                && directive.values().any(|value| value.eq_ignore_ascii_case(token))
        };
        if allows("allow-scripts") && allows("allow-same-origin") {
            self.note(
                "csp-sandbox-weak",
                "sandbox with allow-scripts and allow-same-origin holds little back; leave one out",
            );
        }
        if directive.is("trusted-types") && !self.has("require-trusted-types-for") {
            self.note("csp-trusted-types-unused", "trusted-types without require-trusted-types-for 'script' enforces nothing where script is run; add it");
        }
    }

    fn sources(&mut self, directive: Directive<'a>) {
        let name = directive.name();
        let values: Vec<&str> = directive.values().collect();
        if values.is_empty() {
            self.note(
                "csp-directive-empty",
                format!("{name} without a value allows nothing; write 'none' to say so"),
            );
        }
        for value in &values {
            let lower = value.to_ascii_lowercase();
            if lower == "'none'" && values.len() > 1 {
                self.error(
                    "csp-none-beside-others",
                    format!("'none' in {name} is ignored beside other sources; remove it or them"),
                );
            }
            if is_unquoted_keyword(&lower) {
                self.error("csp-keyword-unquoted", format!("'{value}' in {name} is a host of that name to browsers; write it in single quotes"));
            }
            if lower.starts_with("'nonce-") && *value != check::NONCE {
                self.error("csp-nonce-fixed", format!("{name} has a fixed nonce, which anybody can copy; write {} for one that is new in every response", check::NONCE));
            }
            if (lower.starts_with("'nonce-") || lower.starts_with("'sha")) && !takes_nonces(name) {
                self.error("csp-nonce-without-effect", format!("nonces and hashes have no effect in {name}; write them in script-src or style-src"));
            }
            if matches!(lower.as_str(), "'unsafe-eval'" | "'wasm-unsafe-eval'")
                && (name.ends_with("-elem") || name.ends_with("-attr"))
            {
                self.error(
                    "csp-eval-without-effect",
                    format!("{lower} has no effect in {name}; write it in script-src"),
                );
            }
            if is_ip(host(&lower)) {
                self.warn(
                    "csp-ip-source",
                    format!(
                        "browsers match no IP address, as in '{value}' of {name}; write a host name"
                    ),
                );
            }
            if lower.starts_with("http:") || lower.starts_with("ws:") {
                self.warn(
                    "csp-insecure-source",
                    format!("'{value}' in {name} is without encryption; write https or wss"),
                );
            }
            if host(&lower) == "localhost" {
                self.note("csp-localhost-source", format!("'{value}' in {name} is whatever runs on the visitor's machine; remove it in production"));
            }
            if directive.is("connect-src")
                && matches!(lower.as_str(), "https:" | "wss:" | "*" | "http:" | "ws:")
            {
                self.warn(
                    "csp-connect-anywhere",
                    format!(
                        "'{value}' in connect-src lets script send data to any host; name the hosts"
                    ),
                );
            }
        }
        if directive.is("style-src") || directive.is("style-src-elem") {
            let inline = values.iter().any(|value| value.eq_ignore_ascii_case("'unsafe-inline'"));
            if inline && !values.iter().any(|value| is_nonce_or_hash(value)) {
                self.note("csp-style-unsafe-inline", format!("'unsafe-inline' in {name} lets injected styles change the page and read parts of it; use a nonce or hashes"));
            }
        }
    }

    /// What the policy lets run.
    fn scripts(&mut self) {
        for directive in [
            SourceDirective::SCRIPT_SRC,
            SourceDirective::SCRIPT_SRC_ELEM,
            SourceDirective::OBJECT_SRC,
        ] {
            let Some(effective) = self.effective(directive) else { continue };
            let name = effective.name();
            let values: Vec<String> = effective.values().map(str::to_ascii_lowercase).collect();
            let has = |keyword: &str| values.iter().any(|value| value == keyword);
            let trusted = values.iter().any(|value| is_nonce_or_hash(value));
            let dynamic = has("'strict-dynamic'");
            if directive != SourceDirective::OBJECT_SRC {
                if has("'unsafe-inline'") {
                    match trusted || dynamic {
                        true => self.note("csp-unsafe-inline-dead", format!("'unsafe-inline' in {name} is ignored beside a nonce or a hash, but by browsers older than those")),
                        false => self.error("csp-script-unsafe-inline", format!("'unsafe-inline' in {name} lets injected script run; use a nonce or hashes")),
                    }
                }
                if has("'unsafe-eval'") {
                    self.warn("csp-script-unsafe-eval", format!("'unsafe-eval' in {name} turns text into script; for WebAssembly 'wasm-unsafe-eval' will do"));
                }
                if dynamic && !trusted {
                    self.error("csp-strict-dynamic-alone", format!("'strict-dynamic' in {name} without a nonce or a hash lets no script run; add one"));
                }
                if dynamic && values.iter().any(|value| !value.starts_with('\'')) {
                    self.note("csp-hosts-dead", format!("hosts and schemes in {name} are ignored beside 'strict-dynamic', but by browsers older than that"));
                }
            }
            if dynamic {
                continue;
            }
            for value in &values {
                if matches!(value.as_str(), "data:" | "blob:" | "https:" | "http:" | "filesystem:")
                {
                    self.error("csp-script-scheme", format!("'{value}' in {name} lets script come from anywhere under that scheme; name the hosts"));
                }
                if matches!(host(value), "*") && !value.starts_with('\'') {
                    self.error(
                        "csp-script-anywhere",
                        format!(
                            "'{value}' in {name} lets script come from any host; name the hosts"
                        ),
                    );
                }
                let bypass = |known: &&&str| covers(host(value), known);
                if let Some(known) = BYPASSES
                    .iter()
                    .find(bypass)
                    .filter(|_| directive != SourceDirective::OBJECT_SRC)
                {
                    self.warn("csp-bypass-host", format!("'{known}', which '{value}' in {name} allows, serves script that runs what attackers hand it; use a nonce with 'strict-dynamic'"));
                }
            }
        }
    }

    /// Directives that nothing stands in for.
    fn absences(&mut self) {
        let script = self.effective(SourceDirective::SCRIPT_SRC);
        if script.is_none() {
            self.error("csp-script-src-missing", "neither script-src nor default-src says where script may come from; add default-src 'self'");
        }
        if self.effective(SourceDirective::OBJECT_SRC).is_none() {
            self.warn("csp-object-src-missing", "neither object-src nor default-src says where plug-ins may come from; add object-src 'none'");
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
                true => self.error("csp-base-uri-missing", "an injected <base> sends the page's own script elsewhere, nonce and all; add base-uri 'none'"),
                false => self.warn("csp-base-uri-missing", "an injected <base> sends the page's relative links elsewhere; add base-uri 'none'"),
            }
        }
        if !self.has("form-action") {
            self.warn(
                "csp-form-action-missing",
                "an injected form sends what is typed anywhere; add form-action 'self'",
            );
        }
        if !self.has("frame-ancestors") {
            self.warn(
                "csp-frame-ancestors-missing",
                "any page may frame this one; add frame-ancestors 'none'",
            );
        }
    }

    fn reporting(&mut self) {
        if let Some(uris) = self.policy.get("report-uri") {
            if uris.values().any(|uri| uri.starts_with("http:")) {
                self.warn("csp-report-insecure", "report-uri is without encryption; write https");
            }
        }
    }
}
