//! Finds the variables of the environment that set a key, and those that were meant to.

use std::collections::BTreeMap;

use super::{
    error::{Place, SettingsError, variable},
    keys::settings_keys,
    left_out::known_headers,
};
use crate::{error::near, policy::csp::directive_names};

/// The prefix of the variables' names.
const PREFIX: &str = "hardening__";

/// The distance up to which a name is a misspelling of another, in letters.
const CLOSE: usize = 3;

/// The tables whose keys are headers or directives, which have '-' where a variable has '_'.
const TABLES: [&str; 4] = ["headers", "csp", "csp_report_only", "frontend_headers"];

/// Tables of keys that no variable sets as a whole.
const NOT_VARIABLES: [&str; 5] = ["headers", "csp", "csp_report_only", "frontend_headers", "site"];

/// Returns every key that a variable can set, except headers and directives.
fn keys() -> impl Iterator<Item = &'static str> {
    macro_rules! paths {
        ($($path:literal, $kind:ident, $default:literal, $doc:literal;)+) => { [$($path,)+] };
    }
    settings_keys!(paths).into_iter().filter(|path| !NOT_VARIABLES.contains(path))
}

/// Returns every key that a variable can set, with the headers that have a type and the edits of every
/// directive.
fn all_keys() -> impl Iterator<Item = String> {
    let edits = ["csp", "csp_report_only"].into_iter().flat_map(|table| {
        directive_names().flat_map(move |name| {
            ["set", "add", "remove"].map(|verb| format!("{table}.{name}.{verb}"))
        })
    });
    let headers = known_headers().map(|name| format!("headers.{name}"));
    keys().map(str::to_owned).chain(headers).chain(edits)
}

/// Holds a variable that sets no key, although its name resembles one that does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NearMiss {
    pub(super) found: String,
    pub(super) meant: String,
}

/// Holds the variables that concern the settings.
pub(super) struct Variables {
    /// The values, by the key's path.
    pub(super) values: BTreeMap<String, String>,
    pub(super) near_misses: Vec<NearMiss>,
}

impl Variables {
    /// Reads the environment of the process.
    pub(super) fn read() -> Result<Self, SettingsError> {
        let mut variables = Self { values: BTreeMap::new(), near_misses: Vec::new() };
        for (name, value) in std::env::vars_os() {
            let is_utf8 = name.to_str().is_some();
            let name = name.to_string_lossy();
            let lower = name.to_ascii_lowercase();
            let key = lower.strip_prefix(PREFIX).filter(|key| !key.trim_matches('_').is_empty());
            let Some(key) = key else {
                variables.near_misses.extend(near_miss(&name));
                continue;
            };
            if !is_utf8 {
                let problem = "the name of this variable is not UTF-8; write ASCII";
                let key = key.replace("__", ".");
                return Err(SettingsError::new(Place::Environment, key, problem));
            }
            let key = path(key)?;
            let Some(value) = value.to_str() else {
                let problem = "is not UTF-8; write ASCII";
                return Err(SettingsError::new(Place::Environment, key, problem));
            };
            if variables.values.insert(key.clone(), value.to_owned()).is_some() {
                let problem = "two spellings of this variable are set; remove one";
                return Err(SettingsError::new(Place::Environment, key, problem));
            }
        }
        Ok(variables)
    }
}

/// Returns the path of the key that the rest of a variable's name spells.
fn path(name: &str) -> Result<String, SettingsError> {
    let key = name.replace("__", ".");
    let table = key.split_once('.').filter(|(table, _)| TABLES.contains(table));
    if let Some((table, rest)) = table {
        // Shells allow no '-' in a variable's name, and neither headers nor directives have a '_'.
        let key = format!("{table}.{}", rest.replace('_', "-"));
        return match edit_meant(table, rest) {
            Some(meant) => {
                let problem = format!("this variable sets nothing; did you mean '{meant}'?");
                Err(SettingsError::new(Place::Environment, key, problem))
            }
            None => Ok(key),
        };
    }
    match all_keys().find(|known| squeezed(known) == squeezed(name)) {
        Some(known) if known != key => {
            let problem = format!("unknown key; did you mean '{}'?", variable(&known));
            Err(SettingsError::new(Place::Environment, key, problem))
        }
        _ => Ok(key),
    }
}

