//! Defines one source that is added to the policy of a single response.

use super::{
    source::{FrameAncestor, Source},
    source_directive::SourceDirective,
    word::Word,
};

/// Represents one source that is added to the policy of a single response. It comes from a hook
/// ([`CspLayer::with_sources`](crate::CspLayer::with_sources)) or from a
/// [`CspOverride`](crate::csp::CspOverride).
///
/// Parse a tenant's sources when they are configured, and clone them for each response:
///
/// ```
/// use tower_hardening::{
///     ContentSecurityPolicy, CspLayer, csp::{Addition, Source, SourceDirective},
/// };
///
/// let cdn = Source::host("https://cdn.tenant.example")?;
/// let addition = Addition::source(SourceDirective::IMG_SRC, cdn);
/// let layer = CspLayer::new(ContentSecurityPolicy::NONE)
///     .with_sources(move |_request| [addition.clone()]);
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct Addition(pub(super) Added);

/// Represents the directive and the source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Added {
    Source(SourceDirective, Source),
    FrameAncestor(FrameAncestor),
}

impl Addition {
    /// Adds a source to this directive.
    pub const fn source(directive: SourceDirective, source: Source) -> Self {
        Self(Added::Source(directive, source))
    }

    pub(super) fn word(&self) -> &Word {
        match &self.0 {
            Added::Source(_, source) => source.word(),
            Added::FrameAncestor(ancestor) => ancestor.word(),
        }
    }

    /// Allows a page to frame the response: adds a member to
    /// `frame-ancestors`.
    pub fn frame_ancestor(ancestor: FrameAncestor) -> Self {
        Self(Added::FrameAncestor(ancestor))
    }
}
