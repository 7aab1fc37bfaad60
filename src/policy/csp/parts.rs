//! Splits a policy once, so that a response's own policy needs no parsing.

use std::{borrow::Cow, ops::Range, sync::Arc};

use super::{
    directive::Directive,
    source_directive::SourceDirective,
    value::ContentSecurityPolicy,
    word::{Sort, Word},
};
use crate::policy::csp::grammar::tables::{Kind, NONE};

/// Represents the directives of a policy, each with its words, and the text of all. A clone is
/// cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    list: Box<[Part]>,
    /// The policy as it is printed.
    ///
    /// A response's own policy copies the text of the directives that are not changed.
    text: Box<str>,
    /// The length in a header, with every nonce filled in and "; " after each directive.
    length: usize,
}

/// Holds one directive.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: Cow<'static, str>,
    pub(super) list: List,
    /// The sources or other words; `'none'` has no words.
    pub(super) words: Box<[Word]>,
    /// The directive's place in the text of the policy.
    pub(super) text: Range<usize>,
    pub(super) has_nonce: bool,
}

/// Represents the kind of list that a directive's words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// Sources; an empty list is printed as `'none'`.
    Sources(SourceDirective),
    /// Frame ancestors; an empty list is printed as `'none'`.
    Ancestors,
    /// Anything else; an empty list is printed as nothing.
    Other,
}

impl List {
    pub(super) fn of(name: &str, kind: Option<Kind>) -> Self {
        match kind {
            Some(Kind::Ancestors) => Self::Ancestors,
            Some(Kind::Sources(_)) => {
                SourceDirective::named(name).map_or(Self::Other, Self::Sources)
            }
            _ => Self::Other,
        }
    }

    /// Returns the word that an empty list is printed as, or `None` for a list with words.
    pub(super) fn if_empty(self, words: &[Word]) -> Option<&'static str> {
        match self {
            Self::Sources(_) | Self::Ancestors if words.is_empty() => Some(NONE),
            _ => None,
        }
    }
}

impl Parts {
    pub(crate) fn new(policy: &ContentSecurityPolicy) -> Self {
        let mut text = String::with_capacity(policy.text.len());
        let list: Box<[Part]> = match &policy.text {
            Cow::Borrowed(policy) => {
                let policy: &'static str = policy;
                let directives = Directive::split(policy);
                directives.map(|one| Part::new(one, Cow::Borrowed, &mut text)).collect()
            }
            Cow::Owned(policy) => Directive::split(policy)
                .map(|one| Part::new(one, |word| word.to_owned().into(), &mut text))
                .collect(),
        };
        let length = list.iter().map(|part| part.sent_length() + "; ".len()).sum();
        Self(Arc::new(Inner { list, text: text.into(), length }))
    }

    pub(super) fn get(&self) -> &[Part] {
        &self.0.list
    }

    pub(super) fn text(&self) -> &str {
        &self.0.text
    }

    /// Returns the length in a header: see [`Inner`].
    pub(super) fn length(&self) -> usize {
        self.0.length
    }
}

impl Part {
    /// Splits a directive, and prints it at the end of `text`.
    fn new<'a>(
        directive: Directive<'a>,
        keep: fn(&'a str) -> Cow<'static, str>,
        text: &mut String,
    ) -> Self {
        let list = List::of(directive.name(), directive.kind());
        let word = |text: &'a str| match list {
            List::Sources(_) | List::Ancestors => Word::source(keep(text)),
            List::Other => Word::new(keep(text), Sort::Other),
        };
        let words =
            directive.values().filter(|text| list == List::Other || *text != NONE).map(word);
        let words: Box<[Word]> = words.collect();
        text.push_str(if text.is_empty() { "" } else { "; " });
        let start = text.len();
        text.push_str(directive.name());
        for word in words.iter().map(Word::as_str).chain(list.if_empty(&words)) {
            text.push(' ');
            text.push_str(word);
        }
        let has_nonce = words.iter().any(|word| word.sort().is_nonce());
        Self { name: keep(directive.name()), list, words, text: start..text.len(), has_nonce }
    }

    fn sent_length(&self) -> usize {
        let words: usize = self.words.iter().map(|word| " ".len() + word.sent_length()).sum();
        let none = self.list.if_empty(&self.words).map_or(0, |none| " ".len() + none.len());
        self.name.len() + words + none
    }
}
