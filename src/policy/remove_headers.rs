//! Removes response headers that describe the server.

use http::{HeaderMap, HeaderName};

use super::{describing_headers::OWASP, name_filter::NameFilter};
use crate::{
    error::{ParseError, near},
    lint::{Lint, Severity},
};

const NAME: &str = "remove headers";

/// Removes response headers that tell strangers which software a server runs.
///
/// The version of a server helps an attacker to choose an exploit, and no browser needs it. Headers
/// that the policies of the same [`Hardening`](crate::Hardening) send are added afterwards, so they
/// stay. A proxy in front can add its own `Server` again.
///
/// ```
/// use axum::Router;
/// use tower_hardening::{Hardening, HardeningLayer, header::{RemoveHeaders, RemoveHeadersLayer}};
///
/// let alone: Router = Router::new().layer(RemoveHeadersLayer::new(RemoveHeaders::server()));
///
/// let hardening = Hardening::recommended().with(RemoveHeaders::owasp());
/// let app: Router = Router::new().layer(HardeningLayer::new(hardening));
/// assert!(RemoveHeaders::new(["content-length"]).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RemoveHeaders {
    /// Sorted, without duplicates.
    names: Vec<HeaderName>,
    filter: NameFilter,
}

impl RemoveHeaders {
    /// Lists the 87 headers that the
    /// [OWASP Secure Headers Project](https://owasp.org/www-project-secure-headers/) recommends to
    /// remove.
    ///
    /// Some have a use: `SourceMap` in a debugger, the `X-NextJS-*` headers in the client of
    /// Next.js, and tracing headers between services. Put the layer where only browsers are outside.
    pub const OWASP: &[&str] = OWASP;

    /// Removes `Server` and `X-Powered-By`.
    pub fn server() -> Self {
        Self::empty().adding(&["server", "x-powered-by"])
    }

    /// Removes every header of [`OWASP`](Self::OWASP).
    pub fn owasp() -> Self {
        Self::empty().adding(OWASP)
    }

    /// Removes the headers of these names, in any letter case.
    ///
    /// Returns an error for a text that is not a name, for a pattern (`x-*`), for an empty list, and
    /// for a header without which a response cannot be read, such as `Content-Length` or
    /// `Set-Cookie`, or which protects files and pages, such as `Content-Security-Policy`, or which
    /// asks for reports, such as `Report-To`: the uploads of a [`MediaLayer`](crate::media::MediaLayer) would lose it too.
    pub fn new<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> Result<Self, ParseError> {
        let mut removed = Self::empty();
        for name in names {
            removed.insert(parse(name.as_ref())?);
        }
        if removed.names.is_empty() {
            let problem = "the list is empty; write a name like 'server'";
            return Err(ParseError::new(NAME, 0, problem));
        }
        Ok(removed)
    }

    /// Also removes the headers of another list.
    pub fn and(mut self, other: Self) -> Self {
        other.names.into_iter().for_each(|name| self.insert(name));
        self
    }

    /// Returns the names, in lower case and in order.
    pub fn names(&self) -> &[HeaderName] {
        &self.names
    }

    /// Returns `true` for a header that protects files or pages, or that asks for reports.
    pub(crate) fn protects(name: &str) -> bool {
        PROTECTING.contains(&name) || REPORTING.contains(&name)
    }

    /// Lints names that are near to one of [`OWASP`](Self::OWASP): a misspelt name removes nothing.
    pub(crate) fn lints(&self) -> Vec<Lint> {
        let misspelt = self.names.iter().filter_map(|name| Some((name, meant(name.as_str())?)));
        misspelt
            .map(|(name, meant)| {
                let problem = format!(
                    "remove_headers: no known software sends '{name}'; did you mean '{meant}'?"
                );
                Lint::new(Severity::Warning, "remove-headers-misspelt", problem)
            })
            .collect()
    }

    fn empty() -> Self {
        Self { names: Vec::new(), filter: NameFilter::default() }
    }

    fn adding(mut self, names: &[&'static str]) -> Self {
        names.iter().for_each(|name| self.insert(HeaderName::from_static(name)));
        self
    }

    fn insert(&mut self, name: HeaderName) {
        if let Err(place) = self.place(&name) {
            self.filter.add(&name);
            self.names.insert(place, name);
        }
    }

    fn place(&self, name: &HeaderName) -> Result<usize, usize> {
        self.names.binary_search_by(|known| known.as_str().cmp(name.as_str()))
    }

    /// Removes the headers from a response.
    #[inline]
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        // A response has few headers, and the list may be long.
        while let Some(name) = headers.keys().find(|name| self.lists(name)).cloned() {
            headers.remove(name);
        }
    }

    #[inline]
    fn lists(&self, name: &HeaderName) -> bool {
        self.filter.may_have(name) && self.place(name).is_ok()
    }
}

/// Returns the header of [`RemoveHeaders::OWASP`] that a misspelt name probably means.
fn meant(name: &str) -> Option<&'static str> {
    if OWASP.contains(&name) {
        return None;
    }
    // Short names are near to many others.
    let is_within = |known: &&str| {
        near(name.as_bytes(), known.as_bytes()).is_some_and(|far| far <= 2.min(known.len() / 5))
    };
    OWASP.iter().copied().find(is_within)
}

/// Headers without which browsers send no reports.
const REPORTING: [&str; 3] = ["nel", "report-to", "reporting-endpoints"];

/// Headers that protect a response: those with a policy here, except for [`REPORTING`] and for those that browsers no
/// longer use, which an application may still send; and the one that makes a browser save a file.
const PROTECTING: [&str; 24] = [
    "cache-control",
    "clear-site-data",
    "content-disposition",
    "content-security-policy",
    "content-security-policy-report-only",
    "cross-origin-embedder-policy",
    "cross-origin-embedder-policy-report-only",
    "cross-origin-opener-policy",
    "cross-origin-opener-policy-report-only",
    "cross-origin-resource-policy",
    "document-isolation-policy",
    "document-isolation-policy-report-only",
    "document-policy",
    "document-policy-report-only",
    "integrity-policy",
    "integrity-policy-report-only",
    "origin-agent-cluster",
    "permissions-policy",
    "permissions-policy-report-only",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
    "x-robots-tag",
];

/// Headers without which a response loses its body, its cookies or its meaning.
const NEEDED: [&str; 12] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "location",
    "set-cookie",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "vary",
    "www-authenticate",
];

fn parse(text: &str) -> Result<HeaderName, ParseError> {
    let Ok(name) = text.parse::<HeaderName>() else {
        let found = text.escape_debug();
        let problem = format!("'{found}' is not a header's name; write letters, digits and '-'");
        return Err(ParseError::new(NAME, 0, problem));
    };
    if name.as_str().contains('*') {
        let problem =
            format!("'{name}' matches only a header of that name; write each name in full");
        return Err(ParseError::new(NAME, 0, problem));
    }
    if NEEDED.contains(&name.as_str()) {
        let problem =
            format!("a response cannot be read without '{name}'; remove it from the list");
        return Err(ParseError::new(NAME, 0, problem));
    }
    if RemoveHeaders::protects(name.as_str()) {
        let use_of = match REPORTING.contains(&name.as_str()) {
            true => "makes browsers send reports",
            false => "protects files and pages",
        };
        let problem =
            format!("'{name}' {use_of}, and uploads would lose it too; remove it from the list");
        return Err(ParseError::new(NAME, 0, problem));
    }
    Ok(name)
}
