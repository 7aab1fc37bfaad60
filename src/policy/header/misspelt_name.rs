//! Decides if the name of a header is probably a misspelling of a known one.

use crate::{error::near, syntax::scan::find};

/// The length from which two letters may be wrong. A shorter name is soon another one: `report-id`
/// is not `report-to`.
const LONG: usize = 12;

/// The length below which a name is near to too many others.
const SHORT: usize = 5;

/// Returns `true` if letters of the known name are wrong, missing or too many: at most two of a long
/// name, and at most one of another.
///
/// A name with a word in addition, such as a leading `x-`, is not a misspelling, nor is one with
/// another word in the place of a short one.
pub(crate) const fn is_misspelt(name: &[u8], known: &str) -> bool {
    let known = known.as_bytes();
    let is_wider = hyphens(name) > hyphens(known);
    let most = if is_wider || known.len() < LONG { 1 } else { 2 };
    if known.len() < SHORT || name.len().abs_diff(known.len()) > most {
        return false;
    }
    match near(name, known) {
        None | Some(0) => false,
        Some(distance) => distance <= most && has_the_words(name, known),
    }
}

const fn hyphens(name: &[u8]) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < name.len() {
        if name[at] == b'-' {
            count += 1;
        }
        at += 1;
    }
    count
}

/// Returns `true` if more than half of each word is right, or if the hyphens stand elsewhere.
const fn has_the_words(name: &[u8], known: &[u8]) -> bool {
    if hyphens(name) != hyphens(known) {
        return true;
    }
    let (mut start, mut known_start) = (0, 0);
    while known_start < known.len() && start < name.len() {
        let end = find(name, start, name.len(), b'-');
        let known_end = find(known, known_start, known.len(), b'-');
        let word = name.split_at(end).0.split_at(start).1;
        let known_word = known.split_at(known_end).0.split_at(known_start).1;
        match near(word, known_word) {
            Some(0) => {}
            Some(distance) if 2 * distance < known_word.len() => {}
            _ => return false,
        }
        start = end + 1;
        known_start = known_end + 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_another_word_is_not_a_misspelling() {
        for (name, known) in [
            ("report-id", "report-to"),
            ("report-by", "report-to"),
            ("x-report-to", "report-to"),
            ("x-cache-control", "cache-control"),
            ("x-referrer-policy", "referrer-policy"),
            ("x-dns-protection", "x-xss-protection"),
            ("x-csp-protection", "x-xss-protection"),
            ("x-dos-protection", "x-xss-protection"),
            ("x-robots-map", "x-robots-tag"),
            ("clear-site-meta", "clear-site-data"),
            ("del", "nel"),
        ] {
            assert!(!is_misspelt(name.as_bytes(), known), "{name}");
        }
    }

    #[test]
    fn a_name_with_wrong_letters_is_a_misspelling() {
        for (name, known) in [
            ("xpect-ct", "expect-ct"),
            ("reprt-to", "report-to"),
            ("refferer-policy", "referrer-policy"),
            ("frame-options", "x-frame-options"),
            ("x-xs-protection", "x-xss-protection"),
            ("x-farme-options", "x-frame-options"),
            ("clearsite-data", "clear-site-data"),
            ("reporting-end-points", "reporting-endpoints"),
            ("permisions-polcy", "permissions-policy"),
        ] {
            assert!(is_misspelt(name.as_bytes(), known), "{name}");
            assert!(!is_misspelt(known.as_bytes(), known), "{known}");
        }
    }
}
