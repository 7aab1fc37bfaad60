//! One way to serve, http and https alike, until the process is told to stop.

use std::error::Error;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::time::Duration;

use axum::{Extension, Router};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use listenfd::ListenFd;
use rustls::crypto::ring;
use tokio::signal;
use tokio::task::JoinSet;
use tower_hardening::deployment::{self, Reach};
use tower_hardening::{Connection, Settings};

use crate::args::Tls;
#[cfg(unix)]
use crate::systemd;

/// How long requests may take to end once the process was told to.
const GRACE: Duration = Duration::from_secs(10);

/// Sockets that listen, what it takes to speak TLS on them, and when to stop.
pub(crate) struct Listener {
    sockets: Vec<Socket>,
    tls: Option<RustlsConfig>,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
}

struct Socket {
    socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Takes the sockets that systemd hands over; without any, binds the address, of which port 0
    /// is any free one.
    pub(crate) async fn open(
        mut handed: ListenFd,
        address: SocketAddr,
        tls: Option<Tls<'_>>,
    ) -> Result<Self, Box<dyn Error>> {
        let tls = match tls {
            Some(files) => Some(rustls_config(files).await?),
            None => None,
        };
        let mut sockets = Vec::new();
        for index in 0..handed.len() {
            let socket = handed.take_tcp_listener(index);
            let socket = socket.map_err(|error| format!("a socket handed over: {error}"))?;
            sockets.extend(socket);
        }
        if sockets.is_empty() {
            let bound = TcpListener::bind(address);
            sockets.push(bound.map_err(|error| format!("{address}: {error}"))?);
        }
        let sockets = sockets.into_iter().map(Socket::new).collect::<io::Result<_>>()?;
        Ok(Self { sockets, tls, stop: Box::pin(stop_signal()?) })
    }

    /// The URLs that it answers at.
    pub(crate) fn urls(&self) -> impl Iterator<Item = String> {
        self.sockets.iter().map(|socket| self.url(socket.address))
    }

    /// Those of them that not only this machine reaches.
    pub(crate) fn urls_from_outside(&self) -> impl Iterator<Item = String> {
        let addresses = self.sockets.iter().map(|socket| socket.address);
        let outside = addresses.filter(|address| deployment::listen(*address) != Reach::Loopback);
        outside.map(|address| self.url(address))
    }

    fn url(&self, address: SocketAddr) -> String {
        let scheme = match self.tls {
            Some(_) => "https",
            None => "http",
        };
        format!("{scheme}://{address}")
    }
}

impl Socket {
    fn new(socket: TcpListener) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self { address: socket.local_addr()?, socket })
    }
}

/// Serves until SIGINT or SIGTERM, then lets the requests under way end.
pub(crate) async fn until_signalled(
    listener: Listener,
    service: Router,
    settings: &Settings,
) -> io::Result<()> {
    let Listener { sockets, tls, mut stop } = listener;
    let service = service.layer(Extension(connection(tls.as_ref(), settings)));
    #[cfg(unix)]
    let probe = systemd::Probe::new(
        sockets.iter().map(|socket| socket.address).collect(),
        tls.is_some(),
        settings.site(),
    );
    let mut servers = JoinSet::new();
    let mut handles = Vec::new();
    for Socket { socket, .. } in sockets {
        let handle = Handle::new();
        servers.spawn(serve(socket, tls.clone(), handle.clone(), service.clone()));
        handles.push(handle);
    }
    for handle in &handles {
        handle.listening().await;
    }
    #[cfg(unix)]
    let up = systemd::Up::say(probe);

    tokio::select! {
        () = &mut stop => {}
        Some(ended) = servers.join_next() => return ended?,
    }
    #[cfg(unix)]
    up.say_stopping();
    for handle in &handles {
        handle.graceful_shutdown(Some(GRACE));
    }
    while let Some(ended) = servers.join_next().await {
        ended??;
    }
    Ok(())
}

/// Returns what `IngressLayer` is told about every connection.
fn connection(tls: Option<&RustlsConfig>, settings: &Settings) -> Connection {
    let sites = settings.sites();
    let is_on_https =
        settings.site().is_secure() || sites.others().any(|(site, _)| site.is_secure());
    match tls {
        Some(_) => Connection::new().over_tls(),
        // A TLS proxy may stand in front of a plain socket, and make https of it.
        None if is_on_https => Connection::new(),
        None => Connection::new().in_clear_text(),
    }
}

async fn serve(
    socket: TcpListener,
    tls: Option<RustlsConfig>,
    handle: Handle<SocketAddr>,
    service: Router,
) -> io::Result<()> {
    match tls {
        None => {
            let service = service.into_make_service_with_connect_info::<SocketAddr>();
            axum_server::from_tcp(socket)?.handle(handle).serve(service).await
        }
        Some(tls) => {
            let service = service.into_make_service_with_connect_info::<SocketAddr>();
            axum_server::from_tcp_rustls(socket, tls)?.handle(handle).serve(service).await
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
