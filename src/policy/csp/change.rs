//! A policy for one response, from the handler that made it.

use std::borrow::Cow;

use super::{ContentSecurityPolicy, Source, SourceDirective};
use crate::event;

/// A change to the enforced policy for one response: a handler puts it into the response's
/// extensions.
///
/// Whatever the order in which they are said: a replacement first, then additions, then removals.
/// It counts for layers that leave what is there; an overriding layer and an appended policy do not
/// ask the handler. Where the policy's `frame-ancestors` becomes neither `'none'` nor `'self'`, a
/// [`HardeningLayer`](crate::HardeningLayer) leaves `X-Frame-Options` out. A 304 is to have the change of the page that it
/// stands for, since what it says takes the place of what the browser kept. Nothing in a request can
/// make one. A nonce in it counts where the layer's own
/// policy has one; elsewhere it is left out, with an event (feature `tracing`), and no script runs
/// by it.
///
/// ```
/// use tower_hardening::{CspOverride, Source, SourceDirective};
/// # let mut response = http::Response::new(());
///
/// let map = Source::host("https://tiles.example")?;
/// response.extensions_mut().insert(CspOverride::new().extend(SourceDirective::IMG_SRC, [map]));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct CspOverride {
    replacement: Option<ContentSecurityPolicy>,
    additions: Vec<(SourceDirective, Source)>,
    removals: Vec<Cow<'static, str>>,
    off: Option<Cow<'static, str>>,
}

impl CspOverride {
    /// No change.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another policy; what a layer's hook gave goes with the one that it replaces.
    pub fn replace(self, policy: ContentSecurityPolicy) -> Self {
        Self { replacement: Some(policy), ..self }
    }

    /// More sources; see [`ContentSecurityPolicy::extend`]. What that would refuse is left out, with
    /// an event (feature `tracing`), and the rest of the policy stands.
    pub fn extend(
        mut self,
        directive: SourceDirective,
        sources: impl IntoIterator<Item = Source>,
    ) -> Self {
        self.additions.extend(sources.into_iter().map(|source| (directive, source)));
        self
    }

    /// Without the directive of that name.
    pub fn remove(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.removals.push(name.into());
        self
    }

    /// No policy at all; the reason goes to the log (feature `tracing`).
    pub fn off(self, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { off: Some(reason.into()), ..self }
    }

    /// The policy of the response, if there is to be one.
    pub(crate) fn apply(&self, policy: ContentSecurityPolicy) -> Option<ContentSecurityPolicy> {
        if let Some(reason) = &self.off {
            event::policy_off(reason);
            return None;
        }
        let policy = self.replacement.clone().unwrap_or(policy);
        let policy = policy.extend_within_limit(&self.additions);
        Some(self.removals.iter().fold(policy, |policy, name| policy.remove(name)))
    }
}

impl ContentSecurityPolicy {
    /// Adds sources as if one by one; what would make the header longer than servers and proxies
    /// take, or would do nothing, is left out, and the policy stands.
    pub(crate) fn extend_within_limit(self, additions: &[(SourceDirective, Source)]) -> Self {
        let Some((directive, source)) = additions.first() else { return self };
        if additions.iter().all(|(other, _)| other == directive) {
            let sources: Vec<Source> = additions.iter().map(|(_, one)| one.clone()).collect();
            match self.extended(*directive, &sources) {
                Ok(extended) => return extended,
                Err(error) if additions.len() == 1 => {
                    event::source_dropped(source.as_str(), error.problem());
                    return self;
                }
                Err(_) => {}
            }
        }
        let (first, second) = additions.split_at(additions.len() / 2);
        self.extend_within_limit(first).extend_within_limit(second)
    }
}
