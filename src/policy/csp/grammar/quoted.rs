//! Implements the strict grammar of keywords, nonces and hashes (CSP3 section 2.3.1).

use super::{
    groups::Groups,
    syntax_error::{SyntaxError, Words, unknown, wrong},
    tables::{KEYWORDS, NONCE, is_hash, keyword},
};
use crate::syntax::scan::{begins, find, listed, same};

/// The problem of a keyword in a directive in which it has no effect.
pub(in crate::policy::csp) const NO_EFFECT: &str = "has no effect in this directive; remove it";

/// The problem of a nonce or a hash in a directive in which it has no effect.
pub(in crate::policy::csp) const NO_EFFECT_INLINE: &str =
    "has no effect in this directive; write it in script-src or style-src";

/// Returns the syntax error of a keyword, a nonce or a hash, in a directive of this group.
pub(super) const fn quoted_error(
    text: &[u8],
    start: usize,
    end: usize,
    directive: Groups,
) -> Option<SyntaxError> {
    if let Some(index) = keyword(text, start, end) {
        let has_effect = KEYWORDS[index].1.meets(directive);
        return if has_effect { None } else { wrong(start, end, NO_EFFECT) };
    }
    if begins(text, start, end, "'nonce-") {
        return nonce_error(text, start, end, directive);
    }
    if listed(
        text,
        start,
        end,
        &["'unsafe-allow-redirects'", "'unsafe-hashed-attributes'", "'unsafe-dynamic'"],
    ) {
        return wrong(start, end, "is an obsolete keyword, which browsers ignore; remove it");
    }
    if is_hash(text, start, end) {
        let has_effect = directive.meets(Groups::INLINE);
        return if has_effect { None } else { wrong(start, end, NO_EFFECT_INLINE) };
    }
    unknown_error(text, start, end)
}

/// Describes a quoted text that is not a source.
const fn unknown_error(text: &[u8], start: usize, end: usize) -> Option<SyntaxError> {
    let quote = find(text, start + 1, end, b'\'');
    if quote + 1 < end {
        return wrong(start, end, "has no space after its keyword; write one");
    }
    if begins(text, start, end, "'sha") {
        return wrong(
            start,
            end,
            "is not a valid hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        );
    }
    unknown(
        start,
        end,
        Words::Keywords,
        "is not a keyword; write one like 'self', or a host without quotes",
    )
}

const fn nonce_error(
    text: &[u8],
    start: usize,
    end: usize,
    directive: Groups,
) -> Option<SyntaxError> {
    if !same(text, start, end, NONCE) {
        return wrong(
            start,
            end,
            "is a fixed nonce, which anybody can copy; write 'nonce-{}' for one that is new in every response",
        );
    }
    if !cfg!(feature = "nonce") {
        return wrong(start, end, "needs the feature 'nonce', which is off; enable it");
    }
    if !directive.meets(Groups::NONCES) {
        return wrong(start, end, NO_EFFECT_INLINE);
    }
    None
}
