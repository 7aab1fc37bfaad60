//! Redirects requests for media that have moved to a separate host.

use axum::Router;
use axum::http::Uri;
use axum::response::Redirect;
use axum::routing::get;
use tower_hardening::header::HttpUrl;

/// Redirects `/media` and `/proxy` of the site's host to the hosts in the settings. The base comes from the settings,
/// and only the rest of the path from the client.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(
    uploads: Option<&HttpUrl>,
    proxy: Option<&HttpUrl>,
) -> Router<S> {
    let to = |base: String, prefix: &'static str| {
        let redirect = move |uri: Uri| async move {
            let rest = uri.path_and_query().map_or("", |path| path.as_str());
            let rest = percent_encoded(rest.strip_prefix(prefix).unwrap_or(rest));
            Redirect::temporary(&format!("{base}{rest}"))
        };
        get(redirect)
    };
    let mut router = Router::new();
    if let Some(base) = uploads {
        let base = base.to_string().trim_end_matches('/').to_owned();
        router = router.route("/media/{*file}", to(base, "/media"));
    }
    let proxy = proxy.map(|base| base.to_string().trim_end_matches('/').to_owned());
    if let Some(base) = proxy.or_else(|| uploads.map(|base| base.origin().to_string())) {
        router = router.route("/proxy/{*file}", to(base, ""));
    }
    router
}

/// Returns the path, with characters that a URL cannot contain percent-encoded ([RFC
/// 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2)).
fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded.push(byte.into()),
            _ if b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte) => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
