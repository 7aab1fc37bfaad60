//! What is weak, dead or wrong in one directive.

use super::{
    Directive, SourceDirective,
    check::{self, is_known},
    check_source::source_fault,
    fault::Fault,
    known::{DEPRECATED, RENAMED, host, is_ip, is_nonce_or_hash, is_unquoted_keyword, path},
    lint::Linter,
    source::is_scheme,
};

impl<'a> Linter<'a> {
    pub(super) fn directive(&mut self, directive: Directive<'a>) {
        let name = directive.name();
        if DEPRECATED.iter().any(|dead| directive.is(dead)) {
            self.warn(
                "csp-directive-deprecated",
                format_args!("no browser reads {name} any more; remove it"),
            );
        } else if !is_known(name) {
            self.warn(
                "csp-directive-unknown",
                format_args!(
                    "browsers skip '{name}', which they do not know; correct it or remove it"
                ),
            );
        } else if SourceDirective::named(name).is_some() || directive.is("frame-ancestors") {
            self.sources(directive);
        } else {
            self.value(directive);
        }
    }

    /// The value of a directive that takes no sources.
    fn value(&mut self, directive: Directive<'a>) {
        let text = format!("{} {}", directive.name(), directive.value);
        if let Some(fault) = check::policy_fault(text.as_bytes()) {
            self.invalid(directive, fault, &text);
        }
        let has = |token: &str| directive.values().any(|value| value.eq_ignore_ascii_case(token));
        if directive.is("sandbox") {
            if has("allow-scripts") && has("allow-same-origin") {
                self.note(
                    "csp-sandbox-weak",
                    format_args!("sandbox with allow-scripts and allow-same-origin holds little back; leave one out"),
                );
            }
            let every = "allow-top-navigation";
            for less in [
                "allow-top-navigation-by-user-activation",
                "allow-top-navigation-to-custom-protocols",
            ] {
                if has(every) && has(less) {
                    self.note(
                        "csp-sandbox-redundant",
                        format_args!("{less} adds nothing to {every}; leave one out"),
                    );
                }
            }
        }
        if directive.is("trusted-types") && !self.has("require-trusted-types-for") {
            self.note("csp-trusted-types-unused", format_args!("trusted-types without require-trusted-types-for 'script' enforces nothing where script is run; add it"));
        }
    }

    fn sources(&mut self, directive: Directive<'a>) {
        let name = directive.name();
        let values: Vec<&str> = directive.values().collect();
        if values.is_empty() {
            self.note(
                "csp-directive-empty",
                format_args!("{name} without a value allows nothing; write 'none' to say so"),
            );
        }
        for value in &values {
            let lower = value.to_ascii_lowercase();
            if lower == "'none'" {
                if values.len() > 1 {
                    self.error(
                        "csp-none-beside-others",
                        format_args!(
                            "'none' in {name} is ignored beside other sources; remove it or them"
                        ),
                    );
                }
            } else if !self.misread(directive, value, &lower)
                && !self.dead(directive, value, &lower)
            {
                let address = self.place(directive, value, &lower);
                let fault = source_fault(value.as_bytes(), 0, value.len(), u8::MAX);
                if let Some(fault) = fault.filter(|_| !address) {
                    self.invalid(directive, fault, value);
                }
            }
        }
        if directive.is("style-src") || directive.is("style-src-elem") {
            let inline = values.iter().any(|value| value.eq_ignore_ascii_case("'unsafe-inline'"));
            if inline && !values.iter().any(|value| is_nonce_or_hash(value)) {
                self.note("csp-style-unsafe-inline", format_args!("'unsafe-inline' in {name} lets injected styles change the page and read parts of it; use a nonce or hashes"));
            }
        }
    }

