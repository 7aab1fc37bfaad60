//! Defines the list of pages that may use a feature, in a `Permissions-Policy`.

use std::{borrow::Cow, fmt, str::FromStr};

use super::permissions_grammar::allowlist;
use crate::{
    error::ParseError,
    policy::csp::EndpointName,
    request::Origin,
    syntax::structured::{Bare, list},
};

const NAME: &str = "permissions-policy";

/// Lists the pages that may use a feature, in a
/// [`PermissionsPolicy`](super::PermissionsPolicy).
///
/// ```
/// use tower_hardening::{csp::EndpointName, header::Allowlist};
///
/// let list = Allowlist::SELF.and(&"https://maps.example".parse()?)?;
/// assert_eq!(list.to_string(), r#"(self "https://maps.example")"#);
/// let reported = Allowlist::NONE.report_to(EndpointName::from_static("main"));
/// assert_eq!(reported.to_string(), "();report-to=main");
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct Allowlist {
    list: Cow<'static, str>,
    endpoint: Option<EndpointName>,
}

impl Allowlist {
    /// No page, the page itself included.
    pub const NONE: Self = Self { list: Cow::Borrowed("()"), endpoint: None };

    /// Pages of the same origin.
    pub const SELF: Self = Self { list: Cow::Borrowed("(self)"), endpoint: None };

    /// Every page, frames of other origins included.
    pub const ALL: Self = Self { list: Cow::Borrowed("*"), endpoint: None };

    /// Also allows pages of this origin, once. [`ALL`](Self::ALL) allows them already.
    ///
    /// # Errors
    ///
    /// Returns an error for an IPv6 address, which browsers do not accept in a list.
    pub fn and(self, origin: &Origin) -> Result<Self, ParseError> {
        if origin.address().is_some_and(|address| address.is_ipv6()) {
            let problem = format!(
                "'{origin}' is an IPv6 address, which a list cannot contain; write a host name"
            );
            return Err(ParseError::new(NAME, 0, problem));
        }
        let inside = self.list.strip_prefix('(').and_then(|list| list.strip_suffix(')'));
        let Some(inside) = inside else { return Ok(self) };
        let origin = format!("\"{origin}\"");
        if inside.split(' ').any(|known| known == origin) {
            return Ok(self);
        }
        let space = if inside.is_empty() { "" } else { " " };
        let list = Cow::Owned(format!("({inside}{space}{origin})"));
        Ok(Self { list, ..self })
    }

    /// Sends reports on the feature to this endpoint, which `Reporting-Endpoints` defines.
    pub fn report_to(self, endpoint: EndpointName) -> Self {
        Self { endpoint: Some(endpoint), ..self }
    }
}

impl fmt::Display for Allowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.list)?;
        self.endpoint.iter().try_for_each(|endpoint| write!(f, ";report-to={endpoint}"))
    }
}

impl FromStr for Allowlist {
    type Err = ParseError;

    /// Parses `*`, `self` or a list in parentheses, and `;report-to=endpoint`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        match allowlist(text.as_bytes(), 0) {
            Ok(end) if end == text.len() => {}
            Ok(end) => {
                return Err(ParseError::new(NAME, end, "expected nothing behind the list"));
            }
            Err((offset, problem)) => return Err(ParseError::new(NAME, offset, problem)),
        }
        let mut allowed = Self::NONE;
        for mut member in list(NAME, text)? {
            for parameter in std::mem::take(&mut member.parameters) {
                if let Bare::Token(endpoint) = parameter.value {
                    allowed.endpoint = Some(endpoint.parse()?);
                }
            }
            allowed.list = match member.to_string() {
                list if list == "self" => Self::SELF.list,
                list => Cow::Owned(list),
            };
        }
        Ok(allowed)
    }
}
