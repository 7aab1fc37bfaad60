//! Parses the host that a request names.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use http::header;

use super::{
    head::RequestParts,
    host_name::HostName,
    origin::{Origin, parse_port, with_scheme},
};
use crate::error::ParseError;

/// Holds a host and an optional port, as `Host` and `:authority` name them
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-7.2)).
///
/// Parsing is strict. It accepts letters, digits, `-`, `_` and `.`, an IPv4 address in four decimal
/// parts or an IPv6 address in brackets, and a port from 1 to 65535. It rejects a user name, a
/// path, a quote, a `%`, a control character, an empty label and a second port. Letters are
/// converted to lower case, one trailing dot is removed, and an IPv6 address is written in the form
/// of RFC 5952, so that equal hosts compare equal. An IPv4 address that browsers would write in
/// another way, such as `127.1`, is an error, since browsers never send such a host.
///
/// ```
/// use tower_hardening::connection::Host;
///
/// let host: Host = "Example.TLD.:8443".parse()?;
/// assert_eq!((host.name(), host.port()), ("example.tld", Some(8443)));
/// assert_eq!(
///     "good.example@evil.example".parse::<Host>().unwrap_err().to_string(),
///     "host, byte 12: '@' is not allowed in a host; remove the user name",
/// );
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Host {
    name: HostName,
    port: Option<u16>,
}

impl Host {
    /// Returns the host that the message itself names, ignoring the one that a
    /// layer found.
    pub(crate) fn on_the_wire(request: &impl RequestParts) -> Option<Self> {
        let mut lines = request.headers().get_all(header::HOST).iter();
        let line = lines.next().map(|line| line.to_str().ok()?.parse::<Self>().ok());
        let target = request.uri().authority();
        let target = target.map(|authority| authority.as_str().parse::<Self>().ok());
        match (line, target, lines.next()) {
            (Some(host), None, None) | (None, Some(host), None) => host,
            (Some(Some(line)), Some(Some(target)), None) => {
                let default = match request.uri().scheme_str() {
                    Some("http") => Some(80),
                    Some("https") => Some(443),
                    _ => None,
                };
                let port = |host: &Self| host.port.or(default);
                let same = line.name == target.name && port(&line) == port(&target);
                same.then_some(target)
            }
            _ => None,
        }
    }

    /// Returns the host without its port, in lower case; an IPv6 address is in
    /// brackets.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Returns the port, if one was named.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Returns the address, if the host is an address and not a name.
    pub fn address(&self) -> Option<IpAddr> {
        self.name.address()
    }

    /// Returns `true` if this is the site's host and port; a missing port is
    /// the scheme's default.
    pub fn is_of(&self, site: &Origin) -> bool {
        let port = self.port.unwrap_or_else(|| Origin::default_port(site.is_secure()));
        self.name() == site.host() && port == site.effective_port()
    }

    /// Returns `true` for `localhost` and the names below it, which are always
    /// the machine itself ([RFC 6761](https://www.rfc-editor.org/rfc/rfc6761#section-6.3)).
    pub fn is_localhost(&self) -> bool {
        self.name.is_localhost()
    }

    /// Returns `true` if `Strict-Transport-Security` may be sent for the host:
    /// only for a name, and not for localhost.
    pub(crate) fn takes_sts(&self) -> bool {
        self.name.takes_sts()
    }
}

impl fmt::Display for Host {
    /// Writes the host as in a `Host` header.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl FromStr for Host {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text).map_err(|error| match of_another_kind(text) {
            Some(problem) => ParseError::new("host", 0, problem),
            None => error,
        })
    }
}

impl Host {
    fn read(text: &str) -> Result<Self, ParseError> {
        let end = match text.strip_prefix('[') {
            Some(rest) => rest.find(']').map_or(text.len(), |end| end + 2),
            None => text.find(':').unwrap_or(text.len()),
        };
        let (name, rest) = text.split_at(end);
        let name = read_name(name)?;
        let port = match rest.strip_prefix(':') {
            None if rest.is_empty() => None,
            None => return Err(refused(rest, end, &|_| true)),
            Some(port) => Some(read_port(port, end + 1)?),
        };
        Ok(Self { name, port })
    }
}

/// Describes a text that is not a host with an error, but a URL or a bare address.
fn of_another_kind(text: &str) -> Option<String> {
    let is_bare = text.parse::<Ipv6Addr>().is_ok();
    let problem = is_bare.then(|| format!("'{text}' is an IPv6 address; write '[{text}]'"));
    problem.or_else(|| with_scheme(text))
}

fn read_name(text: &str) -> Result<HostName, ParseError> {
    if let Some(name) = HostName::read_name(text) {
        return Ok(name);
    }
    let invalid = |(offset, problem): (usize, String)| ParseError::new("host", offset, problem);
    if text.is_empty() {
        return Err(invalid((0, "the host is empty; write one like 'example.tld'".to_owned())));
    }
    if text.starts_with('[') {
        return HostName::read(text).map_err(invalid);
    }
    let strange = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_');
    if text.contains(strange) {
        return Err(refused(text, 0, &strange));
    }
    let plain = text.strip_suffix('.').filter(|name| !name.is_empty()).unwrap_or(text);
    let name = HostName::read(plain).map_err(invalid)?;
    if name.as_str().eq_ignore_ascii_case(plain) {
        return Ok(name);
    }
    let problem = format!("'{text}' is not an IPv4 address; write one like '192.0.2.1'");
    Err(invalid((0, problem)))
}

fn read_port(text: &str, start: usize) -> Result<u16, ParseError> {
    let strange = |c: char| !c.is_ascii_alphanumeric();
    if text.contains(strange) {
        return Err(refused(text, start, &strange));
    }
    parse_port(text, start).map_err(|error| error.within("host", 0))
}

/// Returns the error for a text that contains a forbidden character.
fn refused(text: &str, start: usize, strange: &dyn Fn(char) -> bool) -> ParseError {
    let found = text.char_indices().find(|(_, character)| strange(*character));
    let (offset, character) = found.unwrap_or_default();
    let remedy = match character {
        '@' => "remove the user name",
        '/' | '?' | '#' => "remove the path",
        ':' => "write the port once, after the host",
        '*' => "write the name in full",
        _ if !character.is_ascii() => "write its punycode form, which begins with 'xn--'",
        _ => "write letters, digits, '-' and '.'",
    };
    let problem = format!("{character:?} is not allowed in a host; {remedy}");
    ParseError::new("host", start + offset, problem)
}
