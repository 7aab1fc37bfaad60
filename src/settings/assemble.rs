//! Builds the policies of one host: the profile, Pleroma's own keys, then the keys for any site.

mod size;

use std::collections::BTreeMap;

use super::{
    change::Change,
    compile,
    directives::{self, Absent},
    error::{Fault, key_of},
    file::File,
    frontend, headers,
    left_out::{LeftOut, MOST, known_headers},
    sent::Sent,
    sites::Site,
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

/// The key that sends a nonce in a line of its own.
const SECOND_LINE: &str = "nonce_in_second_line";

/// Holds the tables that change policies: those at the root, or those of a `[[site]]`.
struct Tables<'a> {
    /// The path of the keys above the tables.
    above: Vec<String>,
    headers: &'a BTreeMap<String, Option<Sent>>,
    csp: &'a BTreeMap<String, Option<Change>>,
    csp_report_only: &'a BTreeMap<String, Option<Change>>,
    absent: Absent,
    /// The policies that browsers enforce in addition.
    additional: &'a [String],
}

/// Returns the policies of the main site. Adds the headers that are not sent, although the file has
/// them.
pub(super) fn main_site(
    file: &File,
    site: &Origin,
    cookies: Option<HostCookies>,
    left_out: &mut Vec<LeftOut>,
) -> Result<Hardening, Fault> {
    let mut hardening = policies(file, site, cookies)?;
    if file.http_security.enabled {
        hardening = Tables::root(file, Absent::Refuse).apply(site, hardening, left_out)?;
    }
    finish(file, site, hardening, left_out)
}

/// Returns the policies of the `[[site]]` with this index.
pub(super) fn other_site(
    file: &File,
    index: usize,
    site: &Origin,
    cookies: Option<HostCookies>,
    left_out: &mut Vec<LeftOut>,
) -> Result<Hardening, Fault> {
    let mut hardening = policies(file, site, cookies)?;
    // The lints of the main site report what has no effect at the root.
    let mut of_root = Vec::new();
    if file.http_security.enabled {
        hardening = Tables::root(file, Absent::Skip).apply(site, hardening, &mut of_root)?;
        if let Some(own) = file.site.get(index) {
            hardening = Tables::own(own, index).apply(site, hardening, left_out)?;
        }
    }
    finish(file, site, hardening, &mut of_root).map_err(|(path, problem)| {
        match path.last().is_some_and(|key| key == SECOND_LINE) {
            // The policy of the main site can have a second line, and that of this site cannot.
            true => {
                let path = ["site", &index.to_string(), "csp"].map(str::to_owned);
                (path.to_vec(), format!("{problem}, since http_security.{SECOND_LINE} is true"))
            }
            false => (path, problem),
        }
    })
}

impl<'a> Tables<'a> {
    fn root(file: &'a File, absent: Absent) -> Self {
        let File { headers, csp, csp_report_only, .. } = file;
        let additional = &file.additional_csp;
        Self { above: Vec::new(), headers, csp, csp_report_only, absent, additional }
    }

    fn own(site: &'a Site, index: usize) -> Self {
        let Site { headers, csp, csp_report_only, .. } = site;
        let above = vec!["site".to_owned(), index.to_string()];
        let absent = Absent::Refuse;
        Self { above, headers, csp, csp_report_only, absent, additional: &[] }
    }

    /// Returns the path of a table.
    fn path(&self, table: &str) -> Vec<String> {
        self.above.iter().cloned().chain([table.to_owned()]).collect()
    }

    /// Applies the tables. Adds what has no effect.
    fn apply(
        &self,
        site: &Origin,
        mut hardening: Hardening,
        left_out: &mut Vec<LeftOut>,
    ) -> Result<Hardening, Fault> {
        let path = self.path(headers::TABLE);
        hardening = headers::apply(&key_of(&path), self.headers, site, hardening, left_out)
            .map_err(|(key, problem)| ([path, vec![key]].concat(), problem))?;
        // `content-security-policy = false` removes those that are there.
        hardening = additional(self.additional, hardening)?;
        self.edit("csp", self.csp, &mut hardening.csp, left_out)?;
        self.edit(
            "csp_report_only",
            self.csp_report_only,
            &mut hardening.csp_report_only,
            left_out,
        )?;
        Ok(hardening)
    }

    /// Edits a content policy.
    fn edit(
        &self,
        table: &str,
        changes: &BTreeMap<String, Option<Change>>,
        slot: &mut Option<ContentSecurityPolicy>,
        left_out: &mut Vec<LeftOut>,
    ) -> Result<(), Fault> {
        if !changes.values().any(Option::is_some) {
            return Ok(());
        }
        let path = self.path(table);
        let base = slot.take().unwrap_or(ContentSecurityPolicy::EMPTY);
        let edited = directives::apply(&key_of(&path), changes, base, self.absent, left_out)
            .map_err(|(below, problem)| ([path, below].concat(), problem))?;
        *slot = Some(edited).filter(|csp| !csp.is_empty());
        Ok(())
    }
}

/// Returns the policies of the profile, as Pleroma's own keys and `remove_headers` change them.
fn policies(file: &File, site: &Origin, cookies: Option<HostCookies>) -> Result<Hardening, Fault> {
    let compiled = compile::hardening(file, site, cookies).map_err(|(path, error)| {
        (path.iter().map(|key| (*key).to_owned()).collect(), error.problem().to_owned())
    })?;
    removing(file, compiled)
}

/// Adds the headers of the frontend, and decides the lines of the policy.
fn finish(
    file: &File,
    site: &Origin,
    hardening: Hardening,
    left_out: &mut Vec<LeftOut>,
) -> Result<Hardening, Fault> {
    let below = |(key, problem)| (vec!["frontend_headers".to_owned(), key], problem);
    let add = |hardening, left_out: &mut _| {
        frontend::add(&file.frontend_headers, site, hardening, left_out).map_err(below)
    };
    if !file.http_security.enabled {
        // They are validated, and not sent.
        return add(hardening.clone(), &mut Vec::new()).map(|_| hardening);
    }
    let hardening = add(hardening, left_out)?;
    size::check(&hardening, left_out)?;
    match file.http_security.nonce_in_second_line {
        true => nonce_in_second_line(hardening),
        false => Ok(hardening),
    }
}

fn nonce_in_second_line(hardening: Hardening) -> Result<Hardening, Fault> {
    hardening.nonce_in_second_line().map_err(|error| {
        let path = ["http_security", SECOND_LINE].map(str::to_owned);
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

/// Adds the policies of `additional_csp`.
fn additional(policies: &[String], mut hardening: Hardening) -> Result<Hardening, Fault> {
    if policies.len() > MOST_POLICIES {
        let problem = "there are more than 64 policies, which proxies refuse; remove some";
        return Err((vec!["additional_csp".to_owned()], problem.to_owned()));
    }
    for (index, text) in policies.iter().enumerate() {
        let policy: ContentSecurityPolicy = text.parse().map_err(|error: ParseError| {
            (vec!["additional_csp".to_owned(), index.to_string()], error.problem().to_owned())
        })?;
        hardening = hardening.with_additional_csp(policy);
    }
    Ok(hardening)
}
