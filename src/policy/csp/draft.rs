//! Edits a policy directive by directive, and writes it in one pass.

use std::{mem, ops::Range};

use super::{
    addition::{Added, Addition},
    csp_override::Change,
    draft_line::Line,
    parts::{List, Parts},
    source::Source,
    source_directive::SourceDirective,
    word::{Sort, Word},
};
use crate::{policy::csp::grammar::tables::MAX_LENGTH, trace};

/// Holds a policy that is being edited, based on [`Parts`] that do not change.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    lines: Vec<Line<'a>>,
    /// The text of the policy that is edited.
    text: &'a str,
    /// The length in a header, in bytes, with every nonce filled in.
    length: usize,
}

/// Represents the reason for which a source is not added.
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
        let lines = parts.get().iter().map(Line::new).collect();
        Self { lines, text: parts.text(), length: parts.length() }
    }

    /// Returns the policy of one response, or `None` if no policy is sent. It
    /// is `base` with the sources from a hook and the change from a handler.
    pub(crate) fn of_response(
        base: &'a Parts,
        additions: &'a [Addition],
        change: Option<&'a Change>,
    ) -> Option<Self> {
        let Some(change) = change else {
            let mut draft = Self::new(base);
            draft.add_from_hook(additions);
            return Some(draft);
        };
        if let Some(reason) = &change.disabled {
            trace::header_off(change.disposition.name(), reason);
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
    pub(crate) fn add_from_hook(&mut self, additions: &'a [Addition]) {
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
        if let Some(index) = self.find_list(List::Sources(directive)) {
            return self.push(index, word);
        }
        let fallback = directive.fallback().iter().find_map(|name| self.find(name));
        let inherited = match fallback {
            Some(index) => directive.inherited(&self.lines[index].iter().collect::<Vec<_>>()),
            None if !directive.is_fetch() => Vec::new(),
            None if word.sort().is_nonce() => return Err(Refusal::Absent),
            // Every source is allowed already.
            None => return Ok(()),
        };
        let list = List::Sources(directive);
        self.push_line(Line::of_words(directive.name(), list, inherited), word)
    }

    fn add_frame_ancestor(&mut self, word: &'a Word) -> Result<(), Refusal> {
        match self.find_list(List::Ancestors) {
            Some(index) => self.push(index, word),
            None => {
                let line = Line::of_words("frame-ancestors", List::Ancestors, Vec::new());
                self.push_line(line, word)
            }
        }
    }

    /// Adds `line` as a directive, with `word` appended.
    fn push_line(&mut self, mut line: Line<'a>, word: &'a Word) -> Result<(), Refusal> {
        if !line.has(word) {
            line.push(word);
        }
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
    pub(super) fn set(&mut self, name: &'a str, list: List, words: &'a [Word]) {
        let line = Line::of_words(name, list, words.iter().collect());
        self.length += line.sent_length() + "; ".len();
        match self.find(name) {
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
        let Some(index) = self.find_list(List::Ancestors) else { return false };
        let mut ancestors = self.lines[index].iter();
        match (ancestors.next(), ancestors.next()) {
            (None, _) => false,
            (Some(only), None) => only.as_str() != "'self'",
            _ => true,
        }
    }

    /// Returns the line of a list with a type of its own.
    fn find_list(&self, list: List) -> Option<usize> {
        self.lines.iter().position(|line| line.list == list)
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

    /// Returns the policy's text. `put` writes each word of a directive with a nonce, and may leave
    /// it out.
    pub(super) fn write(&self, mut put: impl FnMut(&Line<'a>, &Word, &mut String)) -> String {
        let mut text = String::with_capacity(self.length.saturating_sub("; ".len()));
        // The place of unchanged directives that follow each other.
        let mut run = 0..0;
        for line in &self.lines {
            match line.unchanged() {
                Some(place) if !run.is_empty() && place.start == run.end + "; ".len() => {
                    run.end = place.end;
                }
                Some(place) => self.push_run(mem::replace(&mut run, place), &mut text),
                None => {
                    self.push_run(mem::take(&mut run), &mut text);
                    text.push_str(if text.is_empty() { "" } else { "; " });
                    line.write(self.text, &mut text, &mut put);
                }
            }
        }
        self.push_run(run, &mut text);
        text
    }

    fn push_run(&self, run: Range<usize>, text: &mut String) {
        if !run.is_empty() {
            text.push_str(if text.is_empty() { "" } else { "; " });
            text.push_str(&self.text[run]);
        }
    }
}

/// Returns `true` if the policy is too long. The length includes "; " after
/// every directive, also after the last one.
fn is_too_long(length: usize) -> bool {
    length > MAX_LENGTH + "; ".len()
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
