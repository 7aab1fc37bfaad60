//! Writes a policy for cookies as the keys of a settings file.

use std::time::SystemTime;

use super::{guard::HostCookies, name::Pattern, prefix::CookiePrefix, scope_action::ScopeAction};
use crate::syntax::date::date;

/// Represents a value of a key.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub(crate) enum Value {
    Switch(bool),
    Text(String),
    List(Vec<String>),
}

const DAY: u64 = 24 * 60 * 60;

impl HostCookies {
    /// Returns the keys of `[cookies]`. An error has the key that no file can hold, and the
    /// problem.
    pub(crate) fn keys(&self) -> Result<Vec<(&'static str, Value)>, (&'static str, String)> {
        let names = self.guarded.iter().map(Pattern::as_written).collect();
        let mut keys = vec![("names", Value::List(names))];
        let text = |text: &str| Value::Text(text.to_owned());
        if self.prefix != CookiePrefix::default() {
            keys.push(("prefix", text(self.prefix.as_str())));
        }
        if let Some(same_site) = self.same_site {
            keys.push(("same_site", text(same_site.as_str())));
        }
        for (key, action) in
            [("domain_attribute", self.domain_attribute), ("path_attribute", self.path_attribute)]
        {
            if action != ScopeAction::default() {
                keys.push((key, text(action.as_str())));
            }
        }
        let switches = self.switches().into_iter().filter(|(_, is_on)| *is_on);
        keys.extend(switches.map(|(key, is_on)| (key, Value::Switch(is_on))));
        if let Some(others) = self.others.as_ref().filter(|others| !others.except.is_empty()) {
            let except = others.except.iter().map(|name| name.clone().into_owned()).collect();
            keys.push(("secure_other_cookies_except", Value::List(except)));
        }
        if let Some(migration) = &self.migration {
            keys.push(("migrate_until", Value::Text(day(migration.until)?)));
            if !migration.domains.is_empty() {
                keys.push(("legacy_domains", Value::List(migration.domains.clone())));
            }
        }
        Ok(keys)
    }

    fn switches(&self) -> [(&'static str, bool); 6] {
        [
            ("http_only", self.http_only),
            ("reject_ambiguous", self.reject_ambiguous),
            ("accept_over_http", self.accept_over_http),
            ("allow_nested_layers", self.allow_nested_layers),
            ("secure_other_cookies", self.others.is_some()),
            ("plain_on_localhost", self.plain_on_localhost),
        ]
    }
}

/// Returns the date of a time, or the problem if the time is not the start of a day.
fn day(time: SystemTime) -> Result<String, (&'static str, String)> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).ok();
    let days = since.filter(|since| since.as_secs() % DAY == 0 && since.subsec_nanos() == 0);
    let date = days.and_then(|since| i64::try_from(since.as_secs() / DAY).ok()).and_then(date);
    date.ok_or_else(|| {
        let problem = "the time is not the start of a day in UTC from 1970 to 9999, and a file has dates alone; set another time";
        ("migrate_until", problem.to_owned())
    })
}
