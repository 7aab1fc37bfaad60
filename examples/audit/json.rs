//! Writes the report for a program.

use serde_json::{Value, json};

use crate::Site;

/// Returns the report of a site.
pub(crate) fn site(site: &Site) -> Value {
    let findings = site.audit.findings().iter().map(|finding| {
        json!({
            "id": finding.id(),
            "severity": finding.severity().to_string(),
            "header": finding.header(),
            "directive": finding.directive(),
            "offset": finding.offset(),
            "why": finding.why(),
            "api": finding.api(),
            "settings": finding.settings(),
        })
    });
    let mut report = json!({
        "url": site.url,
        "status": site.audit.status().as_u16(),
        "grade": site.audit.grade().as_str(),
        "score": site.audit.score(),
        "findings": findings.collect::<Vec<_>>(),
    });
    if let Some(differences) = &site.differences {
        let all = differences.iter().map(|one| {
            json!({ "header": one.name().as_str(), "configured": one.configured(), "received": one.received() })
        });
        report["differences"] = all.collect();
    }
    report
}
