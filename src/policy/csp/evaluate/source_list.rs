//! Answers the questions that CSP3 asks of one list of sources (section 6.7).

use super::{
    expression::{Expression, Hash},
    hashes::Text,
    inline_kind::InlineKind,
    matching::Request,
};
use crate::policy::csp::directive::Directive;

/// Holds the sources of a directive. Each word is kept as it was written, for the answer.
#[derive(Debug)]
pub(super) struct SourceList<'a> {
    sources: Vec<(&'a str, Expression<'a>)>,
}

/// Represents the answer of a list: the source that decided, if one did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer<'a> {
    Allows(&'a str),
    /// Blocks. The source is the one that turned off a source which would allow the load.
    Blocks(Option<&'a str>),
}

impl<'a> SourceList<'a> {
    /// Reads the sources of a directive.
    pub(super) fn new(directive: &Directive<'a>, read: fn(&'a str) -> Expression<'a>) -> Self {
        Self { sources: directive.values().map(|word| (word, read(word))).collect() }
    }

    /// Returns the first source that matches the URL (CSP3 section 6.7.2.7).
    pub(super) fn matching_url(&self, request: &Request<'_>) -> Option<&'a str> {
        self.first(|expression| request.matches(expression))
    }

    /// Returns the source with this nonce (CSP3 section 6.7.2.3).
    pub(super) fn matching_nonce(&self, nonce: &str) -> Option<&'a str> {
        let is_it = |expression: &Expression<'_>| match expression {
            Expression::Nonce(value) => *value == nonce,
            Expression::AnyNonce => true,
            _ => false,
        };
        if nonce.is_empty() { None } else { self.first(is_it) }
    }

    /// Returns the source of the first hash, if the list has every hash of an `integrity` attribute
    /// (CSP3 section 6.7.2.4).
    pub(super) fn matching_integrity(&self, integrity: &str) -> Option<&'a str> {
        let words = integrity.split_ascii_whitespace();
        // Options follow a hash after a '?'.
        let hashes = words.filter_map(|word| Hash::read(word.split('?').next()?));
        let mut first = None;
        for hash in hashes {
            let found = self.first(|expression| *expression == Expression::Hash(hash))?;
            first = first.or(Some(found));
        }
        first
    }

    /// Returns the keyword as it was written, if the list has it.
    pub(super) fn keyword(&self, keyword: &str) -> Option<&'a str> {
        let mut words = self.sources.iter().map(|(word, _)| *word);
        words.find(|word| word.eq_ignore_ascii_case(keyword))
    }

    /// Decides on inline code or style (CSP3 section 6.7.3.3).
    pub(super) fn inline(&self, kind: InlineKind, nonce: &str, text: &Text) -> Answer<'a> {
        let off = self.turns_off_unsafe_inline(kind);
        let all = self.keyword("'unsafe-inline'").or_else(|| {
            self.keyword("'inline-speculation-rules'")
                .filter(|_| kind == InlineKind::SpeculationRules)
        });
        if let (Some(all), None) = (all, off) {
            return Answer::Allows(all);
        }
        let is_element = kind.is_element();
        if let Some(source) = self.matching_nonce(nonce).filter(|_| is_element) {
            return Answer::Allows(source);
        }
        if is_element || self.keyword("'unsafe-hashes'").is_some() {
            let is_hash = |expression: &Expression<'_>| match expression {
                Expression::Hash(hash) => text.has(hash),
                _ => false,
            };
            if let Some(source) = self.first(is_hash) {
                return Answer::Allows(source);
            }
        }
        Answer::Blocks(off.filter(|_| all.is_some()))
    }

    /// Returns the source next to which `'unsafe-inline'` has no effect (CSP3 section 6.7.3.2).
    fn turns_off_unsafe_inline(&self, kind: InlineKind) -> Option<&'a str> {
        self.first(|expression| expression.is_nonce_or_hash())
            .or_else(|| self.keyword("'strict-dynamic'").filter(|_| kind.is_script()))
    }

    fn first(&self, is_it: impl Fn(&Expression<'_>) -> bool) -> Option<&'a str> {
        let mut sources = self.sources.iter();
        sources.find(|(_, expression)| is_it(expression)).map(|(word, _)| *word)
    }
}
