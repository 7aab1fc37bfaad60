//! Finds the keys that set a header, and the one that changes it.

use std::collections::BTreeMap;

use super::{
    Settings,
    change::Change,
    conflicts::{Claim, claims},
    error::key_of,
    file::File,
    places::{Path, path},
    profile::Profile,
    sent::Sent as Value,
    sites::Site,
};
use crate::policy::{csp::ContentSecurityPolicy, hardening::Hardening, header::HeaderPolicy};

/// Holds a header that is sent.
pub(super) struct Sent<'a> {
    pub(super) settings: &'a Settings,
    pub(super) hardening: &'a Hardening,
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    /// The index of the site; the main site is the first.
    pub(super) index: usize,
}

impl Sent<'_> {
    fn file(&self) -> &File {
        &self.settings.file
    }

    /// Returns the keys that the value comes from.
    pub(super) fn set_by(&self) -> Vec<Path> {
        match self.name {
            ContentSecurityPolicy::HEADER => self.policy(),
            ContentSecurityPolicy::REPORT_ONLY => {
                let line = self.line().into_iter();
                line.chain(self.edits("csp_report_only", None)).collect()
            }
            "x-frame-options" if self.line().is_none() => self.framing(),
            _ => self.fixed(),
        }
    }

    /// Returns the key of `[headers]` that sets the header.
    fn line(&self) -> Option<Path> {
        self.own_line().or_else(|| self.root_line())
    }

    fn root_line(&self) -> Option<Path> {
        Some(vec!["headers".to_owned(), named(&self.file().headers, self.name)?.clone()])
    }

    /// Returns the key of `[site.headers]` that sets the header.
    fn own_line(&self) -> Option<Path> {
        let key = named(&self.own()?.headers, self.name)?.clone();
        Some(self.below(vec!["headers".to_owned(), key]))
    }

    /// Returns the `[[site]]`, for another host than the main one.
    fn own(&self) -> Option<&Site> {
        self.file().site.get(self.index.checked_sub(1)?)
    }

    /// Returns a path below the `[[site]]`.
    fn below(&self, path: Path) -> Path {
        let index = self.index.saturating_sub(1).to_string();
        [vec!["site".to_owned(), index], path].concat()
    }

    /// Returns the edits of a content policy, or of one of its directives: those of the root, unless
    /// a line of the site replaces their result, and those of the site.
    fn edits(&self, table: &'static str, directive: Option<&str>) -> Vec<Path> {
        let (root, own): (&Changes, _) = match table {
            "csp" => (&self.file().csp, self.own().map(|own| &own.csp)),
            _ => (&self.file().csp_report_only, self.own().map(|own| &own.csp_report_only)),
        };
        let root = edits(table, root, directive).into_iter().filter(|_| self.own_line().is_none());
        let own = own.into_iter().flat_map(|own| edits(table, own, directive));
        root.chain(own.map(|path| self.below(path))).collect()
    }

    /// Returns the key of `[frontend_headers]` that sets the header, if no policy has it.
    fn extra(&self) -> Option<Path> {
        let is_named = |key: &&String| key.eq_ignore_ascii_case(self.name);
        let key = self.file().frontend_headers.keys().find(is_named)?;
        let path = vec!["frontend_headers".to_owned(), key.clone()];
        let left_out = &self.settings.left_out;
        let is_built_in = left_out
            .iter()
            .any(|left| left.key == key_of(&path) && left.id == "frontend-header-built-in");
        (!is_built_in).then_some(path)
    }

    fn fixed(&self) -> Vec<Path> {
        if let Some(path) = self.line().or_else(|| self.extra()) {
            return vec![path];
        }
        let sets = |claim: &Claim| claim.headers == ["strict-transport-security", "expect-ct"];
        let claims = claims(self.file(), &self.settings.tree);
        // `sts` switches headers on, and has no value for them.
        let mut claims = claims.iter().filter(|claim| !sets(claim));
        match claims.find(|claim| claim.headers.contains(&self.name)) {
            Some(claim) => vec![path(claim.key)],
            None => vec![path(&["profile"])],
        }
    }

    /// `X-Frame-Options` follows `frame-ancestors`.
    fn framing(&self) -> Vec<Path> {
        let policy = Sent { name: ContentSecurityPolicy::HEADER, ..*self };
        let edits = policy.edits("csp", Some("frame-ancestors"));
        match (edits.is_empty(), policy.line()) {
            (false, _) => edits,
            (true, Some(line)) => vec![line],
            (true, None) => match self.extra() {
                Some(extra) => vec![extra],
                None => vec![path(&["profile"])],
            },
        }
    }

    /// Returns the keys of an enforced content policy.
    fn policy(&self) -> Vec<Path> {
        let is_main =
            self.hardening.csp().is_some_and(|csp| csp.without_nonce().value() == self.value);
        if !is_main {
            let text =
                |policy: &ContentSecurityPolicy| policy.without_nonce().value() == self.value;
            let index = self.hardening.additional_csp.iter().position(text).unwrap_or_default();
            return vec![path(&["additional_csp", &index.to_string()])];
        }
        let mut keys: Vec<Path> = Vec::new();
        match self.line() {
            Some(line) => keys.push(line),
            None if self.file().profile != Profile::Empty => {
                keys.push(path(&["profile"]));
                keys.extend(self.host());
            }
            None => {}
        }
        if self.own_line().is_none() {
            let claims = claims(self.file(), &self.settings.tree);
            let own = claims.iter().filter(|claim| !claim.directives.is_empty());
            keys.extend(own.map(|claim| path(claim.key)));
        }
        keys.extend(self.edits("csp", None));
        keys
    }

    /// Returns the key of the host that the profile names.
    fn host(&self) -> Option<Path> {
        let index = self.index.checked_sub(1).map(|index| index.to_string());
        let key = match &index {
            None => path(&["url", "host"]),
            Some(index) => path(&["site", index, "host"]),
        };
        self.file().profile.names_site().then_some(key)
    }

    /// Returns the key that changes the header.
    pub(super) fn changed_by(&self, set_by: &[Path]) -> String {
        let fixed = match self.name {
            "strict-transport-security" => "http_security.sts_max_age",
            "expect-ct" => "http_security.ct_max_age",
            "referrer-policy" => "http_security.referrer_policy",
            "x-frame-options" => "csp.frame-ancestors",
            "reporting-endpoints" | "report-to" => "http_security.report_uri",
            _ => "",
        };
        match set_by {
            [one] if !["profile", "csp", "csp_report_only"].contains(&table_of(one)) => key_of(one),
            _ if self.name == ContentSecurityPolicy::HEADER => self.edit_of("csp", set_by),
            _ if self.name == ContentSecurityPolicy::REPORT_ONLY => {
                self.edit_of("csp_report_only", set_by)
            }
            _ if fixed.is_empty() => format!("headers.{}", self.name),
            _ => fixed.to_owned(),
        }
    }

    /// Returns the key that edits a policy: that of the site, if the site changes it already.
    fn edit_of(&self, table: &str, set_by: &[Path]) -> String {
        let is_own = |path: &Path| path[0] == "site" && path.len() > 3;
        let key = vec![table.to_owned(), "<directive>".to_owned()];
        key_of(&if set_by.iter().any(is_own) { self.below(key) } else { key })
    }

    /// Returns the policy with the places of its nonce, if it has one.
    pub(super) fn with_nonce(&self) -> Option<String> {
        let trial = self.hardening.csp_report_only.iter();
        let enforced = self.hardening.csp.iter().chain(&self.hardening.additional_csp);
        let mut policies: Vec<&ContentSecurityPolicy> = match self.name {
            ContentSecurityPolicy::HEADER => enforced.collect(),
            ContentSecurityPolicy::REPORT_ONLY => trial.collect(),
            _ => return None,
        };
        policies.retain(|policy| {
            let without = policy.without_nonce();
            without.value() == self.value && without != **policy
        });
        policies.first().map(ToString::to_string)
    }
}

