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
        let whole = match text.contains("://") {
            true => text.to_owned(),
            false => format!("https://{text}"),
        };
        let url: Uri = whole.parse().map_err(|error| Failure::address(text, error))?;
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
