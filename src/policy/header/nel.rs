//! Sets `NEL`, which reports failures of the network.

use std::{borrow::Cow, fmt, str::FromStr, time::Duration};

use super::{
    json,
    policy::{header_policy, whole_seconds},
};
use crate::{
    error::ParseError,
    policy::csp::EndpointName,
    syntax::json::{Field, Value, values},
};

const NAME: &str = "nel";

/// Makes browsers report requests that failed on the network, with `NEL`
/// ([Network Error Logging](https://w3c.github.io/network-error-logging/)).
///
/// Chrome 71 and later read the header, over https only; Firefox and Safari do not. The reports go
/// to a group of [`ReportTo`](super::ReportTo), not to an endpoint of `Reporting-Endpoints`.
/// Browsers keep the policy for the origin, and report on visitors of sub-domains too if it says so.
///
/// ```
/// use std::time::Duration;
/// use tower_hardening::{csp::EndpointName, header::Nel};
///
/// let policy = Nel::new(EndpointName::from_static("network"), Duration::from_secs(86_400))
///     .failure_fraction(0.25)?;
/// assert_eq!(
///     policy.to_string(),
///     r#"{"report_to":"network","max_age":86400,"failure_fraction":0.25}"#,
/// );
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct Nel {
    group: Option<EndpointName>,
    max_age: u64,
    subdomains: bool,
    success: Fraction,
    failure: Fraction,
}

/// Represents a share of requests, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Fraction(u32);

const ALL: Fraction = Fraction(1_000_000);
const NOTHING: Fraction = Fraction(0);

impl Nel {
    /// Reports failures to a group of `Report-To`. Browsers keep the policy for this long, in whole
    /// seconds, at most 68 years.
    pub fn new(group: EndpointName, max_age: Duration) -> Self {
        let max_age = whole_seconds(max_age).min(json::MAX);
        Self { group: Some(group), max_age, subdomains: false, success: NOTHING, failure: ALL }
    }

    /// Makes browsers forget the policy.
    pub fn remove() -> Self {
        Self { group: None, max_age: 0, subdomains: false, success: NOTHING, failure: ALL }
    }

    /// Also reports failures to find or reach the sub-domains.
    pub fn include_subdomains(self) -> Self {
        Self { subdomains: true, ..self }
    }

    /// Reports this share of the requests that succeed, from 0 to 1 in millionths. By default it is
    /// 0.
    pub fn success_fraction(self, share: f64) -> Result<Self, ParseError> {
        Ok(Self { success: Fraction::new(share)?, ..self })
    }

    /// Reports this share of the requests that fail, from 0 to 1 in millionths. By default it is 1.
    pub fn failure_fraction(self, share: f64) -> Result<Self, ParseError> {
        Ok(Self { failure: Fraction::new(share)?, ..self })
    }

    fn groups(&self) -> Vec<EndpointName> {
        self.group.iter().cloned().collect()
    }

    fn text(&self) -> Cow<'static, str> {
        let mut fields = Vec::new();
        fields.extend(self.group.iter().map(|group| format!("\"report_to\":\"{group}\"")));
        fields.push(format!("\"max_age\":{}", self.max_age));
        fields.extend(self.subdomains.then(|| "\"include_subdomains\":true".to_owned()));
        let success = (self.success != NOTHING).then_some(self.success);
        fields.extend(success.map(|share| format!("\"success_fraction\":{share}")));
        let failure = (self.failure != ALL).then_some(self.failure);
        fields.extend(failure.map(|share| format!("\"failure_fraction\":{share}")));
        Cow::Owned(format!("{{{}}}", fields.join(",")))
    }
}

header_policy!(Nel, "nel", existing: IfNotPresent, lines: Single, browsers: "Chromium", names_endpoints: groups);

impl Fraction {
    fn new(share: f64) -> Result<Self, ParseError> {
        if !(0.0..=1.0).contains(&share) {
            let problem = format!("'{share}' is not a share of all requests; write 0.0 to 1.0");
            return Err(ParseError::new(NAME, 0, problem));
        }
        // A share of at most one: the conversion loses no more than the digits after the sixth. A
        // share that is not zero stays so, since zero reports nothing.
        let least = u32::from(share > 0.0);
        Ok(Self(((share * 1e6).round() as u32).max(least)))
    }

    fn read(field: Option<&Field<'_>>, default: Self) -> Result<Self, ParseError> {
        let Some(field) = field else { return Ok(default) };
        let share = match &field.value.value {
            Value::Number(number) => number.parse().unwrap_or(f64::NAN),
            _ => f64::NAN,
        };
        Self::new(share).map_err(|_| {
            let problem = format!("'{}' is not a number from 0.0 to 1.0; write one", field.key);
            ParseError::new(NAME, field.value.at, problem)
        })
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = format!("{:06}", self.0 % 1_000_000);
        let kept = fraction.trim_end_matches('0').len().max(1);
        write!(f, "{}.{}", self.0 / 1_000_000, &fraction[..kept])
    }
}

impl FromStr for Nel {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let objects = values(NAME, text)?;
        let [object] = objects.as_slice() else {
            let offset = objects.get(1).map_or(0, |second| second.at);
            let problem =
                "browsers read one object; write {\"report_to\":\"group\",\"max_age\":86400}";
            return Err(ParseError::new(NAME, offset, problem));
        };
        let keys =
            ["report_to", "max_age", "include_subdomains", "success_fraction", "failure_fraction"];
        let [group, max_age, subdomains, success, failure] = json::fields(NAME, object, keys)?;
        let max_age = json::seconds(NAME, object, max_age)?;
        let group = group.map(|group| json::endpoint(NAME, group)).transpose()?;
        if group.is_none() && max_age > 0 {
            let problem = "there is no group to report to; write \"report_to\":\"group\"";
            return Err(ParseError::new(NAME, object.at, problem));
        }
        Ok(Self {
            group,
            max_age,
            subdomains: json::boolean(NAME, subdomains)?,
            success: Fraction::read(success, NOTHING)?,
            failure: Fraction::read(failure, ALL)?,
        })
    }
}
