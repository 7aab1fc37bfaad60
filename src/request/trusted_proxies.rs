//! Configures the trusted proxies, and reads their forwarding headers.

use http::HeaderMap;

#[cfg(feature = "proxy")]
use super::networks::Networks;
use super::{
    connection_info::{ConnectionInfo, Scheme},
    forwarded,
    host::Host,
    node::Node,
    scheme_header::{SchemeHeader, scheme},
    transport::Transport,
    x_forwarded,
};
#[cfg(feature = "proxy")]
use crate::error::ParseError;

/// Names the family of forwarding headers that a proxy sets. The proxy must set it itself, and
/// replace the values that the client sent.
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

/// Configures the set of trusted proxies and the forwarding headers to read from them.
///
/// Lists in those headers are read from the right, where the nearest proxy wrote, over as many
/// members as trusted proxies wrote. All members to the left of these are chosen by the client.
///
/// The scheme is unknown if the proxies send no value or a malformed value, if the other family of
/// headers contradicts them, and if they send several values that contradict each other and that
/// cannot be assigned to the proxies: `X-Forwarded-Proto` has another number of values than
/// `X-Forwarded-For`, or an element of `Forwarded` has no `for`. So a server behind a TLS proxy and
/// another proxy, which send `https, http` with one address, does not redirect to https in a loop.
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
    scheme_header: Option<SchemeHeader>,
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
            scheme_header: None,
        }
    }

    /// Trusts the proxies with an address in these networks (`10.0.0.0/8`,
    /// `::1`).
    ///
    /// # Errors
    ///
    /// Returns an error for text that is not a network, and for networks that contain strangers:
    /// every public address of IPv4 or of IPv6, alone (`0.0.0.0/0`) or together, a large part of
    /// them (`0.0.0.0/1`), public addresses next to private ones (`172.0.0.0/8`), or every address
    /// of IPv4 in a form of IPv6 (`64:ff9b::/96`).
    #[cfg(feature = "proxy")]
    pub fn networks<N: AsRef<str>>(
        networks: impl IntoIterator<Item = N>,
        headers: ForwardingHeaders,
    ) -> Result<Self, ParseError> {
        Ok(Self { networks: Networks::parse(networks)?, ..Self::new(headers) })
    }

    /// Trusts this number of proxies in a chain. The connecting peer is the
    /// nearest of them. Use this for a server that only its proxies can reach. With zero, no proxy
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

    /// Takes the scheme from this header alone, for proxies that report the browser's scheme there.
    ///
    /// The scheme in `X-Forwarded-Proto` and `Forwarded` is then ignored: with a content delivery
    /// network in front of a proxy, it is the scheme between the two. The trusted proxies must set
    /// the header or pass on the one of the network, never the one of a client.
    ///
    /// ```
    /// # #[cfg(feature = "proxy")] {
    /// use tower_hardening::connection::{ForwardingHeaders, SchemeHeader, TrustedProxies};
    ///
    /// // nginx on the same machine, behind Cloudflare, which connects to it over http.
    /// let proxies = TrustedProxies::networks(["127.0.0.1"], ForwardingHeaders::XForwarded)?
    ///     .with_scheme_header(SchemeHeader::CfVisitor);
    /// # }
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    pub fn with_scheme_header(self, header: SchemeHeader) -> Self {
        Self { scheme_header: Some(header), ..self }
    }

    /// Returns `true` if the address of the peer decides who is trusted.
    pub(super) fn depend_on_peer(&self) -> bool {
        self.hops.is_none()
    }

    /// Returns `true` if the peer of this connection is trusted.
    pub(super) fn trust(&self, connection: Transport) -> bool {
        let hops = self.hops.is_some_and(|hops| hops > 0);
        let network = connection.peer().is_some_and(|peer| self.is_trusted(Node::Address(peer)));
        hops || network || self.unix_socket && connection.is_unix_socket()
    }

    /// Returns the request as the proxies describe it. `direct` is the
    /// description without them.
    pub(super) fn describe(&self, headers: &HeaderMap, direct: ConnectionInfo) -> ConnectionInfo {
        let (said, other) = match self.headers {
            ForwardingHeaders::Forwarded => (self.forwarded(headers), self.x_forwarded(headers)),
            ForwardingHeaders::XForwarded => (self.x_forwarded(headers), self.forwarded(headers)),
        };
        let disagree = other.scheme.is_some() && other.scheme != said.scheme;
        let scheme = match self.scheme_header {
            Some(header) if !said.malformed => header.scheme(headers),
            None if !disagree => said.scheme.unwrap_or_default(),
            _ => Scheme::Unknown,
        };
        ConnectionInfo {
            scheme,
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
        // Without `for`, the element does not tell whether a proxy or the client sent the request.
        let ends_here = element.node.is_some() || self.hops.is_some();
        let proto = element.proto.as_deref().map(scheme);
        let mut protos = elements.iter().filter_map(|other| other.proto.as_deref());
        let agree = ends_here || protos.all(|other| Some(scheme(other)) == proto);
        Said {
            scheme: if agree { proto } else { Some(Scheme::Unknown) },
            host: element.host.as_deref().map(host),
            peer: Some(nodes[at].address()),
            malformed: false,
        }
    }

    fn x_forwarded(&self, headers: &HeaderMap) -> Said {
        let nodes = x_forwarded::nodes(headers);
        let at = self.outermost(&nodes);
        if at.is_none() && !nodes.is_empty() {
            return Said::without(&nodes);
        }
        let depth = at.map_or_else(|| self.hops.unwrap_or(1), |at| nodes.len() - at);
        let list = |name| x_forwarded::list(headers, name);
        let proto = list("x-forwarded-proto");
        // If there are no nodes, the number of hops selects the word.
        let length =
            if nodes.is_empty() && self.hops.is_some() { proto.len() } else { nodes.len() };
        let word = x_forwarded::scheme_word(&proto, length, depth);
        let named = if self.forwarded_host { list("x-forwarded-host") } else { Vec::new() };
        let name = x_forwarded::host_word(&named, nodes.len(), depth);
        Said {
            scheme: word.map_or(Some(Scheme::Unknown), |word| word.map(scheme)),
            host: name.map_or(Some(None), |name| name.map(host)),
            peer: at.map(|at| nodes[at].address()),
            malformed: false,
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

/// Holds the values of one family of headers. A field is `None` if the headers do not contain it.
#[derive(Default)]
struct Said {
    scheme: Option<Scheme>,
    host: Option<Option<Host>>,
    peer: Option<Option<std::net::IpAddr>>,
    /// Set if the headers contain nodes, and none of them is usable.
    malformed: bool,
}

impl Said {
    /// Returns the values of headers that contain no usable node: nothing, if
    /// they contain no node at all.
    fn without(nodes: &[Node]) -> Self {
        if nodes.is_empty() {
            return Self::default();
        }
        let scheme = Some(Scheme::Unknown);
        Self { scheme, peer: Some(None), malformed: true, ..Self::default() }
    }
}

fn host(text: &[u8]) -> Option<Host> {
    std::str::from_utf8(text).ok()?.parse().ok()
}
