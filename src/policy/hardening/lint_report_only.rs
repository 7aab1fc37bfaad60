//! Lints policies that browsers only report on.

use super::value::Hardening;
use crate::{
    lint::{Lint, Severity},
    policy::csp::ContentSecurityPolicy,
};

/// The end of the name of a header that browsers only report on.
pub(super) const SUFFIX: &str = "-report-only";

/// Headers whose reports go to the endpoint `default` if they name no other one.
const WITH_DEFAULT: [&str; 2] = ["document-policy-report-only", "permissions-policy-report-only"];

impl Hardening {
    /// Lints the content policy that is not enforced, as if it were.
    ///
    /// Directives that it lacks may be in an enforced policy. `sandbox` has no effect, and so its
    /// pairs with other directives have none either.
    pub(super) fn watched(&self) -> Vec<Lint> {
        let Some(csp) = &self.csp_report_only else { return Vec::new() };
        let mut lints = csp.lints();
        lints.retain(|lint| {
            !lint.id().ends_with("-missing")
                && !lint.id().starts_with("csp-sandbox")
                && lint.directive() != Some("sandbox")
        });
        let name = ContentSecurityPolicy::REPORT_ONLY;
        lints.into_iter().map(|lint| lint.for_header(name)).collect()
    }

    /// Lints headers that are only reported on, and whose reports have no recipient.
    pub(super) fn mute(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        let is_default_defined = self.defined("reporting-endpoints").contains("default");
        for slot in &self.headers {
            let header = slot.name.as_str();
            let has_default = WITH_DEFAULT.contains(&header) && is_default_defined;
            if !header.ends_with(SUFFIX) || !slot.named.is_empty() || has_default {
                continue;
            }
            let remedy = match header {
                "integrity-policy-report-only" => "add endpoints=(…)",
                _ => "add report-to",
            };
            let problem = format!(
                "{header}: without an endpoint for reports the policy has no effect; {remedy}, and a reporting-endpoints header"
            );
            lints.push(Lint::new(Severity::Error, "report-only-mute", problem));
        }
        lints
    }
}
