//! Judges the way from an http address to the page.

use http::Uri;

/// Describes the answer of a server to a request over http.
///
/// ```
/// use tower_hardening::audit::Redirection;
///
/// let route = ["http://a.example/", "https://a.example/", "https://www.a.example/"];
/// let route = route.map(http::Uri::from_static);
/// assert_eq!(Redirection::from_route(&route), Redirection::ToHttps);
/// assert_eq!(Redirection::from_route(&[]), Redirection::NoHttp);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Redirection {
    /// Nothing answers over http.
    NoHttp,
    /// The browsers' preload list contains every host of the route.
    Preloaded,
    /// The first redirect leads to https at the same host.
    ToHttps,
    /// The first redirect leads to https at another host, so that the first host never sends
    /// `Strict-Transport-Security`.
    OffHost,
    /// The first redirect leads to another http address, and a later one to https.
    FirstToHttp,
    /// The last page of the route comes over http.
    NotToHttps,
    /// The page itself is sent over http.
    Missing,
}

impl Redirection {
    /// Judges the addresses that were requested, from the http address to the last page. An empty
    /// route means that nothing answers over http.
    pub fn from_route(route: &[Uri]) -> Self {
        let is_https = |uri: &Uri| uri.scheme_str() == Some("https");
        match route {
            [] => Self::NoHttp,
            [_] => Self::Missing,
            [.., last] if !is_https(last) => Self::NotToHttps,
            [_, second, ..] if !is_https(second) => Self::FirstToHttp,
            [first, second, ..] if !has_same_host(first, second) => Self::OffHost,
            _ => Self::ToHttps,
        }
    }

    /// Returns the Observatory's name of the result.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::NoHttp => "redirection-not-needed-no-http",
            Self::Preloaded => "redirection-all-redirects-preloaded",
            Self::ToHttps => "redirection-to-https",
            Self::OffHost => "redirection-off-host-from-http",
            Self::FirstToHttp => "redirection-not-to-https-on-initial-redirection",
            Self::NotToHttps => "redirection-not-to-https",
            Self::Missing => "redirection-missing",
        }
    }
}

fn has_same_host(one: &Uri, other: &Uri) -> bool {
    let host = |uri: &Uri| uri.host().map(str::to_ascii_lowercase);
    host(one) == host(other)
}

#[cfg(test)]
mod tests {
    use http::Uri;

    use super::Redirection;

    #[test]
    fn a_route_is_judged_by_its_first_redirect_and_its_end() {
        let judge = |route: &[&'static str]| {
            let route: Vec<Uri> = route.iter().map(|uri| Uri::from_static(uri)).collect();
            Redirection::from_route(&route)
        };
        assert_eq!(judge(&["http://a.example/"]), Redirection::Missing);
        assert_eq!(judge(&["http://a.example/", "http://b.example/"]), Redirection::NotToHttps);
        let detour = ["http://a.example/", "http://b.example/", "https://b.example/"];
        assert_eq!(judge(&detour), Redirection::FirstToHttp);
        assert_eq!(judge(&["http://a.example/", "https://b.example/"]), Redirection::OffHost);
        assert_eq!(judge(&["http://A.example/", "https://a.example:8443/"]), Redirection::ToHttps);
    }
}
