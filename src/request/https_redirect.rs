//! Redirects http requests to https.

use std::net::IpAddr;

use http::{HeaderValue, Method, StatusCode, header};

use super::{
    allowed_hosts::AllowedHosts,
    answer::Answer,
    connection_info::{ConnectionInfo, Scheme},
    head::RequestParts,
    host::Host,
    origin::Origin,
};
use crate::error::ParseError;

const SUBJECT: &str = "https redirect";

/// The path at which certificate authorities look for a proof of control
/// ([RFC 8555](https://www.rfc-editor.org/rfc/rfc8555#section-8.3)), over http.
const ACME: &str = "/.well-known/acme-challenge";

/// Redirects http requests to https, at the same host, path and query.
/// Responds with 301 to GET and HEAD, and with 308, which preserves the method, to other methods.
///
/// The scheme comes from the request's [`ConnectionInfo`]. A request with an unknown scheme is
/// not redirected, which prevents redirect loops. The target is built from configured hosts, never
/// from a host that only the client named:
///
/// - an allowed host is kept, whatever the port, as browsers and their preload lists require:
///   from `http://www.example.tld` to `https://www.example.tld` first;
/// - any other host is redirected to the canonical one, or gets a 421 if there is none.
///
/// A WebSocket handshake gets a 403: browsers do not follow a redirect of a handshake, and
/// clear-text messages over the WebSocket should not be answered. CONNECT also gets a 403.
///
/// ```
/// use axum::{Router, routing::get};
/// use tower_hardening::hosts::{HttpsRedirect, HttpsRedirectLayer};
///
/// let site = "https://example.tld".parse()?;
/// let redirect = HttpsRedirect::to_site(&site)?.exempt_acme().exempt_path("/health")?;
/// let app: Router = Router::new()
///     .route("/", get(async || "hello"))
///     .layer(HttpsRedirectLayer::new(redirect));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct HttpsRedirect {
    hosts: AllowedHosts,
    canonical: Option<Origin>,
    canonicalising: bool,
    exempt_paths: Vec<String>,
    exempt_hosts: Vec<AllowedHosts>,
    exempt_peers: Vec<IpAddr>,
}

impl HttpsRedirect {
    /// Redirects to this site, whatever host is named. Returns an error for a
    /// site on http.
    pub fn to_site(site: &Origin) -> Result<Self, ParseError> {
        Self::allowing(AllowedHosts::new([site.host()])?).canonical_host(site)
    }

    /// Redirects to the named host if it is one of these, at the default https
    /// port.
    pub fn allowing(hosts: AllowedHosts) -> Self {
        Self {
            hosts,
            canonical: None,
            canonicalising: false,
            exempt_paths: Vec::new(),
            exempt_hosts: Vec::new(),
            exempt_peers: Vec::new(),
        }
    }

    /// Sets the site for requests that name none of the allowed hosts; all
    /// redirects use its port. Returns an error for a site on http.
    pub fn canonical_host(self, site: &Origin) -> Result<Self, ParseError> {
        if !site.is_secure() {
            let problem = format!("'{site}' is on http; write 'https://{}'", site.authority());
            return Err(ParseError::new(SUBJECT, 0, problem));
        }
        Ok(Self { canonical: Some(site.clone()), ..self })
    }

    /// Also redirects https requests for the other allowed hosts to the
    /// canonical one.
    pub fn redirect_to_canonical(self) -> Self {
        Self { canonicalising: true, ..self }
    }

    /// Exempts this path and the paths below it, segment by segment.
    ///
    /// `/health` matches `/health` and `/health/db`, but not `/healthy`. Use this for health
    /// checks, which come over http.
    ///
    /// A request path that could be read as another path is not exempt: one with an encoded
    /// character, a `..`, or an empty segment. Returns an error for such a path, and for `/`, which
    /// would exempt everything.
    pub fn exempt_path(mut self, path: &str) -> Result<Self, ParseError> {
        let reject = |problem: String| Err(ParseError::new(SUBJECT, 0, problem));
        let trimmed = path.strip_suffix('/').unwrap_or(path);
        if trimmed.is_empty() {
            return reject(format!(
                "'{path}' would exempt every path; leave it out, or redirect nothing"
            ));
        }
        let plain = trimmed.strip_prefix('/').is_some_and(is_plain);
        if !plain {
            return reject(format!(
                "'{}' is not a plain path; write one like '/health'",
                path.escape_debug()
            ));
        }
        self.exempt_paths.push(trimmed.to_owned());
        Ok(self)
    }

