//! A policy's text with room for its nonces.

use super::{
    ContentSecurityPolicy,
    check::{NONCE, NONCE_LENGTH},
};

/// A policy's text with room for its nonces: to be copied, and filled in.
#[derive(Debug)]
pub(crate) struct Template {
    text: Vec<u8>,
    /// Where each nonce begins.
    holes: Vec<usize>,
}

impl Template {
    /// How long a nonce is, in bytes.
    pub(crate) const NONCE: usize = NONCE_LENGTH;

    /// The text with this nonce in every place for one.
    pub(crate) fn fill(&self, nonce: &[u8; NONCE_LENGTH]) -> Vec<u8> {
        let mut text = self.text.clone();
        for hole in &self.holes {
            text[*hole..hole + NONCE_LENGTH].copy_from_slice(nonce);
        }
        text
    }
}

impl ContentSecurityPolicy {
    /// The policy of a response whose nonce was read; none for a policy without nonces.
    pub(crate) fn template(&self) -> Option<Template> {
        let mut text = String::new();
        let mut holes = Vec::new();
        for word in self.text().split_inclusive([' ', ';']) {
            match word.strip_prefix(NONCE) {
                Some(end @ ("" | " " | ";")) => {
                    text.push_str("'nonce-");
                    holes.push(text.len());
                    text.push_str(&"-".repeat(NONCE_LENGTH));
                    text.push('\'');
                    text.push_str(end);
                }
                _ => text.push_str(word),
            }
        }
        (!holes.is_empty()).then(|| Template { text: text.into_bytes(), holes })
    }
}
