//! Changes a policy directive by directive.

use std::{borrow::Cow, collections::HashSet};

use super::{
    build::check_removable,
    draft::{Draft, Refusal},
    parts::{List, Parts},
    source::Source,
    source_directive::SourceDirective,
    value::ContentSecurityPolicy,
    word::{Sort, Word},
};
use crate::{
    error::ParseError,
    policy::csp::grammar::{
        scanner::{name_error, policy_error, too_long},
        tables::{NAME, row_of},
    },
};

impl ContentSecurityPolicy {
    /// Sets a directive to these sources; an empty list is `'none'`.
    ///
    /// # Errors
    ///
    /// Returns an error for a source that has no effect in the directive, such as a nonce in
    /// `img-src`, and for a policy longer than 8192 bytes.
    pub fn set(
        self,
        directive: SourceDirective,
        sources: impl IntoIterator<Item = Source>,
    ) -> Result<Self, ParseError> {
        let sources = Vec::from_iter(sources);
        directive.check(sources.iter().map(Source::word))?;
        let words = sources.iter().map(|source| source.word().clone());
        self.put(directive.name(), List::Sources(directive), words)
    }

    /// Sets a directive from its text, as strictly as `FromStr` parses a
    /// policy. This is useful for a map of names to values. `sandbox` and directives without a
    /// value accept an empty `value`.
    ///
    /// ```
    /// use tower_hardening::ContentSecurityPolicy;
    ///
    /// let policy = ContentSecurityPolicy::NONE.set_text("img-src", "'self' https://a.example")?;
    /// let error = policy.set_text("script-src", "'self' unsafe-inline").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "content-security-policy, byte 18: 'unsafe-inline' is an unquoted keyword; \
    ///      write it in single quotes",
    /// );
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error for a name that is not a directive, for a value that the directive does not
    /// accept, and for a policy longer than 8192 bytes. The position is a byte of the directive:
    /// its name, a space, and the value.
    pub fn set_text(self, name: &str, value: &str) -> Result<Self, ParseError> {
        if row_of(name).is_none() {
            return Err(name_error(name));
        }
        let text = format!("{name} {value}");
        if let Some(at) = text.find(';') {
            let problem = "';' ends the directive; pass the value of one directive";
            return Err(ParseError::new(NAME, at, problem));
        }
        if let Some(error) = policy_error(text.as_bytes()) {
            return Err(error.error(&text));
        }
        let (old, new) = (Parts::new(&self), Parts::new(&Self { text: Cow::Owned(text) }));
        let mut draft = Draft::new(&old);
        new.get().iter().for_each(|part| draft.set(&part.name, part.list, &part.words));
        Self::finish(&draft)
    }

    /// Adds sources to a directive.
    ///
    /// A directive that is absent starts with the sources of its nearest
    /// [`fallback`](SourceDirective::fallback) that is present, which browsers use until then. If
    /// none is present, every source is allowed already, and the directive stays absent. `base-uri`
    /// and `form-action` have no fallback and start with an empty list.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`set`](Self::set), and an error for a nonce if neither the directive
    /// nor a fallback is present.
    pub fn extend(
        self,
        directive: SourceDirective,
        sources: impl IntoIterator<Item = Source>,
    ) -> Result<Self, ParseError> {
        let sources = Vec::from_iter(sources);
        directive.check(sources.iter().map(Source::word))?;
        let parts = Parts::new(&self);
        let mut draft = Draft::new(&parts);
        for source in &sources {
            draft.add(directive, source).map_err(|refusal| match refusal {
                Refusal::TooLong => too_long(),
                Refusal::Absent => directive.absent(),
                Refusal::NoEffect | Refusal::AnyHost => directive.no_effect(source.word()),
            })?;
        }
        Self::finish(&draft)
    }

    /// Removes the directive with this name, in any letter case. A directive
    /// that is absent stays absent.
    ///
    /// # Errors
    ///
    /// Returns an error for a name that is not a directive, such as a misspelt one. A directive of
    /// [`dangerous_directive`](Self::dangerous_directive) is removed by its own name.
    pub fn remove(self, name: &str) -> Result<Self, ParseError> {
        if self.get(name).is_none() {
            check_removable(name)?;
            return Ok(self);
        }
        let parts = Parts::new(&self);
        let mut draft = Draft::new(&parts);
        draft.remove(name);
        Ok(Self { text: Cow::Owned(draft.print()) })
    }

    /// Sets a directive to words that are already validated, each once.
    pub(super) fn put(
        &self,
        name: &str,
        list: List,
        words: impl IntoIterator<Item = Word>,
    ) -> Result<Self, ParseError> {
        let mut seen = HashSet::new();
        let mut words = Vec::from_iter(words);
        words.retain(|word| seen.insert(word.clone()));
        self.put_list(name, list, &words)
    }

    /// Sets a directive to words that are already validated.
    pub(super) fn put_list(
        &self,
        name: &str,
        list: List,
        words: &[Word],
    ) -> Result<Self, ParseError> {
        let parts = Parts::new(self);
        let mut draft = Draft::new(&parts);
        draft.set(name, list, words);
        Self::finish(&draft)
    }

    /// Sets a directive that accepts no sources to these words.
    pub(super) fn put_words<'a>(
        &self,
        name: &str,
        words: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, ParseError> {
        let words = words.into_iter().map(|word| Word::new(word.to_owned().into(), Sort::Other));
        self.put(name, List::Other, words)
    }

    /// Returns the edited policy, if it is short enough for proxies and
    /// servers.
    fn finish(draft: &Draft<'_>) -> Result<Self, ParseError> {
        match draft.is_too_long() {
            true => Err(too_long()),
            false => Ok(Self { text: Cow::Owned(draft.print()) }),
        }
    }
}
