//! A small Pleroma-like instance under the hardening guide: `cargo run --example pleroma --all-features`.
//!
//! This file is the one to copy: it reads the settings, and puts the hardening around an application that
//! knows nothing of it. The application is in the files beside it, of which [`app`] is the first to read.

use std::error::Error;
use std::io;
use std::iter;
use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::map_request;
use axum::response::IntoResponse;
use clap::Parser;
use listenfd::ListenFd;
use tower::util::option_layer;
use tower_hardening::{
    DuplicateCookieLayer, Ingress, IngressLayer, Settings, SettingsError, SitesLayer,
};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::{ConfigError, CsrfLayer};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use tracing_subscriber::filter::LevelFilter;

use crate::app::App;
use crate::args::Args;
use crate::failure::Failure;
use crate::serve::Listener;

mod accounts;
mod announce;
mod app;
mod args;
mod failure;
mod linger;
mod media;
mod media_type;
mod page;
mod serve;
mod session;
mod store;
mod streaming;
#[cfg(unix)]
mod systemd;
mod timeline;

/// The guide's recommended values, used when there is no `--config`.
const SHIPPED_SETTINGS: &str = include_str!("hardening.toml");

/// The largest request that is read, in bytes: 2 MiB.
const LARGEST_REQUEST: usize = 2 * 1024 * 1024;

/// How long a handler may take until the answer is a 503.
const LONGEST_REQUEST: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    // Takes variables out of the environment, which is for as long as there is one thread.
    let handed = ListenFd::from_env();
    with_runtime(handed)
}

#[tokio::main]
async fn with_runtime(handed: ListenFd) -> ExitCode {
    let args = Args::parse();
    let settings = match read_settings(&args) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    let done = if args.check {
        announce::check(&settings).map_err(Into::into)
    } else {
        run(&args, &settings, handed).await
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The settings file, or the shipped one; then what the environment says otherwise.
fn read_settings(args: &Args) -> Result<Settings, SettingsError> {
    match &args.config {
        Some(file) => Settings::load(file),
        None => Settings::from_toml(SHIPPED_SETTINGS)?.with_environment(),
    }
}

async fn run(args: &Args, settings: &Settings, handed: ListenFd) -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(io::stderr).with_max_level(LevelFilter::WARN).init();

    let app = App::open(args.data(), settings)?;
    let service = harden(app::router(app, settings, &args.assets), settings)?;

    let listener = Listener::open(handed, args.address(settings), args.tls()).await?;
    announce::start(&listener, args, settings)?;
    serve::until_signalled(listener, service, settings).await?;
    Ok(())
}

/// Puts everything around the application; the last layer is the outermost.
fn harden(app: Router, settings: &Settings) -> Result<Router, ConfigError> {
    // A proxy in front may rewrite `Host`; the sites' own origins are trusted whatever it does.
    let sites = settings.sites();
    let csrf = iter::once(settings.site())
        .chain(sites.others().map(|(site, _)| site))
        .try_fold(CsrfLayer::new(), |csrf, site| csrf.add_trusted_origin(site.to_string()))?
        .with_rejection_response(|_| Failure::CROSS_SITE.into_response());
    // For engines that let a sibling domain set a second session cookie.
    let duplicates = settings.reject_duplicate_cookies().then(DuplicateCookieLayer::new);

    let app = app
        .layer(csrf)
        .layer(RequestBodyLimitLayer::new(LARGEST_REQUEST))
        .layer(map_request(linger::linger))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST_REQUEST))
        .layer(CatchPanicLayer::new())
        .layer(TraceLayer::new_for_http())
        .layer(option_layer(duplicates))
        // Outside of those: what they answer (403, 413, 503, 500) leaves with the headers too.
        .layer(SitesLayer::new(sites));
    // Outermost: all the others use what it says of a request. Without a trusted proxy that is what `serve` knows of the
    // connection.
    let ingress = settings.ingress().unwrap_or_else(Ingress::connection);
    Ok(app.layer(IngressLayer::new(ingress)))
}
