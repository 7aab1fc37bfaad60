//! Defines the application: its state, its routes, and the hosts of the routes.

use std::error::Error;
use std::iter;
use std::path::Path;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::routing::{any, delete, get, post};
use axum_extra::extract::cookie::Key;
use tower::ServiceExt;
use tower_hardening::{Origin, connection::Host, header::HttpUrl, settings::Settings};
use tower_http::services::ServeDir;

use crate::args::Limits;
use crate::attempts::Attempts;
use crate::failure::Failure;
use crate::hashing::Hashing;
use crate::media::Uploads;
use crate::quota::Quota;
use crate::serving::seats::Seats;
use crate::store::Store;
use crate::streaming::Stream;
use crate::{accounts, files, media, moved, page, range, removal, streaming, timeline, upload};

/// The largest form that is not an upload, in bytes.
const LARGEST_FORM: usize = 64 * 1024;

/// The maximum number of WebSockets, and their share of the connections.
const MOST_SOCKETS: usize = 1024;
const SHARE_OF_SOCKETS: usize = 2;

/// Lets browsers keep the page's style, script and pictures for some minutes.
const ASSETS_CACHED: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// Holds everything that handlers share. A clone is cheap.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) stream: Stream,
    pub(crate) media: Uploads,
    pub(crate) attempts: Attempts,
    pub(crate) hashing: Hashing,
    pub(crate) quota: Quota,
    pub(crate) key: Key,
}

impl App {
    /// Opens the data directory, or starts with nothing in memory.
    pub(crate) fn open(
        data: Option<&Path>,
        limits: Limits,
        settings: &Settings,
        seats: &Seats,
    ) -> Result<Self, Box<dyn Error>> {
        let store = match data {
            Some(directory) => Store::open(directory)?,
            None => Store::in_memory()?,
        };
        let media = Uploads::open(data, limits.file, settings, &store)?;
        Ok(Self {
            key: store.signing_key()?,
            media,
            // The uploads are opened first: they remove files without a post, which the count must not include.
            quota: Quota::open(limits, &store)?,
            stream: Stream::new((seats.most() / SHARE_OF_SOCKETS).min(MOST_SOCKETS)),
            attempts: Attempts::default(),
            hashing: Hashing::new(),
            store,
        })
    }
}

impl App {
    /// Returns the same application with the uploads of other settings.
    pub(crate) fn under(self, settings: &Settings) -> Self {
        Self { media: self.media.under(settings), ..self }
    }
}

/// Required by the extractor `SignedCookieJar`.
impl FromRef<App> for Key {
    fn from_ref(app: &App) -> Self {
        app.key.clone()
    }
}

/// Returns the site and its media.
///
/// If the settings name hosts for media, these hosts serve nothing else. Uploads without a host of their own are below
/// a path of the site.
pub(crate) fn router(app: App, settings: &Settings, assets: &Path) -> Router {
    let all = settings.virtual_hosts();
    let sites = iter::once(settings.site()).chain(all.hosts().map(|(site, _)| site));
    let sites: Vec<&str> = sites.map(Origin::host).collect();
    let elsewhere = |base: &&HttpUrl| !sites.contains(&base.origin().host());
    let uploads = settings.media_base().filter(elsewhere);
    let proxy = settings.media_proxy_base().filter(elsewhere);
    let path = settings.media_base().map_or("/media", HttpUrl::path);
    let below = format!("{}/", path.trim_end_matches('/'));
    let media = with_plain_refusals(media::router(path, app.clone()));

    let not_found = any(async || Failure::NOT_FOUND);
    let files = ServeDir::new(assets).fallback(not_found);
    let files = ServiceExt::<Request>::map_request(files, range::keep_plain);
    let files = ServiceExt::<Request>::map_response(files, cached);
    let site = Router::new()
        .route("/", get(page::home))
        .nest_service("/static", files)
        .nest("/api/v1", api())
        .merge(moved::router(uploads, proxy))
        .with_state(app);
    let site = with_plain_refusals(site);
    let is_shared = uploads.is_none();
    let site = if is_shared { site.fallback_service(media.clone()) } else { site };

    let hosts: Vec<Origin> =
        uploads.into_iter().chain(proxy).map(|base| base.origin().clone()).collect();
    Router::new().fallback(async move |request: Request| {
        let named = Host::from_request(&request);
        let is_for_media = named.is_some_and(|named| hosts.iter().any(|host| named.is_of(host)));
        // No other file of the site has such a name, even if both are below one path.
        let name = request.uri().path().strip_prefix(&below);
        let is_upload = is_shared && name.is_some_and(files::is_upload);
        let router = if is_for_media || is_upload { media } else { site };
        router.oneshot(request).await
    })
}

fn api() -> Router<App> {
    Router::new()
        .route("/accounts", post(accounts::register))
        .route("/sign_in", post(accounts::sign_in))
        .route("/sign_out", post(accounts::sign_out))
        .route("/timeline", get(timeline::read))
        .route("/statuses", post(timeline::publish))
        .route("/statuses/{id}", delete(removal::remove_status))
        .route("/media/{name}", delete(removal::remove_upload))
        // The layer in main.rs sets its limit.
        .route("/media", post(upload::upload).layer(DefaultBodyLimit::disable()))
        // GET alone opens a socket, unlike elsewhere, where HEAD is a GET without the body.
        .route("/streaming", any(streaming::connect))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
}

fn cached<B>(mut response: Response<B>) -> Response<B> {
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CACHE_CONTROL, ASSETS_CACHED);
    }
    response
}

fn with_plain_refusals(router: Router) -> Router {
    router.fallback(async || Failure::NOT_FOUND).method_not_allowed_fallback(async || {
        Failure::new(StatusCode::METHOD_NOT_ALLOWED, "not with this method")
    })
}
