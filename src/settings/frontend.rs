//! Adds extra headers to the page, except those that the policies already
//! send.

use std::collections::{BTreeMap, HashSet};

use http::HeaderName;

use super::compile::sts_refusal;
use crate::{
    error::near,
    policy::{csp::ContentSecurityPolicy, hardening::Hardening, header::for_each_header},
    request::Origin,
};

/// The number of headers above which servers and proxies refuse a response.
const MOST: usize = 500;

/// The distance up to which a name is a misspelling of another, in letters.
const CLOSE: usize = 2;

/// A header of the file that is not sent, or whose name browsers do not know.
#[derive(Clone, Debug)]
pub(super) struct LeftOut {
    pub(super) name: String,
    pub(super) id: &'static str,
    pub(super) problem: String,
}

/// Adds the headers to the policies. An error has the header's name and the
/// problem.
pub(super) fn add(
    wanted: &BTreeMap<String, Option<String>>,
    site: &Origin,
    policies: Hardening,
) -> Result<(Hardening, Vec<LeftOut>), (String, String)> {
    if let Some((name, _)) = wanted.iter().nth(MOST) {
        let problem = "there are more than 500 headers, which proxies refuse; remove some";
        return Err((name.clone(), problem.to_owned()));
    }
    let sent: HashSet<HeaderName> = policies.headers().into_iter().map(|(name, _)| name).collect();
    let mut hardening = policies;
    let mut left_out = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for (name, value) in wanted {
        let Some(value) = value else {
            continue;
        };
        let lower = name.to_ascii_lowercase();
        if !seen.insert(lower.clone()) {
            return Err((name.clone(), "two spellings of one header; remove one".to_owned()));
        }
        let mut leave_out =
            |id, problem| left_out.push(LeftOut { name: name.clone(), id, problem });
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
    Ok((hardening, left_out))
}

/// Returns the header that was probably meant by one without a type.
fn meant(name: &str) -> Option<&'static str> {
    let mut typed = vec![ContentSecurityPolicy::HEADER, "content-security-policy-report-only"];
    macro_rules! row {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $sample:literal,)+) => {
            $(typed.extend([
                crate::policy::header::$policy::HEADER,
                crate::policy::header::$policy::REPORT_ONLY,
            ]);)+
        };
    }
    for_each_header!(row);
    // A policy without a report-only twin has an empty name there.
    typed.retain(|typed| !typed.is_empty());
    let is_near = |typed: &str| {
        near(name.as_bytes(), typed.as_bytes()).is_some_and(|distance| distance <= CLOSE)
    };
    let is_known = typed.contains(&name);
    typed.into_iter().find(|typed| !is_known && is_near(typed))
}
