//! Decides on the base of a page, on forms, and on frames around the page (CSP3 sections 6.3 and
//! 6.4).

use super::{evaluation::Verdict, load::Load, matching::Hop, policy::Policy};
use crate::request::WebUrl;

/// Decides on a `<base>`.
pub(super) fn base(policy: &Policy<'_>, url: &WebUrl) -> Verdict {
    matching(policy, "base-uri", url, Hop::First)
}

/// Decides on a form. Each redirect is checked too.
pub(super) fn form_action(policy: &Policy<'_>, url: &WebUrl, load: &Load) -> Verdict {
    let verdict = matching(policy, "form-action", url, Hop::First);
    let mut redirects =
        load.redirects.iter().map(|url| matching(policy, "form-action", url, Hop::Redirected));
    match redirects.find(|redirect| !redirect.is_allowed).filter(|_| verdict.is_allowed) {
        Some(blocked) => blocked,
        None => verdict,
    }
}

/// Decides on the frames around a page. Each of them must match.
pub(super) fn framed_by(policy: &Policy<'_>, ancestors: &[WebUrl]) -> Verdict {
    let verdicts: Vec<Verdict> =
        ancestors.iter().map(|url| matching(policy, "frame-ancestors", url, Hop::First)).collect();
    let blocked = verdicts.iter().find(|verdict| !verdict.is_allowed);
    blocked.or_else(|| verdicts.first()).cloned().unwrap_or_else(Verdict::unlimited)
}

fn matching(policy: &Policy<'_>, name: &'static str, url: &WebUrl, hop: Hop) -> Verdict {
    let Some(limit) = policy.limit(name) else { return Verdict::unlimited() };
    match limit.list.matching_url(&policy.request(url, hop)) {
        None => Verdict::blocked(limit.directive, None),
        source => Verdict::allowed(limit.directive, source),
    }
}
