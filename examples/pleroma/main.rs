//! Runs a small Pleroma-like instance under the hardening guide: `cargo run --example pleroma --all-features`.
//!
//! Copy this file: it reads the settings, and adds the hardening to an application that
//! does not depend on it. The application is in the other files; start with [`app`].

use std::error::Error;
use std::io;
use std::iter;
use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state, map_request};
use axum::response::IntoResponse;
use clap::Parser;
use listenfd::ListenFd;
use tower_hardening::{
    connection::{ConnectionInfoLayer, ConnectionSource},
    cookie::RejectDuplicateCookiesLayer,
    hosts::{HttpsRedirectLayer, VirtualHostsLayer},
    settings::{Current, Settings, SettingsError},
};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;

use crate::app::App;
use crate::args::Args;
use crate::around::Hosts;
use crate::failure::Failure;
use crate::media::Uploads;
use crate::reload::Serving;
use crate::serve::Listener;
use crate::serving::seats::Seats;
use crate::store::Store;

mod accounts;
mod address;
mod announce;
mod app;
mod args;
mod around;
mod attempts;
mod client;
mod failure;
mod files;
mod form;
mod hashing;
mod linger;
mod logging;
mod media;
mod media_type;
mod moved;
mod page;
mod probe;
mod quota;
mod range;
mod rate;
mod reload;
mod removal;
mod serve;
#[path = "../serving/mod.rs"]
mod serving;
mod session;
mod store;
mod streaming;
#[cfg(unix)]
mod systemd;
mod timeline;
mod upload;

/// The guide's recommended values, used when there is no `--config`.
const SHIPPED_SETTINGS: &str = include_str!("hardening.toml");

/// The maximum size of a form without its file, in bytes.
const AROUND_A_FILE: usize = 64 * 1024;

/// The maximum number of connections, if the limit on open files allows it. A request needs at most one file: that of
/// an upload.
const MOST_CONNECTIONS: usize = 4096;
const FILES_OF_A_REQUEST: usize = 1;

fn main() -> ExitCode {
    // Removes variables from the environment, which is only allowed while there is one thread.
    let handed = ListenFd::from_env();
    with_runtime(handed)
}

/// Exits with 2 if the start fails, and with 1 after a later error.
#[tokio::main]
async fn with_runtime(handed: ListenFd) -> ExitCode {
    let args = Arc::new(Args::parse());
    let done = match start(&args, handed).await {
        Ok(Some(server)) => server.run().await.map_err(|error| (1, error.into())),
        Ok(None) => Ok(()),
        Err(error) => Err((2, error)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, error)) => {
            eprintln!("error: {error}");
            ExitCode::from(code)
        }
    }
}

/// Checks everything, then listens. With `--check` it checks the same and does not listen.
async fn start(args: &Arc<Args>, handed: ListenFd) -> Result<Option<Server>, Box<dyn Error>> {
    let settings = read_settings(args)?;
    logging::start(args.log.as_ref())?;
    args.check_assets()?;
    let limits = args.limits()?;
    let seats = Seats::within_limits(MOST_CONNECTIONS, FILES_OF_A_REQUEST);
    let data = if args.check { None } else { args.data() };
    let app = App::open(data, limits, &settings, &seats)?;
    let handle = reload::handle(args, app, &settings)?;
    if args.check {
        args.data().map_or(Ok(()), Store::check)?;
        announce::check(args, &settings).await?;
        return Ok(None);
    }
    let serving = handle.current();
    #[cfg(unix)]
    reload::on_hangup(Arc::clone(args), handle)?;
    let listener = Listener::open(handed, args.address(&settings), args.tls().is_some())?;
    announce::start(&listener, args, &settings).await?;
    Ok(Some(Server { listener, serving, seats, settings }))
}

/// Returns the settings file, or the shipped one, with the changes of the environment.
fn read_settings(args: &Args) -> Result<Settings, SettingsError> {
    match &args.config {
        Some(file) => Settings::load(file),
        None => Settings::from_toml(SHIPPED_SETTINGS)?.with_environment(),
    }
}

/// Holds everything that serves after the start.
struct Server {
    listener: Listener,
    serving: Current<Serving>,
    seats: Seats,
    settings: Settings,
}

impl Server {
    async fn run(self) -> io::Result<()> {
        serve::until_signalled(self.listener, self.serving, self.seats, &self.settings).await
    }
}

/// Adds all layers to the application. The last layer is the outermost.
fn harden(
    app: Router,
    uploads: Uploads,
    settings: &Settings,
) -> Result<Router, Box<dyn Error + Send + Sync>> {
    // A proxy in front may rewrite `Host`, so the sites' own origins are trusted explicitly.
    let sites = settings.virtual_hosts();
    let csrf = iter::once(settings.site())
        .chain(sites.hosts().map(|(site, _)| site))
        .try_fold(CsrfLayer::new(), |csrf, site| csrf.add_trusted_origin(site.to_string()))?
        .with_rejection_response(|_| Failure::CROSS_SITE.into_response());
    let mut app = app
        .layer(csrf)
        .layer(RequestBodyLimitLayer::new(uploads.limit() + AROUND_A_FILE))
        .layer(from_fn_with_state(uploads, around::explain_too_large))
        .layer(map_request(linger::linger))
        .layer(from_fn(around::give_up_in_time))
        .layer(CatchPanicLayer::new());
    // This is for engines that let a sibling domain set a second session cookie.
    if settings.reject_duplicate_cookies() {
        app = app.layer(RejectDuplicateCookiesLayer::new());
    }
    if let Some(redirect) = settings.https_redirect() {
        app = app.layer(HttpsRedirectLayer::new(redirect));
    }
    let app = app
        .layer(from_fn_with_state(Hosts::new(settings)?, around::refuse_other_hosts))
        .layer(from_fn(around::tell_of_refusals))
        // This layer is outside the others, so their responses (400, 403, 408, 413, 421, 500) have the headers too.
        .layer(VirtualHostsLayer::new(sites))
        .layer(from_fn_with_state(Arc::new(settings.clone()), around::log_access));
    // This layer is the outermost, because all others use its decision. Without a trusted proxy the decision comes from
    // the connection that `serve` accepted.
    let connection_source =
        settings.connection_source().unwrap_or_else(ConnectionSource::from_transport);
    Ok(app.layer(ConnectionInfoLayer::new(connection_source)))
}