/// Returns the variable that was meant by one that ends in the verb of an edit, without the two
/// underscores before it.
fn edit_meant(table: &str, rest: &str) -> Option<String> {
    if !table.starts_with("csp") || rest.contains('.') {
        return None;
    }
    let (name, verb) = rest.rsplit_once('_')?;
    let is_edit = ["set", "add", "remove"].contains(&verb);
    is_edit.then(|| variable(&format!("{table}.{name}.{verb}")))
}

/// Returns the variable that was meant by one without the prefix, such as
/// `HARDENING_URL_HOST`.
fn near_miss(name: &str) -> Option<NearMiss> {
    let name_squeezed = squeezed(name);
    // The name of the crate begins with `tower`.
    let short = name_squeezed.strip_prefix("tower").unwrap_or(&name_squeezed);
    // Other programs may have variables with a similar beginning.
    if !short.starts_with("hard") {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let rest = lower.trim_start_matches("tower").trim_start_matches(['_', '-', '.']);
    let rest = rest.strip_prefix("hardening");
    let is_ours = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['_', '-', '.']));
    let key = meant(short, "hardening").or_else(|| is_ours.then(|| "url.host".to_owned()))?;
    Some(NearMiss { found: name.to_owned(), meant: variable(&key) })
}

/// Returns the key that is nearest to a squeezed name with this prefix.
fn meant(name: &str, prefix: &str) -> Option<String> {
    let distance =
        |key: &str| near(name.as_bytes(), (prefix.to_owned() + &squeezed(key)).as_bytes());
    let near_keys = all_keys().filter_map(|key| Some((distance(&key)?, key)));
    let (_, key) = near_keys.filter(|(distance, _)| *distance <= CLOSE).min()?;
    Some(key)
}

