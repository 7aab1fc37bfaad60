//! Describes an accepted connection: its peer address and its use of TLS.

use std::net::{IpAddr, SocketAddr};

use super::connection_info::Scheme;

/// Describes the accepted connection, as the server knows it, in a request extension.
///
/// The code that accepts connections inserts it, and [`ConnectionSource`](crate::connection::ConnectionSource) reads it: the
/// peer's address, and whether the connection uses TLS. With feature `axum`, the address is also
/// read from axum's `ConnectInfo<SocketAddr>`.
///
/// ```
/// use std::net::SocketAddr;
/// use tower_hardening::connection::Transport;
///
/// let peer: SocketAddr = "192.0.2.7:50000".parse()?;
/// let mut request = http::Request::new(());
/// request.extensions_mut().insert(Transport::from_peer(peer).over_tls());
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Transport {
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

impl Transport {
    /// Creates a connection about which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a connection from this peer address.
    pub fn from_peer(peer: SocketAddr) -> Self {
        // A dual-stack listener shows IPv4 addresses as `::ffff:192.0.2.7`.
        Self { peer: Peer::Address(peer.ip().to_canonical()), ..Self::default() }
    }

    /// Sets the peer address if it was unknown.
    #[cfg(feature = "axum")]
    pub(crate) fn or_from_peer(self, peer: Option<SocketAddr>) -> Self {
        match (self.peer, peer) {
            (Peer::Unknown, Some(peer)) => Self { scheme: self.scheme, ..Self::from_peer(peer) },
            _ => self,
        }
    }

    /// Creates a connection to a Unix socket, which has no peer address.
    pub fn from_unix_socket() -> Self {
        Self { peer: Peer::UnixSocket, ..Self::default() }
    }

    /// Marks the connection as TLS that ends at this server: requests are over
    /// https.
    pub fn over_tls(self) -> Self {
        Self { scheme: Scheme::Https, ..self }
    }

    /// Marks the connection as plain text: requests are over http, unless a
    /// trusted proxy reports another scheme.
    pub fn in_clear_text(self) -> Self {
        Self { scheme: Scheme::Http, ..self }
    }

    /// Returns the scheme of requests that arrive directly over this
    /// connection.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Returns the peer address.
    pub fn peer(&self) -> Option<IpAddr> {
        match self.peer {
            Peer::Address(peer) => Some(peer),
            Peer::Unknown | Peer::UnixSocket => None,
        }
    }

    /// Returns `true` if the server did not tell where the connection comes
    /// from.
    pub(super) fn is_unknown_peer(&self) -> bool {
        self.peer == Peer::Unknown
    }

    /// Returns `true` if the connection arrived at a Unix socket.
    pub fn is_unix_socket(&self) -> bool {
        self.peer == Peer::UnixSocket
    }
}
