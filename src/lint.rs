//! Legal but weak: what a valid policy still deserves to be told.

use std::{borrow::Cow, fmt};

/// A remark on a policy that is valid and yet weak, obsolete or pointless.
///
/// `Display` is one line, `severity[id]: message`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    id: &'static str,
    severity: Severity,
    message: Cow<'static, str>,
}

/// How much a [`Lint`] matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing; nothing need be done.
    Note,
    /// Weaker than it should be.
    Warning,
    /// Contradicts itself or does nothing.
    Error,
}

impl Lint {
    pub(crate) fn new(
        severity: Severity,
        id: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { id, severity, message: message.into() }
    }

    /// A name that stays the same from release to release.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// What is weak, and what to do about it.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity, self.id, self.message)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}
