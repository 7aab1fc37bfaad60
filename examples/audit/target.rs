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

/// Returns the address to which a redirect leads.
pub(crate) fn redirected(from: &Uri, location: &str) -> Option<Uri> {
    let location = location.trim();
    let location = location.split('#').next().unwrap_or_default();
    let (scheme, authority) = (from.scheme_str()?, from.authority()?);
    let is_absolute = ["http://", "https://"].iter().any(|start| {
        location.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
    });
    let text = if is_absolute {
        location.to_owned()
    } else if let Some(rest) = location.strip_prefix("//") {
        format!("{scheme}://{rest}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else {
        let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{location}")
    };
    text.parse().ok()
}
