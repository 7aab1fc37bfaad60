//! The application: its state, its routes, and which host answers what.

use std::error::Error;
use std::iter;
use std::path::Path;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request};
use axum::http::StatusCode;
use axum::routing::{any, get, post};
use axum_extra::extract::cookie::Key;
use tower::ServiceExt;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_hardening::{Host, HttpUrl, Origin, Settings};
use tower_http::services::ServeDir;

use crate::failure::Failure;
use crate::media::Uploads;
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
    pub(crate) media: Uploads,
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
            media: Uploads::open(data, settings)?,
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

/// The site, and its media: on hosts of their own where the settings say so, which answer nothing else. Uploads without one
/// are below a path of the site's.
pub(crate) fn router(app: App, settings: &Settings, assets: &Path) -> Router {
    let all = settings.sites();
    let sites = iter::once(settings.site()).chain(all.others().map(|(site, _)| site));
    let sites: Vec<&str> = sites.map(Origin::host).collect();
    let elsewhere = |base: &&HttpUrl| !sites.contains(&base.origin().host());
    let uploads = settings.media_base().filter(elsewhere);
    let proxy = settings.media_proxy_base().filter(elsewhere);
    let path = settings.media_base().map_or("/media", HttpUrl::path);
    let media = with_plain_refusals(media::router(path, app.clone()));

    let not_found = any(async || Failure::NOT_FOUND);
    let site = Router::new()
        .route("/", get(page::home))
        .nest_service("/static", ServeDir::new(assets).fallback(not_found))
        .nest("/api/v1", api())
        .merge(media::moved(uploads, proxy))
        .with_state(app);
    let site = with_plain_refusals(site);
    let site = if uploads.is_some() { site } else { site.fallback_service(media.clone()) };

    let hosts: Vec<Origin> =
        uploads.into_iter().chain(proxy).map(|base| base.origin().clone()).collect();
    Router::new().fallback(async move |request: Request| {
        let named = Host::of(&request);
        let is_for_media = named.is_some_and(|named| hosts.iter().any(|host| named.is_of(host)));
        let router = if is_for_media { media } else { site };
        router.oneshot(request).await
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
