//! Sets `Integrity-Policy`, which demands integrity metadata of scripts and styles.

use std::{borrow::Cow, collections::BTreeSet, str::FromStr};

use super::policy::header_policy;
use crate::{
    error::{ParseError, did_you_mean},
    lint::{Lint, Severity},
    policy::csp::EndpointName,
    syntax::structured::{Bare, Value, dictionary, value::Item},
};

const NAME: &str = "integrity-policy";

const KEYS: [&str; 3] = ["blocked-destinations", "sources", "endpoints"];

/// Blocks scripts and styles of other files that have no `integrity` attribute, with
/// `Integrity-Policy` ([SRI](https://w3c.github.io/webappsec-subresource-integrity/#integrity-policy-section)).
///
/// Chrome 138, Firefox 145 and Safari 26 and later read the header for scripts. It blocks loads
/// without CORS and loads without valid metadata, whatever origin they have.
///
/// ```
/// use tower_hardening::{csp::EndpointName, header::IntegrityPolicy};
///
/// const POLICY: IntegrityPolicy = IntegrityPolicy::SCRIPTS;
/// assert_eq!(POLICY.to_string(), "blocked-destinations=(script)");
/// let reporting = POLICY.report_to(EndpointName::from_static("main"));
/// assert_eq!(reporting.to_string(), "blocked-destinations=(script), endpoints=(main)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct IntegrityPolicy {
    destinations: &'static [&'static str],
    endpoints: Vec<EndpointName>,
}

impl IntegrityPolicy {
    /// Blocks scripts without integrity metadata.
    pub const SCRIPTS: Self = Self::blocking(&["script"]);

    /// Blocks style sheets without integrity metadata. Chrome does not yet.
    pub const STYLES: Self = Self::blocking(&["style"]);

    /// Blocks both.
    pub const SCRIPTS_AND_STYLES: Self = Self::blocking(&["script", "style"]);

    const fn blocking(destinations: &'static [&'static str]) -> Self {
        Self { destinations, endpoints: Vec::new() }
    }

    /// Also sends reports to this endpoint, which `Reporting-Endpoints` defines.
    pub fn report_to(mut self, endpoint: EndpointName) -> Self {
        if !self.endpoints.contains(&endpoint) {
            self.endpoints.push(endpoint);
        }
        self
    }

    fn endpoints(&self) -> Vec<EndpointName> {
        self.endpoints.clone()
    }

    fn text(&self) -> Cow<'static, str> {
        let mut text = format!("blocked-destinations=({})", self.destinations.join(" "));
        if !self.endpoints.is_empty() {
            let names: Vec<&str> = self.endpoints.iter().map(EndpointName::as_str).collect();
            text.push_str(&format!(", endpoints=({})", names.join(" ")));
        }
        Cow::Owned(text)
    }

    fn lints(&self) -> Vec<Lint> {
        let styles = self.destinations.contains(&"style").then(|| {
            let problem = "integrity-policy: no release of Chrome blocks style sheets yet; do not rely on 'style'";
            Lint::new(Severity::Note, "integrity-policy-style", problem)
        });
        styles.into_iter().collect()
    }
}

header_policy!(IntegrityPolicy, "integrity-policy", existing: IfNotPresent, lines: Joined, browsers: "all, since 2025", lints: lints, names_endpoints: endpoints, report_only: "integrity-policy-report-only");

impl FromStr for IntegrityPolicy {
    type Err = ParseError;

    /// Parses the members `blocked-destinations`, `sources` (always `(inline)`) and `endpoints`,
    /// each a list of tokens in parentheses.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let [destinations, sources, endpoints] = lists(text)?;
        let invalid = |problem| ParseError::new(NAME, 0, problem);
        if let Some(sources) = sources {
            known(&sources, &["inline"])?;
            if sources.is_empty() {
                return Err(invalid(
                    "the policy blocks nothing without a source; remove 'sources'",
                ));
            }
        }
        let destinations = destinations.unwrap_or_default();
        known(&destinations, &["script", "style"])?;
        let blocks = |name: &str| destinations.iter().any(|(_, token)| token == name);
        let policy = match (blocks("script"), blocks("style")) {
            (true, true) => Self::SCRIPTS_AND_STYLES,
            (true, false) => Self::SCRIPTS,
            (false, true) => Self::STYLES,
            (false, false) => {
                return Err(invalid(
                    "the policy blocks nothing; write blocked-destinations=(script)",
                ));
            }
        };
        let name = |(at, name): (usize, String)| {
            name.parse().map_err(|error: ParseError| error.within(NAME, at))
        };
        let endpoints = endpoints.unwrap_or_default().into_iter().map(name);
        Ok(Self { endpoints: endpoints.collect::<Result<_, _>>()?, ..policy })
    }
}

type Tokens = Vec<(usize, String)>;

/// Returns the tokens of each member, in the order of [`KEYS`].
fn lists(text: &str) -> Result<[Option<Tokens>; 3], ParseError> {
    let mut lists = [const { None }; 3];
    for member in dictionary(NAME, text)? {
        let reject = |at, problem| Err(ParseError::new(NAME, at, problem));
        let Some(place) = KEYS.iter().position(|key| *key == member.key) else {
            let remedy = did_you_mean(member.key, &KEYS, "remove it");
            let problem = format!("browsers ignore the member '{}'{remedy}", member.key);
            return reject(member.at, problem);
        };
        let Value::List(items) = &member.value.value else {
            let problem = format!("'{}' is not a list; write tokens in parentheses", member.key);
            return reject(member.at, problem);
        };
        if let Some(parameter) = member.value.parameters.first() {
            let problem = format!("browsers ignore the parameter '{}'; remove it", parameter.key);
            return reject(parameter.at, problem);
        }
        if lists[place].replace(tokens(items)?).is_some() {
            return reject(member.at, format!("duplicate member '{}'; write one", member.key));
        }
    }
    Ok(lists)
}

/// Returns the tokens of a list, each with its offset.
fn tokens(items: &[Item<'_>]) -> Result<Tokens, ParseError> {
    let mut seen = BTreeSet::new();
    let mut tokens = Vec::new();
    for item in items {
        let reject = |problem| Err(ParseError::new(NAME, item.at, problem));
        match &item.value {
            Bare::Token(token) if item.parameters.is_empty() => {
                if !seen.insert(*token) {
                    return reject(format!("duplicate token '{token}'; write one"));
                }
                tokens.push((item.at, (*token).to_owned()));
            }
            _ => return reject(format!("'{item}' is not a token; write it without quotes")),
        }
    }
    Ok(tokens)
}

fn known(tokens: &[(usize, String)], words: &[&str]) -> Result<(), ParseError> {
    let unknown = tokens.iter().find(|(_, token)| !words.contains(&token.as_str()));
    unknown.map_or(Ok(()), |(at, token)| {
        let otherwise = format!("write one of '{}'", words.join("', '"));
        let remedy = did_you_mean(token, words, &otherwise);
        Err(ParseError::new(NAME, *at, format!("browsers ignore '{token}'{remedy}")))
    })
}
