//! Derives the scheme, host and peer of a request from the way it arrived.

use http::Request;

use super::{
    connection_info::{ConnectionInfo, Scheme},
    head::RequestParts,
    host::Host,
    transport::Transport,
    trusted_proxies::TrustedProxies,
};

/// Describes how requests arrive, to derive their scheme, host and peer
/// address.
///
/// The scheme in a request's own target is chosen by the client, and is ignored.
///
/// ```
/// use tower_hardening::{
///     connection::{ConnectionSource, ForwardingHeaders, Scheme, Transport, TrustedProxies},
/// };
///
/// let proxies = TrustedProxies::unix_socket(ForwardingHeaders::XForwarded);
/// let request = http::Request::builder()
///     .header("host", "example.tld")
///     .header("x-forwarded-for", "192.0.2.7")
///     .header("x-forwarded-proto", "https")
///     .body(())?;
/// let known = ConnectionSource::trusting(proxies).examine(&request, Transport::from_unix_socket());
/// assert_eq!(known.scheme(), Scheme::Https);
/// assert_eq!(known.peer(), Some([192, 0, 2, 7].into()));
/// assert_eq!(known.host().unwrap().name(), "example.tld");
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct ConnectionSource(Way);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    Always(Scheme),
    Transport,
    Behind(TrustedProxies),
}

impl ConnectionSource {
    /// Treats every request as https. Use this when the server is only
    /// reachable over TLS.
    pub fn assume_https() -> Self {
        Self(Way::Always(Scheme::Https))
    }

    /// Treats every request as http, for a hidden service or for development.
    pub fn assume_http() -> Self {
        Self(Way::Always(Scheme::Http))
    }

    /// Uses the [`Transport`] that the server inserted into the request's
    /// extensions. Without a [`Transport`] the scheme is unknown.
    pub fn from_transport() -> Self {
        Self(Way::Transport)
    }

    /// Uses the forwarding headers of these proxies. For a request from
    /// another peer, uses the [`Transport`] and ignores the headers.
    pub fn trusting(proxies: TrustedProxies) -> Self {
        Self(Way::Behind(proxies))
    }

    /// Returns the scheme, host and peer of a request that arrived over this
    /// connection. Headers that are malformed or contradict each other make the scheme unknown.
    /// This function never fails.
    pub fn examine<B>(&self, request: &Request<B>, connection: Transport) -> ConnectionInfo {
        self.decide(request, connection)
    }

    /// Returns `true` if proxies are trusted by their address, and the
    /// address of this connection's peer is unknown.
    pub(crate) fn lacks_peer(&self, connection: Transport) -> bool {
        match &self.0 {
            Way::Behind(proxies) => proxies.depend_on_peer() && connection.is_unknown_peer(),
            Way::Always(_) | Way::Transport => false,
        }
    }

    pub(crate) fn decide(
        &self,
        request: &impl RequestParts,
        connection: Transport,
    ) -> ConnectionInfo {
        let direct = ConnectionInfo {
            scheme: connection.scheme(),
            host: Host::on_the_wire(request),
            peer: connection.peer(),
        };
        match &self.0 {
            Way::Always(scheme) => ConnectionInfo { scheme: *scheme, ..direct },
            Way::Behind(proxies) if proxies.trust(connection) => {
                proxies.describe(request.headers(), direct)
            }
            Way::Transport | Way::Behind(_) => direct,
        }
    }
}
