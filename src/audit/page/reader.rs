//! Reads a page in order: its elements, base, policies and inner pages.

use super::{
    collector::Collector,
    loads,
    markup::{Element, elements},
    navigations,
    nesting::Place,
    scripts,
};
use crate::policy::csp::{Load, ReceivedPolicy};

/// The deepest `srcdoc` that is read.
const DEPTH: usize = 3;

/// Reads a page.
pub(super) fn read(page: &mut Collector, html: &str) {
    elements(html, |element| {
        if page.depth == 0 {
            page.at = element.at;
        }
        match element.name.as_str() {
            "base" => base(page, element),
            "meta" => meta(page, element),
            "iframe" => srcdoc(page, element),
            _ => {}
        }
        scripts::collect(page, element);
        loads::collect(page, element);
        navigations::collect(page, element);
    });
}

/// Reads the first `<base>` with an `href`. A blocked one changes nothing.
fn base(page: &mut Collector, element: &Element) {
    let Some(href) = element.get("href").filter(|_| page.base.is_none()) else { return };
    let Some(url) = page.document.join(&href) else { return };
    let is_blank = matches!(url.scheme(), "data" | "javascript");
    if !is_blank && page.add("base", Load::of_base(url.clone()), Some(&url), "") {
        page.base = Some(url);
    } else {
        page.base = Some(page.document.clone());
    }
}

/// Enforces the policy of a `<meta>` in the head for what follows it.
fn meta(page: &mut Collector, element: &Element) {
    let equiv = element.get("http-equiv").unwrap_or_default();
    let is_policy = equiv.eq_ignore_ascii_case("content-security-policy");
    if !is_policy || element.place != Place::Head {
        return;
    }
    let content = element.get("content").unwrap_or_default();
    if let Some(policy) = ReceivedPolicy::of_meta(&content) {
        page.evaluator = page.evaluator.clone().enforcing(policy);
    }
}

/// Reads the page in the `srcdoc` of a frame, which has the policies of the page around it.
fn srcdoc(page: &mut Collector, element: &Element) {
    let Some(html) = element.get("srcdoc").filter(|_| page.depth < DEPTH) else { return };
    let (base, evaluator) = (page.base.clone(), page.evaluator.clone());
    page.depth += 1;
    read(page, &html);
    page.depth -= 1;
    (page.base, page.evaluator) = (base, evaluator);
}
