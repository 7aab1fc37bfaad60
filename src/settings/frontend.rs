//! Adds extra headers to the page, except those that the policies already
//! send.

use std::collections::{BTreeMap, HashSet};

use http::HeaderName;

use super::{
    headers::Lines,
    left_out::{HeaderFault, LeftOut, distinct, https_refusal, known_headers, meant, misplaced},
};
use crate::{policy::hardening::Hardening, request::Origin};

/// Adds the headers to the policies. `known` has those that were read for another site.
pub(super) fn add(
    wanted: &BTreeMap<String, Option<String>>,
    site: &Origin,
    hardening: Hardening,
    known: &mut Lines,
    left_out: &mut Vec<LeftOut>,
) -> Result<Hardening, HeaderFault> {
    let sent: HashSet<HeaderName> = hardening.headers().into_iter().map(|(name, _)| name).collect();
    let mut lines = Vec::new();
    for (name, lower, value) in distinct(wanted)? {
        let key = format!("frontend_headers.{name}");
        let mut leave_out = |id, problem| left_out.push(LeftOut { key: key.clone(), id, problem });
        if HeaderName::try_from(&*lower).is_ok_and(|name| sent.contains(&name)) {
            let problem = "not sent, since the policy has this header; remove it";
            leave_out("frontend-header-built-in", problem.to_owned());
            continue;
        }
        if let Some(problem) = misplaced(&lower) {
            return Err((name.clone(), problem.to_owned()));
        }
        if let Some((id, problem)) = https_refusal(&lower, site, "url") {
            leave_out(id, problem);
            continue;
        }
        if let Some(line) = known.get(&lower) {
            lines.push(line);
            continue;
        }
        if let Some(meant) = meant(&lower) {
            let problem = format!("browsers do not know this header; did you mean '{meant}'?");
            if known_headers().any(|header| header == meant) {
                return Err((name.clone(), problem));
            }
            leave_out("frontend-header-misspelt", problem);
        }
        let line = known.read(&lower, value);
        lines.push(line.map_err(|error| (name.clone(), error.problem().to_owned()))?);
    }
    Ok(hardening.with_lines(lines))
}
