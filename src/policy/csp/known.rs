//! What lints know of sources: their parts, and hosts to beware of.

use super::directive::KEYWORDS;

/// Hosts of scripts that hand out callbacks or old frameworks: whoever allows them allows whatever
/// an attacker makes of those.
pub(super) const BYPASSES: &[&str] = &[
    "accounts.google.com",
    "ajax.googleapis.com",
    "ajax.microsoft.com",
    "apis.google.com",
    "cdn.bootcss.com",
    "cdn.jsdelivr.net",
    "cdnjs.cloudflare.com",
    "code.angularjs.org",
    "code.jquery.com",
    "d3js.org",
    "esm.sh",
    "gstatic.com",
    "maps.googleapis.com",
    "raw.githubusercontent.com",
    "translate.google.com",
    "unpkg.com",
    "www.google-analytics.com",
    "www.google.com",
    "www.googletagmanager.com",
    "www.gstatic.com",
    "yandex.st",
    "yastatic.net",
];

/// Directives that no current browser reads.
pub(super) const DEPRECATED: &[&str] = &[
    "block-all-mixed-content",
    "navigate-to",
    "plugin-types",
    "prefetch-src",
    "referrer",
    "reflected-xss",
    "require-sri-for",
];

/// Keywords of old, and what to do about them.
pub(super) const RENAMED: &[(&str, &str)] = &[
    ("'unsafe-hashed-attributes'", "write 'unsafe-hashes'"),
    ("'unsafe-dynamic'", "write 'strict-dynamic'"),
    ("'unsafe-allow-redirects'", "remove it"),
];

pub(super) fn is_nonce_or_hash(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    ["'nonce-", "'sha256-", "'sha384-", "'sha512-"].iter().any(|start| lower.starts_with(start))
}

pub(super) fn is_unquoted_keyword(value: &str) -> bool {
    let quoted = format!("'{value}'");
    value == "none"
        || KEYWORDS.iter().any(|(keyword, _)| *keyword == quoted)
        || ["nonce-", "sha256-", "sha384-", "sha512-"].iter().any(|start| value.starts_with(start))
}

/// The host of a source, without its scheme, port and path.
pub(super) fn host(source: &str) -> &str {
    let rest = source.split_once("://").map_or(source, |(_, rest)| rest);
    rest.split([':', '/']).next().unwrap_or_default()
}

/// The path of a source, from its `/` on.
pub(super) fn path(source: &str) -> Option<&str> {
    let rest = source.split_once("://").map_or(source, |(_, rest)| rest);
    rest.find('/').map(|start| &rest[start..])
}

pub(super) fn is_ip(host: &str) -> bool {
    host.starts_with('[') || (host != "127.0.0.1" && host.parse::<std::net::Ipv4Addr>().is_ok())
}

/// Whether a host of a policy, perhaps with `*.` in front, allows `known`.
pub(super) fn covers(host: &str, known: &str) -> bool {
    match host.strip_prefix('*') {
        Some(suffix) if !suffix.is_empty() => known.ends_with(suffix),
        _ => host == known,
    }
}
