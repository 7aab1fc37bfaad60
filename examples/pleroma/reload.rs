//! Replaces the settings and the certificate together. SIGHUP, or `systemctl reload`, reads them again.
//!
//! If one of them is invalid, nothing changes. A reload does not change what the start opened: the address, the data
//! directory and the limits of the command line. A connection keeps its certificate, and its next request has the new
//! settings.

use std::error::Error;
use std::sync::Arc;

use axum::{Extension, Router};
use tokio_rustls::TlsAcceptor;
use tower_hardening::settings::{ReloadError, ReloadHandle, Settings};

use crate::app::{self, App};
use crate::args::Args;
use crate::{harden, serve};

/// Holds everything that is created from the settings and the certificate.
pub(crate) struct Serving {
    pub(crate) router: Router,
    pub(crate) tls: Option<TlsAcceptor>,
}

impl Serving {
    fn new(
        args: &Args,
        app: &App,
        settings: &Settings,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let tls = args.tls().map(serve::tls_acceptor).transpose()?;
        let app = app.clone().under(settings);
        let uploads = app.media.clone();
        let router = harden(app::router(app, settings, &args.assets), uploads, settings)?;
        let router = router.layer(Extension(serve::connection(tls.as_ref(), settings)));
        Ok(Self { router, tls })
    }
}

/// Creates the first value, and can replace it.
pub(crate) fn handle(
    args: &Arc<Args>,
    app: App,
    settings: &Settings,
) -> Result<ReloadHandle<Serving>, ReloadError> {
    let args = Arc::clone(args);
    ReloadHandle::new(settings, move |settings| Serving::new(&args, &app, settings))
}

/// Reloads on each SIGHUP.
#[cfg(unix)]
pub(crate) fn on_hangup(args: Arc<Args>, handle: ReloadHandle<Serving>) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    use crate::{read_settings, systemd};

    let mut hangups = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            systemd::notify_reloading();
            let (args, handle) = (Arc::clone(&args), handle.clone());
            let reload = move || match &args.config {
                Some(file) => handle.load(file),
                None => handle.reload(|| read_settings(&args)),
            };
            let outcome = match tokio::task::spawn_blocking(reload).await {
                Ok(Ok(lints)) => {
                    lints.iter().for_each(|lint| tracing::warn!("{lint}"));
                    "serving under the settings that were read last".to_owned()
                }
                // The handle emits the event.
                Ok(Err(error)) => format!("the reload failed: {error}"),
                Err(panic) => format!("the reload failed: {panic}"),
            };
            systemd::notify_reloaded(&outcome);
        }
    });
    Ok(())
}
