//! Holds one thing that a page does, with the decision of the policies.

use crate::policy::csp::{Evaluation, Load};

/// Holds a load, inline code or a navigation that a page contains.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    /// The position of the tag in the page, in bytes.
    pub(crate) at: usize,
    pub(crate) kind: &'static str,
    pub(crate) url: Option<String>,
    /// The text of inline code or style.
    pub(crate) text: String,
    pub(crate) load: Load,
    pub(crate) evaluation: Evaluation,
}
