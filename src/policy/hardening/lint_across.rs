//! Lints headers that need another header: endpoints of reports, and cross-origin isolation.

use std::collections::HashSet;

use super::value::Hardening;
use crate::lint::{Lint, Severity};

impl Hardening {
    /// Lints headers whose reports go to an endpoint that no header defines.
    ///
    /// `NEL` looks for its group in `Report-To`, every other header in `Reporting-Endpoints`. A
    /// `Content-Security-Policy` has a lint of its own.
    pub(super) fn endpoints(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        let (groups, endpoints) = (self.defined("report-to"), self.defined("reporting-endpoints"));
        for slot in &self.headers {
            let header = &slot.name;
            let (place, defined) = match header.as_str() {
                "nel" => ("report-to", &groups),
                _ => ("reporting-endpoints", &endpoints),
            };
            let missing = slot.named.iter().filter(|name| !defined.contains(name.as_str()));
            lints.extend(missing.map(|name| {
                let problem = format!(
                    "{header}: no report arrives, since no {place} header defines the endpoint '{name}'; add that header, with this name"
                );
                Lint::new(Severity::Error, "endpoint-missing", problem)
            }));
        }
        lints
    }

    /// Returns the endpoints that a header defines.
    pub(super) fn defined(&self, header: &str) -> HashSet<&str> {
        let slots = self.headers.iter().filter(|slot| slot.name == header);
        slots.flat_map(|slot| &slot.defined).map(|name| name.as_str()).collect()
    }

    /// Lints headers of cross-origin requests that contradict each other (Fetch, section 3.3.5).
    pub(super) fn cross_origin(&self) -> Option<Lint> {
        let has_value = |name: &str, value: &str| self.text_of(name) == value;
        let is_refused = has_value("access-control-allow-credentials", "true")
            && (has_value("access-control-allow-origin", "*")
                || ["headers", "methods"]
                    .iter()
                    .any(|list| has_value(&format!("access-control-allow-{list}"), "*")));
        let problem = "access-control-allow-credentials: browsers refuse '*' for a request with credentials; write one origin, and name the headers and methods";
        is_refused.then(|| Lint::new(Severity::Error, "cors-credentials-any", problem))
    }

    /// Lints a `Cross-Origin-Embedder-Policy` whose pages lack another header.
    pub(super) fn isolation(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        let embedder = self.text_of("cross-origin-embedder-policy");
        if embedder.is_empty() || embedder.starts_with("unsafe-none") {
            return lints;
        }
        if self.text_of("cross-origin-resource-policy").is_empty() {
            let problem = "cross-origin-embedder-policy: pages of sibling domains that send it too cannot load the site's files, which have no cross-origin-resource-policy; add one, such as same-site";
            lints.push(Lint::new(
                Severity::Warning,
                "embedder-policy-without-resource-policy",
                problem,
            ));
        }
        let opener = self.text_of("cross-origin-opener-policy");
        if !matches!(opener.split(';').next(), Some("same-origin")) {
            let problem = "cross-origin-embedder-policy: the pages are not cross-origin isolated without cross-origin-opener-policy: same-origin; add it, or remove this header";
            lints.push(Lint::new(Severity::Note, "embedder-policy-without-opener-policy", problem));
        }
        lints
    }
}
