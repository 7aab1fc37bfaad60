//! From a file and the environment to settings.

use std::{path::Path, str::FromStr};

use serde::Deserialize;
use toml::{Table, Value};

use super::{
    Settings,
    error::{Place, SettingsError, teach},
    file::{Cookies, File, Scheme},
};
use crate::{FixedHeader, HostCookies, HttpUrl, Origin, ParseError};

impl Settings {
    /// From the text of a settings file.
    pub fn from_toml(text: &str) -> Result<Self, SettingsError> {
        let line = |error: &toml::de::Error| match error.span() {
            Some(span) => Place::Line(1 + text[..span.start].matches('\n').count()),
            None => Place::File,
        };
        let syntax = |error: toml::de::Error| SettingsError::new(line(&error), "", error.message());
        let table: Table = text.parse().map_err(syntax)?;
        let deserializer = toml::Deserializer::parse(text).map_err(syntax)?;
        let file: File = serde_path_to_error::deserialize(deserializer).map_err(|error| {
            SettingsError::new(
                line(error.inner()),
                path(error.path()),
                teach(error.inner().message()),
            )
        })?;
        let line_of = |key: &str| line_of(text, key).map_or(Place::File, Place::Line);
        Self::new(file, table, line_of)
    }

    /// From a settings file, and the environment over it: see
    /// [`with_environment`](Self::with_environment).
    pub fn load(path: impl AsRef<Path>) -> Result<Self, SettingsError> {
        let path = path.as_ref();
        let unreadable =
            |error| SettingsError::new(Place::File, "", format!("cannot be read: {error}"));
        std::fs::read_to_string(path)
            .map_err(unreadable)
            .and_then(|text| Self::from_toml(&text))
            .map_err(|error| error.in_file(path))?
            .with_environment()
    }

    /// The same settings, with those of the environment in their place: `HARDENING__HTTP__PORT`
    /// for `http.port`. Members of a list are separated by commas.
    pub fn with_environment(self) -> Result<Self, SettingsError> {
        let environment = config::Environment::with_prefix("HARDENING")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(true)
            .list_separator(",")
            .with_list_parse_key("media_proxy.whitelist")
            .with_list_parse_key("cookies.names")
            .with_list_parse_key("cookies.except")
            .with_list_parse_key("cookies.old_domains");
        let problem = |error: config::ConfigError| {
            SettingsError::new(Place::Environment, "", error.to_string())
        };
        let environment = config::Config::builder().add_source(environment).build();
        let overrides =
            environment.and_then(|all| all.try_deserialize::<Table>()).map_err(problem)?;
        if overrides.is_empty() {
            return Ok(self);
        }
        let mut table = self.table;
        overlay(&mut table, overrides);
        let file = serde_path_to_error::deserialize(Value::Table(table.clone())).map_err(
            |error: serde_path_to_error::Error<toml::de::Error>| {
                let problem = teach(error.inner().message());
                SettingsError::new(Place::Environment, path(error.path()), problem)
            },
        )?;
        Self::new(file, table, |_| Place::Environment)
    }

    /// Checks what serde cannot: values that belong together.
    fn new(file: File, table: Table, place: impl Fn(&str) -> Place) -> Result<Self, SettingsError> {
        let error = |key: &str, problem: &str| SettingsError::new(place(key), key, problem);
        let scheme = match file.url.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        let port = file.url.port.map(Into::into);
        let site = Origin::new(scheme, &file.url.host, port)
            .map_err(|problem| error("url.host", problem.problem()))?;
        let bases = [
            ("upload.base_url", &file.upload.base_url),
            ("media_proxy.base_url", &file.media_proxy.base_url),
        ];
        for (key, base) in bases {
            if let Some(query) = base.as_ref().and_then(HttpUrl::query) {
                return Err(error(
                    key,
                    &format!("'?{query}' cannot be part of a base; leave it out"),
                ));
            }
        }
        let mut frontend_headers = Vec::new();
        for (name, value) in &file.frontend_headers {
            if FixedHeader::is_built_in(name) {
                continue;
            }
            let header = FixedHeader::new(name, &value.to_string())
                .map_err(|problem| error(&format!("frontend_headers.{name}"), problem.problem()))?;
            frontend_headers.push(header);
        }
        let cookies = cookies(&file.cookies).map_err(|(key, problem)| error(key, &problem))?;
        Ok(Self { file, table, site, cookies, frontend_headers })
    }
}

