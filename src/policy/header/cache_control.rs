//! Sets `Cache-Control`, which controls the caches between a server and a page.

use std::{borrow::Cow, str::FromStr};

use super::{member::Member, policy::header_policy};
use crate::{
    error::{ParseError, did_you_mean},
    lint::{Lint, Severity},
    syntax::{directives::is_token, scan::trim},
};

const NAME: &str = "cache-control";

/// Controls which caches keep a response and how long, with `Cache-Control`
/// ([RFC 9111](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2)).
///
/// All browsers and caches read the header. [`NO_STORE`](Self::NO_STORE) is for the pages of a user
/// who is signed in: no preset sends it, since it makes every visit load every file again.
///
/// ```
/// use axum::{Router, routing::get};
/// use tower_hardening::header::{CacheControl, CacheControlLayer};
///
/// let app: Router = Router::new()
///     .route("/account", get(async || "yours").layer(CacheControlLayer::new(CacheControl::NO_STORE)));
/// assert!("no-stor".parse::<CacheControl>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CacheControl(Cow<'static, str>);

/// The directives that take no value.
const BARE: [&str; 9] = [
    "immutable",
    "must-revalidate",
    "must-understand",
    "no-cache",
    "no-store",
    "no-transform",
    "private",
    "proxy-revalidate",
    "public",
];

/// The directives that take seconds.
const SECONDS: [&str; 4] = ["max-age", "s-maxage", "stale-if-error", "stale-while-revalidate"];

impl CacheControl {
    /// No cache keeps the response, not even that of the browser.
    pub const NO_STORE: Self = Self(Cow::Borrowed("no-store"));

    /// Caches ask the server before each use.
    pub const NO_CACHE: Self = Self(Cow::Borrowed("no-cache"));

    /// Only the browser keeps the response, and no cache that several users share.
    pub const PRIVATE: Self = Self(Cow::Borrowed("private"));

    /// Only the browser keeps the response, and asks the server before each use.
    pub const PRIVATE_NO_CACHE: Self = Self(Cow::Borrowed("private, no-cache"));

    fn members(&self) -> Vec<Member> {
        let member =
            |text: &str| Member::new(text.find('=').unwrap_or(text.len()), text.to_owned());
        split(&self.0).map(|directive| member(directive.trim_ascii())).collect()
    }

    fn text(&self) -> Cow<'static, str> {
        self.0.clone()
    }

    /// Reports directives that another one overrules
    /// ([RFC 9111](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2)).
    fn lints(&self) -> Vec<Lint> {
        let directives: Vec<&str> = split(&self.0).map(str::trim).collect();
        let lists = |name: &str| {
            directives.iter().any(|directive| match directive.split_once('=') {
                Some((known, value)) => known == name && value != "0" && !value.starts_with('"'),
                None => *directive == name,
            })
        };
        let mut lints = Vec::new();
        for (stronger, weaker) in OVERRULED {
            for name in weaker.iter().filter(|name| lists(stronger) && lists(name)) {
                let problem = format!(
                    "{NAME}: '{name}' has no effect next to '{stronger}'; remove one of the two"
                );
                lints.push(Lint::new(Severity::Warning, "cache-control-contradiction", problem));
            }
        }
        if lists("immutable") && !lists("max-age") && !lists("no-store") && !lists("no-cache") {
            let problem = format!(
                "{NAME}: 'immutable' has no effect without a time for which the response is fresh; add max-age=31536000"
            );
            lints.push(Lint::new(Severity::Warning, "cache-control-contradiction", problem));
        }
        lints
    }
}

/// Directives, and those that have no effect next to them.
const OVERRULED: [(&str, &[&str]); 4] = [
    (
        "no-store",
        &["public", "max-age", "s-maxage", "immutable", "stale-if-error", "stale-while-revalidate"],
    ),
    ("private", &["public", "s-maxage", "proxy-revalidate"]),
    ("no-cache", &["max-age", "immutable", "stale-if-error", "stale-while-revalidate"]),
    ("must-revalidate", &["stale-if-error", "stale-while-revalidate", "proxy-revalidate"]),
];

header_policy!(CacheControl, "cache-control", existing: IfNotPresent, lines: Joined, browsers: "all", lints: lints, list: members);

impl FromStr for CacheControl {
    type Err = ParseError;

    /// Parses the directives of RFC 9111, 5861, 8246 and no other, in any letter case.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut directives: Vec<String> = Vec::new();
        let mut offset = 0;
        for part in split(text) {
            let directive = trim(part);
            let at = offset + part.len() - part.trim_start_matches([' ', '\t']).len();
            let read = read(directive).map_err(|problem| ParseError::new(NAME, at, problem))?;
            let name = |text: &str| text.split('=').next().unwrap_or_default().to_owned();
            if directives.iter().any(|known| name(known) == name(&read)) {
                let problem = format!("duplicate directive '{}'; write one", name(&read));
                return Err(ParseError::new(NAME, at, problem));
            }
            directives.push(read);
            offset += part.len() + 1;
        }
        Ok(Self(Cow::Owned(directives.join(", "))))
    }
}

/// Splits a list at commas outside of quotes.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
}

/// Returns a directive in lower case.
fn read(directive: &str) -> Result<String, String> {
    let (name, value) = match directive.split_once('=') {
        Some((name, value)) => (name.to_ascii_lowercase(), Some(value)),
        None => (directive.to_ascii_lowercase(), None),
    };
    let is_one_of = |names: &[&str]| names.contains(&name.as_str());
    match value {
        None if is_one_of(&BARE) => Ok(name),
        Some(value) if is_one_of(&SECONDS) => {
            let seconds = value.parse::<u32>().ok().filter(|_| !value.starts_with('+'));
            let problem = || {
                format!("'{}' is not a number of seconds; write {name}=3600", value.escape_debug())
            };
            seconds.map(|seconds| format!("{name}={seconds}")).ok_or_else(problem)
        }
        None if is_one_of(&SECONDS) => {
            Err(format!("'{name}' needs a number of seconds; write {name}=3600"))
        }
        Some(value) if is_one_of(&["private", "no-cache"]) => {
            let fields = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            let is_name = |name: &str| !trim(name).is_empty() && trim(name).bytes().all(is_token);
            match fields.filter(|fields| fields.split(',').all(is_name)) {
                Some(fields) => {
                    let fields: Vec<&str> = fields.split(',').map(trim).collect();
                    Ok(format!("{name}=\"{}\"", fields.join(", ")))
                }
                None => {
                    Err(format!("'{name}' lists names of headers; write {name}=\"set-cookie\""))
                }
            }
        }
        Some(_) if is_one_of(&BARE) => Err(format!("'{name}' takes no value; write it alone")),
        _ => {
            let known = [&BARE[..], &SECONDS].concat();
            let remedy = did_you_mean(&name, &known, "write one like no-store");
            Err(format!("'{}' is not a directive of this header{remedy}", name.escape_debug()))
        }
    }
}
