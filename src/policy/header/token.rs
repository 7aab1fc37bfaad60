//! Declares headers that are one token of a structured field, with an endpoint for reports.

use std::borrow::Cow;

use crate::{
    error::{ParseError, did_you_mean},
    policy::csp::EndpointName,
    syntax::structured::{Bare, Entry, item},
};

/// Declares the type. For example:
///
/// ```text
/// token_policy! {
///     /// Separates a page from…
///     pub struct CrossOriginOpenerPolicy("cross-origin-opener-policy", browsers: "all", report_only: "…") {
///         /// Keeps windows of the same origin only.
///         SAME_ORIGIN = "same-origin",
///     }
/// }
/// ```
macro_rules! token_policy {
    (
        $(#[$doc:meta])*
        pub struct $policy:ident($name:literal, browsers: $browsers:literal, report_only: $report_only:literal) {
            $($(#[$value_doc:meta])* $constant:ident = $text:literal,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[must_use]
        pub struct $policy {
            token: &'static str,
            endpoint: Option<$crate::policy::csp::EndpointName>,
        }

        impl $policy {
            $($(#[$value_doc])* pub const $constant: Self = Self { token: $text, endpoint: None };)+

            /// Lists every valid value, without an endpoint.
            pub const VALUES: &[Self] = &[$(Self::$constant),+];

            /// Sends reports to this endpoint, which `Reporting-Endpoints` defines.
            pub fn report_to(self, endpoint: $crate::policy::csp::EndpointName) -> Self {
                Self { endpoint: Some(endpoint), ..self }
            }

            /// Returns the value without the endpoint.
            pub const fn as_str(&self) -> &'static str {
                self.token
            }

            /// Returns the endpoint that reports are sent to.
            pub const fn endpoint(&self) -> Option<&$crate::policy::csp::EndpointName> {
                self.endpoint.as_ref()
            }

            fn text(&self) -> std::borrow::Cow<'static, str> {
                $crate::policy::header::token::print(self.token, self.endpoint.as_ref())
            }

            fn endpoints(&self) -> Vec<$crate::policy::csp::EndpointName> {
                self.endpoint.iter().cloned().collect()
            }
        }

        impl std::str::FromStr for $policy {
            type Err = $crate::error::ParseError;

            /// Parses exactly one of the values, and the parameter `report-to="endpoint"`.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let read = $crate::policy::header::token::read($name, &[$($text),+], text);
                read.map(|(token, endpoint)| Self { token, endpoint })
            }
        }

        $crate::policy::header::policy::header_policy!(
            $policy, $name, existing: IfNotPresent, lines: Single, browsers: $browsers,
            names_endpoints: endpoints, report_only: $report_only
        );
    };
}

pub(crate) use token_policy;

pub(super) fn print(token: &'static str, endpoint: Option<&EndpointName>) -> Cow<'static, str> {
    match endpoint {
        None => Cow::Borrowed(token),
        Some(endpoint) => Cow::Owned(format!("{token};report-to=\"{endpoint}\"")),
    }
}

pub(super) fn read(
    header: &'static str,
    words: &[&'static str],
    text: &str,
) -> Result<(&'static str, Option<EndpointName>), ParseError> {
    let invalid = |offset, problem: String| ParseError::new(header, offset, problem);
    let otherwise = format!("write one of '{}'", words.join("', '"));
    let item = match item(header, text) {
        Err(_) if text.trim_matches(' ').is_empty() => {
            return Err(invalid(0, format!("there is no value; {otherwise}")));
        }
        item => item?,
    };
    let token = words.iter().copied().find(|word| item.value == Bare::Token(word));
    let Some(token) = token else {
        let found = item.value.to_string();
        let remedy = did_you_mean(found.trim_matches('"'), words, &otherwise);
        return Err(invalid(item.at, format!("'{found}' is not a value of this header{remedy}")));
    };
    Ok((token, endpoint(header, item.parameters)?))
}

fn endpoint(
    header: &'static str,
    parameters: Vec<Entry<'_, Bare<'_>>>,
) -> Result<Option<EndpointName>, ParseError> {
    let invalid = |offset, problem: String| ParseError::new(header, offset, problem);
    let mut endpoint = None;
    for parameter in parameters {
        let offset = parameter.at;
        match (parameter.key, parameter.value) {
            ("report-to", _) if endpoint.is_some() => {
                return Err(invalid(offset, "duplicate parameter report-to; write one".into()));
            }
            ("report-to", Bare::String(name)) => {
                let name: EndpointName =
                    name.parse().map_err(|error: ParseError| error.within(header, offset))?;
                endpoint = Some(name);
            }
            ("report-to", value) => {
                let problem = format!(
                    "'{value}' is not a string; write the endpoint in double quotes, like report-to=\"main\""
                );
                return Err(invalid(offset, problem));
            }
            (other, _) => {
                let problem = format!("browsers ignore the parameter '{other}'; remove it");
                return Err(invalid(offset, problem));
            }
        }
    }
    Ok(endpoint)
}
