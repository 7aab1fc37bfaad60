//! Collects scripts, styles and handlers.

use super::{collector::Collector, handlers::is_handler, markup::Element, nesting::Place};
use crate::policy::csp::{Destination, Load};

/// Represents the way in which browsers use a `<script>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Script,
    ImportMap,
    SpeculationRules,
    /// Data, which no browser runs.
    Data,
}

/// Types of JavaScript ([MIME Sniffing](https://mimesniff.spec.whatwg.org/#javascript-mime-type)).
const JAVASCRIPT: [&str; 16] = [
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/javascript",
    "text/javascript1.0",
    "text/javascript1.1",
    "text/javascript1.2",
    "text/javascript1.3",
    "text/javascript1.4",
    "text/javascript1.5",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
];

/// Collects the scripts and styles of an element.
pub(super) fn collect(page: &mut Collector, element: &Element) {
    match element.name.as_str() {
        "script" => script(page, element),
        "style" => style(page, element),
        _ => {}
    }
    for (name, value) in element.attributes() {
        if is_handler(&name) {
            page.add("event-handler", Load::event_handler(&value), None, &value);
        } else if name == "style"
            && page.add("style-attribute", Load::style_attribute(&value), None, &value)
        {
            page.style_sheet(&value, None);
        }
    }
}

fn script(page: &mut Collector, element: &Element) {
    let kind = kind_of(element);
    let source = match element.place {
        Place::Foreign => element.get("href").or_else(|| element.get("xlink:href")),
        _ => element.get("src"),
    };
    // A browser that knows modules does not run a script for browsers that do not.
    let is_skipped = kind == Type::Script && element.has("nomodule") && !is_module(element);
    if kind == Type::Data || is_skipped {
        return;
    }
    let nonce = element.nonce();
    if let Some(source) = source {
        if kind == Type::Script {
            let integrity = element.get("integrity").unwrap_or_default();
            let change = |load: Load| load.with_nonce(&nonce).with_integrity(&integrity);
            let runs = page.fetch_with("script", Destination::Script, &source, change);
            page.scripts += usize::from(runs);
        }
        return;
    }
    let text = &element.text;
    if text.is_empty() {
        return;
    }
    let (name, load) = match kind {
        Type::ImportMap => ("import-map", Load::inline_script(text)),
        Type::SpeculationRules => ("speculation-rules", Load::speculation_rules(text)),
        _ => ("inline-script", Load::inline_script(text)),
    };
    let runs = page.add(name, load.with_nonce(&nonce), None, text);
    page.scripts += usize::from(runs && name == "inline-script");
}

fn is_module(element: &Element) -> bool {
    element.get("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("module"))
}

fn kind_of(element: &Element) -> Type {
    let language = || element.get("language").filter(|language| !language.is_empty());
    let kind = match element.get("type") {
        Some(kind) if kind.is_empty() => "text/javascript".to_owned(),
        Some(kind) => kind.trim().to_ascii_lowercase(),
        None => language().map_or_else(
            || "text/javascript".to_owned(),
            |language| format!("text/{}", language.to_ascii_lowercase()),
        ),
    };
    match kind.as_str() {
        "module" => Type::Script,
        "importmap" => Type::ImportMap,
        "speculationrules" => Type::SpeculationRules,
        kind if JAVASCRIPT.contains(&kind) => Type::Script,
        _ => Type::Data,
    }
}

fn style(page: &mut Collector, element: &Element) {
    let kind = element.get("type").unwrap_or_default();
    let is_css = kind.is_empty() || kind.eq_ignore_ascii_case("text/css");
    let text = &element.text;
    if !is_css || text.is_empty() {
        return;
    }
    let load = Load::inline_style(text).with_nonce(&element.nonce());
    if page.add("inline-style", load, None, text) {
        page.style_sheet(text, None);
    }
}
