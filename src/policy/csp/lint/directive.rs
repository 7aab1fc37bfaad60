//! Lints one directive: its name, and a value that is not a list of sources.

use super::{Linter, list::Place};
use crate::{
    error::did_you_mean,
    policy::csp::{
        directive::{Directive, is_known},
        grammar::{
            scanner::policy_error,
            syntax_error::SyntaxError,
            tables::{DEPRECATED, DIRECTIVES},
        },
        source_directive::SourceDirective,
    },
};

/// Directives of early drafts and of experiments, and their replacements.
const HISTORICAL: &[(&str, &str)] = &[
    ("allow", "write default-src"),
    ("cookie-scope", "remove it"),
    ("disown-opener", "send a cross-origin-opener-policy header"),
    ("options", "write 'unsafe-inline' or 'unsafe-eval' in script-src"),
    ("policy-uri", "write the policy itself"),
    ("script-nonce", "write a nonce in script-src"),
    ("treat-as-public-address", "remove it"),
    ("xhr-src", "write connect-src"),
];

impl<'a> Linter<'a> {
    pub(super) fn directive(&mut self, directive: Directive<'a>) {
        let name = directive.name();
        if let Some((_, remedy)) = DEPRECATED.iter().find(|(old, _)| directive.is(old)) {
            let message = format!("{name} is obsolete, and browsers ignore it; {remedy}");
            self.warn("csp-directive-deprecated", directive, message);
        } else if !is_known(name) {
            let remedy = remedy(name);
            let message = format!("browsers ignore the unknown directive '{name}'{remedy}");
            self.warn("csp-directive-unknown", directive, message);
        } else if SourceDirective::named(name).is_some() || directive.is("frame-ancestors") {
            self.sources(directive);
        } else {
            self.value(directive);
        }
    }

    fn value(&mut self, directive: Directive<'a>) {
        let text = format!("{}{}", directive.name(), directive.value());
        if let Some(error) = policy_error(text.as_bytes()) {
            let place = Place { directive, offset: directive.offset() + error.start };
            self.invalid(place, error, &text);
        }
        match directive.name() {
            "sandbox" => self.sandbox(directive),
            "trusted-types" => self.trusted_types(directive),
            "report-uri" => self.report_uri(directive),
            "require-trusted-types-for" => {
                let list = self.list(directive);
                self.repeats(&list);
            }
            "webrtc" if directive.values().any(|value| value.eq_ignore_ascii_case("'allow'")) => {
                let problem = "webrtc 'allow' changes nothing, since browsers allow WebRTC without it; remove it, or write 'block'";
                self.note("csp-webrtc-allow", directive, problem.to_owned());
            }
            "report-to" if !self.has("report-uri") => {
                self.note(
                    "csp-report-to-without-report-uri",
                    directive,
                    "browsers that do not support report-to send no reports; add report-uri"
                        .to_owned(),
                );
            }
            _ => {}
        }
    }

    fn report_uri(&mut self, directive: Directive<'a>) {
        let list = self.list(directive);
        self.repeats(&list);
        for item in &list.items {
            let scheme = item.lower.split_once(':').map_or("", |(scheme, _)| scheme);
            if item.text.contains('#') {
                let message = format!("the fragment of '{}' is not sent; remove it", item.text);
                self.note("csp-report-fragment", item.place, message);
            }
            if scheme == "http" {
                let message = format!("reports to '{}' are not encrypted; write https", item.text);
                self.warn("csp-report-insecure", item.place, message);
            } else if !matches!(scheme, "" | "https") && !scheme.contains(['/', '?', '#']) {
                let message = format!("no report arrives at '{}'; write an https URL", item.text);
                self.warn("csp-report-without-effect", item.place, message);
            }
        }
    }

    /// Reports text that the strict parser rejects, with the parser's own
    /// message.
    pub(super) fn invalid(&mut self, place: Place<'a>, error: SyntaxError, text: &str) {
        let name = place.directive.name();
        let problem = error.error(text).problem().replace("this directive", name);
        self.warn("csp-value-invalid", place, format!("in {name}, {problem}"));
    }
}

/// Returns the remedy for an unknown directive, with its punctuation.
fn remedy(name: &str) -> String {
    if let Some((_, remedy)) = HISTORICAL.iter().find(|(old, _)| *old == name) {
        return format!("; {remedy}");
    }
    let known: Vec<&str> = DIRECTIVES.iter().map(|row| row.name).collect();
    did_you_mean(name, &known, "correct it or remove it")
}