/// The policy for cookies, or the key that is wrong and why.
fn cookies(file: &Cookies) -> Result<HostCookies, (&'static str, String)> {
    let problem = |key| move |error: ParseError| (key, error.problem().to_owned());
    let names = file.names.iter().cloned();
    let mut cookies =
        HostCookies::new(names).map_err(problem("cookies.names"))?.prefix(file.prefix.0);
    if let Some(same_site) = file.same_site {
        cookies = cookies.same_site(same_site.0);
    }
    for (wanted, verb) in [
        (file.http_only, HostCookies::http_only as fn(HostCookies) -> HostCookies),
        (file.refuse_conflicts, HostCookies::refuse_conflicts),
        (file.strict, HostCookies::strict),
        (file.secure_others, HostCookies::secure_others),
        (file.plain_on_localhost, HostCookies::dangerous_plain_on_localhost),
    ] {
        cookies = if wanted { verb(cookies) } else { cookies };
    }
    if !file.except.is_empty() {
        if !file.secure_others {
            let remedy = "does nothing without secure_others; write 'secure_others = true'";
            return Err(("cookies.except", remedy.to_owned()));
        }
        cookies = cookies.except(file.except.iter().cloned());
    }
    for domain in &file.old_domains {
        cookies = cookies.old_domain(domain).map_err(problem("cookies.old_domains"))?;
    }
    match file.migrate_until {
        Some(date) => Ok(cookies.migrate_until(date.0)),
        None if file.old_domains.is_empty() => Ok(cookies),
        None => Err((
            "cookies.old_domains",
            "does nothing without a date in migrate_until; write one".into(),
        )),
    }
}

impl Default for Settings {
    /// The guide, for `https://example.tld`.
    fn default() -> Self {
        Self::from_toml("").expect("every key has a default")
    }
}

impl FromStr for Settings {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        Self::from_toml(text)
    }
}

impl<'de> Deserialize<'de> for Settings {
    /// As part of a larger file, in any format.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = Table::deserialize(deserializer)?;
        let file = serde_path_to_error::deserialize(Value::Table(table.clone())).map_err(
            |error: serde_path_to_error::Error<toml::de::Error>| {
                let problem = teach(error.inner().message());
                serde::de::Error::custom(format_args!("{}: {problem}", path(error.path())))
            },
        )?;
        Self::new(file, table, |_| Place::File).map_err(serde::de::Error::custom)
    }
}

/// The path of a key; empty for the root.
fn path(path: &serde_path_to_error::Path) -> String {
    match path.to_string() {
        root if root == "." => String::new(),
        key => key.trim_end_matches(".?").to_owned(),
    }
}

fn overlay(table: &mut Table, overrides: Table) {
    for (key, value) in overrides {
        match (table.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) => overlay(old, new),
            // An empty variable is an empty list.
            (_, Value::Array(list)) => {
                let list = list.into_iter().filter(|member| member.as_str() != Some(""));
                table.insert(key, Value::Array(list.collect()));
            }
            (_, value) => drop(table.insert(key, value)),
        }
    }
}

/// The line that sets a key, for problems that are found once the file is read.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let (section, name) = key.rsplit_once('.')?;
    let mut here = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            here = line.trim_matches(['[', ']', ' ']) == section;
        }
        let set = line.split('=').next().unwrap_or_default().trim().trim_matches('"');
        if (here && set == name) || set == key {
            return Some(index + 1);
        }
    }
    None
}
