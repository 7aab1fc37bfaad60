//! Decides on fetches: the pre-request checks of CSP3 section 6.1.

use super::{
    destination::Destination,
    evaluation::Verdict,
    load::{Insertion, Load},
    matching::{Hop, Request, Rules},
    policy::{Limit, Policy},
};
use crate::request::WebUrl;

/// Decides on a fetch and its redirects.
pub(super) fn fetch(
    policy: &Policy<'_>,
    destination: Destination,
    first: &WebUrl,
    load: &Load,
) -> Verdict {
    let decide = |url: &WebUrl, hop| {
        let url = requested(url, policy.rules);
        decide(policy, destination, load, &policy.request(&url, hop))
    };
    let verdict = decide(first, Hop::First);
    if !verdict.is_allowed {
        return verdict;
    }
    let mut redirects = load.redirects.iter().map(|url| decide(url, Hop::Redirected));
    redirects.find(|redirect| !redirect.is_allowed).unwrap_or(verdict)
}

/// Returns the URL that is fetched: the Fetch standard gives a WebSocket the scheme `http` or
/// `https`, and engines do not.
fn requested(url: &WebUrl, rules: Rules) -> WebUrl {
    match (url.scheme(), rules) {
        ("ws", Rules::Standard) => url.with_scheme("http"),
        ("wss", Rules::Standard) => url.with_scheme("https"),
        _ => url.clone(),
    }
}

fn decide(
    policy: &Policy<'_>,
    destination: Destination,
    load: &Load,
    request: &Request<'_>,
) -> Verdict {
    if destination == Destination::Prefetch {
        return prefetch(policy, request);
    }
    let limit = destination.directive().and_then(|effective| policy.limit(effective));
    let Some(limit) = limit else { return Verdict::unlimited() };
    let is_script = destination.is_script_like()
        && (destination.directive() == Some("script-src-elem") || limit.directive == "script-src");
    if is_script {
        return script(&limit, load, request);
    }
    let nonce = match destination {
        Destination::Style => limit.list.matching_nonce(&load.nonce),
        _ => None,
    };
    let source = nonce.or_else(|| limit.list.matching_url(request));
    match source {
        Some(_) => Verdict::allowed(limit.directive, source),
        None => Verdict::blocked(limit.directive, None),
    }
}

/// Decides on a load that runs as script (CSP3 section 6.7.1.1).
fn script(limit: &Limit<'_>, load: &Load, request: &Request<'_>) -> Verdict {
    let list = &limit.list;
    let trusted =
        list.matching_nonce(&load.nonce).or_else(|| list.matching_integrity(&load.integrity));
    if trusted.is_some() {
        return Verdict::allowed(limit.directive, trusted);
    }
    if let Some(dynamic) = list.keyword("'strict-dynamic'") {
        return match load.insertion {
            Insertion::Script => Verdict::allowed(limit.directive, Some(dynamic)),
            Insertion::Parser => Verdict::blocked(limit.directive, Some(dynamic)),
        };
    }
    match list.matching_url(request) {
        None => Verdict::blocked(limit.directive, None),
        source => Verdict::allowed(limit.directive, source),
    }
}

/// Decides on a resource hint (CSP3 section 4.1.2): it is allowed if any directive allows it, or if
/// there is no `default-src`.
fn prefetch(policy: &Policy<'_>, request: &Request<'_>) -> Verdict {
    if policy.policy.get("default-src").is_none() {
        return Verdict::unlimited();
    }
    for limit in policy.fetch_limits() {
        if let Some(source) = limit.list.matching_url(request) {
            return Verdict::allowed(limit.directive, Some(source));
        }
    }
    Verdict::blocked("default-src", None)
}
