//! Decides on Trusted Types ([CSP directives](https://w3c.github.io/trusted-types/dist/spec/#csp-integration)).

use super::{evaluation::Verdict, load::PolicyName, policy::Policy};
use crate::policy::csp::grammar::scanner::is_policy_name;

const SINKS: &str = "require-trusted-types-for";
const POLICIES: &str = "trusted-types";

/// Decides on a plain string that is given to a sink of script.
pub(super) fn sink(policy: &Policy<'_>) -> Verdict {
    match policy.policy.get(SINKS) {
        None => Verdict::unlimited(),
        Some(_) if policy.has(SINKS, "'script'") => Verdict::blocked(SINKS, Some("'script'")),
        Some(_) => Verdict::allowed(SINKS, None),
    }
}

/// Decides on the creation of a policy of Trusted Types.
pub(super) fn create(policy: &Policy<'_>, name: &str, used: PolicyName) -> Verdict {
    let Some(directive) = policy.policy.get(POLICIES) else { return Verdict::unlimited() };
    if used == PolicyName::Used && !policy.has(POLICIES, "'allow-duplicates'") {
        return Verdict::blocked(POLICIES, None);
    }
    let is_name = is_policy_name(name.as_bytes(), 0, name.len());
    let allows = |word: &&str| is_name && (*word == "*" || *word == name);
    match directive.values().find(allows) {
        None => Verdict::blocked(POLICIES, None),
        source => Verdict::allowed(POLICIES, source),
    }
}
