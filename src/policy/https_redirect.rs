//! From http to https.

use std::net::IpAddr;

use http::{HeaderValue, Method, Request, StatusCode, header};

use super::{AllowedHosts, Answer, EffectiveRequest, Host, Origin, Scheme};
use crate::{ParseError, head::RequestParts};

const SUBJECT: &str = "https redirect";

/// Where certificate authorities look for a proof of control
/// ([RFC 8555](https://www.rfc-editor.org/rfc/rfc8555#section-8.3)), by http.
const ACME: &str = "/.well-known/acme-challenge";

/// Sends what came over http to https, at the same host, path and query: 301 for GET and HEAD, 308
/// for what has another method, which that keeps.
///
/// Goes by the request's [`EffectiveRequest`]: where the scheme is unknown nothing is redirected,
/// so that nothing goes round in circles. Where to is made of the hosts that are configured, never
/// of one that the client alone named:
///
/// - a host that is allowed is kept, whatever the port, as browsers and their preload lists ask:
///   from `http://www.example.tld` to `https://www.example.tld` first;
/// - any other goes to the canonical one, or gets a 421 where there is none.
///
/// A WebSocket gets a 403: browsers follow no redirect of a handshake, and what is said over it in
/// clear text should not be answered. So does CONNECT.
///
/// ```
/// use tower_hardening::{EffectiveRequest, HttpsRedirect, Scheme};
///
/// let site = "https://example.tld".parse()?;
/// let redirect = HttpsRedirect::to(&site)?.exempt_acme().exempt_path("/health")?;
///
/// let mut request = http::Request::get("/a?b").body(()).unwrap();
/// let known = EffectiveRequest::new(Scheme::Http).with_host("example.tld:80".parse()?);
/// request.extensions_mut().insert(known);
/// let answer = redirect.answer(&request).unwrap();
/// assert_eq!(answer.status(), 301);
/// assert_eq!(answer.location().unwrap(), "https://example.tld/a?b");
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
    /// To this site, whatever host is named. An error for a site on http.
    pub fn to(site: &Origin) -> Result<Self, ParseError> {
        Self::among(AllowedHosts::new([site.host()])?).canonical(site)
    }

    /// To whichever of these hosts is named, at https' own port.
    pub fn among(hosts: AllowedHosts) -> Self {
        Self {
            hosts,
            canonical: None,
            canonicalising: false,
            exempt_paths: Vec::new(),
            exempt_hosts: Vec::new(),
            exempt_peers: Vec::new(),
        }
    }

    /// Where requests go that name no host of these, and whose port they all go to. An error for a
    /// site on http.
    pub fn canonical(self, site: &Origin) -> Result<Self, ParseError> {
        if !site.is_secure() {
            let problem = format!("'{site}' is on http; write 'https://{}'", site.authority());
            return Err(ParseError::new(SUBJECT, 0, problem));
        }
        Ok(Self { canonical: Some(site.clone()), ..self })
    }

    /// Sends what came over https to another of these hosts on to the canonical one.
    pub fn canonicalising(self) -> Self {
        Self { canonicalising: true, ..self }
    }

    /// Lets requests pass for this path and those below it, segment by segment: `/health` is for
    /// `/health` and `/health/db`, not for `/healthy`. For health checks, which come over http.
    ///
    /// What could be read as another path is not exempt: an encoded character, a `..`, an empty
    /// segment. An error for what is no such path, and for `/`, which would exempt all.
    pub fn exempt_path(mut self, path: &str) -> Result<Self, ParseError> {
        let error = |problem: String| Err(ParseError::new(SUBJECT, 0, problem));
        let trimmed = path.strip_suffix('/').unwrap_or(path);
        if trimmed.is_empty() {
            return error(format!("'{path}' would exempt every path; leave the layer out"));
        }
        let plain = trimmed.strip_prefix('/').is_some_and(is_plain);
        if !plain {
            return error(format!(
                "'{}' is not a plain path; write one like '/health'",
                path.escape_debug()
            ));
        }
        self.exempt_paths.push(trimmed.to_owned());
        Ok(self)
    }

    /// Lets certificate authorities find their proof below `/.well-known/acme-challenge/`.
    pub fn exempt_acme(mut self) -> Self {
        self.exempt_paths.push(ACME.to_owned());
        self
    }

    /// Lets requests pass that name these hosts: [`AllowedHosts::hidden_services`], say.
    pub fn exempt_hosts(mut self, hosts: AllowedHosts) -> Self {
        self.exempt_hosts.push(hosts);
        self
    }

    /// Lets requests pass from this address: a load balancer that checks health, say.
    pub fn exempt_peer(mut self, peer: IpAddr) -> Self {
        self.exempt_peers.push(peer.to_canonical());
        self
    }

    /// What the request gets in the application's place, if anything.
    pub fn answer<B>(&self, request: &Request<B>) -> Option<Answer> {
        self.answer_to(request)
    }

    pub(crate) fn answer_to(&self, request: &impl RequestParts) -> Option<Answer> {
        let known = EffectiveRequest::of(request.extensions())?;
        if self.is_exempt(known, request.uri().path()) {
            return None;
        }
        let named = known.host().filter(|host| self.hosts.allows(host)).map(Host::name);
        let canonical = self.canonical.as_ref().map(Origin::host);
        match known.scheme() {
            Scheme::Http if follows_nothing(request) => Some(Answer::FORBIDDEN),
            Scheme::Http => match named.or(canonical) {
                Some(to) => Some(self.redirect(to, request)),
                None => Some(Answer::MISDIRECTED),
            },
            Scheme::Https if self.canonicalising && !follows_nothing(request) => {
                let to = canonical.filter(|to| named.is_some_and(|named| named != *to))?;
                Some(self.redirect(to, request))
            }
            Scheme::Https | Scheme::Unknown => None,
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

    fn is_exempt(&self, known: &EffectiveRequest, path: &str) -> bool {
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

/// Whether every segment is itself, whoever reads the path.
fn is_plain(path: &str) -> bool {
    path.split('/').all(|segment| {
        !matches!(segment, "" | "." | "..")
            && segment.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
            })
    })
}

/// Whether a client could not follow a redirect: of a handshake, a tunnel or the server as a whole.
fn follows_nothing(request: &impl RequestParts) -> bool {
    let upgrades = request.headers().get_all(header::UPGRADE).iter();
    let mut upgrades = upgrades.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    request.method() == Method::CONNECT
        || request.uri().path() == "*"
        || upgrades.any(|protocol| protocol.trim_ascii().eq_ignore_ascii_case(b"websocket"))
}

/// The path and query with everything percent-encoded that RFC 3986 has not in either.
fn encoded(rest: &str) -> String {
    let mut text = String::with_capacity(rest.len() + 1);
    // What does not begin with a slash would go on with the port or the host.
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
