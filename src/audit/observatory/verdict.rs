//! Defines the result of a rule.

use crate::audit::fix::Fix;

/// Holds the result of one rule.
pub(super) struct Verdict {
    pub(super) id: &'static str,
    /// The directive or the cookie that caused the result.
    pub(super) directive: Option<String>,
    /// The fix, if it is not a good value of the header.
    pub(super) fix: Option<Fix>,
}

impl Verdict {
    pub(super) fn new(id: &'static str) -> Self {
        Self { id, directive: None, fix: None }
    }
}
