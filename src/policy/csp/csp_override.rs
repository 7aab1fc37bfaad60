//! Changes the policy of one response, as decided by the handler of the
//! request.

use std::{borrow::Cow, sync::Arc};

use super::{
    addition::Addition, build::check_removable, parts::Parts, source::Source,
    source_directive::SourceDirective, value::ContentSecurityPolicy,
};
use crate::error::ParseError;

/// Changes the enforced policy of one response. A handler inserts it into the
/// response's extensions.
///
/// The order of the calls does not matter: first the policy is replaced, then sources are added,
/// then directives are removed. Build it once and clone it for each response, since building parses
/// text.
///
/// Layers that leave an existing header unchanged apply it; an overriding layer and an appended
/// policy do not. If the policy's `frame-ancestors` becomes neither `'none'` nor `'self'`, a
/// [`HardeningLayer`](crate::HardeningLayer) omits `X-Frame-Options`. Apply the same override to a
/// `304`: its headers replace those of the cached page. A request cannot contain an override. A
/// nonce in the override has an effect only if the layer's own policy has one; otherwise it is left
/// out, with an event (feature `tracing`).
///
/// ```
/// use tower_hardening::csp::{CspOverride, Source, SourceDirective};
///
/// let tiles = Source::host("https://tiles.example")?;
/// let change = CspOverride::new().extend(SourceDirective::IMG_SRC, [tiles])?;
/// let mut response = http::Response::new("a page with a map");
/// response.extensions_mut().insert(change);
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct CspOverride(Arc<Change>);

/// Holds the change, which all clones of an override share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
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

    pub(super) fn get(&self) -> &Change {
        &self.0
    }

    fn edit(&mut self) -> &mut Change {
        Arc::make_mut(&mut self.0)
    }

    /// Replaces the policy, and the sources that a layer's hook added to it.
    pub fn replace(mut self, policy: ContentSecurityPolicy) -> Self {
        self.edit().replacement = Some(Parts::new(&policy));
        self
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
        mut self,
        directive: SourceDirective,
        sources: impl IntoIterator<Item = Source>,
    ) -> Result<Self, ParseError> {
        for source in sources {
            directive.check([source.word()])?;
            self.edit().additions.push(Addition::source(directive, source));
        }
        Ok(self)
    }

    /// Removes the directive with this name, in any letter case.
    ///
    /// # Errors
    ///
    /// Returns an error for a name that is not a directive, such as a misspelt one.
    pub fn remove(mut self, name: impl Into<Cow<'static, str>>) -> Result<Self, ParseError> {
        let name = name.into();
        check_removable(&name)?;
        self.edit().removals.push(name);
        Ok(self)
    }

    /// Sends no policy at all. The reason is logged (feature `tracing`).
    pub fn disable(mut self, reason: impl Into<Cow<'static, str>>) -> Self {
        self.edit().disabled = Some(reason.into());
        self
    }
}
