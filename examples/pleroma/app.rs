//! The application: its state, its routes, and which host answers what.

use std::error::Error;
use std::path::Path;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request};
use axum::http::{StatusCode, header, uri::Authority};
use axum::routing::{any, get, post};
use axum_extra::extract::cookie::Key;
use tower::ServiceExt;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_hardening::{HttpUrl, Origin, Settings};
use tower_http::services::ServeDir;

use crate::failure::Failure;
use crate::media::Media;
use crate::store::Store;
use crate::streaming::Stream;
use crate::{accounts, media, page, streaming, timeline};

/// Passwords that are hashed at a time: argon2 takes 19 MiB for each.
const HASHING_AT_A_TIME: usize = 4;

/// Everything that handlers share; cheap to clone.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) stream: Stream,
    pub(crate) media: Media,
    pub(crate) key: Key,
}

impl App {
    /// Opens the data directory, or starts afresh in memory.
    pub(crate) fn open(data: Option<&Path>, settings: &Settings) -> Result<Self, Box<dyn Error>> {
        let store = match data {
            Some(directory) => Store::open(directory)?,
            None => Store::in_memory()?,
        };
        Ok(Self {
            key: store.signing_key()?,
            media: Media::open(data, settings)?,
            stream: Stream::new(),
            store,
        })
    }
}

/// What `SignedCookieJar` as an extractor asks for.
impl FromRef<App> for Key {
    fn from_ref(app: &App) -> Self {
        app.key.clone()
    }
}

/// The site, and its uploads: on the host of the media base where there is one, else below a path of the site's.
pub(crate) fn router(app: App, settings: &Settings, assets: &Path) -> Router {
    let not_found = any(async || Failure::NOT_FOUND);
    let site = Router::new()
        .route("/", get(page::home))
        .nest_service("/static", ServeDir::new(assets).fallback(not_found))
        .nest("/api/v1", api())
        .with_state(app.clone());

    let path = settings.media_base().map_or("/media", HttpUrl::path);
    let media = with_plain_refusals(media::router(path, app));
    let media_host = settings.media_base().map(HttpUrl::origin).cloned();
    let Some(media_host) = media_host.filter(|origin| origin.host() != settings.site().host())
    else {
        return with_plain_refusals(site).fallback_service(media);
    };
    let site = with_plain_refusals(site);
    Router::new().fallback(async move |request: Request| {
        let host = if is_for(&media_host, &request) { media } else { site };
        host.oneshot(request).await
    })
}

fn api() -> Router<App> {
    let hashing = GlobalConcurrencyLimitLayer::new(HASHING_AT_A_TIME);
    Router::new()
        .route("/accounts", post(accounts::register).layer(hashing.clone()))
        .route("/sign_in", post(accounts::sign_in).layer(hashing))
        .route("/sign_out", post(accounts::sign_out))
        .route("/timeline", get(timeline::read))
        .route("/statuses", post(timeline::publish))
        .route("/media", post(media::upload))
        .route("/streaming", get(streaming::connect))
        // The one limit is the layer's in main.rs.
        .layer(DefaultBodyLimit::disable())
}

fn with_plain_refusals(router: Router) -> Router {
    router.fallback(async || Failure::NOT_FOUND).method_not_allowed_fallback(async || {
        Failure::new(StatusCode::METHOD_NOT_ALLOWED, "not with this method")
    })
}

/// Whether the request names this origin's host and port; http/2 names it in the URI. A dot at the
/// end of a host is the DNS's own.
fn is_for(origin: &Origin, request: &Request) -> bool {
    let named = request.uri().authority().cloned().or_else(|| {
        let host = request.headers().get(header::HOST)?;
        host.as_bytes().try_into().ok()
    });
    let default = match origin.scheme() {
        "http" => 80,
        _ => 443,
    };
    named.is_some_and(|named: Authority| {
        let host = named.host().strip_suffix('.').unwrap_or(named.host());
        host.eq_ignore_ascii_case(origin.host())
            && named.port_u16().unwrap_or(default) == origin.port().unwrap_or(default)
    })
}
