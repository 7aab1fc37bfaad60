//! Judges `Content-Security-Policy`.
//!
//! A response can have several policies, and a browser enforces all of them. Something is allowed
//! only if each policy allows it.

use http::HeaderMap;

use super::{csp_policy::Policy, verdict::Verdict};
use crate::{audit::received::lines, request::Scheme};

/// Sources that allow every host.
const BROAD: [&str; 8] =
    ["ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"];

/// Results that the Observatory counts as failed.
const FAILED: [&str; 3] = [
    "csp-implemented-with-insecure-scheme",
    "csp-implemented-with-unsafe-eval",
    "csp-implemented-with-unsafe-inline",
];

/// Holds the result, and a fact for the rule of `X-Frame-Options`.
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    pub(super) has_frame_ancestors: bool,
}

/// Judges the policies of a response.
pub(super) fn judge(headers: &HeaderMap, scheme: Scheme) -> Judged {
    let is_watched = headers.contains_key("content-security-policy-report-only");
    let mut policies = Vec::new();
    for line in lines(headers, "content-security-policy") {
        match Policy::read_line(&line) {
            Some(read) => policies.extend(read),
            None => return Judged::new("csp-header-invalid", None, false),
        }
    }
    let has_frame_ancestors = policies.iter().any(|policy| policy.has("frame-ancestors"));
    if policies.is_empty() {
        let absent = match is_watched {
            true => "csp-not-implemented-but-reporting-enabled",
            false => "csp-not-implemented",
        };
        return Judged::new(absent, None, false);
    }
    let (id, directive) = result(&policies, scheme);
    Judged::new(id, directive, has_frame_ancestors)
}

impl Judged {
    fn new(id: &'static str, directive: Option<&str>, has_frame_ancestors: bool) -> Self {
        let verdict = Verdict { directive: directive.map(str::to_owned), ..Verdict::new(id) };
        Self { verdict, has_frame_ancestors }
    }
}

/// Returns the first result that applies, and its directive.
fn result(policies: &[Policy], scheme: Scheme) -> (&'static str, Option<&'static str>) {
    let is_dynamic = |policy: &Policy| {
        policy.sources("script-src").any(|source| source == "'strict-dynamic'")
            && !policy.has_script_nonce()
    };
    if policies.iter().any(is_dynamic) {
        return ("csp-header-invalid", Some("script-src"));
    }
    let result = weakness(policies, scheme).unwrap_or_else(|| {
        let is_closed = policies.iter().any(denies_by_default);
        let none = "csp-implemented-with-no-unsafe-default-src-none";
        (if is_closed { none } else { "csp-implemented-with-no-unsafe" }, None)
    });
    let has_repeat = policies.iter().any(|policy| policy.has_repeat);
    if has_repeat && !FAILED.contains(&result.0) {
        return ("csp-implemented-but-duplicate-directives", None);
    }
    result
}

/// Returns the most important weakness, and its directive.
fn weakness(policies: &[Policy], scheme: Scheme) -> Option<(&'static str, Option<&'static str>)> {
    let all = |directive: &str, is_weak: fn(&str) -> bool| {
        policies.iter().all(|policy| policy.sources(directive).any(is_weak))
    };
    let is_https = scheme != Scheme::Http;
    Some(if all("script-src", is_unsafe) {
        ("csp-implemented-with-unsafe-inline", Some("script-src"))
    } else if all("object-src", is_broad) {
        ("csp-implemented-with-unsafe-inline", Some("object-src"))
    } else if is_https && policies.iter().all(|policy| policy.active().any(is_clear_text)) {
        ("csp-implemented-with-insecure-scheme", None)
    } else if all("script-src", is_eval) || all("style-src", is_eval) {
        ("csp-implemented-with-unsafe-eval", Some("script-src"))
    } else if is_https && (all("img-src", is_clear_text) || all("media-src", is_clear_text)) {
        ("csp-implemented-with-insecure-scheme-in-passive-content-only", None)
    } else if all("style-src", is_unsafe) {
        ("csp-implemented-with-unsafe-inline-in-style-src-only", Some("style-src"))
    } else {
        return None;
    })
}

fn is_broad(source: &str) -> bool {
    BROAD.contains(&source)
}

fn is_unsafe(source: &str) -> bool {
    is_broad(source) || ["'unsafe-inline'", "data:"].contains(&source)
}

fn is_clear_text(source: &str) -> bool {
    source.starts_with("http:") || source.starts_with("ftp:")
}

fn is_eval(source: &str) -> bool {
    source == "'unsafe-eval'"
}

fn denies_by_default(policy: &Policy) -> bool {
    policy.has("default-src") && policy.sources("default-src").eq(["'none'"])
}
