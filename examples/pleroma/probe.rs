//! Finds what each site sends, from the layer that sends it.

use std::convert::Infallible;
use std::iter;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Request, Response, header};
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_hardening::{Nonce, Origin, hosts::VirtualHostsLayer, settings::Settings};

use crate::session;

/// Returns the headers that each site sends: those of a page on which the session begins, and whose nonce is not read.
pub(crate) async fn sent_by_all(settings: &Settings) -> Vec<(Origin, HeaderMap)> {
    let all = ask_all(settings, plain).await.into_iter();
    all.map(|(site, page)| (site, page.into_parts().0.headers)).collect()
}

/// Returns a line for each header that the page of a site has with a nonce, and does not have without one.
pub(crate) async fn with_nonce(settings: &Settings, all: &[(Origin, HeaderMap)]) -> Vec<String> {
    let pages = ask_all(settings, with_its_nonce).await;
    all.iter()
        .zip(&pages)
        .flat_map(|((_, without), (_, page))| differences(without, page))
        .collect()
}

/// Asks each site for its page. One layer has the policies of all sites, and compiles each of them once.
async fn ask_all<F>(
    settings: &Settings,
    page: fn(Request<Body>) -> F,
) -> Vec<(Origin, Response<Body>)>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    let sites = settings.virtual_hosts();
    let origins = iter::once(settings.site()).chain(sites.hosts().map(|(site, _)| site));
    let mut page = VirtualHostsLayer::new(sites.clone()).layer(service_fn(page));
    let mut all = Vec::new();
    for site in origins.cloned() {
        let request = Request::get(site.to_string()).body(Body::empty()).unwrap_or_default();
        let Ok(page) = page.ready().await;
        let Ok(response) = page.call(request).await;
        all.push((site, response));
    }
    all
}

async fn plain(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    let cookie = session::cookie(String::new()).to_string();
    let response = Response::builder().header(header::SET_COOKIE, cookie);
    Ok(response.body(Body::empty()).unwrap_or_default())
}

/// Reads the nonce, and hands it over in the extensions of the response.
async fn with_its_nonce(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let mut response = Response::default();
    if let Some(nonce) = request.extensions().get::<Nonce>() {
        if nonce.get().is_ok() {
            response.extensions_mut().insert(nonce.clone());
        }
    }
    Ok(response)
}

/// Returns the lines for the headers that differ, except a `Cache-Control` that is on the page with a nonce alone: the
/// page has one of its own.
fn differences(without: &HeaderMap, page: &Response<Body>) -> Vec<String> {
    let Some(nonce) = page.extensions().get::<Nonce>().and_then(|nonce| nonce.get().ok()) else {
        return Vec::new();
    };
    let nonce = nonce.to_string();
    let values = |headers: &HeaderMap, name: &HeaderName| -> Vec<String> {
        let lines = headers.get_all(name).iter();
        lines
            .map(|line| String::from_utf8_lossy(line.as_bytes()).replace(&nonce, "<value>"))
            .collect()
    };
    let with = page.headers();
    let added = with.keys().filter(|name| !without.contains_key(*name));
    let names = without.keys().chain(added.filter(|name| *name != header::CACHE_CONTROL));
    let mut lines = Vec::new();
    for name in names.filter(|name| *name != header::SET_COOKIE) {
        let sent = values(with, name);
        if sent.is_empty() {
            lines.push(format!("note: a page that reads its nonce gets no {name}"));
        } else if sent != values(without, name) {
            let line = |value| format!("note: a page that reads its nonce gets {name}: {value}");
            lines.extend(sent.into_iter().map(line));
        }
    }
    lines
}
