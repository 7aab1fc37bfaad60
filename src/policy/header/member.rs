//! Defines the member of a policy that is a list.

/// Holds one member of a list. Its text begins with the key by which an equal member is found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(unnameable_types, reason = "in the signature of a sealed trait")]
pub struct Member {
    text: String,
    key: usize,
}

impl Member {
    /// Creates a member; the first `key` bytes of the text are its key.
    pub(super) fn new(key: usize, text: String) -> Self {
        Self { key: key.min(text.len()), text }
    }

    pub(crate) fn key(&self) -> &str {
        &self.text[..self.key]
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// Returns the text of a list.
pub(super) fn join(members: &[Member]) -> String {
    members.iter().map(Member::text).collect::<Vec<_>>().join(", ")
}