/// Returns the table of a key, which is below a `[[site]]` or at the root.
fn table_of(path: &[String]) -> &str {
    let table = match path {
        [site, _, table, ..] if site == "site" => Some(table),
        path => path.first(),
    };
    table.map_or("", String::as_str)
}

/// Represents the edits of a content policy.
type Changes = BTreeMap<String, Option<Change>>;

/// Returns the key of a table that sets this header.
fn named<'a>(headers: &'a BTreeMap<String, Option<Value>>, name: &str) -> Option<&'a String> {
    let mut set = headers.iter().filter(|(_, sent)| sent.is_some()).map(|(key, _)| key);
    set.find(|key| key.eq_ignore_ascii_case(name))
}

/// Returns the keys of a table's edits, or of those of one directive.
fn edits(table: &str, changes: &Changes, directive: Option<&str>) -> Vec<Path> {
    let is_asked = |name: &str| directive.is_none_or(|asked| asked.eq_ignore_ascii_case(name));
    let mut paths = Vec::new();
    for (name, change) in changes.iter().filter(|(name, _)| is_asked(name)) {
        match change {
            None => {}
            Some(Change::Off) => paths.push(path(&[table, name])),
            Some(Change::Edit(edit)) => {
                let all = [("set", &edit.set), ("add", &edit.add), ("remove", &edit.remove)];
                let set = all.into_iter().filter(|(_, words)| words.is_some());
                paths.extend(set.map(|(verb, _)| path(&[table, name, verb])));
            }
        }
    }
    paths
}
