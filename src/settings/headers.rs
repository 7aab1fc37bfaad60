//! Applies `[headers]`: each header by its own name, in its own syntax. Reads `remove_headers`.

mod switched_off;

use std::collections::{BTreeMap, HashMap, HashSet};

use http::HeaderName;

use super::{
    error::Fault,
    left_out::{
        HeaderFault, LeftOut, MOST, distinct, https_refusal, known_headers, meant, misplaced,
    },
    sent::Sent,
};
use crate::{
    error::ParseError,
    policy::{
        RemoveHeaders,
        hardening::{Hardening, Line},
        header::single_headers,
    },
    request::Origin,
};

/// The table's name.
pub(super) const TABLE: &str = "headers";

/// Keeps the headers of one table that were read, by their names in lower case: each site of a file has
/// the same ones.
#[derive(Default)]
pub(super) struct Lines(HashMap<String, Line>);

impl Lines {
    /// Returns a header that was read for another site.
    pub(super) fn get(&self, name: &str) -> Option<Line> {
        self.0.get(name).cloned()
    }

    /// Reads a header, and keeps it.
    pub(super) fn read(&mut self, name: &str, value: &str) -> Result<Line, ParseError> {
        let line = Line::read(name, value)?;
        self.0.insert(name.to_owned(), line.clone());
        Ok(line)
    }
}

/// Applies the table to the policies. `table` is its name, for lints, and `known` has the headers that
/// were read from it before.
pub(super) fn apply(
    table: &str,
    headers: &BTreeMap<String, Option<Sent>>,
    site: &Origin,
    mut hardening: Hardening,
    known: &mut Lines,
    left_out: &mut Vec<LeftOut>,
) -> Result<Hardening, HeaderFault> {
    let sent_before = sent(headers, &hardening);
    // Each header has one row, so that those that are removed and those that are set do not meet.
    let mut lines = Vec::new();
    for (name, lower, sent) in distinct(headers)? {
        let fault = |problem: String| (name.clone(), problem);
        let key = || format!("{table}.{name}");
        let Sent::Text(value) = sent else {
            let header = removable(&lower, &sent_before).map_err(fault)?;
            left_out.extend(switched_off::off(&lower, &hardening).map(|lint| lint.at(key())));
            hardening = hardening.without(&header);
            continue;
        };
        let read = known.get(&lower);
        if read.is_none() {
            placed(&lower).map_err(fault)?;
        }
        let of_site = table.strip_suffix(".headers").unwrap_or("url");
        if let Some((id, problem)) = https_refusal(&lower, site, of_site) {
            left_out.push(LeftOut { key: key(), id, problem });
            continue;
        }
        let weaker = switched_off::weaker(&lower, value, &hardening);
        left_out.extend(weaker.map(|lint| lint.at(key())));
        lines.push(match read {
            Some(line) => line,
            None => read_line(&lower, value, known).map_err(fault)?,
        });
    }
    Ok(hardening.with_lines(lines))
}

/// Returns the headers that are sent without the table, if a row of it removes one.
fn sent(headers: &BTreeMap<String, Option<Sent>>, hardening: &Hardening) -> HashSet<HeaderName> {
    match headers.values().any(|sent| matches!(sent, Some(Sent::Off))) {
        true => hardening.headers().into_iter().map(|(name, _)| name).collect(),
        false => HashSet::new(),
    }
}

/// Returns the problem of a header that does not belong on all responses.
fn placed(name: &str) -> Result<(), String> {
    match single(name).or_else(|| misplaced(name).map(str::to_owned)) {
        Some(problem) => Err(problem),
        None => Ok(()),
    }
}

fn read_line(name: &str, value: &str, known: &mut Lines) -> Result<Line, String> {
    if let Some(meant) = meant(name) {
        return Err(format!("browsers do not know this header; did you mean '{meant}'?"));
    }
    known.read(name, value).map_err(|error| error.problem().to_owned())
}

/// Returns the header that `false` names, or the problem.
fn removable(name: &str, sent: &HashSet<HeaderName>) -> Result<HeaderName, String> {
    let Ok(header) = HeaderName::try_from(name) else {
        return Err(format!("'{name}' is not a header's name; write letters, digits and '-'"));
    };
    if sent.contains(&header) || known_headers().any(|known| known == name) {
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

/// Returns the headers that are removed from all responses.
pub(super) fn removed(names: &[String]) -> Result<Option<RemoveHeaders>, Fault> {
    if names.len() > MOST {
        let problem = "there are more than 500 names; remove some";
        return Err((vec!["remove_headers".to_owned()], problem.to_owned()));
    }
    let mut removed: Option<RemoveHeaders> = None;
    for (index, name) in names.iter().enumerate() {
        let one = RemoveHeaders::new([name]).map_err(|error| {
            let problem = format!("{}{}", error.problem(), for_pages(name));
            (vec!["remove_headers".to_owned(), index.to_string()], problem)
        })?;
        removed = Some(match removed {
            Some(others) => others.and(one),
            None => one,
        });
    }
    Ok(removed)
}

/// Returns the remedy for a header that only pages are to go without.
fn for_pages(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    match RemoveHeaders::protects(&lower) && known_headers().any(|known| known == lower) {
        true => format!(", and for pages without it write 'headers.{lower} = false'"),
        false => String::new(),
    }
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
