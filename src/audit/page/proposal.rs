//! Holds a policy that was proposed for pages.

use std::fmt;

use crate::policy::csp::ContentSecurityPolicy;

/// Holds a policy for pages, as text, as Rust and as settings, and the code that has to move first.
///
/// ```
/// use tower_hardening::audit::{Page, propose};
///
/// let proposal = propose([&Page::new("<img src=/a.png><a href='javascript:x()'>x</a>")])?;
/// assert!(proposal.to_rust().ends_with("img-src 'self'\");\n"));
/// assert!(proposal.to_settings().starts_with("[headers]\ncontent-security-policy = \""));
/// assert_eq!(proposal.moves().len(), 1);
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Proposal {
    pub(super) policy: ContentSecurityPolicy,
    pub(super) moves: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl Proposal {
    /// Returns the policy.
    pub fn policy(&self) -> &ContentSecurityPolicy {
        &self.policy
    }

    /// Returns the changes of the pages without which they do not work under the policy, one sentence
    /// each.
    pub fn moves(&self) -> &[String] {
        &self.moves
    }

    /// Returns what the pages do not tell, one sentence for each point.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Returns the policy as a constant of Rust.
    pub fn to_rust(&self) -> String {
        format!(
            "const CSP: ContentSecurityPolicy =\n    ContentSecurityPolicy::from_static(\"{}\");\n",
            self.policy
        )
    }

    /// Returns the policy as a part of the settings file.
    pub fn to_settings(&self) -> String {
        format!("[headers]\ncontent-security-policy = \"{}\"\n", self.policy)
    }
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.policy.fmt(f)
    }
}

/// Shortens code for a message.
pub(super) fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
