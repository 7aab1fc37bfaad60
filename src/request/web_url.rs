//! Reads the URLs that pages contain, as browsers read them.

use std::{fmt, net::IpAddr};

use super::{host_name::HostName, origin::Origin, path_segments::normal_path};
use crate::syntax::scan::is_scheme;

/// Holds a URL of any scheme
/// ([URL](https://url.spec.whatwg.org/#url-parsing)).
///
/// The text is read leniently: white space around it, tabs and line ends are removed, `\` counts as
/// `/`, and dot segments are resolved. A host that is not ASCII is kept in lower case, without the
/// conversion to its `xn--` form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebUrl {
    pub(super) scheme: String,
    pub(super) host: Option<String>,
    address: Option<IpAddr>,
    /// The port, if it is not the scheme's default.
    port: Option<u16>,
    pub(super) path: String,
    /// The query with its `?`, or nothing.
    pub(super) query: String,
}

impl WebUrl {
    /// Reads an absolute URL.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = cleaned(text);
        let (scheme, rest) = split_scheme(&text)?;
        Self::after_scheme(scheme, rest)
    }

    pub(super) fn after_scheme(scheme: String, rest: &str) -> Option<Self> {
        let special = is_special(&scheme);
        let slash = |c: char| c == '/' || (special && c == '\\');
        if special {
            return Self::with_authority(scheme, rest.trim_start_matches(slash));
        }
        match rest.strip_prefix("//") {
            Some(rest) => Self::with_authority(scheme, rest),
            None => {
                let (path, query) = split_query(rest);
                let (path, query) = (path.to_owned(), query.to_owned());
                Some(Self { scheme, host: None, address: None, port: None, path, query })
            }
        }
    }

    pub(super) fn with_authority(scheme: String, rest: &str) -> Option<Self> {
        let special = is_special(&scheme);
        let ends = |c: char| matches!(c, '/' | '?' | '#') || (special && c == '\\');
        let (authority, rest) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
        let (host, port) = split_port(place);
        let port = match port {
            None | Some("") => None,
            Some(port) => Some(port.parse::<u16>().ok()?),
        };
        let (host, address) = read_host(host, special)?;
        let port = port.filter(|port| Some(*port) != default_port(&scheme));
        let (path, query) = split_query(rest);
        let path = if special { normal_path(&path.replace('\\', "/")) } else { path.to_owned() };
        Some(Self { scheme, host, address, port, path, query: query.to_owned() })
    }

    /// Returns the scheme, in lower case.
    pub(crate) fn scheme(&self) -> &str {
        &self.scheme
    }

    pub(crate) fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Returns the address, if the host is an address and not a name.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Returns the port, if it is not the scheme's default.
    pub(crate) fn port(&self) -> Option<u16> {
        self.port
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Returns the URL with another path and query.
    #[cfg(feature = "html")]
    pub(super) fn with_path(&self, path: String, query: String) -> Self {
        Self { path, query, ..self.clone() }
    }

    /// Returns the URL with another scheme of the same kind. The default port stays the default.
    pub(crate) fn with_scheme(&self, scheme: &str) -> Self {
        let port = self.port.filter(|port| Some(*port) != default_port(scheme));
        Self { scheme: scheme.to_owned(), port, ..self.clone() }
    }
}

impl From<&Origin> for WebUrl {
    fn from(origin: &Origin) -> Self {
        Self {
            scheme: origin.scheme().to_owned(),
            host: Some(origin.host().to_owned()),
            address: origin.address(),
            port: origin.port(),
            path: "/".to_owned(),
            query: String::new(),
        }
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.scheme)?;
        if let Some(host) = &self.host {
            write!(f, "//{host}")?;
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "{}{}", self.path, self.query)
    }
}

/// Removes the white space and the control characters that browsers ignore in a URL.
pub(super) fn cleaned(text: &str) -> String {
    let trimmed = text.trim_matches(|c: char| c <= ' ');
    trimmed.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect()
}

pub(super) fn split_scheme(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    is_scheme(scheme).then(|| (scheme.to_ascii_lowercase(), rest))
}

/// Splits a path from its query. A fragment is removed.
pub(super) fn split_query(text: &str) -> (&str, &str) {
    let text = text.split('#').next().unwrap_or_default();
    text.split_at(text.find('?').unwrap_or(text.len()))
}

fn split_port(place: &str) -> (&str, Option<&str>) {
    match place.rsplit_once(':') {
        Some((host, port)) if !host.starts_with('[') || host.ends_with(']') => (host, Some(port)),
        _ => (place, None),
    }
}

/// Reads a host, and its address. Returns `None` for a host that browsers reject.
fn read_host(host: &str, special: bool) -> Option<(Option<String>, Option<IpAddr>)> {
    if host.is_empty() {
        return (!special).then_some((None, None));
    }
    let forbidden = |c: char| c <= ' ' || matches!(c, '<' | '>' | '^' | '|' | '%' | '\\');
    if host.contains(forbidden) {
        return None;
    }
    match HostName::read(host) {
        Ok(name) => Some((Some(name.as_str().to_owned()), name.address())),
        Err(_)
            if host.starts_with('[')
                || super::host_name::ends_in_number(host) && !host.ends_with('.') =>
        {
            None
        }
        Err(_) => Some((Some(host.to_lowercase()), None)),
    }
}

pub(super) fn is_special(scheme: &str) -> bool {
    matches!(scheme, "http" | "https" | "ws" | "wss" | "ftp")
}

/// Returns the default port of a scheme.
pub(crate) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        "ftp" => Some(21),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        WebUrl::parse(text).map_or_else(String::new, |url| url.to_string())
    }

    #[test]
    fn a_url_is_read_as_browsers_read_it() {
        for (text, expected) in [
            ("HTTPS://Own.Example:443/a/../b?q#f", "https://own.example/b?q"),
            ("  https:\\\\own.example\\a\tb ", "https://own.example/ab"),
            ("https:own.example", "https://own.example/"),
            ("https://user:word@own.example:8443", "https://own.example:8443/"),
            ("http://0x7f.1/", "http://127.0.0.1/"),
            ("http://[::1]:80/", "http://[::1]/"),
            ("data:text/plain,a b", "data:text/plain,a b"),
            ("blob:https://own.example/1", "blob:https://own.example/1"),
            ("javascript:alert(1)", "javascript:alert(1)"),
            ("https://own.example/%2E%2e/a/./b", "https://own.example/a/b"),
            ("https://", ""),
            ("https://own.example:port/", ""),
            ("https://own.example:99999/", ""),
            ("https://a b/", ""),
            ("/relative", ""),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }
}
