//! Adds layers around every handler: allowed hosts, a time limit, a message for a body that is too large, and the
//! access log.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_hardening::{
    Origin, ParseError, connection::Host, header::HttpUrl, hosts::AllowedHosts, settings::Settings,
};

use crate::client::{self, Client};
use crate::failure::{Failure, InWords, Told};
use crate::media::Uploads;
use crate::serving::body::Pace;

/// The time that a handler may take after it has the request.
const LONGEST_WORK: Duration = Duration::from_secs(30);

/// Represents the hosts that requests may name: the sites at any port, the hosts of media, and this
/// machine.
///
/// With DNS rebinding an attacker's name leads to this machine. A page under such a name names none of these hosts.
/// Addresses are not names, so they are allowed.
#[derive(Clone)]
pub(crate) struct Hosts(Arc<(AllowedHosts, Vec<Origin>)>);

impl Hosts {
    pub(crate) fn new(settings: &Settings) -> Result<Self, ParseError> {
        let all = settings.virtual_hosts();
        let sites = all.hosts().map(|(site, _)| site).chain([settings.site()]);
        let media = settings.media_base().into_iter().chain(settings.media_proxy_base());
        let media = media.map(HttpUrl::origin).cloned().collect();
        // The hosts of `hosts.allowed` are added to the sites.
        let sites = match settings.allowed_hosts() {
            Some(hosts) => hosts,
            None => AllowedHosts::new(sites.map(Origin::host))?,
        };
        Ok(Self(Arc::new((sites, media))))
    }

    /// Returns the names of this machine that `hosts.allowed` has, although they are always answered.
    pub(crate) fn superfluous(settings: &Settings) -> Vec<Host> {
        let Some(allowed) = settings.allowed_hosts() else { return Vec::new() };
        let port = settings.listen().port();
        let names = ["localhost", "127.0.0.1", "[::1]"];
        let all = names.into_iter().flat_map(|name| [name.to_owned(), format!("{name}:{port}")]);
        let sites = settings.virtual_hosts();
        let is_site = |host: &Host| {
            let mut others = sites.hosts().map(|(site, _)| site).chain([settings.site()]);
            others.any(|site| site.host() == host.name())
        };
        let is_listed = |host: &Host| allowed.allows(host) && !is_site(host);
        let mut found: Vec<Host> =
            all.filter_map(|text| text.parse().ok()).filter(is_listed).collect();
        // A name without a port stands for every port.
        found.dedup_by(|host, before| host.name() == before.name());
        found
    }

    fn allow(&self, host: &Host) -> bool {
        let (sites, media) = &*self.0;
        let is_media = || media.iter().any(|media| host.is_of(media));
        let is_here = || host.is_localhost() || host.address().is_some();
        sites.allows(host) || is_media() || is_here()
    }
}

/// Rejects requests for other hosts.
pub(crate) async fn refuse_other_hosts(
    State(hosts): State<Hosts>,
    request: Request,
    next: Next,
) -> Response {
    let named = Host::from_request(&request);
    if named.as_ref().is_some_and(|named| hosts.allow(named)) {
        return next.run(request).await;
    }
    let host =
        named.map_or_else(|| "none, or a malformed one".to_owned(), |named| named.to_string());
    tracing::info!(host, "a request is refused: it names another host");
    Failure::ANOTHER_HOST.into_response()
}

/// Ends a request whose body comes too slowly, or whose handler takes too long.
pub(crate) async fn give_up_in_time(request: Request, next: Next) -> Response {
    let Some(pace) = request.extensions().get::<Pace>().cloned() else {
        return next.run(request).await;
    };
    let client = Client::of(request.extensions()).0;
    tokio::select! {
        response = next.run(request) => response,
        () = pace.too_slow() => {
            tracing::info!(%client, "a request is given up: its body comes too slowly");
            Failure::SLOW_CLIENT.into_response()
        }
        () = pace.worked_for(LONGEST_WORK) => {
            tracing::error!(%client, "a request is given up: its handler takes too long");
            Failure::SLOW_SERVER.into_response()
        }
    }
}

/// Explains what is too large, and how large it may be.
pub(crate) async fn explain_too_large(
    State(uploads): State<Uploads>,
    request: Request,
    next: Next,
) -> Response {
    let is_upload = request.uri().path() == "/api/v1/media";
    let response = next.run(request).await;
    let in_words = response.extensions().get::<InWords>().is_some();
    match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE if is_upload && !in_words => {
            uploads.too_large().into_response()
        }
        StatusCode::PAYLOAD_TOO_LARGE if !in_words => Failure::LARGE_FORM.into_response(),
        _ => response,
    }
}

/// Emits an event for each rejected sign-in and registration, unless the rejection has its own event.
pub(crate) async fn tell_of_refusals(request: Request, next: Next) -> Response {
    let what = match request.uri().path() {
        "/api/v1/sign_in" => "a sign-in is refused",
        "/api/v1/accounts" => "a registration is refused",
        _ => return next.run(request).await,
    };
    let Client(client) = Client::of(request.extensions());
    let response = next.run(request).await;
    let status = response.status();
    let is_refused = status.is_client_error() || status.is_server_error();
    if is_refused && response.extensions().get::<Told>().is_none() {
        let words = response.extensions().get::<InWords>();
        let why = words.map_or("", |words| &words.0);
        tracing::warn!(%client, status = status.as_u16(), why, "{what}");
    }
    response
}

/// Writes the access log: `RUST_LOG=access=info`, or `--log access=info`, shows a line for each
/// request.
pub(crate) async fn log_access(
    State(settings): State<Arc<Settings>>,
    request: Request,
    next: Next,
) -> Response {
    let start = Instant::now();
    let Client(client) = Client::of(request.extensions());
    let is_forwarded = request.headers().contains_key("x-forwarded-for");
    if is_forwarded && client.is_loopback() && settings.connection_source().is_none() {
        client::warn_of_untrusted_proxy();
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let (status, time) = (response.status().as_u16(), start.elapsed());
    tracing::info!(target: "access", %client, %method, ?path, status, ?time);
    response
}
