//! Decides on Trusted Types ([CSP directives](https://w3c.github.io/trusted-types/dist/spec/#csp-integration)).

use super::{evaluation::Verdict, load::PolicyName, policy::Policy};

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
    let allows = |word: &&str| *word == "*" || (*word == name && is_name(name));
    match directive.values().find(allows).filter(|_| is_name(name)) {
        None => Verdict::blocked(POLICIES, None),
        source => Verdict::allowed(POLICIES, source),
    }
}

/// Returns `true` for a name of the grammar.
fn is_name(name: &str) -> bool {
    let is_byte = |b: u8| b.is_ascii_alphanumeric() || b"-#=_/@.%".contains(&b);
    !name.is_empty() && name.bytes().all(is_byte)
}
