//! Explains the headers of a service, and what settings change about headers of the application:
//! cookies, removals, files.

use std::iter;

use super::{
    Settings,
    browsers::browsers,
    error::key_of,
    explanation::{ExplainedHeader, Explanation},
    places::{Path, all_sources, path},
    set_by::Sent,
};
use crate::{
    policy::{csp::ContentSecurityPolicy, hardening::Hardening},
    request::Origin,
};

/// The browsers that read cookies with a prefix.
const PREFIXES: &str = "all";

impl Settings {
    /// Explains each header that the settings send, on every site: the settings behind it, the one
    /// that changes it, and the browsers that read it; and what they change about headers of the
    /// application, such as cookies.
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
                    with_nonce: sent.with_nonce(),
                    changed_by: sent.changed_by(&set_by),
                    set_by: all_sources(self, &set_by),
                    browsers: browsers(name.as_str()),
                    name: name.as_str().to_owned(),
                    value,
                });
            }
        }
        Explanation { changes: changes(self, &headers), headers }
    }
}

/// Holds the changes of one site.
struct Changes<'a> {
    settings: &'a Settings,
    site: &'a Origin,
    /// The index of the `[[site]]`; `None` for the main site.
    index: Option<usize>,
    found: Vec<ExplainedHeader>,
}

/// Returns the changes of all sites, the main site first. `headers` are those that are sent.
fn changes(settings: &Settings, headers: &[ExplainedHeader]) -> Vec<ExplainedHeader> {
    let others = settings.sites.hosts().enumerate();
    let others = others.map(|(index, (site, hardening))| (Some(index), site, hardening));
    let all = [(None, &settings.site, settings.sites.default_host())].into_iter().chain(others);
    all.flat_map(|(index, site, hardening)| {
        let mut changes = Changes { settings, site, index, found: Vec::new() };
        if hardening.host_cookies().is_some() {
            changes.cookies();
        }
        changes.removals(hardening);
        changes.nonces(headers);
        changes.files();
        changes.found
    })
    .collect()
}

impl Changes<'_> {
    fn add(&mut self, name: &str, value: String, browsers: &'static str, set_by: &[Path]) {
        self.found.push(ExplainedHeader {
            site: self.site.clone(),
            name: name.to_owned(),
            value,
            with_nonce: None,
            set_by: all_sources(self.settings, set_by),
            changed_by: set_by.last().map(|path| key_of(path)).unwrap_or_default(),
            browsers,
        });
    }

    fn cookies(&mut self) {
        let tree = &self.settings.tree;
        let index = self.index.map(|index| index.to_string());
        let own = index.as_ref().map(|index| path(&["site", index, "secure_cookie_flag"]));
        let is_set =
            |path: &Path| tree.is_set(&path.iter().map(String::as_str).collect::<Vec<_>>());
        let guarded = own.filter(is_set).unwrap_or_else(|| path(&["secure_cookie_flag"]));
        let options = ["prefix", "same_site", "http_only", "domain_attribute", "path_attribute"];
        let options = options.map(|key| path(&["cookies", key])).into_iter().filter(is_set);
        let mut set_by = vec![guarded.clone()];
        set_by.extend(options.chain([path(&["cookies", "names"])]));
        let prefix = self.settings.file.cookies.prefix.0;
        for name in self.settings.file.cookie_names() {
            let sent = format!("{prefix}{name}");
            let value =
                format!("{name} is sent as {sent}, with the attributes that the prefix needs");
            self.add("set-cookie", value, PREFIXES, &set_by);
            let value = format!(
                "{sent} is read as {name}; other cookies that a reader takes for {name} are dropped"
            );
            self.add("cookie", value, PREFIXES, &set_by);
        }
        if self.settings.file.cookies.secure_other_cookies {
            let key = path(&["cookies", "secure_other_cookies"]);
            self.add("set-cookie", "every other cookie gets Secure".to_owned(), PREFIXES, &[key]);
        }
        if self.settings.file.cookies.reject_duplicates {
            let value = "a request with two guarded cookies of one name is rejected".to_owned();
            self.add("cookie", value, PREFIXES, &[path(&["cookies", "reject_duplicates"])]);
        }
    }

    fn removals(&mut self, hardening: &Hardening) {
        let written = self.settings.file.remove_headers.0.iter();
        let written: Vec<String> = written.map(|name| name.to_ascii_lowercase()).collect();
        for name in hardening.remove.iter().flat_map(|remove| remove.names()) {
            let index = written.iter().position(|written| written == name.as_str());
            let index = index.unwrap_or_default().to_string();
            let value = "removed from the application's response".to_owned();
            self.add(
                name.as_str(),
                value,
                browsers(name.as_str()),
                &[path(&["remove_headers", &index])],
            );
        }
    }

    /// Explains the headers of a page that reads its nonce, next to its policy.
    fn nonces(&mut self, headers: &[ExplainedHeader]) {
        let of_site = |header: &&ExplainedHeader| header.site == *self.site;
        let mut policies = headers.iter().filter(of_site).filter(|one| one.with_nonce.is_some());
        let Some(policy) = policies.next() else { return };
        let value = "private, or stricter, on a page that reads its nonce; headers for shared caches are removed";
        self.found.push(ExplainedHeader {
            name: "cache-control".to_owned(),
            value: value.to_owned(),
            with_nonce: None,
            browsers: browsers("cache-control"),
            ..policy.clone()
        });
        if self.settings.file.http_security.nonce_in_second_line {
            let value =
                "two lines on a page that reads its nonce; the nonce is in the second".to_owned();
            let key = path(&["http_security", "nonce_in_second_line"]);
            self.add(ContentSecurityPolicy::HEADER, value, ContentSecurityPolicy::BROWSERS, &[key]);
        }
    }

    /// Explains files of users, which are the same on every site.
    fn files(&mut self) {
        if self.index.is_some() {
            return;
        }
        let file = &self.settings.file;
        let mut shown = vec!["images", "audio", "video"];
        shown.extend(file.media.allow.iter().map(|kind| kind.0.as_str()));
        let value = format!(
            "attachment, for each file of users except {}, which have a policy by their type",
            shown.join(", ")
        );
        self.add("content-disposition", value, "all", &[path(&["media", "allow"])]);
    }
}
