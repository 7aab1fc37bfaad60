//! Lists the words of CSP Level 3: directives, keywords and sandbox tokens.

use super::groups::Groups;
use crate::syntax::scan::{begins, same, same_bytes};

/// The header's name, in errors and lints.
pub(in crate::policy::csp) const NAME: &str = "content-security-policy";

/// The maximum length of a policy in bytes: servers and proxies limit all
/// headers to about 8 KiB.
pub(in crate::policy::csp) const MAX_LENGTH: usize = 8192;

/// The length of a nonce in a header, in bytes: `Nonce` draws 18 bytes, and 4
/// characters encode 3.
pub(in crate::policy::csp) const NONCE_LENGTH: usize = 24;

/// The hash functions that browsers support, with the length of a digest in
/// bytes.
pub(in crate::policy::csp) const ALGORITHMS: [(&str, usize); 3] =
    [("sha256", 32), ("sha384", 48), ("sha512", 64)];

/// The placeholder for a nonce in a policy's text.
pub(in crate::policy::csp) const NONCE: &str = "'nonce-{}'";

/// The empty list of sources.
pub(in crate::policy::csp) const NONE: &str = "'none'";

/// Represents the kind of value that a directive accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy::csp) enum Kind {
    /// Sources, in a directive of this group.
    Sources(Groups),
    /// `'none'`, or schemes, hosts and `'self'`.
    Ancestors,
    /// Sandbox tokens, or nothing.
    Sandbox,
    /// URI references.
    Uris,
    /// One endpoint name.
    Endpoint,
    /// Policy names, `*`, `'allow-duplicates'`, `'none'`, or nothing.
    TrustedTypes,
    /// `'script'`.
    TrustedTypesFor,
    /// `'allow'` or `'block'`.
    WebRtc,
    /// No value.
    Empty,
    /// An obsolete directive, which no current browser reads.
    Obsolete,
}

/// Holds one directive of the specification.
pub(in crate::policy::csp) struct Row {
    pub(in crate::policy::csp) name: &'static str,
    pub(in crate::policy::csp) kind: Kind,
    /// The directives that a browser uses if this one is absent, nearest
    /// first.
    pub(in crate::policy::csp) fallback: &'static [&'static str],
}

const fn row(name: &'static str, kind: Kind) -> Row {
    Row { name, kind, fallback: &[] }
}

