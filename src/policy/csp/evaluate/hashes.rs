//! Compares the text of inline code with hashes of a policy.

use super::expression::Hash;
use crate::policy::csp::source::Source;

/// Holds inline code or style, and hashes of it that the caller knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    text: String,
    known: Vec<Source>,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), known: Vec::new() }
    }

    pub(super) fn add(&mut self, hash: Source) {
        self.known.push(hash);
    }

    /// Returns `true` if the hash is one of this text (CSP3 section 6.7.3.3): base64url counts as
    /// base64, and padding is required.
    pub(super) fn has(&self, hash: &Hash<'_>) -> bool {
        let value = hash.value.replace('-', "+").replace('_', "/");
        let wanted = format!("'{}-{value}'", hash.algorithm.to_ascii_lowercase());
        self.known.iter().any(|known| known.as_str() == wanted) || self.is_hashed_as(&wanted)
    }

    #[cfg(feature = "sha2")]
    fn is_hashed_as(&self, wanted: &str) -> bool {
        let hash = match wanted.get(1..7) {
            Some("sha384") => Source::sha384(&self.text),
            Some("sha512") => Source::sha512(&self.text),
            _ => Source::sha256(&self.text),
        };
        hash.as_str() == wanted
    }

    #[cfg(not(feature = "sha2"))]
    fn is_hashed_as(&self, _wanted: &str) -> bool {
        // Without a hash function, only the hashes that the caller gave are known.
        let _ = &self.text;
        false
    }
}
