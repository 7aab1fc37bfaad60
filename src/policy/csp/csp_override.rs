//! Changes the policies of one response, as decided by the handler of the
//! request.

use std::{borrow::Cow, sync::Arc};

use super::{
    addition::Addition, build::check_removable, disposition::Disposition, parts::Parts,
    source::Source, source_directive::SourceDirective, value::ContentSecurityPolicy,
};
use crate::error::ParseError;

/// Changes the content policies of one response. A handler inserts it into the
/// response's extensions.
///
/// The order of the calls does not matter: first a policy is replaced, then sources are added,
/// then directives are removed. The verbs that end in `_report_only` do the same with the layers'
/// report-only policy. Build it once and clone it for each response, since building parses text.
///
/// Layers apply it to the policy that they send, overriding ones too; a policy that is appended to
/// others is not changed. A layer without a policy sends none, and a header that the handler itself
/// set is kept as it would be without the override. If the policy's `frame-ancestors` becomes
/// neither `'none'` nor `'self'`, a [`HardeningLayer`](crate::HardeningLayer) omits
/// `X-Frame-Options`. Apply the same override to a `304`: its headers replace those of the cached
/// page. A request cannot contain an override. A nonce in the override has an effect only if the
/// layer's own policy has one; otherwise it is left out, with an event (feature `tracing`).
///
/// ```
/// use tower_hardening::csp::{CspOverride, Source, SourceDirective};
///
/// let tiles = Source::host("https://tiles.example")?;
/// let change = CspOverride::new()
///     .extend(SourceDirective::IMG_SRC, [tiles])?
///     .disable_report_only("a page with a thousand violations");
/// let mut response = http::Response::new("a page with a map");
/// response.extensions_mut().insert(change);
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct CspOverride(Arc<Vec<Change>>);

/// Holds the change of one header. An override has at most one for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(super) disposition: Disposition,
    pub(super) replacement: Option<Parts>,
    pub(super) additions: Vec<Addition>,
    pub(super) removals: Vec<Cow<'static, str>>,
    pub(super) disabled: Option<Cow<'static, str>>,
}

impl CspOverride {
    /// Creates an override that changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the policy, and the sources that a layer's hook added to it.
    pub fn replace(self, policy: ContentSecurityPolicy) -> Self {
        self.replace_in(Disposition::Enforce, &policy)
    }

    /// Replaces the report-only policy.
    pub fn replace_report_only(self, policy: ContentSecurityPolicy) -> Self {
        self.replace_in(Disposition::Report, &policy)
    }

    /// Adds sources: see [`ContentSecurityPolicy::extend`].
    ///
    /// A source that would make the response's policy longer than 8192 bytes is left out, with an
    /// event (feature `tracing`), and the rest of the policy is sent.
    ///
    /// # Errors
    ///
    /// Returns an error for a source that has no effect in the directive, such as a nonce in
    /// `img-src`.
    pub fn extend(
        self,
        directive: SourceDirective,
        sources: impl IntoIterator<Item = Source>,
    ) -> Result<Self, ParseError> {
        self.extend_in(Disposition::Enforce, directive, sources)
    }

    /// Adds sources to the report-only policy: see [`extend`](Self::extend).
    ///
    /// # Errors
    ///
    /// Returns an error for a source that has no effect in the directive.
    pub fn extend_report_only(
        self,
        directive: SourceDirective,
        sources: impl IntoIterator<Item = Source>,
    ) -> Result<Self, ParseError> {
        self.extend_in(Disposition::Report, directive, sources)
    }

    /// Removes the directive with this name, in any letter case.
    ///
    /// # Errors
    ///
    /// Returns an error for a name that is not a directive, such as a misspelt one.
    pub fn remove(self, name: impl Into<Cow<'static, str>>) -> Result<Self, ParseError> {
        self.remove_in(Disposition::Enforce, name.into())
    }

    /// Removes the directive with this name from the report-only policy.
    ///
    /// # Errors
    ///
    /// Returns an error for a name that is not a directive.
    pub fn remove_report_only(
        self,
        name: impl Into<Cow<'static, str>>,
    ) -> Result<Self, ParseError> {
        self.remove_in(Disposition::Report, name.into())
    }

    /// Sends no enforced policy. The reason is logged (feature `tracing`).
    pub fn disable(self, reason: impl Into<Cow<'static, str>>) -> Self {
        self.disable_in(Disposition::Enforce, reason.into())
    }

    /// Sends no report-only policy. The reason is logged (feature `tracing`).
    pub fn disable_report_only(self, reason: impl Into<Cow<'static, str>>) -> Self {
        self.disable_in(Disposition::Report, reason.into())
    }

    /// Returns the change of this header, if there is one.
    pub(crate) fn of(&self, disposition: Disposition) -> Option<&Change> {
        self.0.iter().find(|change| change.disposition == disposition)
    }

    /// Adds the change of an outer override, for a header that this override does not change.
    pub(crate) fn over(mut self, outer: &Self) -> Self {
        let added = outer.0.iter().filter(|change| self.of(change.disposition).is_none());
        let added: Vec<_> = added.cloned().collect();
        Arc::make_mut(&mut self.0).extend(added);
        self
    }

    fn replace_in(mut self, disposition: Disposition, policy: &ContentSecurityPolicy) -> Self {
        self.edit(disposition).replacement = Some(Parts::new(policy));
        self
    }

    fn extend_in(
        mut self,
        disposition: Disposition,
        directive: SourceDirective,
        sources: impl IntoIterator<Item = Source>,
    ) -> Result<Self, ParseError> {
        for source in sources {
            directive.check([source.word()])?;
            self.edit(disposition).additions.push(Addition::source(directive, source));
        }
        Ok(self)
    }

    fn remove_in(
        mut self,
        disposition: Disposition,
        name: Cow<'static, str>,
    ) -> Result<Self, ParseError> {
        check_removable(&name)?;
        self.edit(disposition).removals.push(name);
        Ok(self)
    }

    fn disable_in(mut self, disposition: Disposition, reason: Cow<'static, str>) -> Self {
        self.edit(disposition).disabled = Some(reason);
        self
    }

    /// Returns the change of this header, to edit it.
    fn edit(&mut self, disposition: Disposition) -> &mut Change {
        let changes = Arc::make_mut(&mut self.0);
        let place = changes.iter().position(|change| change.disposition == disposition);
        let place = place.unwrap_or_else(|| {
            changes.push(Change::of(disposition));
            changes.len() - 1
        });
        &mut changes[place]
    }
}

impl Change {
    fn of(disposition: Disposition) -> Self {
        Self {
            disposition,
            replacement: None,
            additions: Vec::new(),
            removals: Vec::new(),
            disabled: None,
        }
    }
}
