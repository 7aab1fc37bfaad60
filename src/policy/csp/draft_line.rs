//! Defines one directive of a policy that is being edited.

use std::collections::HashSet;

use super::{
    directive::SourceDirective,
    parts::{List, Part},
    word::{Sort, Word},
};

/// The number of words up to which a list is searched linearly.
const FEW: usize = 32;

/// One directive: the base, which does not change, and the words that are added.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) name: &'a str,
    pub(super) list: List,
    base: &'a [Word],
    /// The name and the base words as they are printed.
    base_text: &'a str,
    has_nonce: bool,
    added: Vec<&'a Word>,
    /// An index of the words, present only for long lists.
    index: Option<HashSet<&'a str>>,
}

impl<'a> Line<'a> {
    pub(super) fn new(part: &'a Part) -> Self {
        Self {
            base: &part.words,
            base_text: &part.text,
            has_nonce: part.has_nonce,
            ..Self::empty(&part.name, part.list)
        }
    }

    pub(super) fn empty(name: &'a str, list: List) -> Self {
        Self {
            name,
            list,
            base: &[],
            base_text: name,
            has_nonce: false,
            added: Vec::new(),
            index: None,
        }
    }

    pub(super) fn inheriting(directive: SourceDirective, added: Vec<&'a Word>) -> Self {
        let has_nonce = added.iter().any(|word| word.sort().is_nonce());
        Self { added, has_nonce, ..Self::empty(directive.name(), List::Sources(directive)) }
    }

    /// Writes a directive without nonces.
    pub(super) fn write(&self, text: &mut String) {
        text.push_str(self.base_text);
        for word in &self.added {
            text.push(' ');
            text.push_str(word.as_str());
        }
        if self.is_empty() {
            self.write_none(text);
        }
    }

    /// Writes a directive with a nonce; `put` writes each word, and may leave it out.
    pub(super) fn write_words(
        &self,
        text: &mut String,
        put: &mut impl FnMut(&Self, &Word, &mut String),
    ) {
        text.push_str(self.name);
        let start = text.len();
        for word in self.iter() {
            let before = text.len();
            text.push(' ');
            put(self, word, text);
            if text.len() == before + 1 {
                text.truncate(before);
            }
        }
        if text.len() == start {
            self.write_none(text);
        }
    }

    pub(super) fn write_none(&self, text: &mut String) {
        if !self.list.if_empty().is_empty() {
            text.push(' ');
            text.push_str(self.list.if_empty());
        }
    }

    pub(super) fn words(&self) -> Vec<&'a Word> {
        self.iter().collect()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a Word> {
        self.base.iter().chain(self.added.iter().copied())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.base.is_empty() && self.added.is_empty()
    }

    pub(super) fn push(&mut self, word: &'a Word) {
        if !self.has(word) {
            self.added.push(word);
            self.has_nonce |= word.sort().is_nonce();
            self.index.as_mut().map(|index| index.insert(word.as_str()));
        }
    }

    pub(super) fn has(&mut self, word: &Word) -> bool {
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
        self.has_nonce
    }

    /// Returns `true` if the directive contains a hash.
    pub(super) fn has_hash(&self) -> bool {
        self.iter().any(|word| word.sort() == Sort::Hash)
    }

    pub(super) fn sent_length(&self) -> usize {
        let words = self.iter().map(|word| " ".len() + word.sent_length()).sum::<usize>();
        let none = match self.list.if_empty() {
            none if self.is_empty() && !none.is_empty() => " ".len() + none.len(),
            _ => 0,
        };
        self.name.len() + words + none
    }
}
