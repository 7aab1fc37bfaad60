//! Lints `trusted-types` and `require-trusted-types-for`.

use super::Linter;
use crate::policy::csp::directive::Directive;

impl<'a> Linter<'a> {
    pub(super) fn trusted_types(&mut self, directive: Directive<'a>) {
        let list = self.list(directive);
        self.repeats(&list);
        if !self.has("require-trusted-types-for") {
            self.note("csp-trusted-types-unused", directive, "trusted-types does not protect functions that run script without require-trusted-types-for 'script'; add it".to_owned());
        }
        let any = list.find("*");
        let duplicates = list.find("'allow-duplicates'");
        if any.is_some() && duplicates.is_some() {
            self.note("csp-trusted-types-any", directive, "trusted-types with * and 'allow-duplicates' allows every policy, as without trusted-types; name the policies".to_owned());
        }
        for item in &list.items {
            if any.is_some() && item.text != "*" && !item.is_keyword() {
                let message = format!(
                    "'{}' adds nothing to '*' in trusted-types; remove one of them",
                    item.text
                );
                self.note("csp-source-redundant", item.place, message);
            }
        }
        if let Some(place) = duplicates.filter(|_| list.items.len() == 1) {
            self.note(
                "csp-trusted-types-none",
                place,
                "'allow-duplicates' alone allows no policy; name the policies, or write 'none'"
                    .to_owned(),
            );
        }
    }
}
