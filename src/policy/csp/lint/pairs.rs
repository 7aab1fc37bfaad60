//! Lints repeated sources, and pairs in which one source has no effect.

use super::{
    Linter,
    list::{Item, List, quoted},
};

/// The number of sources above which only repeats are reported.
const MANY: usize = 200;

impl<'a> Linter<'a> {
    /// Reports words that are repeated.
    pub(super) fn repeats(&mut self, list: &List<'a>) {
        let name = list.directive.name();
        for item in &list.repeats {
            let message =
                format!("'{}' is repeated in {name}; remove one", item.text.trim_matches('\''));
            self.note("csp-source-repeated", item.place, message);
        }
    }

    /// Reports sources that allow nothing that another source of the list does
    /// not allow.
    pub(super) fn covered(&mut self, list: &List<'a>) {
        let name = list.directive.name();
        if list.items.len() > MANY {
            return;
        }
        for item in &list.items {
            let wider = list.items.iter().find(|wider| covers(wider, item));
            if let Some(wider) = wider {
                let message = format!(
                    "{} adds nothing to {} in {name}; remove one of them",
                    quoted(item.text),
                    quoted(wider.text)
                );
                self.note("csp-source-redundant", item.place, message);
            }
        }
    }
}

/// Returns `true` if the first of two different sources allows everything that
/// the second does.
fn covers(wider: &Item<'_>, item: &Item<'_>) -> bool {
    const KEYWORDS: [(&str, &str); 4] = [
        ("'unsafe-eval'", "'wasm-unsafe-eval'"),
        ("'unsafe-eval'", "'trusted-types-eval'"),
        ("*", "'self'"),
        ("'unsafe-inline'", "'inline-speculation-rules'"),
    ];
    match (wider.address(), item.address()) {
        (Some(wider_address), Some(address)) => {
            wider.lower != item.lower
                && wider_address.covers(&address)
                // The first of two equivalent sources is reported.
                && (!address.covers(&wider_address) || wider.place.offset > item.place.offset)
        }
        _ => KEYWORDS.contains(&(&*wider.lower, &*item.lower)),
    }
}