    /// Exempts `/.well-known/acme-challenge/`, where certificate authorities
    /// look for their proof.
    pub fn exempt_acme(mut self) -> Self {
        self.exempt_paths.push(ACME.to_owned());
        self
    }

    /// Exempts requests that name these hosts, for example
    /// [`AllowedHosts::hidden_services`].
    pub fn exempt_hosts(mut self, hosts: AllowedHosts) -> Self {
        self.exempt_hosts.push(hosts);
        self
    }

    /// Exempts requests from this address, for example from a load balancer
    /// that checks health.
    pub fn exempt_peer(mut self, peer: IpAddr) -> Self {
        self.exempt_peers.push(peer.to_canonical());
        self
    }

    /// Returns the response to send instead of calling the application, if
    /// any.
    pub(crate) fn answer(&self, request: &impl RequestParts) -> Option<Answer> {
        let known = ConnectionInfo::from_extensions(request.extensions())?;
        let passes = match known.scheme() {
            Scheme::Http => false,
            // Nearly all requests of a site on https end here.
            Scheme::Https => !self.canonicalising,
            Scheme::Unknown => true,
        };
        if passes || self.is_exempt(known, request.uri().path()) {
            return None;
        }
        let named = known.host().filter(|host| self.hosts.allows(host)).map(Host::name);
        let canonical = self.canonical.as_ref().map(Origin::host);
        let unfollowed = follows_nothing(request);
        if known.scheme() == Scheme::Https {
            let to =
                canonical.filter(|to| named.is_some_and(|named| named != *to) && !unfollowed)?;
            return Some(self.redirect(to, request));
        }
        match named.or(canonical) {
            _ if unfollowed => Some(Answer::FORBIDDEN),
            Some(to) => Some(self.redirect(to, request)),
            None => Some(Answer::MISDIRECTED),
        }
    }

    fn redirect(&self, host: &str, request: &impl RequestParts) -> Answer {
        let status = match *request.method() {
            Method::GET | Method::HEAD => StatusCode::MOVED_PERMANENTLY,
            _ => StatusCode::PERMANENT_REDIRECT,
        };
        let port = self.canonical.as_ref().and_then(Origin::port);
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let rest = request.uri().path_and_query().map_or("/", |rest| rest.as_str());
        let location = format!("https://{host}{port}{}", encoded(rest));
        match HeaderValue::try_from(location) {
            Ok(location) => Answer::redirect(status, location),
            Err(_) => Answer::MISDIRECTED,
        }
    }

    fn is_exempt(&self, known: &ConnectionInfo, path: &str) -> bool {
        let below = |exempt: &String| match path.strip_prefix(exempt.as_str()) {
            Some("" | "/") => true,
            Some(rest) => rest.strip_prefix('/').is_some_and(is_plain),
            None => false,
        };
        let host = known
            .host()
            .is_some_and(|host| self.exempt_hosts.iter().any(|hosts| hosts.allows(host)));
        let peer = known.peer().is_some_and(|peer| self.exempt_peers.contains(&peer));
        host || peer || self.exempt_paths.iter().any(below)
    }
}

/// Returns `true` if all readers of the path read every segment in the same
/// way.
fn is_plain(path: &str) -> bool {
    path.split('/').all(|segment| {
        !matches!(segment, "" | "." | "..")
            && segment.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
            })
    })
}

/// Returns `true` if a client cannot follow a redirect of this request: a
/// handshake, a tunnel, or a request about the server as a whole.
fn follows_nothing(request: &impl RequestParts) -> bool {
    let upgrades = request.headers().get_all(header::UPGRADE).iter();
    let mut upgrades = upgrades.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    request.method() == Method::CONNECT
        || request.uri().path() == "*"
        || upgrades.any(|protocol| protocol.trim_ascii().eq_ignore_ascii_case(b"websocket"))
}

/// Returns the path and query, percent-encoding every character that RFC 3986
/// does not allow in either.
fn encoded(rest: &str) -> String {
    let mut text = String::with_capacity(rest.len() + 1);
    // Text without a leading slash would continue the port or the host.
    if !rest.starts_with('/') {
        text.push('/');
    }
    for byte in rest.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=%".contains(&byte) {
            text.push(byte.into());
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
