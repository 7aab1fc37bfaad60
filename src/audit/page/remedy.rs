//! Finds the smallest change that allows a part of a page, and what the change costs.

use super::{blocked::Blocked, page_use::Use, source::source_for};
use crate::{policy::csp::Source, request::WebUrl};

/// Describes a blocked part of a page.
pub(super) fn blocked(one: &Use, line: usize, column: usize, page: &WebUrl) -> Blocked {
    let directive = one.evaluation.directive().unwrap_or_default().to_owned();
    let remedy = Remedy::of(one, &directive, page);
    Blocked {
        line,
        column: Some(column),
        kind: one.kind,
        url: one.url.clone(),
        directive,
        source: one.evaluation.source().map(str::to_owned),
        remedy: remedy.text,
        cost: remedy.cost,
        change: remedy.change,
    }
}

struct Remedy {
    text: String,
    cost: &'static str,
    change: Option<(String, String)>,
}

impl Remedy {
    fn of(one: &Use, directive: &str, page: &WebUrl) -> Self {
        let text = &one.text;
        match (one.kind, directive) {
            (_, "sandbox") => Self::add(
                "sandbox",
                if one.kind == "form" { "allow-forms" } else { "allow-scripts" }.to_owned(),
                "the page gets back what the sandbox takes away",
            ),
            ("javascript-url", _) => Self::rewrite(
                "replace the link by a <button>, and add its listener in a script",
                "the policy stays as it is",
            ),
            ("event-handler", _) => Self::rewritten(
                "move the code to a script, and add it with addEventListener",
                "script-src-attr",
                format!("'unsafe-hashes' {}", Source::sha256(text)),
            ),
            ("style-attribute", _) => Self::rewritten(
                "move the declarations to a style sheet",
                "style-src-attr",
                format!("'unsafe-hashes' {}", Source::sha256(text)),
            ),
            ("inline-script" | "import-map" | "speculation-rules", _) => Self::inline(
                "script-src",
                text,
                "only this text runs; a change of it needs a new hash",
            ),
            ("inline-style", _) => Self::inline(
                "style-src",
                text,
                "only this text applies; a change of it needs a new hash",
            ),
            ("script", _) if one.evaluation.source() == Some("'strict-dynamic'") => Self::rewrite(
                "give the <script> the nonce of the response",
                "only this element runs; the policy stays as it is",
            ),
            _ => Self::source(one, page),
        }
    }

    /// Adds the origin of a URL to the directive for its kind.
    fn source(one: &Use, page: &WebUrl) -> Self {
        let directive = directive_for(one);
        let source = one.load.url().map_or_else(String::new, |url| source_for(url, page));
        let cost = match one.kind {
            "script" => "every script of this source runs in the page",
            "object" | "embed" => "plug-ins of this source run in the page",
            "base" => "an injected <base> can send the page's relative URLs there",
            "form" => "an injected form can send data there",
            "frame" => "an injected frame can show pages from there",
            "style" => "style sheets from there can restyle the page and read parts of it",
            "ping" | "prefetch" => "data can be sent there",
            _ => "an injected element can load from there, and send data in the URL",
        };
        Self::add(directive, source, cost)
    }

    fn add(directive: &str, sources: String, cost: &'static str) -> Self {
        let text = format!("add {sources} to {directive}");
        Self { text, cost, change: Some((directive.to_owned(), sources)) }
    }

    fn inline(directive: &str, text: &str, cost: &'static str) -> Self {
        Self::add(directive, Source::sha256(text).to_string(), cost)
    }

    fn rewrite(text: &str, cost: &'static str) -> Self {
        Self { text: text.to_owned(), cost, change: None }
    }

    /// Moves code out of an attribute. The policy can allow the attribute too, at a cost.
    fn rewritten(text: &str, directive: &str, sources: String) -> Self {
        let text = format!("{text}, or add {sources} to {directive}");
        let cost = "with the hash, an injected attribute can run the same text";
        Self { text, cost, change: Some((directive.to_owned(), sources)) }
    }
}

/// Returns the directive to which a source is added.
pub(super) fn directive_for(one: &Use) -> &'static str {
    match one.kind {
        "base" => "base-uri",
        "form" => "form-action",
        _ => match one.load.destination().and_then(|to| to.directive()) {
            Some("script-src-elem") | None => "script-src",
            Some("style-src-elem") => "style-src",
            Some(directive) => directive,
        },
    }
}
