//! Sets `Report-To`, which older browsers and network error logging read.

use std::{borrow::Cow, collections::BTreeSet, fmt::Write, str::FromStr, time::Duration};

use super::{
    json,
    member::{Member, join},
    policy::{header_policy, whole_seconds},
    reporting_endpoints::absolute,
};
use crate::{
    error::ParseError,
    lint::{Lint, Severity},
    policy::csp::EndpointName,
    syntax::json::{Field, Json, Value, values},
};

const NAME: &str = "report-to";

/// Names groups of addresses that browsers send reports to, with the deprecated `Report-To`
/// ([Network Reporting](https://w3c.github.io/reporting/network-reporting.html)).
///
/// Chrome 70 and Firefox 149 and later read the header, over https only; Safari does not. Send
/// [`ReportingEndpoints`](super::ReportingEndpoints) for the reports of pages. Only
/// [`Nel`](super::Nel) still needs this header. Browsers keep it for the origin.
///
/// ```
/// use std::time::Duration;
/// use tower_hardening::{csp::EndpointName, header::ReportTo};
///
/// let group = EndpointName::from_static("network");
/// let policy = ReportTo::new(group, Duration::from_secs(86_400), "https://reports.example.tld/")?;
/// assert_eq!(
///     policy.to_string(),
///     r#"{"group":"network","max_age":86400,"endpoints":[{"url":"https://reports.example.tld/"}]}"#,
/// );
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct ReportTo(Vec<Group>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Group {
    name: EndpointName,
    max_age: u64,
    endpoints: Vec<Endpoint>,
    subdomains: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Endpoint {
    url: String,
    /// `priority` and `weight`, as the text has them.
    order: [Option<u64>; 2],
}

const ORDER: [&str; 2] = ["priority", "weight"];

impl ReportTo {
    /// Creates a group of one address, which browsers keep for this long in whole seconds, at most
    /// 68 years.
    ///
    /// The address is an https URL, or an http URL of the machine itself.
    pub fn new(group: EndpointName, max_age: Duration, url: &str) -> Result<Self, ParseError> {
        let group = Group {
            name: group,
            max_age: whole_seconds(max_age).min(json::MAX),
            endpoints: Vec::new(),
            subdomains: false,
        };
        Self(vec![group]).endpoint(url)
    }

    /// Adds an address to the last group. Browsers choose one of them at random.
    pub fn endpoint(mut self, url: &str) -> Result<Self, ParseError> {
        let url = absolute(NAME, url)?;
        if let Some(group) = self.0.last_mut() {
            group.endpoints.push(Endpoint { url, order: [None; 2] });
        }
        Ok(self)
    }

    /// Uses the last group for the sub-domains too.
    pub fn include_subdomains(mut self) -> Self {
        if let Some(group) = self.0.last_mut() {
            group.subdomains = true;
        }
        self
    }

    /// Adds the groups of another policy. A group of the same name is an error.
    pub fn and(mut self, other: Self) -> Result<Self, ParseError> {
        for group in other.0 {
            if self.0.iter().any(|known| known.name == group.name) {
                return Err(duplicate(&group.name, 0));
            }
            self.0.push(group);
        }
        Ok(self)
    }

    fn names(&self) -> Vec<EndpointName> {
        self.0.iter().map(|group| group.name.clone()).collect()
    }

    fn members(&self) -> Vec<Member> {
        self.0.iter().map(Group::member).collect()
    }

    fn text(&self) -> Cow<'static, str> {
        Cow::Owned(join(&self.members()))
    }
}

impl ReportTo {
    fn lints(&self) -> Vec<Lint> {
        let forgotten = self.0.iter().filter(|group| group.max_age == 0);
        let lint = |group: &Group| {
            let problem = format!(
                "report-to: with max_age 0 browsers forget the group '{}', so that no report arrives; write 86400, unless reports end here",
                group.name
            );
            Lint::new(Severity::Note, "report-to-max-age-zero", problem)
        };
        forgotten.map(lint).collect()
    }
}

header_policy!(ReportTo, "report-to", existing: IfNotPresent, lines: Joined, browsers: "Chromium, Firefox 149", lints: lints, defines_endpoints: names, list: members);

impl Group {
    /// Returns the group as a member, whose key is the text up to the end of its name.
    fn member(&self) -> Member {
        Member::new(format!("{{\"group\":\"{}\"", self.name).len(), self.print())
    }

    fn print(&self) -> String {
        let urls = self.endpoints.iter().map(|endpoint| {
            let mut text = format!("{{\"url\":\"{}\"", endpoint.url);
            for (key, value) in ORDER.iter().zip(endpoint.order) {
                if let Some(value) = value {
                    let _ = write!(text, ",\"{key}\":{value}");
                }
            }
            text + "}"
        });
        let urls = urls.collect::<Vec<_>>().join(",");
        let subdomains = if self.subdomains { ",\"include_subdomains\":true" } else { "" };
        let Self { name, max_age, .. } = self;
        format!("{{\"group\":\"{name}\",\"max_age\":{max_age},\"endpoints\":[{urls}]{subdomains}}}")
    }

    fn read(object: &Json<'_>) -> Result<Self, ParseError> {
        let keys = ["group", "max_age", "endpoints", "include_subdomains"];
        let [name, max_age, endpoints, subdomains] = json::fields(NAME, object, keys)?;
        let name = match name {
            None => EndpointName::from_static("default"),
            Some(name) => json::endpoint(NAME, name)?,
        };
        let max_age = json::seconds(NAME, object, max_age)?;
        let Some(Value::Array(urls)) = endpoints.map(|field| &field.value.value) else {
            let problem = "there are no endpoints; write \"endpoints\":[{\"url\":\"https://…\"}]";
            return Err(ParseError::new(NAME, object.at, problem));
        };
        let endpoints = urls.iter().map(Endpoint::read).collect::<Result<Vec<_>, _>>()?;
        if endpoints.is_empty() && max_age > 0 {
            let problem =
                "a group without endpoints reports nothing; write {\"url\":\"https://…\"}";
            return Err(ParseError::new(NAME, object.at, problem));
        }
        let subdomains = json::boolean(NAME, subdomains)?;
        Ok(Self { name, max_age, endpoints, subdomains })
    }
}

impl Endpoint {
    fn read(object: &Json<'_>) -> Result<Self, ParseError> {
        let [url, priority, weight] = json::fields(NAME, object, ["url", "priority", "weight"])?;
        let url = match url.map(|field| &field.value) {
            Some(Json { at, value: Value::String(url) }) => {
                absolute(NAME, url).map_err(|error| error.within(NAME, at + 1))?
            }
            _ => {
                let problem = "there is no url; write {\"url\":\"https://…\"}";
                return Err(ParseError::new(NAME, object.at, problem));
            }
        };
        let number = |field: Option<&Field<'_>>| field.map(|field| json::integer(NAME, field));
        Ok(Self { url, order: [number(priority).transpose()?, number(weight).transpose()?] })
    }
}

impl FromStr for ReportTo {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut groups = Vec::new();
        let mut seen = BTreeSet::new();
        for object in values(NAME, text)? {
            let group = Group::read(&object)?;
            if !seen.insert(group.name.as_str().to_owned()) {
                return Err(duplicate(&group.name, object.at));
            }
            groups.push(group);
        }
        if groups.is_empty() {
            let problem = "there is no group; write {\"group\":\"default\",\"max_age\":86400,\"endpoints\":[{\"url\":\"https://…\"}]}";
            return Err(ParseError::new(NAME, 0, problem));
        }
        Ok(Self(groups))
    }
}

fn duplicate(name: &EndpointName, at: usize) -> ParseError {
    ParseError::new(NAME, at, format!("duplicate group '{name}'; write one"))
}
