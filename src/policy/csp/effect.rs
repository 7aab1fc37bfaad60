//! Tells the two headers of a policy apart.

use super::value::ContentSecurityPolicy;

/// Selects one of the two headers of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Enforced,
    ReportOnly,
}

impl Effect {
    /// Returns the header's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Enforced => ContentSecurityPolicy::HEADER,
            Self::ReportOnly => ContentSecurityPolicy::REPORT_ONLY,
        }
    }
}
