//! Applies `[headers]`: each header by its own name, in its own syntax.

use std::collections::HashSet;

use http::HeaderName;

use super::{
    compile::sts_refusal,
    file::File,
    left_out::{LeftOut, MOST, known_headers, meant},
    sent::Sent,
};
use crate::{
    policy::{hardening::Hardening, header::single_headers},
    request::Origin,
};

/// The table's name.
pub(super) const TABLE: &str = "headers";

/// Applies the table to the policies. An error has the header's name and the problem.
pub(super) fn apply(
    file: &File,
    site: &Origin,
    mut hardening: Hardening,
    left_out: &mut Vec<LeftOut>,
) -> Result<Hardening, (String, String)> {
    if let Some((name, _)) = file.headers.iter().nth(MOST) {
        let problem = "there are more than 500 headers, which proxies refuse; remove some";
        return Err((name.clone(), problem.to_owned()));
    }
    let mut seen = HashSet::new();
    for (name, sent) in &file.headers {
        let Some(sent) = sent else { continue };
        let lower = name.to_ascii_lowercase();
        if !seen.insert(lower.clone()) {
            return Err((name.clone(), "two spellings of one header; remove one".to_owned()));
        }
        let fault = |problem: &str| (name.clone(), problem.to_owned());
        let value = match sent {
            Sent::Text(value) => value,
            Sent::Off => {
                let header = removable(&lower, &hardening).map_err(|problem| fault(&problem))?;
                hardening = hardening.without(&header);
                continue;
            }
        };
        if let Some(problem) = single(&lower) {
            return Err(fault(&problem));
        }
        let for_https = matches!(lower.as_str(), "strict-transport-security" | "expect-ct");
        if let (true, Some((id, why))) = (for_https, sts_refusal(site)) {
            let key = format!("{TABLE}.{name}");
            left_out.push(LeftOut { key, id, problem: format!("not sent, {why}") });
            continue;
        }
        if let Some(meant) = meant(&lower) {
            return Err(fault(&format!(
                "browsers do not know this header; did you mean '{meant}'?"
            )));
        }
        hardening = hardening.with_line(&lower, value).map_err(|error| fault(error.problem()))?;
    }
    Ok(hardening)
}

/// Returns the header that `false` names, or the problem.
fn removable(name: &str, hardening: &Hardening) -> Result<HeaderName, String> {
    let Ok(header) = HeaderName::try_from(name) else {
        return Err(format!("'{name}' is not a header's name; write letters, digits and '-'"));
    };
    let is_sent = hardening.headers().iter().any(|(sent, _)| *sent == header);
    if is_sent || known_headers().any(|known| known == name) {
        return Ok(header);
    }
    if let Some(meant) = meant(name) {
        return Err(format!("no policy sends this header; did you mean '{meant}'?"));
    }
    Err(format!(
        "no policy sends this header; to remove that of the application write '{name}' in remove_headers"
    ))
}

/// Returns the problem of a header that belongs on single responses.
fn single(name: &str) -> Option<String> {
    macro_rules! row {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            [$((crate::policy::header::$policy::HEADER, stringify!($layer)),)+]
        };
    }
    let all = single_headers!(row);
    let (_, layer) = all.into_iter().find(|(header, _)| *header == name)?;
    Some(format!(
        "this header belongs on single responses, such as a sign-out; remove it, and put a {layer} around those"
    ))
}
