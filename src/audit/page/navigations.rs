//! Collects forms and `javascript:` URLs.

use super::{collector::Collector, loads::is_script_url, markup::Element};
use crate::policy::csp::Load;

/// Elements with an attribute that can be a `javascript:` URL.
const SCRIPT_URLS: &[(&str, &str)] = &[
    ("a", "href"),
    ("a", "xlink:href"),
    ("area", "href"),
    ("embed", "src"),
    ("form", "action"),
    ("frame", "src"),
    ("iframe", "src"),
    ("object", "data"),
    ("button", "formaction"),
    ("input", "formaction"),
];

/// Collects the navigations of an element.
pub(super) fn collect(page: &mut Collector, element: &Element) {
    let name = element.name.as_str();
    for (_, attribute) in SCRIPT_URLS.iter().filter(|row| row.0 == name) {
        let url = element.get(attribute).filter(|url| is_script_url(url));
        let Some(url) = url.and_then(|url| page.resolve(&url)) else { continue };
        let text = url.to_string();
        page.add("javascript-url", Load::javascript_url(&text), Some(&url), &text);
    }
    match name {
        "form" if !is_dialog(element, "method") => {
            // A form without an action is sent to the page itself.
            form(page, &element.get("action").unwrap_or_default());
        }
        "button" | "input" if !is_dialog(element, "formmethod") => {
            if let Some(action) = element.get("formaction") {
                form(page, &action);
            }
        }
        _ => {}
    }
}

fn form(page: &mut Collector, action: &str) {
    let Some(url) = page.resolve(action).filter(|_| !is_script_url(action)) else { return };
    page.add("form", Load::of_form(url.clone()), Some(&url), "");
}

/// Returns `true` for a form that closes a dialog and sends nothing.
fn is_dialog(element: &Element, attribute: &str) -> bool {
    element.get(attribute).is_some_and(|method| method.trim().eq_ignore_ascii_case("dialog"))
}
