//! Reads the address of a site.

use http::Uri;

use crate::failure::Failure;

/// Holds the address of a site.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) url: Uri,
}

impl Target {
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let start = text.split(['/', '?', '#']).next().unwrap_or_default();
        let whole = match text[start.len()..].starts_with("//") && start.ends_with(':') {
            true => text.to_owned(),
            false => format!("https://{text}"),
        };
        let authority = whole.split(['/', '?', '#']).nth(2).unwrap_or_default();
        if !authority.is_ascii() {
            let problem = "a name outside ASCII is written as browsers send it, 'xn--…'";
            return Err(Failure::address(text, problem));
        }
        let url: Uri = whole.parse().map_err(|error| Failure::address(text, error))?;
        if !has_port(&url) {
            return Err(Failure::address(text, "its port is not a number up to 65535"));
        }
        match (url.scheme_str(), url.host()) {
            (Some("http" | "https"), Some(host)) if !host.is_empty() => Ok(Self { url }),
            (Some("http" | "https"), _) => Err(Failure::address(text, "it has no host")),
            _ => Err(Failure::address(text, "its scheme is not http or https")),
        }
    }

    /// Returns the page's address over http, at this port.
    pub(crate) fn over_http(&self, port: u16) -> Option<Uri> {
        let host = self.url.host()?;
        let authority = match port {
            80 => host.to_owned(),
            _ => format!("{host}:{port}"),
        };
        let path = self.url.path_and_query().map_or("/", |path| path.as_str());
        format!("http://{authority}{path}").parse().ok()
    }
}

/// Returns `true` if a connection to the address has a port: a number, or that of the scheme.
pub(crate) fn has_port(url: &Uri) -> bool {
    let authority = url.authority().map_or("", |authority| authority.as_str());
    let port = authority.rsplit('@').next().and_then(|rest| rest.strip_prefix(url.host()?));
    matches!(port, None | Some("" | ":")) || url.port_u16().is_some()
}
