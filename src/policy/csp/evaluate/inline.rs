//! Decides on inline code and style (CSP3 section 4.2.3).

use super::{
    evaluation::Verdict, inline_kind::InlineKind, load::Load, policy::Policy, source_list::Answer,
    trusted_types,
};

/// Decides on inline code or style.
pub(super) fn inline(policy: &Policy<'_>, kind: InlineKind, load: &Load) -> Verdict {
    if kind == InlineKind::JavascriptUrl {
        // No default policy of Trusted Types is known, which could convert the URL.
        let sink = trusted_types::sink(policy);
        if !sink.is_allowed {
            return sink;
        }
    }
    let Some(limit) = policy.limit(kind.effective_directive()) else {
        return Verdict::unlimited();
    };
    match limit.list.inline(kind, &load.nonce, &load.text) {
        Answer::Allows(source) => Verdict::allowed(limit.directive, Some(source)),
        Answer::Blocks(source) => Verdict::blocked(limit.directive, source),
    }
}
