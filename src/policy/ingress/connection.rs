//! What a server knows of a connection that it took.

use std::net::{IpAddr, SocketAddr};

use crate::policy::Scheme;

/// In a request's extensions: what the server that took the connection knows of it.
///
/// Whoever accepts connections puts it there, for [`Ingress`](super::Ingress) to go by: the peer's
/// address, and whether there is TLS. With feature `axum`, the address is found in axum's
/// `ConnectInfo<SocketAddr>` as well.
///
/// ```
/// use std::net::SocketAddr;
/// use tower_hardening::Connection;
///
/// let peer: SocketAddr = "192.0.2.7:50000".parse()?;
/// let mut request = http::Request::new(());
/// request.extensions_mut().insert(Connection::from_peer(peer).over_tls());
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Connection {
    scheme: Scheme,
    peer: Peer,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Peer {
    #[default]
    Unknown,
    Address(IpAddr),
    UnixSocket,
}

impl Connection {
    /// One of which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that came from this address.
    pub fn from_peer(peer: SocketAddr) -> Self {
        // A listener for both kinds shows IPv4 addresses as `::ffff:192.0.2.7`.
        Self { peer: Peer::Address(peer.ip().to_canonical()), ..Self::default() }
    }

    /// The same, of which the address was not known.
    #[cfg(feature = "axum")]
    pub(crate) fn or_from_peer(self, peer: Option<SocketAddr>) -> Self {
        match (self.peer, peer) {
            (Peer::Unknown, Some(peer)) => Self { scheme: self.scheme, ..Self::from_peer(peer) },
            _ => self,
        }
    }

    /// One to a Unix socket, which has no address.
    pub fn from_unix_socket() -> Self {
        Self { peer: Peer::UnixSocket, ..Self::default() }
    }

    /// TLS ends here: requests are over https.
    pub fn over_tls(self) -> Self {
        Self { scheme: Scheme::Https, ..self }
    }

    /// There is no TLS: requests are over http, unless a trusted proxy knows better.
    pub fn in_clear_text(self) -> Self {
        Self { scheme: Scheme::Http, ..self }
    }

    /// The scheme of requests that came straight over it.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The address at its other end.
    pub fn peer(&self) -> Option<IpAddr> {
        match self.peer {
            Peer::Address(peer) => Some(peer),
            Peer::Unknown | Peer::UnixSocket => None,
        }
    }

    /// Whether it came to a Unix socket.
    pub fn is_unix_socket(&self) -> bool {
        self.peer == Peer::UnixSocket
    }
}
