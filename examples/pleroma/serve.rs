//! Serves http and https in the same way, until the process is told to stop.

use std::error::Error;
use std::future::ready;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::http::Request;
use listenfd::ListenFd;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower::{ServiceExt, service_fn};
use tower_hardening::{
    connection::Transport,
    settings::{Current, Settings},
};

use crate::address::not_bound;
use crate::args::Tls;
use crate::reload::Serving;
use crate::serving::body::Paced;
use crate::serving::seats::Seats;
use crate::serving::{self, signal};
#[cfg(unix)]
use crate::systemd;

/// The time for requests to end after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Holds the listening sockets, the TLS configuration, and the signal to stop.
pub(crate) struct Listener {
    sockets: Vec<Socket>,
    is_handed_over: bool,
    tls: bool,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
}

struct Socket {
    socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Takes the sockets that systemd passes. Without any, binds the address. Port 0 is any free port.
    pub(crate) fn open(
        mut handed: ListenFd,
        address: SocketAddr,
        tls: bool,
    ) -> Result<Self, Box<dyn Error>> {
        let mut sockets = Vec::new();
        for index in 0..handed.len() {
            let socket = handed.take_tcp_listener(index);
            let socket = socket.map_err(|error| format!("an inherited socket: {error}"))?;
            sockets.extend(socket);
        }
        let is_handed_over = !sockets.is_empty();
        if !is_handed_over {
            let bound = TcpListener::bind(address);
            sockets.push(bound.map_err(|error| not_bound(address, &error))?);
        }
        let sockets = sockets.into_iter().map(Socket::new).collect::<io::Result<_>>()?;
        Ok(Self { sockets, is_handed_over, tls, stop: Box::pin(signal::stop()?) })
    }

    /// Returns the URLs to open on this machine.
    pub(crate) fn urls_to_open(&self) -> impl Iterator<Item = String> {
        self.sockets.iter().map(|socket| self.url(reachable(socket.address)))
    }

    /// Returns `true` if systemd passed the sockets. Then the address of the command line and of the settings is not
    /// used.
    pub(crate) fn is_handed_over(&self) -> bool {
        self.is_handed_over
    }

    /// Returns the addresses of the sockets.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.sockets.iter().map(|socket| socket.address)
    }

    fn url(&self, address: SocketAddr) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{address}")
    }
}

/// Returns the address to connect to, if this one represents all addresses of the machine.
pub(crate) fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

impl Socket {
    fn new(socket: TcpListener) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self { address: socket.local_addr()?, socket })
    }
}

/// Serves until SIGINT or SIGTERM, then waits for the requests in progress.
pub(crate) async fn until_signalled(
    listener: Listener,
    serving: Current<Serving>,
    seats: Seats,
    settings: &Settings,
) -> io::Result<()> {
    let Listener { sockets, tls, stop, .. } = listener;
    #[cfg(unix)]
    let probe = systemd::Probe::new(
        sockets.iter().map(|socket| socket.address).collect(),
        tls,
        settings.site(),
    );
    let (stopping, is_stopping) = watch::channel(false);
    let mut servers = JoinSet::new();
    for Socket { socket, .. } in sockets {
        let socket = tokio::net::TcpListener::from_std(socket)?;
        let (serving, seats, stop) = (serving.clone(), seats.clone(), is_stopping.clone());
        servers.spawn(serve(socket, tls, serving, seats, stop));
    }
    #[cfg(unix)]
    let up = systemd::Up::report(probe);

    tokio::select! {
        () = stop => {}
        Some(ended) = servers.join_next() => return Ok(ended?),
    }
    #[cfg(unix)]
    up.report_stopping();
    stopping.send_replace(true);
    // A connection that does not end in time is closed.
    let _in_time = timeout(GRACE, servers.join_all()).await;
    Ok(())
}

/// Returns the description of a connection for the `ConnectionInfoLayer`.
pub(crate) fn connection(tls: Option<&TlsAcceptor>, settings: &Settings) -> Transport {
    let sites = settings.virtual_hosts();
    let is_on_https =
        settings.site().is_secure() || sites.hosts().any(|(site, _)| site.is_secure());
    match tls {
        Some(_) => Transport::new().over_tls(),
        // A plain socket may be behind a TLS proxy, so its scheme is unknown.
        None if is_on_https => Transport::new(),
        None => Transport::new().in_clear_text(),
    }
}

async fn serve(
    socket: tokio::net::TcpListener,
    tls: bool,
    serving: Current<Serving>,
    seats: Seats,
    stop: watch::Receiver<bool>,
) {
    let certificates = serving.clone();
    let service = move |peer: SocketAddr| {
        let add_peer = move |mut request: Request<Paced>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        };
        service_fn({
            let serving = serving.clone();
            // A request keeps the settings with which it began.
            move |request| serving.load().router.clone().oneshot(add_peer(request))
        })
    };
    if !tls {
        return serving::serve(socket, seats, |stream| ready(Ok(stream)), service, stop).await;
    }
    let handshake = move |stream| {
        let tls = certificates.load().tls.clone();
        async move {
            let tls = tls.ok_or_else(|| io::Error::other("there is no certificate"))?;
            tls.accept(stream).await
        }
    };
    serving::serve(socket, seats, handshake, service, stop).await;
}

/// Reads the certificate and its key.
pub(crate) fn tls_acceptor(files: Tls<'_>) -> Result<TlsAcceptor, String> {
    let (certificate, key) = (files.certificate.display(), files.key.display());
    let chain: Vec<_> = CertificateDer::pem_file_iter(files.certificate)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable("--tls-cert", files.certificate, "a certificate", &error))?;
    if chain.is_empty() {
        let error = pem::Error::NoItemsFound;
        return Err(unreadable("--tls-cert", files.certificate, "a certificate", &error));
    }
    let private = PrivateKeyDer::from_pem_file(files.key)
        .map_err(|error| unreadable("--tls-key", files.key, "a private key", &error))?;
    let config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private));
    let mut config = config.map_err(|error| format!("{certificate}, {key}: {error}"))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn unreadable(option: &str, file: &Path, wanted: &str, error: &pem::Error) -> String {
    let problem = match error {
        pem::Error::Io(error) => format!("cannot be read: {error}"),
        pem::Error::NoItemsFound => format!("has not {wanted} as PEM"),
        error => format!("is not {wanted} as PEM: {error}"),
    };
    let file = file.display();
    format!("{file}: {problem}; write the path of {wanted} as {option}")
}
