//! Defines one directive of a policy that is being edited.

use std::{collections::HashSet, ops::Range};

use super::{
    parts::{List, Part},
    word::{Sort, Word},
};

/// The number of words up to which a list is searched linearly.
const FEW: usize = 32;

/// Holds one directive: the base, which does not change, and the words that are added.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) name: &'a str,
    pub(super) list: List,
    base: &'a [Word],
    /// The place of the base in the text of the policy that is edited.
    base_text: Range<usize>,
    added: Vec<&'a Word>,
    has_nonce: bool,
    index: Option<Box<Index<'a>>>,
}

/// Represents the words of a long list.
#[derive(Debug)]
struct Index<'a>(HashSet<&'a str>);

impl<'a> Line<'a> {
    pub(super) fn new(part: &'a Part) -> Self {
        Self {
            base: &part.words,
            base_text: part.text.clone(),
            has_nonce: part.has_nonce,
            ..Self::of_words(&part.name, part.list, Vec::new())
        }
    }

    /// Creates a directive that is not in the policy yet.
    pub(super) fn of_words(name: &'a str, list: List, words: Vec<&'a Word>) -> Self {
        let has_nonce = words.iter().any(|word| word.sort().is_nonce());
        Self { name, list, base: &[], base_text: 0..0, added: words, has_nonce, index: None }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a Word> {
        self.base.iter().chain(self.added.iter().copied())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.base.is_empty() && self.added.is_empty()
    }

    /// Returns `true` if the directive contains a nonce.
    pub(super) fn has_nonce(&self) -> bool {
        self.has_nonce
    }

    /// Returns `true` if the directive contains a hash.
    pub(super) fn has_hash(&self) -> bool {
        self.iter().any(|word| word.sort() == Sort::Hash)
    }

    /// Adds a word that the directive does not [have](Self::has).
    pub(super) fn push(&mut self, word: &'a Word) {
        self.added.push(word);
        self.has_nonce |= word.sort().is_nonce();
        if let Some(index) = &mut self.index {
            index.0.insert(word.as_str());
        }
    }

    pub(super) fn has(&mut self, word: &Word) -> bool {
        if self.index.is_none() && self.base.len() + self.added.len() > FEW {
            self.index = Some(Box::new(Index(self.iter().map(Word::as_str).collect())));
        }
        match &self.index {
            Some(index) => index.0.contains(word.as_str()),
            None => self.iter().any(|other| other == word),
        }
    }

    /// Returns the length in a header, with every nonce filled in.
    pub(super) fn sent_length(&self) -> usize {
        let words: usize = self.iter().map(|word| " ".len() + word.sent_length()).sum();
        self.name.len() + words + self.none().map_or(0, |none| " ".len() + none.len())
    }

    /// Returns the place of the directive's text in the text of the policy, if it is sent
    /// unchanged.
    pub(super) fn unchanged(&self) -> Option<Range<usize>> {
        let is_unchanged = self.added.is_empty() && !self.has_nonce && !self.base_text.is_empty();
        is_unchanged.then(|| self.base_text.clone())
    }

    /// Writes a directive; `put` writes each word if there is a nonce, and may leave it out.
    ///
    /// `policy` is the text of the policy that is edited.
    pub(super) fn write(
        &self,
        policy: &str,
        text: &mut String,
        put: &mut impl FnMut(&Self, &Word, &mut String),
    ) {
        if self.has_nonce {
            text.push_str(self.name);
            self.write_words(text, put);
            return;
        }
        let has_base = !self.base.is_empty();
        text.push_str(if has_base { &policy[self.base_text.clone()] } else { self.name });
        for word in self.added.iter().map(|word| word.as_str()).chain(self.none()) {
            text.push(' ');
            text.push_str(word);
        }
    }

    fn write_words(&self, text: &mut String, put: &mut impl FnMut(&Self, &Word, &mut String)) {
        let start = text.len();
        for word in self.iter() {
            let before = text.len();
            text.push(' ');
            put(self, word, text);
            if text.len() == before + 1 {
                text.truncate(before);
            }
        }
        if let Some(none) = self.list.if_empty(&[]).filter(|_| text.len() == start) {
            text.push(' ');
            text.push_str(none);
        }
    }

    fn none(&self) -> Option<&'static str> {
        self.list.if_empty(self.base).filter(|_| self.added.is_empty())
    }
}
