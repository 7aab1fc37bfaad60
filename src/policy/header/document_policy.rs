//! Sets `Document-Policy`, which configures features of Chromium for a page.

use std::{borrow::Cow, collections::BTreeSet, str::FromStr};

use super::{member as list, policy::header_policy};
use crate::{
    error::ParseError,
    policy::csp::EndpointName,
    syntax::structured::{
        Bare, Separated, Value, dictionary,
        value::{Entry, Member},
    },
};

const NAME: &str = "document-policy";

/// Configures features of a page, with the experimental `Document-Policy`
/// ([WICG](https://wicg.github.io/document-policy/)).
///
/// Only Chromium reads the header, and its set of features changes, so any feature is accepted:
/// `feature`, `feature=?0` or `feature=value`, each with `;report-to=endpoint`; `*;report-to=endpoint`
/// is for all features. One syntax error makes a browser drop the whole header, so it is an error.
///
/// ```
/// use tower_hardening::header::DocumentPolicy;
///
/// let policy: DocumentPolicy = "document-write=?0,  js-profiling".parse()?;
/// assert_eq!(policy.to_string(), "document-write=?0, js-profiling");
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocumentPolicy(String);

impl DocumentPolicy {
    fn text(&self) -> Cow<'static, str> {
        Cow::Owned(self.0.clone())
    }

    fn members(&self) -> Vec<list::Member> {
        let members = dictionary(NAME, &self.0).unwrap_or_default();
        let member =
            |one: &Entry<'_, Member<'_>>| list::Member::new(one.key.len(), one.to_string());
        members.iter().map(member).collect()
    }

    fn endpoints(&self) -> Vec<EndpointName> {
        let members = dictionary(NAME, &self.0).unwrap_or_default();
        let parameters = members.iter().flat_map(|member| &member.value.parameters);
        let names = parameters.filter_map(|parameter| match parameter.value {
            // `none` sends no reports.
            Bare::Token(name) if name != "none" => name.parse().ok(),
            _ => None,
        });
        names.collect()
    }
}

header_policy!(DocumentPolicy, "document-policy", existing: IfNotPresent, lines: Joined, browsers: "Chromium", names_endpoints: endpoints, report_only: "document-policy-report-only", list: members);

impl FromStr for DocumentPolicy {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let members = dictionary(NAME, text)?;
        let mut seen = BTreeSet::new();
        for member in &members {
            if !seen.insert(member.key) {
                let problem = format!("duplicate feature '{}'; write one", member.key);
                return Err(ParseError::new(NAME, member.at, problem));
            }
            check(member)?;
        }
        if members.is_empty() {
            let problem = "there is no feature; write one like document-write=?0";
            return Err(ParseError::new(NAME, 0, problem));
        }
        Ok(Self(Separated(&members, ", ").to_string()))
    }
}

fn check(member: &Entry<'_, Member<'_>>) -> Result<(), ParseError> {
    let reject = |offset, problem: String| Err(ParseError::new(NAME, offset, problem));
    match &member.value.value {
        Value::Bare(Bare::Boolean(_) | Bare::Integer(_) | Bare::Decimal(_) | Bare::Token(_)) => {}
        _ => {
            let problem = format!(
                "the value of '{}' is not ?0, ?1, a number or a token; browsers ignore it",
                member.key
            );
            return reject(member.value.at, problem);
        }
    }
    if member.key == "*" && member.value.parameters.is_empty() {
        let problem = "'*' only names the endpoint of all features; write *;report-to=main";
        return reject(member.at, problem.to_owned());
    }
    let mut parameters = member.value.parameters.iter();
    if let Some(parameter) = parameters.next() {
        let is_endpoint = |name: &str| name.parse::<EndpointName>().is_ok();
        match (parameter.key, &parameter.value) {
            ("report-to", Bare::Token(name)) if is_endpoint(name) => {}
            ("report-to", value) => {
                let problem = format!("'{value}' is not an endpoint; write report-to=main");
                return reject(parameter.at, problem);
            }
            (other, _) => {
                let problem =
                    format!("browsers ignore the parameter '{other}'; separate features with ','");
                return reject(parameter.at, problem);
            }
        }
    }
    match parameters.next() {
        None => Ok(()),
        Some(second) => reject(second.at, "a second parameter; separate features with ','".into()),
    }
}
