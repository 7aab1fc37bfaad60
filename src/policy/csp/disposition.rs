//! Distinguishes enforced from report-only policies.

use super::value::ContentSecurityPolicy;

/// Represents the response of a browser to a violation of a policy (CSP3 section 2.2), which the
/// policy's header selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disposition {
    /// Blocks the load, and reports it.
    Enforce,
    /// Reports the load, and does not block it.
    Report,
}

impl Disposition {
    /// Returns the header's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Enforce => ContentSecurityPolicy::HEADER,
            Self::Report => ContentSecurityPolicy::REPORT_ONLY,
        }
    }
}
