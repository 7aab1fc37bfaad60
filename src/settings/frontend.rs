//! Adds extra headers to the page, except those that the policies already
//! send.

use std::collections::{BTreeMap, HashSet};

use http::HeaderName;

use super::left_out::{
    HeaderFault, LeftOut, distinct, https_refusal, known_headers, meant, misplaced,
};
use crate::{policy::hardening::Hardening, request::Origin};

/// Adds the headers to the policies.
pub(super) fn add(
    wanted: &BTreeMap<String, Option<String>>,
    site: &Origin,
    mut hardening: Hardening,
    left_out: &mut Vec<LeftOut>,
) -> Result<Hardening, HeaderFault> {
    let sent: HashSet<HeaderName> = hardening.headers().into_iter().map(|(name, _)| name).collect();
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
        if let Some(meant) = meant(&lower) {
            let problem = format!("browsers do not know this header; did you mean '{meant}'?");
            if known_headers().any(|known| known == meant) {
                return Err((name.clone(), problem));
            }
            leave_out("frontend-header-misspelt", problem);
        }
        hardening = hardening
            .with_line(&lower, value)
            .map_err(|error| (name.clone(), error.problem().to_owned()))?;
    }
    Ok(hardening)
}
