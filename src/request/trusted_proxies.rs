//! Configures the trusted proxies, and reads their forwarding headers.

use http::HeaderMap;

#[cfg(feature = "proxy")]
use super::networks::Networks;
use super::{
    connection_info::{ConnectionInfo, Scheme},
    forwarded,
    host::Host,
    node::Node,
    transport::Transport,
    x_forwarded,
};
#[cfg(feature = "proxy")]
use crate::error::ParseError;

/// The family of forwarding headers that a proxy sets. The proxy must set it
/// itself, and replace the values that the client sent.
///
/// ```
/// use tower_hardening::connection::{ConnectionInfoLayer, ForwardingHeaders, TrustedProxies};
///
/// // nginx and most other proxies set X-Forwarded-For and X-Forwarded-Proto.
/// let proxies = TrustedProxies::hops(1, ForwardingHeaders::XForwarded);
/// let outermost = ConnectionInfoLayer::trusting(proxies);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ForwardingHeaders {
    /// `Forwarded` ([RFC 7239](https://www.rfc-editor.org/rfc/rfc7239)): its
    /// `for`, `proto` and
    /// `host`.
    Forwarded,
    /// `X-Forwarded-For` and `X-Forwarded-Proto`.
    XForwarded,
}

/// The set of trusted proxies and the forwarding headers to read from them.
///
/// Lists in those headers are read from the right, where the nearest proxy wrote, over as many
/// members as trusted proxies wrote. All members to the left of these are chosen by the client. The
/// scheme is unknown if the proxies send no value, a malformed value or contradictory values, or if
/// the other family of headers contradicts them.
///
/// A proxy must set the headers, not pass on the values that the client sent. Each of several
/// proxies writes its own value: after those of the others, or in their place.
///
/// ```
/// # #[cfg(feature = "proxy")] {
/// use tower_hardening::connection::{ForwardingHeaders, TrustedProxies};
///
/// let proxies =
///     TrustedProxies::networks(["127.0.0.0/8", "::1", "10.1.0.0/16"], ForwardingHeaders::XForwarded)?;
/// let error = TrustedProxies::networks(["10.1.0.0/33"], ForwardingHeaders::XForwarded).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "trusted proxies, byte 0: '10.1.0.0/33' is not a network; write one like '10.0.0.0/8' or '192.0.2.1'",
/// );
/// # }
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct TrustedProxies {
    headers: ForwardingHeaders,
    hops: Option<usize>,
    unix_socket: bool,
    #[cfg(feature = "proxy")]
    networks: Networks,
    forwarded_host: bool,
}

impl TrustedProxies {
    fn new(headers: ForwardingHeaders) -> Self {
        Self {
            headers,
            hops: None,
            unix_socket: false,
            #[cfg(feature = "proxy")]
            networks: Networks::default(),
            forwarded_host: false,
        }
    }

    /// Trusts the proxies with an address in these networks (`10.0.0.0/8`,
    /// `::1`).
    ///
    /// # Errors
    ///
    /// Returns an error for text that is not a network, and for networks that contain everybody:
    /// every public address of IPv4 or of IPv6, alone (`0.0.0.0/0`) or together.
    #[cfg(feature = "proxy")]
    pub fn networks<N: AsRef<str>>(
        networks: impl IntoIterator<Item = N>,
        headers: ForwardingHeaders,
    ) -> Result<Self, ParseError> {
        Ok(Self { networks: Networks::parse(networks)?, ..Self::new(headers) })
    }

    /// Trusts this number of proxies in a chain, of which the connecting peer
    /// is the nearest. Use this for a server that only its proxies can reach. With zero, no proxy
    /// is trusted.
    pub fn hops(hops: u8, headers: ForwardingHeaders) -> Self {
        Self { hops: Some(hops.into()), ..Self::new(headers) }
    }

    /// Trusts every peer that can connect to the server's Unix socket.
    pub fn unix_socket(headers: ForwardingHeaders) -> Self {
        Self { unix_socket: true, ..Self::new(headers) }
    }

    /// Additionally trusts every peer that can connect to the server's Unix
    /// socket.
    pub fn and_unix_socket(self) -> Self {
        Self { unix_socket: true, ..self }
    }

    /// Takes the host from `X-Forwarded-Host`, for proxies that set it and
    /// change `Host`. By default the host is that of `Host`, since many proxies pass on an
    /// `X-Forwarded-Host` that the client sent.
    pub fn with_forwarded_host(self) -> Self {
        Self { forwarded_host: true, ..self }
    }

