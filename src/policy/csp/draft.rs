//! Edits a policy directive by directive, and writes it in one pass.

use std::collections::HashSet;

use super::{
    addition::{Added, Addition},
    csp_override::CspOverride,
    directive::SourceDirective,
    parts::{List, Part, Parts},
    source::Source,
    word::{Sort, Word},
};
use crate::{policy::csp::grammar::tables::MAX_LENGTH, trace};

/// The number of words up to which a list is searched linearly.
const FEW: usize = 32;

/// A policy that is being edited, based on [`Parts`] that do not change.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    lines: Vec<Line<'a>>,
    /// The length in a header, in bytes, with every nonce filled in.
    length: usize,
}

/// One directive.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) name: &'a str,
    pub(super) list: List,
    base: &'a [Word],
    added: Vec<&'a Word>,
    /// An index of the words, present only for long lists.
    index: Option<HashSet<&'a str>>,
}

/// The reason for which a source is not added.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refusal {
    /// The source has no effect in the directive.
    NoEffect,
    /// The source is a nonce, and no directive exists to which it could be
    /// added.
    Absent,
    /// The policy would be longer than 8192 bytes.
    TooLong,
    /// The source allows every host, and was returned by a hook.
    AnyHost,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(parts: &'a Parts) -> Self {
        let lines: Vec<Line<'a>> = parts.get().iter().map(Line::new).collect();
        let length = lines.iter().map(|line| line.sent_length() + "; ".len()).sum();
        Self { lines, length }
    }

    /// Returns the policy of one response, or `None` if no policy is sent. It
    /// is `base` with the sources from a hook and the change from a handler.
    pub(crate) fn of_response(
        base: &'a Parts,
        additions: &'a [Addition],
        change: Option<&'a CspOverride>,
    ) -> Option<Self> {
        let Some(change) = change else {
            let mut draft = Self::new(base);
            draft.add_from_hook(additions);
            return Some(draft);
        };
        if let Some(reason) = &change.disabled {
            trace::policy_off(reason);
            return None;
        }
        let mut draft = Self::new(change.replacement.as_ref().unwrap_or(base));
        if change.replacement.is_none() {
            draft.add_from_hook(additions);
        }
        change.additions.iter().for_each(|addition| draft.add_if_it_fits(addition));
        change.removals.iter().for_each(|name| draft.remove(name));
        Some(draft)
    }

    /// Adds the sources from a hook, except one that allows every host: a
    /// tenant's text could contain it.
    fn add_from_hook(&mut self, additions: &'a [Addition]) {
        for addition in additions {
            match addition.word().sort() {
                Sort::AnyHost => Refusal::AnyHost.tell(addition.word()),
                _ => self.add_if_it_fits(addition),
            }
        }
    }

    /// Adds a source. A source that would make the header too long, or that
    /// has no effect, is left out with an event.
    fn add_if_it_fits(&mut self, addition: &'a Addition) {
        let refused = match &addition.0 {
            Added::Source(directive, source) => self.add(*directive, source),
            Added::FrameAncestor(ancestor) => self.add_frame_ancestor(ancestor.word()),
        };
        if let Err(refusal) = refused {
            refusal.tell(addition.word());
        }
    }

    /// Adds a source as [`extend`](crate::ContentSecurityPolicy::extend) does.
    pub(super) fn add(
        &mut self,
        directive: SourceDirective,
        source: &'a Source,
    ) -> Result<(), Refusal> {
        let word = source.word();
        if !directive.has_effect(word.sort()) {
            return Err(Refusal::NoEffect);
        }
        if let Some(index) = self.find(directive.name()) {
            return self.push(index, word);
        }
        let fallback = directive.fallback().iter().find_map(|name| self.find(name));
        let inherited = match fallback {
            Some(index) => directive.inherited(&self.lines[index].words()),
            None if !directive.is_fetch() => Vec::new(),
            None if word.sort().is_nonce() => return Err(Refusal::Absent),
            // Every source is allowed already.
            None => return Ok(()),
        };
        self.push_line(
            Line { added: inherited, ..Line::empty(directive.name(), List::Sources(directive)) },
            word,
        )
    }

    fn add_frame_ancestor(&mut self, word: &'a Word) -> Result<(), Refusal> {
        match self.find("frame-ancestors") {
            Some(index) => self.push(index, word),
            None => self.push_line(Line::empty("frame-ancestors", List::Ancestors), word),
        }
    }

    /// Adds `line` as a directive, with `word` appended.
    fn push_line(&mut self, mut line: Line<'a>, word: &'a Word) -> Result<(), Refusal> {
        line.push(word);
        let length = self.length + line.sent_length() + "; ".len();
        if is_too_long(length) {
            return Err(Refusal::TooLong);
        }
        self.length = length;
        self.lines.push(line);
        Ok(())
    }

    fn push(&mut self, index: usize, word: &'a Word) -> Result<(), Refusal> {
        let line = &mut self.lines[index];
        if line.has(word) {
            return Ok(());
        }
        let empty = if line.is_empty() { " 'none'".len() } else { 0 };
        let length = self.length + " ".len() + word.sent_length() - empty;
        if is_too_long(length) {
            return Err(Refusal::TooLong);
        }
        self.length = length;
        line.push(word);
        Ok(())
    }

    /// Sets a directive. It replaces one of the same name, or is added at the
    /// end.
    pub(super) fn set(&mut self, part: &'a Part) {
        let line = Line::new(part);
        self.length += line.sent_length() + "; ".len();
        match self.find(&part.name) {
            Some(index) => {
                self.length -= self.lines[index].sent_length() + "; ".len();
                self.lines[index] = line;
            }
            None => self.lines.push(line),
        }
    }

    /// Removes the directive with this name.
    pub(crate) fn remove(&mut self, name: &str) {
        if let Some(index) = self.find(name) {
            self.length -= self.lines.remove(index).sent_length() + "; ".len();
        }
    }

    /// Returns `true` if `frame-ancestors` allows pages that `X-Frame-Options`
    /// cannot express: a list of origins, or every page.
    pub(crate) fn frames_by_list(&self) -> bool {
        let ancestors = self.find("frame-ancestors").map(|index| self.lines[index].words());
        ancestors.is_some_and(|ancestors| match &ancestors[..] {
            [] => false,
            [only] => only.as_str() != "'self'",
            _ => true,
        })
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.lines.iter().position(|line| line.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    pub(super) fn is_too_long(&self) -> bool {
        is_too_long(self.length)
    }

    /// Returns the policy's text, with the placeholder for each nonce.
    pub(super) fn print(&self) -> String {
        self.write(|_, word, text| text.push_str(word.as_str()))
    }

    /// Returns the policy's text. `put` writes each word, and may leave it
    /// out.
    pub(super) fn write(&self, mut put: impl FnMut(&Line<'a>, &Word, &mut String)) -> String {
        let mut text = String::with_capacity(self.length);
        for line in &self.lines {
            text.push_str(if text.is_empty() { "" } else { "; " });
            text.push_str(line.name);
            let start = text.len();
            for word in line.iter() {
                let before = text.len();
                text.push(' ');
                put(line, word, &mut text);
                if text.len() == before + 1 {
                    text.truncate(before);
                }
            }
            if text.len() == start && !line.list.if_empty().is_empty() {
                text.push(' ');
                text.push_str(line.list.if_empty());
            }
        }
        text
    }
}

/// Returns `true` if the policy is too long. The length includes "; " after
/// every directive, also after the last one.
fn is_too_long(length: usize) -> bool {
    length > MAX_LENGTH + "; ".len()
}

impl<'a> Line<'a> {
    fn new(part: &'a Part) -> Self {
        Self { base: &part.words, ..Self::empty(&part.name, part.list) }
    }

    fn empty(name: &'a str, list: List) -> Self {
        Self { name, list, base: &[], added: Vec::new(), index: None }
    }

    fn words(&self) -> Vec<&'a Word> {
        self.iter().collect()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a Word> {
        self.base.iter().chain(self.added.iter().copied())
    }

    fn is_empty(&self) -> bool {
        self.base.is_empty() && self.added.is_empty()
    }

    fn push(&mut self, word: &'a Word) {
        if !self.has(word) {
            self.added.push(word);
            self.index.as_mut().map(|index| index.insert(word.as_str()));
        }
    }

    fn has(&mut self, word: &Word) -> bool {
        if self.index.is_none() && self.base.len() + self.added.len() > FEW {
            self.index = Some(self.iter().map(Word::as_str).collect());
        }
        match &self.index {
            Some(index) => index.contains(word.as_str()),
            None => self.iter().any(|other| other.as_str() == word.as_str()),
        }
    }

    /// Returns `true` if the directive contains a nonce.
    pub(super) fn has_nonce(&self) -> bool {
        self.iter().any(|word| word.sort().is_nonce())
    }

    fn sent_length(&self) -> usize {
        let words = self.iter().map(|word| " ".len() + word.sent_length()).sum::<usize>();
        let none = match self.list.if_empty() {
            none if self.is_empty() && !none.is_empty() => " ".len() + none.len(),
            _ => 0,
        };
        self.name.len() + words + none
    }
}

impl Refusal {
    /// Emits an event: the source is left out.
    fn tell(self, word: &Word) {
        trace::source_dropped(word.as_str(), self.reason());
    }

    fn reason(self) -> &'static str {
        match self {
            Self::AnyHost => {
                "content-security-policy: the source allows every host and is left out"
            }
            Self::NoEffect => {
                "content-security-policy: the source has no effect in its directive and is left out"
            }
            Self::Absent => {
                "content-security-policy: the policy has no directive that the nonce could be added to; it is left out"
            }
            Self::TooLong => {
                "content-security-policy: the policy would be longer than 8192 bytes; the source is left out"
            }
        }
    }
}