const fn fetch(name: &'static str, group: Groups, fallback: &'static [&'static str]) -> Row {
    Row { name, kind: Kind::Sources(group), fallback }
}

/// Every directive that the strict parser knows, with its fallback (CSP3
/// section 6.8.3).
pub(in crate::policy::csp) const DIRECTIVES: &[Row] = &[
    fetch("default-src", Groups::DEFAULT, &[]),
    fetch("script-src", Groups::SCRIPT, &["default-src"]),
    fetch("script-src-elem", Groups::SCRIPT_ELEM, &["script-src", "default-src"]),
    fetch("script-src-attr", Groups::SCRIPT_ATTR, &["script-src", "default-src"]),
    fetch("style-src", Groups::STYLE, &["default-src"]),
    fetch("style-src-elem", Groups::STYLE, &["style-src", "default-src"]),
    fetch("style-src-attr", Groups::STYLE_ATTR, &["style-src", "default-src"]),
    fetch("img-src", Groups::PLAIN, &["default-src"]),
    fetch("font-src", Groups::PLAIN, &["default-src"]),
    fetch("media-src", Groups::PLAIN, &["default-src"]),
    fetch("connect-src", Groups::CONNECT, &["default-src"]),
    fetch("manifest-src", Groups::PLAIN, &["default-src"]),
    fetch("object-src", Groups::PLAIN, &["default-src"]),
    fetch("child-src", Groups::PLAIN, &["default-src"]),
    fetch("frame-src", Groups::PLAIN, &["child-src", "default-src"]),
    fetch("fenced-frame-src", Groups::PLAIN, &["frame-src", "child-src", "default-src"]),
    fetch("worker-src", Groups::PLAIN, &["child-src", "script-src", "default-src"]),
    row("base-uri", Kind::Sources(Groups::PLAIN)),
    row("form-action", Kind::Sources(Groups::PLAIN)),
    row("frame-ancestors", Kind::Ancestors),
    row("sandbox", Kind::Sandbox),
    row("upgrade-insecure-requests", Kind::Empty),
    row("report-uri", Kind::Uris),
    row("report-to", Kind::Endpoint),
    row("require-trusted-types-for", Kind::TrustedTypesFor),
    row("trusted-types", Kind::TrustedTypes),
    row("webrtc", Kind::WebRtc),
    row("block-all-mixed-content", Kind::Empty),
    row("prefetch-src", Kind::Sources(Groups::PLAIN)),
    row("navigate-to", Kind::Obsolete),
    row("plugin-types", Kind::Obsolete),
    row("referrer", Kind::Obsolete),
    row("reflected-xss", Kind::Obsolete),
    row("require-sri-for", Kind::Obsolete),
];

/// Directives that no current browser reads, and their replacements.
pub(in crate::policy::csp) const DEPRECATED: &[(&str, &str)] = &[
    ("block-all-mixed-content", "remove it, since browsers upgrade or block mixed content anyway"),
    ("navigate-to", "remove it"),
    ("plugin-types", "write object-src 'none'"),
    ("prefetch-src", "write the sources in default-src"),
    ("referrer", "send a referrer-policy header"),
    ("reflected-xss", "remove it"),
    ("require-sri-for", "send an integrity-policy header"),
];

/// Every keyword of a source list, and the directives in which it has an
/// effect.
pub(in crate::policy::csp) const KEYWORDS: &[(&str, Groups)] = &[
    ("'self'", Groups::ALL),
    ("'unsafe-inline'", Groups::INLINE),
    ("'unsafe-eval'", Groups::EVAL),
    ("'wasm-unsafe-eval'", Groups::EVAL),
    ("'trusted-types-eval'", Groups::EVAL),
    ("'strict-dynamic'", Groups::SCRIPTS),
    ("'unsafe-hashes'", Groups::INLINE),
    ("'report-sample'", Groups::INLINE),
    ("'report-sha256'", Groups::SCRIPTS),
    ("'report-sha384'", Groups::SCRIPTS),
    ("'report-sha512'", Groups::SCRIPTS),
    ("'inline-speculation-rules'", Groups::EVAL.and(Groups::SCRIPT_ELEM)),
    ("'unsafe-webtransport-hashes'", Groups::DEFAULT.and(Groups::CONNECT)),
];

/// Keywords of earlier drafts, and their replacements.
pub(in crate::policy::csp) const RENAMED: &[(&str, &str)] = &[
    ("'unsafe-hashed-attributes'", "write 'unsafe-hashes'"),
    ("'unsafe-dynamic'", "write 'strict-dynamic'"),
    ("'unsafe-allow-redirects'", "remove it"),
];

/// Every token of `sandbox`.
pub(in crate::policy::csp) const SANDBOX_TOKENS: &[&str] = &[
    "allow-downloads",
    "allow-forms",
    "allow-modals",
    "allow-orientation-lock",
    "allow-pointer-lock",
    "allow-popups",
    "allow-popups-to-escape-sandbox",
    "allow-presentation",
    "allow-same-origin",
    "allow-scripts",
    "allow-storage-access-by-user-activation",
    "allow-top-navigation",
    "allow-top-navigation-by-user-activation",
    "allow-top-navigation-to-custom-protocols",
];

/// Schemes that authors write without the colon.
pub(in crate::policy::csp) const SCHEMES: &[&str] =
    &["https", "http", "wss", "ws", "data", "blob", "mediastream", "filesystem"];

/// Returns the position in [`DIRECTIVES`] of the directive that the bytes
/// name.
pub(in crate::policy::csp) const fn directive(
    text: &[u8],
    start: usize,
    end: usize,
) -> Option<usize> {
    let mut i = 0;
    while i < DIRECTIVES.len() {
        if same(text, start, end, DIRECTIVES[i].name) {
            return Some(i);
        }
        i += 1;
    }
    None
}

/// Returns the directive with this name, in any letter case.
pub(in crate::policy::csp) fn row_of(name: &str) -> Option<&'static Row> {
    directive(name.as_bytes(), 0, name.len()).map(|index| &DIRECTIVES[index])
}

