//! Holds what a page does while the page is read, and decides on each part.

use super::{
    css::{self, Purpose},
    page_use::Use,
};
use crate::{
    policy::csp::{Destination, Evaluator, Load},
    request::WebUrl,
};

/// Holds the state of a page while its elements are read in order.
#[derive(Debug)]
pub(super) struct Collector {
    pub(super) evaluator: Evaluator,
    pub(super) document: WebUrl,
    pub(super) base: Option<WebUrl>,
    pub(super) depth: usize,
    /// The tag that is read.
    pub(super) at: usize,
    pub(super) uses: Vec<Use>,
    /// The number of scripts that run: their loads are not visible.
    pub(super) scripts: usize,
}

impl Collector {
    pub(super) fn new(evaluator: Evaluator, document: WebUrl) -> Self {
        let uses = Vec::new();
        Self { evaluator, document, base: None, depth: 0, at: 0, uses, scripts: 0 }
    }

    /// Reads a reference as the page does.
    pub(super) fn resolve(&self, reference: &str) -> Option<WebUrl> {
        self.base.as_ref().unwrap_or(&self.document).join(reference)
    }

    /// Adds the load of a reference. An empty one loads nothing, and so does one that is not a URL.
    pub(super) fn fetch(&mut self, kind: &'static str, to: Destination, reference: &str) -> bool {
        self.fetch_with(kind, to, reference, |load| load)
    }

    pub(super) fn fetch_with(
        &mut self,
        kind: &'static str,
        to: Destination,
        reference: &str,
        change: impl Fn(Load) -> Load,
    ) -> bool {
        let Some(url) = self.resolve(reference).filter(|_| !reference.trim().is_empty()) else {
            return false;
        };
        if url.scheme() == "about" {
            return true;
        }
        self.add(kind, change(Load::of_url(to, url.clone())), Some(&url), "")
    }

    /// Adds something that the page does. Returns `true` if the policies allow it.
    pub(super) fn add(
        &mut self,
        kind: &'static str,
        load: Load,
        url: Option<&WebUrl>,
        text: &str,
    ) -> bool {
        let evaluation = self.evaluator.allows(&load);
        let is_allowed = evaluation.is_allowed();
        let (url, text) = (url.map(WebUrl::to_string), text.to_owned());
        self.uses.push(Use { at: self.at, kind, url, text, load, evaluation });
        is_allowed
    }

    /// Adds the URLs of a style sheet, which are relative to it.
    pub(super) fn style_sheet(&mut self, css: &str, sheet: Option<&WebUrl>) {
        for (_, purpose, reference) in css::urls(css) {
            let url = match sheet {
                Some(sheet) => sheet.join(&reference),
                None => self.resolve(&reference),
            };
            let Some(url) = url else { continue };
            let (kind, to) = match purpose {
                Purpose::Import => ("style", Destination::Style),
                Purpose::Font => ("font", Destination::Font),
                Purpose::Image => ("image", Destination::Image),
            };
            self.add(kind, Load::of_url(to, url.clone()), Some(&url), "");
        }
    }
}
