//! Holds the result of an audit.

use std::fmt;

use http::StatusCode;

use super::{
    finding::AuditFinding,
    grade::Grade,
    scores::{self, points},
};
use crate::lint::Severity;

/// Holds the grade of a response, and its weaknesses.
///
/// `Display` writes the grade, and after it the findings, the most important first.
///
/// ```
/// use tower_hardening::audit::{Grade, Observation};
///
/// let response = http::Response::builder().header("x-frame-options", "DENY").body(()).unwrap();
/// let audit = Observation::from(&response).audit();
/// assert_eq!((audit.grade(), audit.score()), (Grade::C, 50));
/// assert!(audit.results().contains(&("x-frame-options-sameorigin-or-deny", 0)));
/// assert_eq!(audit.findings()[0].id(), "csp-not-implemented");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    status: StatusCode,
    score: u32,
    results: Vec<(&'static str, i32)>,
    findings: Vec<AuditFinding>,
}

impl Audit {
    pub(super) fn new(
        status: StatusCode,
        ids: &[&'static str],
        mut findings: Vec<AuditFinding>,
    ) -> Self {
        findings.sort_by_key(|finding| (-i64::from(finding.severity() as u8), finding.points()));
        let results: Vec<_> = ids.iter().map(|id| (*id, points(id))).collect();
        Self { status, score: scores::total(&results), results, findings }
    }

    /// Returns the status of the response, which does not change the grade.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the grade.
    pub fn grade(&self) -> Grade {
        Grade::of(self.score)
    }

    /// Returns the score: 100 and the points of each rule. Bonus points count from 90 on.
    pub fn score(&self) -> u32 {
        self.score
    }

    /// Returns the result of each rule of the Observatory, and its points.
    pub fn results(&self) -> &[(&'static str, i32)] {
        &self.results
    }

    /// Returns the weaknesses, the most important first.
    pub fn findings(&self) -> &[AuditFinding] {
        &self.findings
    }

    /// Returns the first finding with this identifier.
    pub fn finding(&self, id: &str) -> Option<&AuditFinding> {
        self.findings.iter().find(|finding| finding.id() == id)
    }

    /// Returns `true` if no finding is a warning or an error.
    pub fn is_hardened(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity() < Severity::Warning)
    }
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "grade {}, score {}", self.grade(), self.score)?;
        self.findings.iter().try_for_each(|finding| write!(f, "\n{finding}"))
    }
}
