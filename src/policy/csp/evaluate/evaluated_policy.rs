//! Holds the policies of an evaluator.

use crate::policy::csp::{
    directive::Directive, received::ReceivedPolicy, value::ContentSecurityPolicy,
};

/// Represents a policy that an [`Evaluator`](crate::csp::Evaluator) evaluates: a
/// [`ReceivedPolicy`], or a [`ContentSecurityPolicy`].
///
/// The two differ in `'nonce-{}'`: in a [`ContentSecurityPolicy`] it is the placeholder of each
/// response's own nonce, and in a [`ReceivedPolicy`] it is a word that browsers ignore.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, csp::{EvaluatedPolicy, ReceivedPolicy}};
///
/// let own = ContentSecurityPolicy::from_static("script-src 'nonce-{}'");
/// let received = ReceivedPolicy::parse_list(b"script-src 'nonce-{}'").remove(0);
/// assert_ne!(EvaluatedPolicy::from(&own), EvaluatedPolicy::from(received));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EvaluatedPolicy {
    policy: ReceivedPolicy,
    pub(super) placeholder: Placeholder,
}

/// Defines the meaning of `'nonce-{}'` in a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Placeholder {
    /// It is a word that browsers get, and ignore.
    Word,
    /// It represents each response's own nonce.
    Nonce,
}

impl EvaluatedPolicy {
    /// Returns the directives that browsers read, in order.
    pub(super) fn directives(&self) -> impl Iterator<Item = Directive<'_>> {
        self.policy.directives()
    }

    /// Returns the directive with this name, in any letter case.
    pub(super) fn get(&self, name: &str) -> Option<Directive<'_>> {
        self.policy.get(name)
    }
}

impl From<ReceivedPolicy> for EvaluatedPolicy {
    fn from(policy: ReceivedPolicy) -> Self {
        Self { policy, placeholder: Placeholder::Word }
    }
}

impl From<&ContentSecurityPolicy> for EvaluatedPolicy {
    /// Reads the policy's text as a browser does, except for `'nonce-{}'`.
    fn from(policy: &ContentSecurityPolicy) -> Self {
        let policy = ReceivedPolicy::read(policy.to_string().as_bytes(), 0);
        Self { policy, placeholder: Placeholder::Nonce }
    }
}
