//! Reads the hosts whose media the proxy does not fetch.

use serde::{Deserialize, Deserializer, de::Error};

use crate::{error::ParseError, policy::csp::Source, request::HttpUrl};

/// Holds a host of the whitelist, as the policy allows it.
#[derive(Clone, Debug)]
pub(super) struct Whitelisted {
    pub(super) source: Source,
    /// The host as it was written, if it has no scheme. The release sends it as it is.
    pub(super) bare: Option<String>,
    /// The URL as it was written, if it has a path or a query, which do not count.
    pub(super) narrower: Option<String>,
}

/// Keywords and schemes of a policy, which name no host.
const NOT_HOSTS: &[&str] =
    &["self", "none", "https", "http", "wss", "ws", "data", "blob", "filesystem", "mediastream"];

impl Whitelisted {
    /// Reads a host, or a URL, and keeps the origin of the URL.
    fn read(text: &str) -> Result<Self, ParseError> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        let host = rest.split([':', '/']).next().unwrap_or_default();
        if host == "*" || (scheme.is_empty() && matches!(text, "https:" | "http:")) {
            let problem =
                format!("'{text}' allows every host; write hosts, like 'https://cdn.example'");
            return Err(ParseError::new("whitelist", 0, problem));
        }
        if NOT_HOSTS.contains(&text.trim_matches(['\'', ':']).to_ascii_lowercase().as_str()) {
            let problem = format!("'{text}' is not a host; write one like 'https://cdn.example'");
            return Err(ParseError::new("whitelist", 0, problem));
        }
        let is_url = !scheme.is_empty() && !host.starts_with("*.");
        if is_url || text.is_empty() || text.starts_with('/') {
            let url = text.parse::<HttpUrl>()?;
            let is_narrower = !matches!(url.path(), "" | "/") || url.query().is_some();
            let source = Source::try_from(url.origin())?;
            return Ok(Self { source, bare: None, narrower: is_narrower.then(|| text.to_owned()) });
        }
        // The rest of the name has to be one that browsers can look up.
        let name = rest.trim_start_matches("*.");
        format!("https://{name}").parse::<HttpUrl>()?;
        let source = Source::host(text)?;
        let bare = scheme.is_empty().then(|| text.to_owned());
        Ok(Self { source, bare, narrower: None })
    }
}

impl<'de> Deserialize<'de> for Whitelisted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).map_err(|error| D::Error::custom(error.problem()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_host_is_taken_as_it_is_and_of_a_url_the_origin() {
        for (text, source, is_bare) in [
            ("cdn.example", "cdn.example", true),
            ("cdn.example:8443", "cdn.example:8443", true),
            ("*.cdn.example", "*.cdn.example", true),
            ("192.0.2.1", "192.0.2.1", true),
            ("https://*.cdn.example", "https://*.cdn.example", false),
            ("https://CDN.example/media/?x=1", "https://cdn.example", false),
            ("http://cdn.example:8080", "http://cdn.example:8080", false),
        ] {
            let read = Whitelisted::read(text).unwrap();
            assert_eq!((read.source.as_str(), read.bare.is_some()), (source, is_bare), "{text}");
        }
    }

    #[test]
    fn text_that_is_not_a_host_is_an_error_in_plain_words() {
        for (text, problem) in [
            ("*", "'*' allows every host; write hosts, like 'https://cdn.example'"),
            ("*:443", "'*:443' allows every host; write hosts, like 'https://cdn.example'"),
            ("https://*", "'https://*' allows every host; write hosts, like 'https://cdn.example'"),
            (
                "https://*/x",
                "'https://*/x' allows every host; write hosts, like 'https://cdn.example'",
            ),
            ("https:", "'https:' allows every host; write hosts, like 'https://cdn.example'"),
            ("", "the URL is empty; write one like 'https://example.tld'"),
            ("//cdn.example", "'//cdn.example' has no scheme; write 'https://cdn.example'"),
            ("ftp://cdn.example", "'ftp' is not a web scheme; write 'https' or 'http'"),
            ("cdn example", "' ' is not allowed in a host; write letters, digits, '-' and '.'"),
            ("'self'", "''self'' is not a host; write one like 'https://cdn.example'"),
            ("none", "'none' is not a host; write one like 'https://cdn.example'"),
            ("data:", "'data:' is not a host; write one like 'https://cdn.example'"),
            (
                "https://[2001:db8::1]",
                "'https://[2001:db8::1]' is an IPv6 address, which a policy cannot contain; write a host name",
            ),
            (
                "a.example; script-src *",
                "';' is not allowed in a host; write letters, digits, '-' and '.'",
            ),
            (
                "münchen.example",
                "'ü' is not allowed in a host; write its punycode form, which begins with 'xn--'",
            ),
            ("cdn.example:99999", "'99999' is not a port; write a number from 1 to 65535"),
            (
                "*.*.example",
                "'*.*.example' has a '*' that is not its first label, and browsers ignore it; write one like *.cdn.example",
            ),
        ] {
            assert_eq!(Whitelisted::read(text).unwrap_err().problem(), problem, "{text}");
        }
    }
}
