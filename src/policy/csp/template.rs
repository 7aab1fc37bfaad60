//! Fills nonces into a policy's text, or removes the nonces from it.

use super::{draft::Draft, parts::Parts, value::ContentSecurityPolicy, word::Sort};
use crate::policy::csp::grammar::tables::NONCE_LENGTH;

/// Holds the text of a policy with gaps for its nonces. It is copied, then filled in.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    text: Vec<u8>,
    /// The positions at which the nonces begin.
    holes: Vec<usize>,
}

impl Template {
    /// The length of a nonce, in bytes.
    pub(crate) const NONCE: usize = NONCE_LENGTH;

    /// Returns the text with this nonce in every gap.
    pub(crate) fn fill(&self, nonce: &[u8; NONCE_LENGTH]) -> Vec<u8> {
        let mut text = self.text.clone();
        for hole in &self.holes {
            text[*hole..hole + NONCE_LENGTH].copy_from_slice(nonce);
        }
        text
    }
}

impl Draft<'_> {
    /// Returns `true` if a source of the policy is a nonce.
    pub(crate) fn has_nonce(&self) -> bool {
        self.lines().iter().any(|line| line.has_nonce())
    }

    /// Returns the policy of a response whose nonce was read, or `None` for a
    /// policy without nonces.
    pub(crate) fn template(&self) -> Option<Template> {
        let mut holes = Vec::new();
        let text = self.write(|_, word, text| match word.sort() {
            Sort::Nonce => {
                text.push_str("'nonce-");
                holes.push(text.len());
                text.extend(std::iter::repeat_n('-', NONCE_LENGTH));
                text.push('\'');
            }
            _ => text.push_str(word.as_str()),
        });
        (!holes.is_empty()).then(|| Template { text: text.into_bytes(), holes })
    }

    /// Returns the policy of one response, with the nonce if it was read. The text is empty for a
    /// policy without directives.
    ///
    /// Without a nonce, and if no hash stays in the list, `'strict-dynamic'` and `'unsafe-inline'`
    /// are removed too. With `'strict-dynamic'` no script could run. Browsers ignore
    /// `'unsafe-inline'` next to a nonce, so without the nonce it would become active.
    pub(crate) fn render(&self, nonce: Option<&[u8; NONCE_LENGTH]>) -> String {
        let nonce = nonce.and_then(|nonce| std::str::from_utf8(nonce).ok());
        self.write(|line, word, text| match (word.sort(), nonce) {
            (Sort::Nonce, Some(nonce)) => {
                text.push_str("'nonce-");
                text.push_str(nonce);
                text.push('\'');
            }
            (Sort::Nonce, None) => {}
            (_, None) if word.needs_nonce() && !line.has_hash() => {}
            _ => text.push_str(word.as_str()),
        })
    }
}

impl ContentSecurityPolicy {
    /// Returns the policy of a response whose nonce was not read: see
    /// [`Draft::render`].
    pub(crate) fn without_nonce(&self) -> Self {
        let text = Draft::new(&Parts::new(self)).render(None);
        Self { text: text.into() }
    }

    /// Returns the policy of a response whose nonce was read: see
    /// [`Draft::template`].
    #[cfg(feature = "nonce")]
    pub(crate) fn template(&self) -> Option<Template> {
        Draft::new(&Parts::new(self)).template()
    }
}
