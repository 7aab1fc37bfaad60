//! Changing a policy directive by directive.

use std::{borrow::Cow, collections::BTreeSet};

use super::{ContentSecurityPolicy, Directive, Source, SourceDirective, check, print};
use crate::ParseError;

impl ContentSecurityPolicy {
    /// Sets a directive to these sources; none at all is `'none'`.
    ///
    /// An error where a source has no effect in the directive, like a nonce in `img-src`, or where
    /// the policy would be longer than 8192 bytes.
    pub fn replace(
        self,
        directive: SourceDirective,
        sources: impl IntoIterator<Item = Source>,
    ) -> Result<Self, ParseError> {
        self.replaced(directive, &Vec::from_iter(sources))
    }

    fn replaced(&self, directive: SourceDirective, sources: &[Source]) -> Result<Self, ParseError> {
        directive.check(sources)?;
        let sources: Vec<&str> = sources.iter().map(Source::as_str).collect();
        self.set(directive.name(), &sources).within_limit()
    }

    /// Adds sources to a directive. One that is absent starts from what a browser goes by in its
    /// absence, the nearest of [`fallback`](SourceDirective::fallback) that is here; where that is
    /// nothing, all is allowed already, and the directive stays absent. `base-uri` and
    /// `form-action` have no fallback and start from nothing.
    ///
    /// An error as in [`replace`](Self::replace), and for a nonce that there is no directive for.
    pub fn extend(
        self,
        directive: SourceDirective,
        sources: impl IntoIterator<Item = Source>,
    ) -> Result<Self, ParseError> {
        self.extended(directive, &Vec::from_iter(sources))
    }

    pub(super) fn extended(
        &self,
        directive: SourceDirective,
        sources: &[Source],
    ) -> Result<Self, ParseError> {
        directive.check(sources)?;
        let present = self.effective(directive);
        if present.is_none() && directive.is_fetch() {
            return match sources.iter().any(|source| check::is_nonce(source.as_str())) {
                true => Err(directive.absent()),
                false => Ok(self.clone()),
            };
        }
        let mut all = present.map_or_else(Vec::new, |present| directive.inherited(present));
        all.extend(sources.iter().map(Source::as_str));
        self.set(directive.name(), &all).within_limit()
    }

    /// Takes the directive of that name out.
    pub fn remove(self, name: &str) -> Self {
        let mut kept = self.list();
        kept.retain(|directive| !directive.is(name));
        Self { text: Cow::Owned(print(&kept)) }
    }

    pub(super) fn set(&self, name: &str, values: &[&str]) -> Self {
        let mut seen = BTreeSet::new();
        let mut list = values.to_vec();
        list.retain(|value| seen.insert((*value).to_owned()));
        if list.is_empty() {
            list.push("'none'");
        }
        self.put(name, &list.join(" "))
    }

    /// Puts a directive in the place of its namesake, or at the end.
    pub(super) fn put(&self, name: &str, value: &str) -> Self {
        let new = Directive { name, value };
        let mut list = self.list();
        match list.iter_mut().find(|old| old.is(name)) {
            Some(old) => *old = new,
            None => list.push(new),
        }
        Self { text: Cow::Owned(print(&list)) }
    }

    /// The policy, if proxies and servers take it.
    pub(super) fn within_limit(self) -> Result<Self, ParseError> {
        match self.sent_length() > check::LONGEST {
            true => Err(check::too_long(&self.text)),
            false => Ok(self),
        }
    }
}
