//! Names the source that allows a URL.

use crate::request::WebUrl;

/// Returns the tightest source without a path that allows a URL: `'self'`, an origin, or a scheme.
pub(super) fn source_for(url: &WebUrl, page: &WebUrl) -> String {
    let is_own = url.host() == page.host()
        && url.port() == page.port()
        && (url.scheme() == page.scheme() || url.scheme() == "https");
    match url.host() {
        Some(_) if is_own => "'self'".to_owned(),
        // No policy can contain an IPv6 address, or a host that is not ASCII.
        Some(host) if host.starts_with('[') || !host.is_ascii() => format!("{}:", url.scheme()),
        Some(host) => {
            let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
            format!("{}://{host}{port}", url.scheme())
        }
        None => format!("{}:", url.scheme()),
    }
}
