//! Describes a response that is audited.

use http::{HeaderMap, Response, StatusCode};

use super::redirection::Redirection;
use crate::request::Scheme;

/// Describes a response that is audited: its status, its headers, and facts about the server that
/// one response does not tell.
///
/// ```
/// use http::{HeaderMap, StatusCode};
/// use tower_hardening::audit::{Observation, Redirection};
///
/// let headers = HeaderMap::new();
/// let observation = Observation::new(StatusCode::OK, &headers);
/// let audit = observation.redirection(Redirection::Missing).audit();
/// assert_eq!(audit.finding("redirection-missing").unwrap().points(), -20);
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Observation<'a> {
    pub(super) status: StatusCode,
    pub(super) headers: &'a HeaderMap,
    pub(super) scheme: Scheme,
    pub(super) redirection: Option<Redirection>,
    pub(super) preflight: Option<(&'a str, &'a HeaderMap)>,
    pub(super) is_preloaded: bool,
}

impl<'a> Observation<'a> {
    /// Describes a response that came over https.
    pub fn new(status: StatusCode, headers: &'a HeaderMap) -> Self {
        Self {
            status,
            headers,
            scheme: Scheme::Https,
            redirection: None,
            preflight: None,
            is_preloaded: false,
        }
    }

    /// States that the response came over http, and that the site has no https.
    pub fn over_http(self) -> Self {
        Self { scheme: Scheme::Http, ..self }
    }

    /// States the answer of the server to a request over http. Without this call the rule is not
    /// applied.
    pub fn redirection(self, redirection: Redirection) -> Self {
        Self { redirection: Some(redirection), ..self }
    }

    /// States the answer of the server to a CORS preflight request from an origin. Without this
    /// call the rule is not applied.
    ///
    /// ```
    /// use http::{HeaderMap, HeaderValue, StatusCode};
    /// use tower_hardening::audit::{Grade, Observation};
    ///
    /// let mut answer = HeaderMap::new();
    /// answer.insert("access-control-allow-origin", HeaderValue::from_static("https://a.example"));
    /// answer.insert("access-control-allow-credentials", HeaderValue::from_static("true"));
    /// let audit = Observation::new(StatusCode::OK, &answer).preflight("https://a.example", &answer);
    /// assert_eq!(audit.audit().findings()[0].points(), -50);
    /// ```
    pub fn preflight(self, origin: &'a str, headers: &'a HeaderMap) -> Self {
        Self { preflight: Some((origin, headers)), ..self }
    }

    /// States that the browsers' preload list contains the host.
    pub fn preloaded(self) -> Self {
        Self { is_preloaded: true, ..self }
    }
}

impl<'a, B> From<&'a Response<B>> for Observation<'a> {
    fn from(response: &'a Response<B>) -> Self {
        Self::new(response.status(), response.headers())
    }
}
