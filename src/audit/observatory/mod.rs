//! Applies the rules of the HTTP Observatory.

mod cookies;
mod csp;
mod csp_policy;
mod single;
mod verdict;
mod why;

use self::verdict::Verdict;
use super::{finding::AuditFinding, fix::Fix, observation::Observation, scores::points};
use crate::lint::Severity;

/// The documentation of the rules.
const SCORING: &str = "https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring";

/// Returns the results of all rules, and a finding for each that takes off points.
pub(super) fn apply(observation: &Observation<'_>) -> (Vec<&'static str>, Vec<AuditFinding>) {
    let headers = observation.headers;
    let csp = csp::judge(headers, observation.scheme);
    let transport = single::transport(observation);
    let mut verdicts = vec![cookies::judge(headers, transport.id)];
    verdicts.push(single::frames(headers, csp.has_frame_ancestors));
    verdicts.push(csp.verdict);
    verdicts.push(transport);
    verdicts.push(single::referrer(headers));
    verdicts.push(single::content_type(headers));
    verdicts.push(single::resource(headers));
    verdicts.extend(observation.preflight.map(|(origin, headers)| single::cors(origin, headers)));
    verdicts.extend(observation.redirection.map(single::redirection));
    let ids = verdicts.iter().map(|verdict| verdict.id).collect();
    (ids, verdicts.into_iter().filter_map(finding).collect())
}

fn finding(verdict: Verdict) -> Option<AuditFinding> {
    let points = points(verdict.id);
    let (header, why) = why::of(verdict.id)?;
    let severity = if points > -20 { Severity::Warning } else { Severity::Error };
    let fix = verdict.fix.unwrap_or_else(|| Fix::of_header(header));
    let finding = AuditFinding::new(verdict.id, severity, header, why, fix);
    Some(finding.in_directive(verdict.directive).by_rule_of(SCORING).with_points(points))
}
