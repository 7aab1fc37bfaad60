//! Parses the location of a site or an endpoint: an origin, or an absolute
//! URL.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use super::host_name::HostName;
use crate::error::ParseError;

/// Holds the scheme, host and port of a site, as browsers compare them
/// ([RFC 6454](https://www.rfc-editor.org/rfc/rfc6454#section-4)).
///
/// The scheme is `http` or `https`; the host is ASCII (an international name in its `xn--` form)
/// and in lower case; the scheme's default port is left out. A host that ends in a number is the
/// IPv4 address that browsers read, so `127.1` is `127.0.0.1`, or an error
/// ([URL](https://url.spec.whatwg.org/#host-parsing)). An IPv6 address is in brackets; a
/// `Content-Security-Policy` cannot express it.
///
/// ```
/// use tower_hardening::Origin;
///
/// let site: Origin = "https://Example.tld:443".parse()?;
/// assert_eq!(site.to_string(), "https://example.tld");
/// assert_eq!(site.websocket(), "wss://example.tld");
/// assert!("example.tld".parse::<Origin>().is_err());
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    secure: bool,
    host: HostName,
    port: Option<u16>,
}

impl Origin {
    /// Creates an origin from its parts: `http` or `https`, a host without a
    /// port, and a port if it is not the scheme's default.
    pub fn new(scheme: &str, host: &str, port: Option<u16>) -> Result<Self, ParseError> {
        let secure = scheme_is_secure(scheme)?;
        Ok(Self::checked(secure, read_host(host, 0)?, port))
    }

    fn checked(secure: bool, host: HostName, port: Option<u16>) -> Self {
        let port = port.filter(|port| *port != Self::default_port(secure));
        Self { secure, host, port }
    }

    /// Returns the scheme: `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }

    /// Returns `true` if the scheme is `https`.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Returns the host, in lower case; an IPv6 address is in brackets.
    pub fn host(&self) -> &str {
        self.host.as_str()
    }

    /// Returns the address, if the host is an address and not a name.
    pub fn address(&self) -> Option<IpAddr> {
        self.host.address()
    }

    /// Returns `true` for `localhost` and the names below it, which are always the machine itself
    /// ([RFC 6761](https://www.rfc-editor.org/rfc/rfc6761#section-6.3)).
    pub fn is_localhost(&self) -> bool {
        self.host.is_localhost()
    }

    /// Returns `true` if `Strict-Transport-Security` may be sent for the site: only over https, for a
    /// name ([RFC 6797](https://www.rfc-editor.org/rfc/rfc6797#section-8.1.1)), and not for
    /// localhost.
    pub fn takes_sts(&self) -> bool {
        self.secure && self.host.takes_sts()
    }

    /// Returns the port, if it is not the scheme's default.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Returns the port, also if it is the scheme's default.
    pub(super) fn effective_port(&self) -> u16 {
        self.port.unwrap_or_else(|| Self::default_port(self.secure))
    }

    pub(super) const fn default_port(secure: bool) -> u16 {
        if secure { 443 } else { 80 }
    }

    /// Returns the host, and the port if it is not the scheme's default, as
    /// `Host` has them.
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host()),
            None => self.host().to_owned(),
        }
    }

    /// Returns the origin for WebSockets: `wss://…` for https, `ws://…` for
    /// http.
    pub fn websocket(&self) -> String {
        let scheme = if self.secure { "wss" } else { "ws" };
        format!("{scheme}://{}", self.authority())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme(), self.authority())
    }
}

impl FromStr for Origin {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let url: HttpUrl = text.parse()?;
        if !matches!(url.rest.as_str(), "" | "/") {
            let offset = text.len() - url.rest.len();
            let problem =
                format!("'{}' is not part of an origin; write '{}'", url.rest, url.origin);
            return Err(ParseError::new("origin", offset, problem));
        }
        Ok(url.origin)
    }
}

/// Holds an absolute http or https URL that is safe in any header: an
/// [`Origin`], a path and a query.
///
/// It consists of visible ASCII without quotes, `;`, `,` and similar characters, which have to be
/// percent-encoded. It has no user name and no fragment.
///
/// ```
/// use tower_hardening::header::HttpUrl;
///
/// let url: HttpUrl = "https://example.tld/report?kind=csp".parse()?;
/// assert_eq!((url.path(), url.query()), ("/report", Some("kind=csp")));
/// assert_eq!(url.origin().host(), "example.tld");
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HttpUrl {
    origin: Origin,
    rest: String,
}

impl HttpUrl {
    /// Returns the scheme, host and port.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Returns the path as it was written: empty, or with a leading `/`.
    pub fn path(&self) -> &str {
        self.rest.split('?').next().unwrap_or_default()
    }

    /// Returns the text after the `?`, if there is one.
    pub fn query(&self) -> Option<&str> {
        self.rest.split_once('?').map(|(_, query)| query)
    }
}

