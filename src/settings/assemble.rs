//! Builds the policies of one host: the profile, Pleroma's own keys, then the keys for any site.

mod additional;
mod size;

use std::collections::BTreeMap;

use super::{
    change::Change,
    compile,
    directives::{self, Absent},
    error::{Fault, key_of},
    file::File,
    frontend,
    headers::{self, Lines},
    left_out::LeftOut,
    sent::Sent,
    sites::Site,
};
use crate::{
    policy::{
        RemoveHeaders, cookie::HostCookies, csp::ContentSecurityPolicy, hardening::Hardening,
    },
    request::Origin,
};

/// The key that sends a nonce in a line of its own.
const SECOND_LINE: &str = "nonce_in_second_line";

/// Holds what all sites of a file have in common, so that it is read once.
pub(super) struct Shared<'a> {
    file: &'a File,
    removed: Option<RemoveHeaders>,
    additional: Vec<ContentSecurityPolicy>,
    headers: Lines,
    frontend_headers: Lines,
}

/// Holds the tables that change policies: those at the root, or those of a `[[site]]`.
struct Tables<'a> {
    /// The path of the keys above the tables.
    above: Vec<String>,
    headers: &'a BTreeMap<String, Option<Sent>>,
    csp: &'a BTreeMap<String, Option<Change>>,
    csp_report_only: &'a BTreeMap<String, Option<Change>>,
    absent: Absent,
}

impl<'a> Shared<'a> {
    pub(super) fn new(file: &'a File) -> Result<Self, Fault> {
        let additional = match file.http_security.enabled {
            true => additional::read(&file.additional_csp)?,
            false => Vec::new(),
        };
        let (headers, frontend_headers) = (Lines::default(), Lines::default());
        Ok(Self {
            file,
            removed: headers::removed(&file.remove_headers.0)?,
            additional,
            headers,
            frontend_headers,
        })
    }

    /// Returns the policies of the main site. Adds the headers that are not sent, although the file
    /// has them.
    pub(super) fn main_site(
        &mut self,
        site: &Origin,
        cookies: Option<HostCookies>,
        left_out: &mut Vec<LeftOut>,
    ) -> Result<Hardening, Fault> {
        let hardening = self.policies(site, cookies)?;
        let hardening = self.apply_root(site, hardening, Absent::Refuse, left_out)?;
        self.finish(site, hardening, left_out)
    }

    /// Returns the policies of the `[[site]]` with this index.
    pub(super) fn other_site(
        &mut self,
        index: usize,
        site: &Origin,
        cookies: Option<HostCookies>,
        left_out: &mut Vec<LeftOut>,
    ) -> Result<Hardening, Fault> {
        let hardening = self.policies(site, cookies)?;
        // The lints of the main site report what has no effect at the root.
        let mut of_root = Vec::new();
        let mut hardening = self.apply_root(site, hardening, Absent::Skip, &mut of_root)?;
        let own = self.file.site.get(index).filter(|_| self.file.http_security.enabled);
        if let Some(own) = own {
            let tables = Tables::own(own, index);
            hardening = tables.apply_headers(site, hardening, &mut Lines::default(), left_out)?;
            hardening = tables.apply_csp(hardening, left_out)?;
        }
        self.finish(site, hardening, &mut of_root).map_err(|(path, problem)| {
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

    /// Returns the policies of the profile, as Pleroma's own keys and `remove_headers` change them.
    fn policies(&self, site: &Origin, cookies: Option<HostCookies>) -> Result<Hardening, Fault> {
        let compiled = compile::hardening(self.file, site, cookies).map_err(|(path, error)| {
            (path.iter().map(|key| (*key).to_owned()).collect(), error.problem().to_owned())
        })?;
        Ok(match &self.removed {
            Some(removed) => compiled.with(removed.clone()),
            None => compiled,
        })
    }

    /// Applies the tables at the root.
    fn apply_root(
        &mut self,
        site: &Origin,
        hardening: Hardening,
        absent: Absent,
        left_out: &mut Vec<LeftOut>,
    ) -> Result<Hardening, Fault> {
        if !self.file.http_security.enabled {
            return Ok(hardening);
        }
        let tables = Tables::root(self.file, absent);
        let mut hardening = tables.apply_headers(site, hardening, &mut self.headers, left_out)?;
        // `content-security-policy = false` removes those that are there.
        for policy in &self.additional {
            hardening = hardening.with_additional_csp(policy.clone());
        }
        tables.apply_csp(hardening, left_out)
    }

    /// Adds the headers of the frontend, and decides the lines of the policy.
    fn finish(
        &mut self,
        site: &Origin,
        hardening: Hardening,
        left_out: &mut Vec<LeftOut>,
    ) -> Result<Hardening, Fault> {
        let Self { file, frontend_headers, .. } = self;
        let below = |(key, problem)| (vec!["frontend_headers".to_owned(), key], problem);
        let mut add = |hardening, left_out: &mut _| {
            let wanted = &file.frontend_headers;
            frontend::add(wanted, site, hardening, frontend_headers, left_out).map_err(below)
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
}

impl<'a> Tables<'a> {
    fn root(file: &'a File, absent: Absent) -> Self {
        let File { headers, csp, csp_report_only, .. } = file;
        Self { above: Vec::new(), headers, csp, csp_report_only, absent }
    }

    fn own(site: &'a Site, index: usize) -> Self {
        let Site { headers, csp, csp_report_only, .. } = site;
        let above = vec!["site".to_owned(), index.to_string()];
        Self { above, headers, csp, csp_report_only, absent: Absent::Refuse }
    }

    /// Returns the path of a table.
    fn path(&self, table: &str) -> Vec<String> {
        self.above.iter().cloned().chain([table.to_owned()]).collect()
    }

    /// Applies the table of headers. Adds what has no effect.
    fn apply_headers(
        &self,
        site: &Origin,
        hardening: Hardening,
        known: &mut Lines,
        left_out: &mut Vec<LeftOut>,
    ) -> Result<Hardening, Fault> {
        let path = self.path(headers::TABLE);
        headers::apply(&key_of(&path), self.headers, site, hardening, known, left_out)
            .map_err(|(key, problem)| ([path, vec![key]].concat(), problem))
    }

    /// Applies the tables of content policies. Adds what has no effect.
    fn apply_csp(
        &self,
        mut hardening: Hardening,
        left_out: &mut Vec<LeftOut>,
    ) -> Result<Hardening, Fault> {
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

fn nonce_in_second_line(hardening: Hardening) -> Result<Hardening, Fault> {
    hardening.nonce_in_second_line().map_err(|error| {
        let path = ["http_security", SECOND_LINE].map(str::to_owned);
        (path.to_vec(), error.problem().to_owned())
    })
}
