//! A policy's text with room for its nonces.

use super::{
    ContentSecurityPolicy,
    check::{NONCE_LENGTH, is_nonce},
};

/// A policy's text with room for its nonces: to be copied, and filled in.
#[derive(Clone, Debug)]
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
        for directive in self.directives() {
            text.push_str(if text.is_empty() { "" } else { "; " });
            text.push_str(&directive.name.to_ascii_lowercase());
            let takes_nonces = directive.has_nonce();
            for value in directive.values() {
                text.push(' ');
                if takes_nonces && is_nonce(value) {
                    text.push_str("'nonce-");
                    holes.push(text.len());
                    text.extend(std::iter::repeat_n('-', NONCE_LENGTH));
                    text.push('\'');
                } else {
                    text.push_str(value);
                }
            }
        }
        (!holes.is_empty()).then(|| Template { text: text.into_bytes(), holes })
    }
}
