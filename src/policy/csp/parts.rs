//! Splits a policy once, so that a response's own policy needs no parsing.

use std::{borrow::Cow, iter, sync::Arc};

use super::{
    directive::{Directive, SourceDirective},
    value::ContentSecurityPolicy,
    word::{Sort, Word},
};
use crate::policy::csp::grammar::tables::{Kind, NONE};

/// The directives of a policy, each with its words. A clone is cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts(Arc<[Part]>);

/// One directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: Cow<'static, str>,
    pub(super) list: List,
    /// The sources or other words; `'none'` has no words.
    pub(super) words: Vec<Word>,
    /// The name and the words as they are printed.
    ///
    /// A response's own policy copies this text where the directive is not changed.
    pub(super) text: Box<str>,
    pub(super) has_nonce: bool,
}

/// The kind of list that a directive's words are.
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

    /// Returns the word for an empty list.
    pub(super) fn if_empty(self) -> &'static str {
        match self {
            Self::Sources(_) | Self::Ancestors => NONE,
            Self::Other => "",
        }
    }
}

impl Parts {
    pub(crate) fn new(policy: &ContentSecurityPolicy) -> Self {
        Self(match &policy.text {
            Cow::Borrowed(text) => {
                let text: &'static str = text;
                Directive::split(text).map(|one| Part::new(one, Cow::Borrowed)).collect()
            }
            Cow::Owned(text) => Directive::split(text)
                .map(|one| Part::new(one, |word| word.to_owned().into()))
                .collect(),
        })
    }

    pub(super) fn get(&self) -> &[Part] {
        &self.0
    }
}

impl Part {
    fn new<'a>(directive: Directive<'a>, keep: fn(&'a str) -> Cow<'static, str>) -> Self {
        let list = List::of(directive.name(), directive.kind());
        let word = |text: &'a str| match list {
            List::Sources(_) | List::Ancestors => Word::source(keep(text)),
            List::Other => Word::new(keep(text), Sort::Other),
        };
        let words =
            directive.values().filter(|text| list == List::Other || *text != NONE).map(word);
        Self::of_words(keep(directive.name()), list, words.collect())
    }

    pub(super) fn of_words(name: Cow<'static, str>, list: List, words: Vec<Word>) -> Self {
        let words_text = words.iter().flat_map(|word| [" ", word.as_str()]);
        let text = iter::once(&*name).chain(words_text).collect::<String>().into();
        let has_nonce = words.iter().any(|word| word.sort().is_nonce());
        Self { name, list, words, text, has_nonce }
    }
}
