//! Reports weaknesses that the tables of a `[[site]]` add to the policies of the main site.

use std::collections::HashSet;

use super::{Settings, sites::Site};
use crate::lint::Lint;

/// Returns the lints of each site with tables of its own, without those of the main site, `all`.
pub(super) fn site_lints(settings: &Settings, all: &[Lint]) -> Vec<Lint> {
    let known: HashSet<_> = all.iter().map(problem).collect();
    let hosts = settings.sites.hosts().enumerate().zip(&settings.file.site);
    let own = hosts.filter(|(_, site)| has_tables(site));
    let mut lints = Vec::new();
    for ((index, (_, hardening)), _) in own {
        for lint in hardening.lints().iter().filter(|lint| !known.contains(&problem(lint))) {
            let message = format!("site[{index}]: {}", lint.message());
            lints.push(Lint::new(lint.severity(), lint.id(), message));
        }
    }
    lints
}

fn has_tables(site: &Site) -> bool {
    !(site.headers.is_empty() && site.csp.is_empty() && site.csp_report_only.is_empty())
}

/// Returns the id of a lint and its message without the place, which differs between policies.
fn problem(lint: &Lint) -> (&'static str, &str) {
    let message = lint.message();
    (lint.id(), message.split_once(": ").map_or(message, |(_, problem)| problem))
}
