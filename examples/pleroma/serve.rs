//! One way to serve, http and https alike, until the process is told to stop.

use std::error::Error;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use rustls::crypto::ring;
use tokio::signal;

use crate::args::Tls;

/// How long requests may take to end once the process was told to.
const GRACE: Duration = Duration::from_secs(10);

/// A bound socket, what it takes to speak TLS on it, and when to stop.
pub(crate) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    tls: Option<RustlsConfig>,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Listener {
    /// Binds the address; port 0 is any free one.
    pub(crate) async fn bind(
        address: SocketAddr,
        tls: Option<Tls<'_>>,
    ) -> Result<Self, Box<dyn Error>> {
        let tls = match tls {
            Some(files) => Some(rustls_config(files).await?),
            None => None,
        };
        let socket = TcpListener::bind(address).map_err(|error| format!("{address}: {error}"))?;
        socket.set_nonblocking(true)?;
        Ok(Self { address: socket.local_addr()?, socket, tls, stop: Box::pin(stop_signal()?) })
    }

    /// The URL that it answers at.
    pub(crate) fn url(&self) -> String {
        let scheme = match self.tls {
            Some(_) => "https",
            None => "http",
        };
        format!("{scheme}://{}", self.address)
    }

    /// Whether only this machine reaches it.
    pub(crate) fn is_loopback(&self) -> bool {
        self.address.ip().to_canonical().is_loopback()
    }
}

/// Serves until SIGINT or SIGTERM, then lets the requests under way end.
pub(crate) async fn until_signalled(listener: Listener, service: Router) -> io::Result<()> {
    let handle = Handle::new();
    let stop = handle.clone();
    tokio::spawn(async move {
        listener.stop.await;
        stop.graceful_shutdown(Some(GRACE));
    });
    let service = service.into_make_service();
    match listener.tls {
        None => axum_server::from_tcp(listener.socket)?.handle(handle).serve(service).await,
        Some(tls) => {
            axum_server::from_tcp_rustls(listener.socket, tls)?.handle(handle).serve(service).await
        }
    }
}

async fn rustls_config(files: Tls<'_>) -> Result<RustlsConfig, String> {
    // An error means that the process has a provider already, which is as good.
    let _already_installed = ring::default_provider().install_default();
    RustlsConfig::from_pem_file(files.certificate, files.key).await.map_err(|error| {
        let (certificate, key) = (files.certificate.display(), files.key.display());
        format!("{certificate}, {key}: {error}")
    })
}

/// Listens for the signals to stop from now on; done at the first of them.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    let mut interrupt = signal::unix::signal(signal::unix::SignalKind::interrupt())?;
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Done when the console says to stop; where it cannot, never.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
