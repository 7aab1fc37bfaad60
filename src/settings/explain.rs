//! Finds the settings behind each header that is sent.

use std::{collections::BTreeMap, iter};

use super::{
    Settings,
    browsers::browsers,
    change::Change,
    conflicts::{Claim, claims},
    error::{Place, key_of, variable},
    explanation::{ExplainedHeader, Explanation, SettingPlace, SettingSource},
    file::File,
    profile::Profile,
};
use crate::policy::{csp::ContentSecurityPolicy, hardening::Hardening, header::HeaderPolicy};

/// Represents the path of a key.
type Path = Vec<String>;

impl Settings {
    /// Explains each header that the settings send, on every site: the settings behind it, the one
    /// that changes it, and the browsers that read it.
    pub fn explain(&self) -> Explanation {
        let main = iter::once((&self.site, self.sites.default_host()));
        let mut headers = Vec::new();
        for (index, (site, hardening)) in main.chain(self.sites.hosts()).enumerate() {
            for (name, value) in hardening.headers() {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                let sent =
                    Sent { settings: self, hardening, name: name.as_str(), value: &value, index };
                let set_by = sent.set_by();
                headers.push(ExplainedHeader {
                    site: site.clone(),
                    changed_by: sent.changed_by(&set_by),
                    set_by: set_by.iter().flat_map(|path| sources(self, path)).collect(),
                    browsers: browsers(name.as_str()),
                    name: name.as_str().to_owned(),
                    value,
                });
            }
        }
        Explanation { headers }
    }
}

/// Returns a key with its places: a list may have members from the file and from the environment.
fn sources(settings: &Settings, path: &[String]) -> Vec<SettingSource> {
    let source = source(settings, path);
    let is_variable = matches!(source.place, SettingPlace::Variable(_));
    let is_both = settings.tree.has_variable(path) && !is_variable;
    let added = SettingSource {
        place: SettingPlace::Variable(variable(&path.join("."))),
        ..source.clone()
    };
    [source].into_iter().chain(is_both.then_some(added)).collect()
}

/// Returns a key with its place.
fn source(settings: &Settings, path: &[String]) -> SettingSource {
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    let place = match settings.tree.is_set(&steps) {
        false => SettingPlace::Default,
        true => match settings.tree.place(path) {
            Place::File => SettingPlace::File,
            Place::Line(line) => SettingPlace::Line(line),
            Place::Environment => {
                // The members of a list have no variable of their own.
                let key = key_of(path);
                SettingPlace::Variable(variable(key.split('[').next().unwrap_or_default()))
            }
        },
    };
    let is_profile = steps == ["profile"];
    let profile = is_profile.then(|| settings.file.profile.as_str());
    SettingSource { key: key_of(path), profile, place }
}

/// Holds a header that is sent.
struct Sent<'a> {
    settings: &'a Settings,
    hardening: &'a Hardening,
    name: &'a str,
    value: &'a str,
    /// The index of the site; the main site is the first.
    index: usize,
}

impl Sent<'_> {
    fn file(&self) -> &File {
        &self.settings.file
    }

    /// Returns the keys that the value comes from.
    fn set_by(&self) -> Vec<Path> {
        match self.name {
            ContentSecurityPolicy::HEADER => self.policy(),
            ContentSecurityPolicy::REPORT_ONLY => {
                let line = self.line().into_iter();
                line.chain(edits("csp_report_only", &self.file().csp_report_only)).collect()
            }
            "x-frame-options" if self.line().is_none() => self.framing(),
            _ => self.fixed(),
        }
    }

    /// Returns the key of `[headers]` that sets the header.
    fn line(&self) -> Option<Path> {
        let is_named = |key: &&String| key.eq_ignore_ascii_case(self.name);
        let set = self.file().headers.iter().filter(|(_, sent)| sent.is_some());
        let key = set.map(|(key, _)| key).find(is_named)?;
        Some(vec!["headers".to_owned(), key.clone()])
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
        let csp =
            self.file().csp.iter().filter(|(name, _)| name.eq_ignore_ascii_case("frame-ancestors"));
        let edited = csp.map(|(name, change)| (name.clone(), change.clone())).collect();
        let edits: Vec<Path> = edits("csp", &edited).collect();
        let policy = Sent { name: ContentSecurityPolicy::HEADER, ..*self };
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
        let claims = claims(self.file(), &self.settings.tree);
        let own = claims.iter().filter(|claim| !claim.directives.is_empty());
        keys.extend(own.map(|claim| path(claim.key)));
        keys.extend(edits("csp", &self.file().csp));
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
    fn changed_by(&self, set_by: &[Path]) -> String {
        let fixed = match self.name {
            "strict-transport-security" => "http_security.sts_max_age",
            "expect-ct" => "http_security.ct_max_age",
            "referrer-policy" => "http_security.referrer_policy",
            "x-frame-options" => "csp.frame-ancestors",
            "reporting-endpoints" | "report-to" => "http_security.report_uri",
            _ => "",
        };
        match set_by {
            [one] if !["profile", "csp", "csp_report_only"].contains(&one[0].as_str()) => {
                key_of(one)
            }
            _ if self.name == ContentSecurityPolicy::HEADER => "csp.<directive>".to_owned(),
            _ if self.name == ContentSecurityPolicy::REPORT_ONLY => {
                "csp_report_only.<directive>".to_owned()
            }
            _ if fixed.is_empty() => format!("headers.{}", self.name),
            _ => fixed.to_owned(),
        }
    }
}

fn path(steps: &[&str]) -> Path {
    steps.iter().map(|step| (*step).to_owned()).collect()
}

/// Returns the keys of a table's edits.
fn edits<'a>(
    table: &'a str,
    changes: &'a BTreeMap<String, Option<Change>>,
) -> impl Iterator<Item = Path> + 'a {
    changes.iter().flat_map(move |(name, change)| {
        let verbs: Vec<&str> = match change {
            None => Vec::new(),
            Some(Change::Off) => vec![""],
            Some(Change::Edit(edit)) => {
                let all = [("set", &edit.set), ("add", &edit.add), ("remove", &edit.remove)];
                all.into_iter().filter(|(_, words)| words.is_some()).map(|(verb, _)| verb).collect()
            }
        };
        verbs.into_iter().map(move |verb| match verb {
            "" => path(&[table, name]),
            verb => path(&[table, name, verb]),
        })
    })
}
