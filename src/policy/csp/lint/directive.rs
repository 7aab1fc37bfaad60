//! One directive: its name, and a value that is not a list of sources.

use super::{
    super::{
        Directive, SourceDirective,
        directive::is_known,
        grammar::{scanner::policy_error, syntax_error::SyntaxError, tables::DEPRECATED},
    },
    Linter, Place,
};

impl<'a> Linter<'a> {
    pub(super) fn directive(&mut self, directive: Directive<'a>) {
        let name = directive.name();
        if let Some((_, remedy)) = DEPRECATED.iter().find(|(old, _)| directive.is(old)) {
            let message = format!("no browser reads {name} any more; {remedy}");
            self.warn("csp-directive-deprecated", directive, message);
        } else if !is_known(name) {
            let message =
                format!("browsers ignore the unknown directive '{name}'; correct it or remove it");
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
            self.invalid(directive, directive.offset() + error.start, error, &text);
        }
        if directive.is("sandbox") {
            self.sandbox(directive);
        }
        if directive.is("trusted-types") && self.get("require-trusted-types-for").is_none() {
            self.note("csp-trusted-types-unused", directive, "trusted-types enforces nothing where script is run without require-trusted-types-for 'script'; add it".to_owned());
        }
        if directive.is("report-uri") {
            for (offset, uri) in directive.words().filter(|(_, uri)| uri.starts_with("http:")) {
                let message = format!("reports to '{uri}' are not encrypted; write https");
                self.warn("csp-report-insecure", Place::word(directive, offset), message);
            }
        }
        if directive.is("report-to") && self.get("report-uri").is_none() {
            self.note(
                "csp-report-to-alone",
                directive,
                "browsers older than report-to report nowhere; add report-uri".to_owned(),
            );
        }
    }

    fn sandbox(&mut self, directive: Directive<'a>) {
        let find = |token: &str| {
            let mut words = directive.words();
            words.find(|(_, word)| word.eq_ignore_ascii_case(token)).map(|(offset, _)| offset)
        };
        if let (Some(offset), Some(_)) = (find("allow-same-origin"), find("allow-scripts")) {
            self.note("csp-sandbox-weak", Place::word(directive, offset), "sandbox with allow-scripts and allow-same-origin restricts little; remove one of them".to_owned());
        }
        let every = "allow-top-navigation";
        for less in
            ["allow-top-navigation-by-user-activation", "allow-top-navigation-to-custom-protocols"]
        {
            if let (Some(_), Some(offset)) = (find(every), find(less)) {
                let message = format!("{less} adds nothing to {every}; remove one of them");
                self.note("csp-sandbox-redundant", Place::word(directive, offset), message);
            }
        }
    }

    /// Text that the strict reader rejects, in its own words.
    pub(super) fn invalid(
        &mut self,
        directive: Directive<'a>,
        offset: usize,
        error: SyntaxError,
        text: &str,
    ) {
        let problem = error.error(text).problem().replace("this directive", directive.name());
        let message = format!("in {}, {problem}", directive.name());
        self.warn("csp-value-invalid", Place::word(directive, offset), message);
    }
}
