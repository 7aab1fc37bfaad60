//! Asserts that a response is hardened, in tests of applications.

use std::fmt::Display;

use http::{HeaderMap, Response, response};

use super::{diff::diff, grade::Grade, observation::Observation, received::lines};
use crate::{
    lint::Severity,
    policy::{csp::ReceivedPolicy, hardening::Hardening, header::HeaderPolicy},
};

/// Gives the headers of a response to an assertion: a response of axum, hyper or `http`, its head,
/// or its headers alone.
///
/// ```
/// use http::{HeaderMap, Response};
/// use tower_hardening::audit::AuditedHeaders;
///
/// fn count(response: impl AuditedHeaders) -> usize {
///     response.audited_headers().len()
/// }
/// assert_eq!(count(&HeaderMap::new()), count(&Response::new("body")));
/// ```
pub trait AuditedHeaders {
    /// Returns the headers.
    fn audited_headers(&self) -> &HeaderMap;
}

impl AuditedHeaders for HeaderMap {
    fn audited_headers(&self) -> &HeaderMap {
        self
    }
}

impl AuditedHeaders for response::Parts {
    fn audited_headers(&self) -> &HeaderMap {
        &self.headers
    }
}

impl<B> AuditedHeaders for Response<B> {
    fn audited_headers(&self) -> &HeaderMap {
        self.headers()
    }
}

impl<T: AuditedHeaders + ?Sized> AuditedHeaders for &T {
    fn audited_headers(&self) -> &HeaderMap {
        (**self).audited_headers()
    }
}

fn observe(headers: &HeaderMap) -> Observation<'_> {
    Observation::new(http::StatusCode::OK, headers)
}

/// Returns an error if an audit has warnings or errors.
#[doc(hidden)]
pub fn check_hardened(response: impl AuditedHeaders) -> Result<(), String> {
    let audit = observe(response.audited_headers()).audit();
    if audit.is_hardened() {
        return Ok(());
    }
    let weak = audit.findings().iter().filter(|one| one.severity() >= Severity::Warning);
    let weak: Vec<String> = weak.map(ToString::to_string).collect();
    Err(format!("the response is not hardened:\n{}", weak.join("\n")))
}

/// Returns an error if headers differ from those of the policies.
#[doc(hidden)]
pub fn check_policies(response: impl AuditedHeaders, policies: &Hardening) -> Result<(), String> {
    let differences = diff(policies, response.audited_headers());
    if differences.is_empty() {
        return Ok(());
    }
    let all: Vec<String> = differences.iter().map(ToString::to_string).collect();
    Err(format!(
        "the response does not have the headers of the policies:\n{}\nadd HardeningLayer::new(policies) as the outermost layer, and look for a handler or proxy that changes them",
        all.join("\n")
    ))
}

/// Returns an error if the grade is worse.
#[doc(hidden)]
pub fn check_grade(response: impl AuditedHeaders, least: impl Display) -> Result<(), String> {
    let least: Grade = least.to_string().parse().map_err(|error| format!("{error}"))?;
    let audit = observe(response.audited_headers()).audit();
    if audit.grade() >= least {
        return Ok(());
    }
    Err(format!("expected the grade {least} or better, found {audit}"))
}

/// Returns an error if the response does not have the header of a policy, once.
#[doc(hidden)]
pub fn check_header(
    response: impl AuditedHeaders,
    policy: &impl HeaderPolicy,
) -> Result<(), String> {
    let (name, expected) = (policy.name(), policy.value());
    let found: Vec<_> = lines(response.audited_headers(), name.as_str()).collect();
    let expected = String::from_utf8_lossy(expected.as_bytes());
    match &found[..] {
        [one] if *one == expected => Ok(()),
        [] => Err(format!(
            "{name}: expected '{expected}', found no such header; add the policy with Hardening::with, or its layer"
        )),
        _ => Err(format!(
            "{name}: expected '{expected}', found '{}'; look for a handler or an inner layer that sets the header",
            found.join("', '")
        )),
    }
}

/// Returns an error if the response has the header.
#[doc(hidden)]
pub fn check_no_header(response: impl AuditedHeaders, name: &str) -> Result<(), String> {
    match lines(response.audited_headers(), &name.to_ascii_lowercase()).next() {
        None => Ok(()),
        Some(found) => Err(format!(
            "{name}: expected no such header, found '{found}'; remove it with RemoveHeaders or Hardening::without"
        )),
    }
}

/// Returns an error if no policy of the response has these sources for a directive.
#[doc(hidden)]
pub fn check_csp(
    response: impl AuditedHeaders,
    directive: &str,
    sources: &str,
) -> Result<(), String> {
    let headers = response.audited_headers();
    let lines = headers.get_all("content-security-policy").iter();
    let policies: Vec<_> =
        lines.flat_map(|line| ReceivedPolicy::parse_list(line.as_bytes())).collect();
    let found = policies.iter().filter_map(|policy| policy.get(directive));
    let found: Vec<String> =
        found.map(|found| found.values().collect::<Vec<_>>().join(" ")).collect();
    if found.iter().any(|found| found.split(' ').eq(sources.split_whitespace())) {
        return Ok(());
    }
    let found = match &found[..] {
        [] if policies.is_empty() => "no policy".to_owned(),
        [] => "no such directive".to_owned(),
        found => format!("\"{}\"", found.join("\", \"")),
    };
    Err(format!(
        "content-security-policy, {directive}: expected \"{sources}\", found {found}; write csp.set_text(\"{directive}\", \"{sources}\")"
    ))
}