    /// Returns `true` if the peer of this connection is trusted.
    pub(super) fn trust(&self, connection: Transport) -> bool {
        let hops = self.hops.is_some_and(|hops| hops > 0);
        let network = connection.peer().is_some_and(|peer| self.is_trusted(Node::Address(peer)));
        hops || network || self.unix_socket && connection.is_unix_socket()
    }

    /// Returns the request as the proxies describe it. `direct` is the
    /// description without them.
    pub(super) fn vouch(&self, headers: &HeaderMap, direct: ConnectionInfo) -> ConnectionInfo {
        let (said, other) = match self.headers {
            ForwardingHeaders::Forwarded => (self.forwarded(headers), self.x_forwarded(headers)),
            ForwardingHeaders::XForwarded => (self.x_forwarded(headers), self.forwarded(headers)),
        };
        let disagree = other.scheme.is_some() && other.scheme != said.scheme;
        ConnectionInfo {
            scheme: said.scheme.filter(|_| !disagree).unwrap_or_default(),
            host: said.host.unwrap_or(direct.host),
            peer: said.peer.unwrap_or(direct.peer),
        }
    }

    fn forwarded(&self, headers: &HeaderMap) -> Said {
        let elements = forwarded::elements(headers);
        let nodes: Vec<Node> =
            elements.iter().map(|element| element.node.unwrap_or(Node::Hidden)).collect();
        let Some(at) = self.outermost(&nodes) else { return Said::without(&nodes) };
        let element = &elements[at];
        Said {
            scheme: element.proto.as_deref().map(scheme),
            host: element.host.as_deref().map(host),
            peer: Some(nodes[at].address()),
        }
    }

    fn x_forwarded(&self, headers: &HeaderMap) -> Said {
        let nodes = x_forwarded::nodes(headers);
        let at = self.outermost(&nodes);
        if at.is_none() && !nodes.is_empty() {
            return Said::without(&nodes);
        }
        let depth = at.map_or(self.hops.unwrap_or(1), |at| nodes.len() - at);
        let list = |name| x_forwarded::list(headers, name);
        let word = |list: &[_]| x_forwarded::word(list, nodes.len(), depth).map_err(drop);
        let proto = list("x-forwarded-proto");
        let named = if self.forwarded_host { list("x-forwarded-host") } else { Vec::new() };
        Said {
            scheme: word(&proto).map_or(Some(Scheme::Unknown), |word| word.map(scheme)),
            host: word(&named).map_or(Some(None), |word| word.map(host)),
            peer: at.map(|at| nodes[at].address()),
        }
    }

    /// Returns the node from which the outermost trusted proxy received the
    /// request. The first node is nearest the client. Returns `None` if there are too few nodes, or
    /// if one of them is malformed.
    fn outermost(&self, nodes: &[Node]) -> Option<usize> {
        let mut at = nodes.len().checked_sub(self.hops.unwrap_or(1))?;
        while self.hops.is_none() && at > 0 && self.is_trusted(nodes[at]) {
            at -= 1;
        }
        let way = nodes.get(at..).filter(|way| !way.is_empty())?;
        (!way.contains(&Node::Malformed)).then_some(at)
    }

    #[cfg(feature = "proxy")]
    fn is_trusted(&self, node: Node) -> bool {
        let address = node.address();
        address.is_some_and(|address| self.networks.contain(address))
    }

    #[cfg(not(feature = "proxy"))]
    fn is_trusted(&self, _: Node) -> bool {
        false
    }
}

/// The values of one family of headers. A field is `None` if the headers do
/// not contain it.
#[derive(Default)]
struct Said {
    scheme: Option<Scheme>,
    host: Option<Option<Host>>,
    peer: Option<Option<std::net::IpAddr>>,
}

impl Said {
    /// Returns the values of headers that contain no usable node: nothing, if
    /// they contain no node at all.
    fn without(nodes: &[Node]) -> Self {
        if nodes.is_empty() {
            return Self::default();
        }
        Self { scheme: Some(Scheme::Unknown), peer: Some(None), ..Self::default() }
    }
}

fn scheme(text: &[u8]) -> Scheme {
    let is = |word: &str| text.eq_ignore_ascii_case(word.as_bytes());
    match () {
        () if is("https") || is("wss") => Scheme::Https,
        () if is("http") || is("ws") => Scheme::Http,
        () => Scheme::Unknown,
    }
}

fn host(text: &[u8]) -> Option<Host> {
    std::str::from_utf8(text).ok()?.parse().ok()
}