    /// Whether a source is something else to a browser than to its author.
    fn misread(&mut self, directive: Directive<'a>, value: &str, lower: &str) -> bool {
        let name = directive.name();
        if is_unquoted_keyword(lower) {
            self.error("csp-keyword-unquoted", format_args!("'{value}' in {name} is a host of that name to browsers; write it in single quotes"));
        } else if is_known(lower) {
            self.error(
                "csp-semicolon-missing",
                format_args!(
                    "'{value}' in {name} is a host of that name to browsers; write ';' before it"
                ),
            );
        } else if is_scheme(lower) && lower.contains('.') {
            self.error("csp-scheme-dotted", format_args!("'{value}' in {name} is a scheme of that name to browsers; write the port, or leave the ':' out"));
        } else if lower.starts_with("'nonce-") && !check::is_nonce(value) {
            self.error("csp-nonce-fixed", format_args!("{name} has a fixed nonce, which anybody can copy; write {} for one that is new in every response", check::NONCE));
        } else {
            return false;
        }
        true
    }

    /// Whether a source does nothing where it stands.
    fn dead(&mut self, directive: Directive<'a>, value: &str, lower: &str) -> bool {
        let name = directive.name();
        let counts = match SourceDirective::named(name) {
            Some(directive) => directive.counts(lower),
            None => !lower.starts_with('\'') || lower == "'self'",
        };
        let renamed = RENAMED.iter().find(|(old, _)| *old == lower);
        if let Some((old, new)) = renamed {
            self.error(
                "csp-keyword-old",
                format_args!("no browser reads {old} in {name} any more; {new}"),
            );
        } else if !counts && is_nonce_or_hash(lower) {
            let what = if lower.starts_with("'nonce-") { "nonces" } else { "hashes" };
            self.error(
                "csp-nonce-without-effect",
                format_args!(
                    "{what} have no effect in {name}; write them in script-src or style-src"
                ),
            );
        } else if !counts && lower.ends_with("-eval'") {
            self.error(
                "csp-eval-without-effect",
                format_args!("{lower} has no effect in {name}; write it in script-src"),
            );
        } else if !counts {
            self.error(
                "csp-keyword-without-effect",
                format_args!("{lower} has no effect in {name}; remove it"),
            );
        } else if name.to_ascii_lowercase().ends_with("-attr") && !lower.starts_with('\'') {
            self.note(
                "csp-host-without-effect",
                format_args!(
                    "attributes load nothing, so that '{value}' has no effect in {name}; remove it"
                ),
            );
        } else {
            return false;
        }
        true
    }

    /// What is weak about a host or a scheme, wherever it stands; whether it is an address, which
    /// the grammar does not have.
    fn place(&mut self, directive: Directive<'a>, value: &str, lower: &str) -> bool {
        let name = directive.name();
        let address = is_ip(host(lower));
        if address {
            self.warn(
                "csp-ip-source",
                format_args!(
                    "browsers match no IP address, as in '{value}' of {name}; write a host name"
                ),
            );
        }
        if lower.starts_with("http:") || lower.starts_with("ws:") {
            self.warn(
                "csp-insecure-source",
                format_args!("'{value}' in {name} is without encryption; write https or wss"),
            );
        }
        if host(lower) == "localhost" {
            self.note("csp-localhost-source", format_args!("'{value}' in {name} is whatever runs on the visitor's machine; remove it in production"));
        }
        if directive.is("connect-src") && matches!(lower, "https:" | "wss:" | "*" | "http:" | "ws:")
        {
            self.warn(
                "csp-connect-anywhere",
                format_args!(
                    "'{value}' in connect-src lets script send data to any host; name the hosts"
                ),
            );
        }
        if directive.is("frame-ancestors") && path(value).is_some_and(|path| path != "/") {
            self.error(
                "csp-ancestor-path",
                format_args!(
                    "'{value}' has a path, and frame-ancestors compares origins; leave the path out"
                ),
            );
        }
        address
    }

    /// What the strict reader refuses, in its own words.
    fn invalid(&mut self, directive: Directive<'a>, fault: Fault, text: &str) {
        let problem = fault.error_in(text, directive.name());
        let problem = problem.problem();
        self.warn("csp-value-invalid", format_args!("in {}, {problem}", directive.name()));
    }
}
