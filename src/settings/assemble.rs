//! Builds the policies of one host: the profile, Pleroma's own keys, then the keys for any site.

use super::{
    change::Change,
    compile,
    directives::{self, Absent},
    error::Fault,
    file::File,
    frontend, headers,
    left_out::{LeftOut, MOST, known_headers},
};
use crate::{
    error::ParseError,
    policy::{
        RemoveHeaders, cookie::HostCookies, csp::ContentSecurityPolicy, hardening::Hardening,
    },
    request::Origin,
};

/// The number of policies above which servers and proxies refuse a response.
const MOST_POLICIES: usize = 64;

/// Returns the policies of a site. Adds the headers that are not sent, although the file has them.
pub(super) fn policies(
    file: &File,
    site: &Origin,
    cookies: Option<HostCookies>,
    absent: Absent,
    left_out: &mut Vec<LeftOut>,
) -> Result<Hardening, Fault> {
    let compiled = compile::hardening(file, site, cookies).map_err(|(path, error)| {
        (path.iter().map(|key| (*key).to_owned()).collect(), error.problem().to_owned())
    })?;
    let compiled = removing(file, compiled)?;
    let below = |table: &str| {
        let table = table.to_owned();
        move |(key, problem): (String, String)| (vec![table, key], problem)
    };
    if !file.http_security.enabled {
        // They are validated, and not sent.
        return frontend::add(&file.frontend_headers, site, compiled.clone(), &mut Vec::new())
            .map(|_| compiled)
            .map_err(below("frontend_headers"));
    }
    let hardening =
        headers::apply(file, site, compiled, left_out).map_err(below(headers::TABLE))?;
    let hardening = content(file, hardening, absent, left_out)?;
    let hardening = frontend::add(&file.frontend_headers, site, hardening, left_out)
        .map_err(below("frontend_headers"))?;
    match file.http_security.nonce_in_second_line {
        true => nonce_in_second_line(hardening),
        false => Ok(hardening),
    }
}

fn nonce_in_second_line(hardening: Hardening) -> Result<Hardening, Fault> {
    hardening.nonce_in_second_line().map_err(|error| {
        let path = ["http_security", "nonce_in_second_line"].map(str::to_owned);
        (path.to_vec(), error.problem().to_owned())
    })
}

fn removing(file: &File, hardening: Hardening) -> Result<Hardening, Fault> {
    if file.remove_headers.0.len() > MOST {
        let problem = "there are more than 500 names; remove some";
        return Err((vec!["remove_headers".to_owned()], problem.to_owned()));
    }
    let mut removed: Option<RemoveHeaders> = None;
    for (index, name) in file.remove_headers.0.iter().enumerate() {
        let one = RemoveHeaders::new([name]).map_err(|error| {
            let problem = format!("{}{}", error.problem(), for_pages(name));
            (vec!["remove_headers".to_owned(), index.to_string()], problem)
        })?;
        removed = Some(match removed {
            Some(others) => others.and(one),
            None => one,
        });
    }
    Ok(match removed {
        Some(removed) => hardening.with(removed),
        None => hardening,
    })
}

/// Returns the remedy for a header that only pages are to go without.
fn for_pages(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    match RemoveHeaders::protects(&lower) && known_headers().any(|known| known == lower) {
        true => format!(", and for pages without it write 'headers.{lower} = false'"),
        false => String::new(),
    }
}

/// Edits the content policies.
fn content(
    file: &File,
    mut hardening: Hardening,
    absent: Absent,
    left_out: &mut Vec<LeftOut>,
) -> Result<Hardening, Fault> {
    if file.additional_csp.len() > MOST_POLICIES {
        let problem = "there are more than 64 policies, which proxies refuse; remove some";
        return Err((vec!["additional_csp".to_owned()], problem.to_owned()));
    }
    for (index, text) in file.additional_csp.iter().enumerate() {
        let policy: ContentSecurityPolicy = text.parse().map_err(|error: ParseError| {
            (vec!["additional_csp".to_owned(), index.to_string()], error.problem().to_owned())
        })?;
        hardening = hardening.with_additional_csp(policy);
    }
    let mut edit = |table: &'static str, changes, slot: &mut Option<ContentSecurityPolicy>| {
        let is_edited = |change: &Option<Change>| change.is_some();
        if !std::collections::BTreeMap::values(changes).any(is_edited) {
            return Ok(());
        }
        let base = slot.take().unwrap_or(ContentSecurityPolicy::EMPTY);
        let edited = directives::apply(table, changes, base, absent, left_out)
            .map_err(|(path, problem)| ([vec![table.to_owned()], path].concat(), problem))?;
        *slot = Some(edited).filter(|csp| !csp.is_empty());
        Ok(())
    };
    edit("csp", &file.csp, &mut hardening.csp)?;
    edit("csp_report_only", &file.csp_report_only, &mut hardening.csp_report_only)?;
    Ok(hardening)
}
