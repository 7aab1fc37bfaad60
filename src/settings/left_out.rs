//! Lists the names of headers, and records those that are not sent.

use std::collections::{BTreeMap, HashSet};

use super::compile::sts_refusal;
use crate::{
    policy::{
        csp::ContentSecurityPolicy,
        header::{for_each_header, is_misspelt},
    },
    request::Origin,
};

/// The number of headers above which servers and proxies refuse a response.
pub(super) const MOST: usize = 500;

/// Represents the name of an invalid header as the file writes it, and the problem.
pub(super) type HeaderFault = (String, String);

/// Headers without a type here that browsers, caches or search engines read.
const UNTYPED: &[&str] = &[
    "accept-ch",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "activate-storage-access",
    "alt-svc",
    "cdn-cache-control",
    "content-disposition",
    "content-language",
    "critical-ch",
    "expires",
    "link",
    "no-vary-search",
    "origin-trial",
    "pragma",
    "refresh",
    "retry-after",
    "server-timing",
    "service-worker-allowed",
    "sourcemap",
    "speculation-rules",
    "supports-loading-mode",
    "surrogate-control",
    "surrogate-key",
    "timing-allow-origin",
    "vary",
    "x-accel-buffering",
    "x-accel-expires",
];

/// Names by which people know a header.
const NICKNAMES: &[(&str, &str)] = &[
    ("coep", "cross-origin-embedder-policy"),
    ("content-security-policies", "content-security-policy"),
    ("coop", "cross-origin-opener-policy"),
    ("corp", "cross-origin-resource-policy"),
    ("cross-origin-policy", "cross-origin-opener-policy"),
    ("csp", "content-security-policy"),
    ("hsts", "strict-transport-security"),
    ("sts", "strict-transport-security"),
    ("xfo", "x-frame-options"),
];

/// Holds a header or a source of the file that is not sent, or whose name browsers do not know.
#[derive(Clone, Debug)]
pub(super) struct LeftOut {
    pub(super) key: String,
    pub(super) id: &'static str,
    pub(super) problem: String,
}

/// Returns the headers of a table that are set: the name as it is written and in lower case, and the
/// value.
pub(super) fn distinct<T>(
    table: &BTreeMap<String, Option<T>>,
) -> Result<Vec<(&String, String, &T)>, HeaderFault> {
    if let Some((name, _)) = table.iter().nth(MOST) {
        let problem = "there are more than 500 headers, which proxies refuse; remove some";
        return Err((name.clone(), problem.to_owned()));
    }
    let mut seen = HashSet::new();
    let mut distinct = Vec::new();
    for (name, value) in table.iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
        let lower = name.to_ascii_lowercase();
        if !seen.insert(lower.clone()) {
            return Err((name.clone(), "two spellings of one header; remove one".to_owned()));
        }
        distinct.push((name, lower, value));
    }
    Ok(distinct)
}

/// Returns the lint and the reason for which a site does not send a header of https.
///
/// `table` names the keys of the site in the remedy: `url` or `site[0]`.
pub(super) fn https_refusal(
    name: &str,
    site: &Origin,
    table: &str,
) -> Option<(&'static str, String)> {
    let is_for_https = matches!(name, "strict-transport-security" | "expect-ct");
    let refusal = is_for_https.then(|| sts_refusal(site)).flatten()?;
    Some((refusal.id, format!("not sent, {}", refusal.told(table))))
}

/// Returns the headers that have a type, in lower case.
pub(super) fn known_headers() -> impl Iterator<Item = &'static str> {
    let mut typed = vec![ContentSecurityPolicy::HEADER, ContentSecurityPolicy::REPORT_ONLY];
    macro_rules! row {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            $(typed.extend([
                crate::policy::header::$policy::HEADER,
                crate::policy::header::$policy::REPORT_ONLY,
            ]);)+
        };
    }
    for_each_header!(row);
    // A policy without a report-only header has an empty name there.
    typed.into_iter().filter(|typed| !typed.is_empty())
}

/// Returns the problem of a header that does harm or nothing on every response.
pub(super) fn misplaced(name: &str) -> Option<&'static str> {
    Some(match name {
        "content-disposition" => {
            "browsers would save every page as a file; remove it, and set it on downloads alone"
        }
        "refresh" => "browsers would reload or leave every page; remove it",
        "retry-after" => {
            "this header belongs on single responses, with the status 429 or 503; remove it"
        }
        "grpc-message" | "grpc-status" => "this header belongs on answers of gRPC; remove it",
        "content-md5" | "public" | "warning" => "no current browser reads this header; remove it",
        "x-litespeed-location" => "the server itself sets this header; remove it",
        _ => return None,
    })
}

/// Returns the header that was probably meant by one without a type.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    if known_headers().chain(UNTYPED.iter().copied()).any(|known| known == name) {
        return None;
    }
    let nickname = NICKNAMES.iter().find(|(nickname, _)| *nickname == name);
    nickname.map(|(_, known)| *known).or_else(|| {
        let mut known = known_headers().chain(UNTYPED.iter().copied());
        known.find(|known| is_misspelt(name.as_bytes(), known) || is_start(name, known))
    })
}

/// Returns `true` for a name of several words to which the known one adds words.
fn is_start(name: &str, known: &str) -> bool {
    name.contains('-') && known.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'))
}
