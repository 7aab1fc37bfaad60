//! Applies all rules to a response.

use super::{lints, observation::Observation, observatory, owasp, report::Audit};

impl Observation<'_> {
    /// Grades the response and lists its weaknesses.
    ///
    /// The status does not change the grade. The Observatory's own scanner refuses a status from
    /// 400 on, other than 401 and 403.
    pub fn audit(&self) -> Audit {
        let (results, mut findings) = observatory::apply(self);
        findings.extend(lints::of(self));
        findings.extend(owasp::of(self.headers));
        Audit::new(self.status, &results, findings)
    }
}