/// Returns a name in lower case, without the characters that separate words.
fn squeezed(name: &str) -> String {
    let letters = name.chars().filter(|letter| !matches!(letter, '_' | '-' | '.'));
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Settings, tree::Node};

    #[test]
    fn a_variable_with_other_separators_or_a_misspelt_name_is_a_near_miss_of_the_right_one() {
        for (found, meant) in [
            ("HARDENING_URL_HOST", "HARDENING__URL__HOST"),
            ("hardening_url__host", "HARDENING__URL__HOST"),
            ("HARDENING_HTTP_SECURITY_STS", "HARDENING__HTTP_SECURITY__STS"),
            ("HARDENING-PROFILE", "HARDENING__PROFILE"),
            ("HARDENING.HTTP.PORT", "HARDENING__HTTP__PORT"),
            ("HARDENIG__HTTP__PORT", "HARDENING__HTTP__PORT"),
            ("HARDENED__URL__HOST", "HARDENING__URL__HOST"),
            ("HARDENING_PROFLIE", "HARDENING__PROFILE"),
            ("HARDENING_CSP__SCRIPT_SRC__ADD", "HARDENING__CSP__SCRIPT_SRC__ADD"),
            ("HARDENING_CSP_SCRIPT_SRC_ADD", "HARDENING__CSP__SCRIPT_SRC__ADD"),
            ("HARDENING_HEADERS_X_FRAME_OPTIONS", "HARDENING__HEADERS__X_FRAME_OPTIONS"),
            ("HARDENING_MEDIA_PROXY_WHITELISTS", "HARDENING__MEDIA_PROXY__WHITELIST"),
            ("TOWER_HARDENING__HTTP__PORT", "HARDENING__HTTP__PORT"),
            ("TOWER_HARDENING_URL_HOST", "HARDENING__URL__HOST"),
            ("TOWERHARDENING__PROFILE", "HARDENING__PROFILE"),
            // If no key is similar, the remedy names an example.
            ("HARDENING", "HARDENING__URL__HOST"),
            ("HARDENING_", "HARDENING__URL__HOST"),
            ("TOWER_HARDENING", "HARDENING__URL__HOST"),
            ("HARDENING_FLAGS", "HARDENING__URL__HOST"),
            ("TOWER_HARDENING__X__Y", "HARDENING__URL__HOST"),
        ] {
            let near_miss = near_miss(found).unwrap();
            assert_eq!((near_miss.found.as_str(), near_miss.meant.as_str()), (found, meant));
        }
        let others = ["HARDENINGS", "HARDWARE_PORT", "PROFILE", "URL_HOST", "TOWER_PORT", "PATH"];
        for other in others {
            assert_eq!(near_miss(other), None, "{other}");
        }
    }

    #[test]
    fn a_variable_with_the_prefix_and_other_separators_is_an_error() {
        for (name, meant) in [
            ("url_host", "HARDENING__URL__HOST"),
            ("http__security__sts", "HARDENING__HTTP_SECURITY__STS"),
            ("media__proxy_enabled", "HARDENING__MEDIA_PROXY__ENABLED"),
            ("csp_script_src_add", "HARDENING__CSP__SCRIPT_SRC__ADD"),
            ("csp_report_only_report_uri_set", "HARDENING__CSP_REPORT_ONLY__REPORT_URI__SET"),
            ("headers_referrer_policy", "HARDENING__HEADERS__REFERRER_POLICY"),
            ("remove__headers", "HARDENING__REMOVE_HEADERS"),
            ("secure__cookie__flag", "HARDENING__SECURE_COOKIE_FLAG"),
        ] {
            let error = path(name).unwrap_err().to_string();
            let problem = format!("unknown key; did you mean '{meant}'?");
            assert!(error.ends_with(&problem), "{error}");
        }
        assert_eq!(
            path("frontend_headers__x_robots_tag").unwrap(),
            "frontend_headers.x-robots-tag"
        );
        assert_eq!(path("url__host").unwrap(), "url.host");
    }

    #[test]
    fn a_variable_for_a_table_is_reported_in_plain_words() {
        for (key, value, message) in [
            ("site", "x", "HARDENING__SITE: found the text 'x'; write it as '[[site]]' in a file"),
            (
                "site.host",
                "x",
                "HARDENING__SITE: found a table; write '[[site]]', and its keys below it",
            ),
            (
                "url",
                "x",
                "HARDENING__URL: found the text 'x'; write one variable for each key of the table",
            ),
            (
                "frontend_headers",
                "x",
                "HARDENING__FRONTEND_HEADERS: found the text 'x'; write one variable for each key of the table",
            ),
            (
                "media_proxy.whitelist",
                "*",
                "HARDENING__MEDIA_PROXY__WHITELIST: '*' allows every host; write hosts, like 'https://cdn.example'",
            ),
        ] {
            let mut tree = Node::from_toml("").unwrap();
            tree.set(&key.split('.').collect::<Vec<_>>(), value.to_owned());
            let error = Settings::new(tree).unwrap_err();
            assert_eq!(error.to_string(), format!("environment, {message}"));
        }
    }

    #[test]
    fn every_key_of_the_settings_is_listed() {
        let unknown = |table: &str, key: &str| {
            let mut tree = Node::from_toml("").unwrap();
            let path: Vec<&str> = table.split('.').filter(|step| !step.is_empty()).collect();
            tree.set(&[&path[..], &[key]].concat(), "x".to_owned());
            Settings::new(tree).map(drop).map_err(|error| error.to_string())
        };
        let mut listed = 0;
        let mut tables = vec![String::new()];
        tables.extend(keys().filter_map(|key| Some(key.split_once('.')?.0.to_owned())));
        tables.dedup();
        for table in &tables {
            let error = unknown(table, "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq").unwrap_err();
            let (_, keys) = error.split_once("write one of ").unwrap();
            for key in keys.split(", ").map(|key| key.trim_matches('\'')) {
                let path = [table.as_str(), key].join(".");
                let path = path.trim_start_matches('.');
                let is_table = tables.iter().any(|table| table == path);
                if !is_table && path != "site" && !TABLES.contains(&path) {
                    assert!(
                        super::keys().any(|key| key == path),
                        "{path} is not in the table of keys"
                    );
                    listed += 1;
                }
            }
        }
        assert_eq!(listed, keys().count());
    }
}
