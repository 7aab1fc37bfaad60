//! Adds extra headers to the page, except those that the policies already
//! send.

use std::collections::{BTreeMap, HashSet};

use http::HeaderName;

use super::{
    compile::sts_refusal,
    left_out::{LeftOut, MOST, meant},
};
use crate::{policy::hardening::Hardening, request::Origin};

/// Adds the headers to the policies. An error has the header's name and the
/// problem.
pub(super) fn add(
    wanted: &BTreeMap<String, Option<String>>,
    site: &Origin,
    policies: Hardening,
    left_out: &mut Vec<LeftOut>,
) -> Result<Hardening, (String, String)> {
    if let Some((name, _)) = wanted.iter().nth(MOST) {
        let problem = "there are more than 500 headers, which proxies refuse; remove some";
        return Err((name.clone(), problem.to_owned()));
    }
    let sent: HashSet<HeaderName> = policies.headers().into_iter().map(|(name, _)| name).collect();
    let mut hardening = policies;
    let mut seen: HashSet<String> = HashSet::new();
    for (name, value) in wanted {
        let Some(value) = value else {
            continue;
        };
        let lower = name.to_ascii_lowercase();
        if !seen.insert(lower.clone()) {
            return Err((name.clone(), "two spellings of one header; remove one".to_owned()));
        }
        let key = format!("frontend_headers.{name}");
        let mut leave_out = |id, problem| left_out.push(LeftOut { key: key.clone(), id, problem });
        let for_https = matches!(lower.as_str(), "strict-transport-security" | "expect-ct");
        if HeaderName::try_from(&*lower).is_ok_and(|name| sent.contains(&name)) {
            let problem = "not sent, since the policy has this header; remove it";
            leave_out("frontend-header-built-in", problem.to_owned());
        } else if let (true, Some((id, why))) = (for_https, sts_refusal(site)) {
            leave_out(id, format!("not sent, {why}"));
        } else {
            if let Some(meant) = meant(&lower) {
                let problem = format!("browsers do not know this header; did you mean '{meant}'?");
                leave_out("frontend-header-misspelt", problem);
            }
            hardening = hardening
                .with_line(&lower, value)
                .map_err(|error| (name.clone(), error.problem().to_owned()))?;
        }
    }
    Ok(hardening)
}
