//! Splits a page into elements and the text of scripts and styles.
//!
//! The tokenizer is `html5gum`: it implements the tokenization of the HTML standard completely, tells
//! the byte of each tag, and brings one crate. `html5ever` brings twenty and keeps no positions but
//! lines, and `lol_html` brings forty-eight and leaves character references encoded, so that a URL
//! such as `?a&amp;b` would be another one. The tree is not built: whether an element is in a
//! template, in SVG or in the head follows from the tags alone.

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, Error, HtmlString, Spanned, State, Token, Tokenizer};

use super::nesting::{Nesting, Place};

/// Holds a start tag, with the text of the element if browsers do not parse it as markup.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) at: usize,
    pub(super) text: String,
    pub(super) place: Place,
    attributes: BTreeMap<HtmlString, Spanned<HtmlString, usize>>,
    has_duplicate: bool,
}

impl Element {
    /// Returns the value of an attribute, with its character references decoded.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let value = self.attributes.get(name.as_bytes())?;
        Some(String::from_utf8_lossy(&value.value).into_owned())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name.as_bytes())
    }

    /// Adds text of a script or of a style.
    fn add(&mut self, text: &[u8]) {
        if matches!(self.name.as_str(), "script" | "style") {
            self.text.push_str(&String::from_utf8_lossy(text));
        }
    }

    /// Returns every attribute, in the order of names.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (String, String)> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.attributes.iter().map(move |(name, value)| (text(name), text(&value.value)))
    }

    /// Returns the nonce, if the element may use it: an injected start tag before a script must not
    /// take the nonce of that script (CSP3 section 6.7.3.1).
    pub(super) fn nonce(&self) -> String {
        let has_tag = |text: &str| {
            let text = text.to_ascii_lowercase();
            text.contains("<script") || text.contains("<style")
        };
        let is_dangling = self.has_duplicate
            || self.attributes().any(|(name, value)| has_tag(&name) || has_tag(&value));
        if is_dangling { String::new() } else { self.get("nonce").unwrap_or_default() }
    }
}

/// Calls a function for each element that a browser without script finds, outside of templates and
/// comments.
pub(super) fn elements(text: &str, mut visit: impl FnMut(&Element)) {
    let emitter = DefaultEmitter::<usize>::new_with_span();
    let mut tokens = Tokenizer::new_with_emitter(text, emitter);
    let mut nesting = Nesting::default();
    let mut open: Option<Element> = None;
    let mut has_duplicate = false;
    while let Some(token) = tokens.next() {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                open.take().iter().for_each(&mut visit);
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let place = nesting.start(&name, tag.self_closing);
                if let Some(state) = raw_text(&name).filter(|_| place != Place::Foreign) {
                    tokens.set_state(state);
                }
                let (at, attributes, text) = (tag.span.start, tag.attributes, String::new());
                let has_duplicate = std::mem::take(&mut has_duplicate);
                let element = Element { name, at, text, place, attributes, has_duplicate };
                open = Some(element).filter(|_| !nesting.is_in_template());
            }
            Token::EndTag(tag) => {
                open.take().iter().for_each(&mut visit);
                nesting.end(&String::from_utf8_lossy(&tag.name));
            }
            Token::String(text) => {
                if let Some(open) = &mut open {
                    open.add(&text.value);
                }
            }
            Token::Error(error) => has_duplicate |= *error == Error::DuplicateAttribute,
            _ => {}
        }
    }
    open.iter().for_each(visit);
}

/// Returns the state of the tokenizer for the content of an element that is not markup. A browser
/// without script reads the content of a `<noscript>` as markup.
fn raw_text(name: &str) -> Option<State> {
    match name {
        "textarea" | "title" => Some(State::RcData),
        "plaintext" => Some(State::PlainText),
        "script" => Some(State::ScriptData),
        "style" | "iframe" | "xmp" | "noembed" | "noframes" => Some(State::RawText),
        _ => None,
    }
}
