//! Names the source that allows a URL.

use crate::{policy::csp::Source, request::WebUrl};

/// Returns the tightest source without a path that allows a URL: `'self'`, an origin, or a scheme.
/// A policy cannot contain every host: an IPv6 address and a name with `_` need the scheme.
pub(super) fn source_for(url: &WebUrl, page: &WebUrl) -> String {
    let is_own = url.host() == page.host()
        && url.port() == page.port()
        && (url.scheme() == page.scheme() || url.scheme() == "https");
    let scheme = || format!("{}:", url.scheme());
    match url.host() {
        Some(_) if is_own => "'self'".to_owned(),
        Some(host) => {
            let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
            let source = format!("{}://{host}{port}", url.scheme());
            if source.parse::<Source>().is_ok() { source } else { scheme() }
        }
        None => scheme(),
    }
}
