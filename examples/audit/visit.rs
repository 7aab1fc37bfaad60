//! Sends the requests of an audit: the page, the same over http, and a preflight request.

use http::{HeaderMap, StatusCode, Uri, header};
use tower_hardening::audit::{Observation, Redirection};

use crate::{
    client::{Client, Head, ORIGIN},
    failure::Failure,
    reference::resolve,
    target::{Target, has_port},
};

/// The most redirects that are followed, as in the Observatory.
const MOST_REDIRECTS: usize = 10;

/// Holds the answers of a site.
pub(crate) struct Visited {
    /// The address of the page, after redirects.
    pub(crate) url: Uri,
    headers: HeaderMap,
    status: StatusCode,
    has_https: bool,
    redirection: Redirection,
    preflight: Option<HeaderMap>,
}

impl Visited {
    /// Describes the page for an audit and for a comparison.
    pub(crate) fn observation(&self) -> Observation<'_> {
        let mut observation =
            Observation::new(self.status, &self.headers).redirection(self.redirection);
        if let Some(answer) = &self.preflight {
            observation = observation.preflight(ORIGIN, answer);
        }
        match self.has_https {
            true => observation,
            false => observation.over_http(),
        }
    }
}

/// Visits a site. Only the page itself must answer.
pub(crate) async fn visit(
    client: &Client,
    target: &Target,
    http_port: u16,
) -> Result<Visited, Failure> {
    let page = follow(client, target.url.clone()).await?;
    let route = match (target.url.scheme_str(), target.over_http(http_port)) {
        (Some("http"), _) => page.route.clone(),
        (_, Some(plain)) => route_from(client, plain).await,
        (_, None) => Vec::new(),
    };
    let preflight = client.preflight(&page.url).await.ok().map(|head| head.headers);
    Ok(Visited {
        has_https: page.url.scheme_str() == Some("https"),
        status: page.head.status,
        headers: page.head.headers,
        redirection: Redirection::from_route(&route),
        preflight,
        url: page.url,
    })
}

/// Holds the last page of a route.
struct Page {
    url: Uri,
    route: Vec<Uri>,
    head: Head,
}

/// Follows redirects to the page, and records each address that was requested.
async fn follow(client: &Client, mut url: Uri) -> Result<Page, Failure> {
    let mut route = Vec::new();
    loop {
        let head = client.get(&url).await?;
        route.push(url.clone());
        match next(&url, &head) {
            Some(next) if route.len() <= MOST_REDIRECTS => url = next,
            _ => return Ok(Page { url, route, head }),
        }
    }
}

/// Returns the addresses to which a request over http leads. An address after the first counts even
/// if it does not answer. The list is empty if nothing answers over http.
async fn route_from(client: &Client, mut url: Uri) -> Vec<Uri> {
    let mut route = Vec::new();
    while route.len() <= MOST_REDIRECTS {
        let answer = client.get(&url).await;
        if answer.is_ok() || !route.is_empty() {
            route.push(url.clone());
        }
        match answer.ok().and_then(|head| next(&url, &head)) {
            Some(next) => url = next,
            None => break,
        }
    }
    route
}

/// Returns the address to which a response redirects.
fn next(url: &Uri, head: &Head) -> Option<Uri> {
    let location = head.headers.get(header::LOCATION)?;
    let is_redirect = matches!(head.status.as_u16(), 301 | 302 | 303 | 307 | 308);
    resolve(url, location.as_bytes()).filter(|next| is_redirect && has_port(next))
}