/// Returns the position in [`KEYWORDS`] of the keyword that the bytes spell.
pub(in crate::policy::csp) const fn keyword(
    text: &[u8],
    start: usize,
    end: usize,
) -> Option<usize> {
    let mut i = 0;
    while i < KEYWORDS.len() {
        if same(text, start, end, KEYWORDS[i].0) {
            return Some(i);
        }
        i += 1;
    }
    None
}

/// Returns `true` if the text is a keyword, a nonce or a hash without its
/// quotes.
///
/// A nonce or a hash has only the characters of base64: `nonce-cdn.example` is a host.
pub(crate) const fn is_unquoted_keyword(text: &[u8], start: usize, end: usize) -> bool {
    let mut i = 0;
    while i < KEYWORDS.len() {
        let keyword = KEYWORDS[i].0.as_bytes();
        if end - start + 2 == keyword.len() && same_bytes(text, start, end, keyword, 1) {
            return true;
        }
        i += 1;
    }
    let prefix = if begins(text, start, end, "nonce-") {
        "nonce-".len()
    } else if digest_length(text, start, end).is_some() {
        "sha256-".len()
    } else {
        return same(text, start, end, "none");
    };
    let mut at = start + prefix;
    while at < end {
        let sign = matches!(text[at], b'+' | b'/' | b'-' | b'_' | b'=' | b'{' | b'}');
        if !text[at].is_ascii_alphanumeric() && !sign {
            return false;
        }
        at += 1;
    }
    true
}

/// Returns `true` for `'sha256-…'`, `'sha384-…'` and `'sha512-…'` with padded
/// base64 or base64url of the right length (CSP3 section 6.7.3.3).
pub(in crate::policy::csp) const fn is_hash(text: &[u8], start: usize, end: usize) -> bool {
    if !begins(text, start, end, "'") {
        return false;
    }
    let Some(length) = digest_length(text, start + 1, end) else { return false };
    // A digit of base64 has six bits, and the padding completes the last three bytes.
    let (digits, padding) = ((length * 8).div_ceil(6), (3 - length % 3) % 3);
    if end - start != "'sha256-".len() + digits + padding + "'".len() {
        return false;
    }
    let mut i = 0;
    while i < digits + padding {
        let byte = text[start + 8 + i];
        let digit = byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
        if (i < digits && !digit) || (i >= digits && byte != b'=') {
            return false;
        }
        i += 1;
    }
    text[end - 1] == b'\''
}

/// Returns `true` if the text is the placeholder of a nonce, in any letter
/// case.
pub(in crate::policy::csp) fn is_nonce(value: &str) -> bool {
    value.eq_ignore_ascii_case(NONCE)
}

/// Returns `true` if the text is a nonce, including a fixed nonce.
pub(in crate::policy::csp) fn is_any_nonce(value: &str) -> bool {
    starts(value, "'nonce-")
}

/// Returns `true` if the text is a nonce or a hash, with any value.
pub(in crate::policy::csp) fn is_nonce_or_hash(value: &str) -> bool {
    let is_hash = || digest_length(value.as_bytes(), 1, value.len()).is_some();
    is_any_nonce(value) || starts(value, "'") && is_hash()
}

/// Returns the length of a digest, if the text begins with its hash function and `-`.
const fn digest_length(text: &[u8], start: usize, end: usize) -> Option<usize> {
    let mut i = 0;
    while i < ALGORITHMS.len() {
        let (name, length) = ALGORITHMS[i];
        if begins(text, start, end, name) && begins(text, start + name.len(), end, "-") {
            return Some(length);
        }
        i += 1;
    }
    None
}

/// Returns `true` if the text is a keyword that a nonce or a hash in the same
/// list turns off.
pub(in crate::policy::csp) fn is_ignored_next_to_nonce(value: &str) -> bool {
    ["'unsafe-inline'", "'inline-speculation-rules'"]
        .iter()
        .any(|ignored| ignored.eq_ignore_ascii_case(value))
}

fn starts(value: &str, prefix: &str) -> bool {
    begins(value.as_bytes(), 0, value.len(), prefix)
}
