//! Judges the headers with one value, and the answers to other requests.

use http::HeaderMap;

use super::verdict::Verdict;
use crate::{
    audit::{
        fix::Fix,
        observation::Observation,
        received::{joined, lines},
        redirection::Redirection,
    },
    policy::header::{ReceivedReferrerPolicy, ReceivedStrictTransportSecurity},
    request::Scheme,
};

/// The least `max-age`, in seconds: 180 days, which many sites take for six months.
const SIX_MONTHS: u64 = 180 * 24 * 60 * 60;

/// Policies that do not give the path of a page to other sites, nor its origin to http.
const PRIVATE: [&str; 4] =
    ["no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"];

/// Judges `Strict-Transport-Security`.
pub(super) fn transport(observation: &Observation<'_>) -> Verdict {
    if observation.scheme == Scheme::Http {
        // Browsers ignore the header over http.
        let fix = Some(Fix::redirect());
        return Verdict { fix, ..Verdict::new("hsts-not-implemented-no-https") };
    }
    if observation.is_preloaded {
        return Verdict::new("hsts-preloaded");
    }
    let Some(text) = joined(observation.headers, "strict-transport-security") else {
        return Verdict::new("hsts-not-implemented");
    };
    Verdict::new(match ReceivedStrictTransportSecurity::parse(&text) {
        Ok(policy) if policy.max_age().as_secs() >= SIX_MONTHS => {
            "hsts-implemented-max-age-at-least-six-months"
        }
        Ok(_) => "hsts-implemented-max-age-less-than-six-months",
        Err(_) => "hsts-header-invalid",
    })
}

/// Judges `Referrer-Policy`.
pub(super) fn referrer(headers: &HeaderMap) -> Verdict {
    let Some(text) = joined(headers, "referrer-policy") else {
        return Verdict::new("referrer-policy-not-implemented");
    };
    Verdict::new(match ReceivedReferrerPolicy::parse(&text).policy() {
        None => "referrer-policy-header-invalid",
        Some(policy) if PRIVATE.contains(&policy) => "referrer-policy-private",
        Some(_) => "referrer-policy-unsafe",
    })
}

/// Judges `X-Content-Type-Options`.
pub(super) fn content_type(headers: &HeaderMap) -> Verdict {
    Verdict::new(match value(headers, "x-content-type-options").as_deref() {
        None => "x-content-type-options-not-implemented",
        Some("nosniff") => "x-content-type-options-nosniff",
        Some(_) => "x-content-type-options-header-invalid",
    })
}

/// Judges `X-Frame-Options`, which `frame-ancestors` replaces.
pub(super) fn frames(headers: &HeaderMap, has_frame_ancestors: bool) -> Verdict {
    Verdict::new(match value(headers, "x-frame-options").as_deref() {
        _ if has_frame_ancestors => "x-frame-options-implemented-via-csp",
        None => "x-frame-options-not-implemented",
        Some("deny" | "sameorigin") => "x-frame-options-sameorigin-or-deny",
        Some(other) if other.starts_with("allow-from") => "x-frame-options-allow-from-origin",
        Some(_) => "x-frame-options-header-invalid",
    })
}

/// Judges `Cross-Origin-Resource-Policy`.
pub(super) fn resource(headers: &HeaderMap) -> Verdict {
    Verdict::new(match value(headers, "cross-origin-resource-policy").as_deref() {
        None => "corp-not-implemented",
        Some("same-origin") => "corp-implemented-with-same-origin",
        Some("same-site") => "corp-implemented-with-same-site",
        Some("cross-origin") => "corp-implemented-with-cross-origin",
        Some(_) => "corp-header-invalid",
    })
}

/// Judges the answer to a CORS preflight request from a foreign origin.
pub(super) fn cors(origin: &str, headers: &HeaderMap) -> Verdict {
    let mut allowed = lines(headers, "access-control-allow-origin");
    let has_credentials =
        value(headers, "access-control-allow-credentials").is_some_and(|value| value == "true");
    let id = match allowed.next().as_deref() {
        None | Some("") => "cross-origin-resource-sharing-not-implemented",
        Some("*") => "cross-origin-resource-sharing-implemented-with-public-access",
        Some(allowed) if allowed == origin && has_credentials => {
            "cross-origin-resource-sharing-implemented-with-universal-access"
        }
        Some(_) => "cross-origin-resource-sharing-implemented-with-restricted-access",
    };
    Verdict { fix: Some(Fix::remove("access-control-allow-credentials")), ..Verdict::new(id) }
}

/// Judges the answer to a request over http.
pub(super) fn redirection(redirection: Redirection) -> Verdict {
    let fix = match redirection {
        Redirection::OffHost => Fix::redirect_to_same_host(),
        _ => Fix::redirect(),
    };
    Verdict { fix: Some(fix), ..Verdict::new(redirection.id()) }
}

/// Returns the value of a header, in lower case. An empty value is like an absent header.
fn value(headers: &HeaderMap, name: &str) -> Option<String> {
    let text = joined(headers, name)?.trim().to_ascii_lowercase();
    (!text.is_empty()).then_some(text)
}