impl fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.rest)
    }
}

impl FromStr for HttpUrl {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let Some((scheme, after)) = text.split_once("://") else {
            return Err(ParseError::new("origin", 0, without_scheme(text)));
        };
        let secure = scheme_is_secure(scheme)?;
        let start = scheme.len() + "://".len();
        let split = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, rest) = after.split_at(split);
        if let Some((user, host)) = authority.rsplit_once('@') {
            let problem =
                format!("a user name is not allowed in this URL; write '{scheme}://{host}{rest}'");
            return Err(ParseError::new("origin", start + user.len(), problem));
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !host.starts_with('[') || host.ends_with(']') => {
                (host, Some(parse_port(port, start + host.len() + 1)?))
            }
            _ => (authority, None),
        };
        let host = read_host(host, start)?;
        check_rest(rest, start + split)?;
        Ok(Self { origin: Origin::checked(secure, host, port), rest: rest.to_owned() })
    }
}

/// Describes the problem of a URL without `://`.
fn without_scheme(text: &str) -> String {
    if text.is_empty() {
        return "the URL is empty; write one like 'https://example.tld'".to_owned();
    }
    for scheme in ["https:", "http:"] {
        let (start, rest) = text.split_at_checked(scheme.len()).unwrap_or_default();
        if start.eq_ignore_ascii_case(scheme) {
            let rest = rest.trim_start_matches('/');
            return format!("'{text}' has no '//' after the scheme; write '{scheme}//{rest}'");
        }
    }
    let slashes = match text {
        text if text.starts_with("//") => "https:",
        text if text.starts_with('/') => "https://example.tld",
        _ => "https://",
    };
    format!("'{text}' has no scheme; write '{slashes}{text}'")
}

fn scheme_is_secure(scheme: &str) -> Result<bool, ParseError> {
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok(true),
        "http" => Ok(false),
        _ => {
            let problem = format!("'{scheme}' is not a web scheme; write 'https' or 'http'");
            Err(ParseError::new("origin", 0, problem))
        }
    }
}

/// Describes the problem of a URL in place of a host.
pub(super) fn with_scheme(text: &str) -> Option<String> {
    let (scheme, rest) =
        text.split_once("//").filter(|(scheme, _)| scheme.is_empty() || scheme.ends_with(':'))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    Some(format!("'{scheme}//' is not part of a host; write '{host}'"))
}

fn read_host(host: &str, start: usize) -> Result<HostName, ParseError> {
    let invalid = |offset, problem| ParseError::new("origin", start + offset, problem);
    if let Some(problem) = with_scheme(host) {
        return Err(invalid(0, problem));
    }
    if host.parse::<Ipv6Addr>().is_ok() {
        return Err(invalid(0, format!("'{host}' is an IPv6 address; write '[{host}]'")));
    }
    let strange = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-');
    let found = host.char_indices().find(|(_, character)| strange(*character));
    if let Some((offset, character)) = found.filter(|_| !host.starts_with('[')) {
        let remedy = match character {
            _ if !character.is_ascii() => "write its punycode form, which begins with 'xn--'",
            '@' => "remove the user name",
            ':' => "pass the port separately",
            '/' | '?' | '#' => "remove the path",
            '*' => "write the name in full",
            _ => "write letters, digits, '-' and '.'",
        };
        return Err(invalid(offset, format!("{character:?} is not allowed in a host; {remedy}")));
    }
    HostName::read(host).map_err(|(offset, problem)| invalid(offset, problem))
}

pub(super) fn parse_port(port: &str, offset: usize) -> Result<u16, ParseError> {
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    port.parse().ok().filter(|port| digits && *port > 0).ok_or_else(|| {
        let problem = format!("'{port}' is not a port; write a number from 1 to 65535");
        ParseError::new("origin", offset, problem)
    })
}

fn check_rest(rest: &str, start: usize) -> Result<(), ParseError> {
    let refused = |c: char| !c.is_ascii_graphic() || "\"'\\<>;,`{}|^#".contains(c);
    let Some((offset, character)) = rest.char_indices().find(|(_, c)| refused(*c)) else {
        return Ok(());
    };
    let remedy = match character {
        '#' => "remove the fragment".to_owned(),
        _ => {
            let mut bytes = [0; 4];
            let bytes = character.encode_utf8(&mut bytes).bytes();
            let encoded: String = bytes.map(|byte| format!("%{byte:02X}")).collect();
            format!("write '{encoded}'")
        }
    };
    let problem = format!("{character:?} is not allowed in this URL; {remedy}");
    Err(ParseError::new("origin", start + offset, problem))
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for HttpUrl {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
        text.parse().map_err(|error: ParseError| serde::de::Error::custom(error.problem()))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for HttpUrl {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
