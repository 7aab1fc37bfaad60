//! Sets `Reporting-Endpoints`, which names the addresses that reports are sent to.

use std::{borrow::Cow, collections::BTreeSet, str::FromStr};

use super::{
    member::{Member, join},
    policy::header_policy,
};
use crate::{
    error::ParseError,
    policy::csp::EndpointName,
    request::HttpUrl,
    syntax::structured::{Bare, Value, dictionary},
};

const NAME: &str = "reporting-endpoints";

/// Names the addresses that browsers send reports to, with `Reporting-Endpoints`
/// ([Reporting API](https://www.w3.org/TR/reporting-1/#header)).
///
/// Chrome 96, Firefox 130 and Safari 16.4 and later read the header. It applies to the response that
/// has it, so send it with every page whose policies name an endpoint. Chrome and Firefox also send
/// reports on deprecated features and crashes, to the endpoint `default`.
///
/// An address is an https URL, an http URL of the machine itself, or a path of the site. Browsers
/// ignore any other, so it is an error.
///
/// ```
/// use tower_hardening::{csp::EndpointName, header::ReportingEndpoints};
///
/// const MAIN: EndpointName = EndpointName::from_static("main");
/// let endpoints = ReportingEndpoints::new(MAIN, "https://reports.example.tld/csp")?;
/// assert_eq!(endpoints.to_string(), r#"main="https://reports.example.tld/csp""#);
/// let error = ReportingEndpoints::new(MAIN, "http://reports.example.tld/").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "reporting-endpoints, byte 0: browsers ignore 'http://reports.example.tld/', which is not https; write an https URL",
/// );
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct ReportingEndpoints(Vec<(EndpointName, String)>);

impl ReportingEndpoints {
    /// Creates the header with one endpoint.
    pub fn new(name: EndpointName, url: &str) -> Result<Self, ParseError> {
        Self(Vec::new()).endpoint(name, url)
    }

    /// Adds an endpoint. A second one of the same name is an error.
    pub fn endpoint(mut self, name: EndpointName, url: &str) -> Result<Self, ParseError> {
        if self.get(name.as_str()).is_some() {
            return Err(duplicate(&name, 0));
        }
        let url = address(url)?;
        self.0.push((name, url));
        Ok(self)
    }

    /// Returns the address of an endpoint.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.as_str() == name).map(|(_, url)| url.as_str())
    }

    /// Returns the names and addresses of all endpoints.
    pub fn endpoints(&self) -> impl Iterator<Item = (&EndpointName, &str)> {
        self.0.iter().map(|(name, url)| (name, url.as_str()))
    }

    fn names(&self) -> Vec<EndpointName> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }

    fn members(&self) -> Vec<Member> {
        let member = |(name, url): &(EndpointName, String)| {
            Member::new(name.as_str().len(), format!("{name}=\"{url}\""))
        };
        self.0.iter().map(member).collect()
    }

    fn text(&self) -> Cow<'static, str> {
        Cow::Owned(join(&self.members()))
    }
}

header_policy!(ReportingEndpoints, "reporting-endpoints", existing: IfNotPresent, lines: Joined, browsers: "all", defines_endpoints: names, list: members);

impl FromStr for ReportingEndpoints {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut endpoints = Vec::new();
        let mut seen = BTreeSet::new();
        for member in dictionary(NAME, text)? {
            let at = member.value.at;
            let name = member.key.parse::<EndpointName>();
            let name = name.map_err(|error| error.within(NAME, member.at))?;
            let Value::Bare(Bare::String(url)) = &member.value.value else {
                let problem =
                    format!("the address of '{name}' is not a string; write {name}=\"https://…\"");
                return Err(ParseError::new(NAME, at, problem));
            };
            if let Some(parameter) = member.value.parameters.first() {
                let problem =
                    format!("browsers ignore the parameter '{}'; remove it", parameter.key);
                return Err(ParseError::new(NAME, parameter.at, problem));
            }
            if !seen.insert(member.key) {
                return Err(duplicate(&name, at));
            }
            let url = address(url).map_err(|error| error.within(NAME, at))?;
            endpoints.push((name, url));
        }
        if endpoints.is_empty() {
            let problem = "there is no endpoint; write main=\"https://…\"";
            return Err(ParseError::new(NAME, 0, problem));
        }
        Ok(Self(endpoints))
    }
}

fn duplicate(name: &EndpointName, at: usize) -> ParseError {
    ParseError::new(NAME, at, format!("duplicate endpoint '{name}'; write one address for it"))
}

/// Checks that browsers send reports to an address.
fn address(url: &str) -> Result<String, ParseError> {
    if url.starts_with('/') && !url.starts_with("//") {
        const SITE: &str = "https://example.tld";
        let parsed = format!("{SITE}{url}").parse::<HttpUrl>();
        let invalid = |error: ParseError| {
            let offset = error.offset().saturating_sub(SITE.len());
            ParseError::new(NAME, offset, error.problem().to_owned())
        };
        return parsed.map(|_| url.to_owned()).map_err(invalid);
    }
    absolute(NAME, url)
}

/// Checks that browsers send reports to an absolute URL.
pub(super) fn absolute(header: &'static str, url: &str) -> Result<String, ParseError> {
    let parsed: HttpUrl = url.parse().map_err(|error: ParseError| error.within(header, 0))?;
    let origin = parsed.origin();
    let is_own = origin.is_localhost() || origin.address().is_some_and(|ip| ip.is_loopback());
    if !origin.is_secure() && !is_own {
        let problem = format!("browsers ignore '{url}', which is not https; write an https URL");
        return Err(ParseError::new(header, 0, problem));
    }
    Ok(parsed.to_string())
}
