//! Applies `[headers]`: each header by its own name, in its own syntax.

mod switched_off;

use std::collections::BTreeMap;

use http::HeaderName;

use super::{
    left_out::{HeaderFault, LeftOut, distinct, https_refusal, known_headers, meant, misplaced},
    sent::Sent,
};
use crate::{
    policy::{RemoveHeaders, hardening::Hardening, header::single_headers},
    request::Origin,
};

/// The table's name.
pub(super) const TABLE: &str = "headers";

/// Applies the table to the policies. `table` is its name, for lints.
pub(super) fn apply(
    table: &str,
    headers: &BTreeMap<String, Option<Sent>>,
    site: &Origin,
    mut hardening: Hardening,
    left_out: &mut Vec<LeftOut>,
) -> Result<Hardening, HeaderFault> {
    for (name, lower, sent) in distinct(headers)? {
        let fault = |problem: String| (name.clone(), problem);
        let key = || format!("{table}.{name}");
        let value = match sent {
            Sent::Text(value) => value,
            Sent::Off => {
                let header = removable(&lower, &hardening).map_err(fault)?;
                left_out.extend(switched_off::off(&lower, &hardening).map(|lint| lint.at(key())));
                hardening = hardening.without(&header);
                continue;
            }
        };
        if let Some(problem) = single(&lower).or_else(|| misplaced(&lower).map(str::to_owned)) {
            return Err(fault(problem));
        }
        let of_site = table.strip_suffix(".headers").unwrap_or("url");
        if let Some((id, problem)) = https_refusal(&lower, site, of_site) {
            left_out.push(LeftOut { key: key(), id, problem });
            continue;
        }
        if let Some(meant) = meant(&lower) {
            let problem = format!("browsers do not know this header; did you mean '{meant}'?");
            return Err(fault(problem));
        }
        let weaker = switched_off::weaker(&lower, value, &hardening);
        left_out.extend(weaker.map(|lint| lint.at(key())));
        hardening = hardening
            .with_line(&lower, value)
            .map_err(|error| fault(error.problem().to_owned()))?;
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
    if RemoveHeaders::new([name]).is_err() {
        return Err("no policy sends this header; remove this key".to_owned());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_with_a_policy_protects_or_is_known_not_to() {
        let mut others: Vec<&str> =
            known_headers().filter(|name| !RemoveHeaders::protects(name)).collect();
        others.sort_unstable();
        others.dedup();
        let known = [
            "expect-ct",
            "x-dns-prefetch-control",
            "x-download-options",
            "x-permitted-cross-domain-policies",
            "x-xss-protection",
        ];
        assert_eq!(others, known);
    }
}
