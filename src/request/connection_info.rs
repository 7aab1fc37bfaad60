//! Describes the scheme, host and peer of a request as seen through trusted
//! proxies.

use std::net::IpAddr;

use http::Extensions;

use super::head::RequestParts;
use super::host::Host;
use http::Request;
use std::borrow::Cow;

/// Describes the scheme that a request came over.
///
/// ```
/// use axum::{Router, extract::Request, routing::get};
/// use tower_hardening::connection::{ConnectionInfoLayer, Scheme};
///
/// async fn home(request: Request) -> &'static str {
///     match Scheme::from_extensions(request.extensions()) {
///         Scheme::Https => "over https",
///         _ => "over http, or unknown",
///     }
/// }
///
/// let app: Router = Router::new().route("/", get(home)).layer(ConnectionInfoLayer::from_transport());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// The request came over TLS, at least as far as the proxy that is trusted
    /// to report it.
    Https,
    /// The request came in clear text.
    Http,
    /// The scheme is unknown: no trusted source reported it, or the reports
    /// contradict each other.
    #[default]
    Unknown,
}

impl Scheme {
    /// Returns the scheme of the request with these extensions; `Unknown` if
    /// no layer decided it.
    pub fn from_extensions(extensions: &Extensions) -> Self {
        ConnectionInfo::from_extensions(extensions).map(ConnectionInfo::scheme).unwrap_or_default()
    }
}

/// Holds the scheme, the named host and the peer address in a request's
/// extensions ("effective request URI",
/// [RFC 6797 section 9](https://www.rfc-editor.org/rfc/rfc6797#section-9)).
///
/// It controls `Strict-Transport-Security`, `Expect-CT`, `upgrade-insecure-requests` and everything
/// else that depends on https:
///
/// | scheme | host | not sent |
/// |---|---|---|
/// | https | a name | |
/// | https | an IP address or localhost | `Strict-Transport-Security`, `Expect-CT` |
/// | http | any | those and `upgrade-insecure-requests` |
/// | unknown | a name, or none | |
/// | unknown | an IP address or localhost | those and `upgrade-insecure-requests` |
///
/// Without a `ConnectionInfo` the scheme is unknown, and layers read the host from `Host` or
/// `:authority` themselves. A host in the last row is never that of a public https site, and the
/// page stays usable over http, as on a developer's machine.
///
/// A TLS proxy that writes the server's own address into `Host`, as nginx does without
/// `proxy_set_header Host $host`, hides the name. Configure the proxy to pass `Host` on, or trust
/// it in a [`ConnectionInfoLayer`](crate::connection::ConnectionInfoLayer), which then knows the scheme. An event (feature
/// `tracing`) reports such a proxy once.
///
/// ```
/// use tower_hardening::connection::{ConnectionInfo, Scheme};
///
/// let mut request = http::Request::new(());
/// assert_eq!(Scheme::from_extensions(request.extensions()), Scheme::Unknown);
/// request.extensions_mut().insert(ConnectionInfo::new(Scheme::Http));
/// assert_eq!(Scheme::from_extensions(request.extensions()), Scheme::Http);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct ConnectionInfo {
    pub(in crate::request) scheme: Scheme,
    pub(in crate::request) host: Option<Host>,
    pub(in crate::request) peer: Option<IpAddr>,
}

impl ConnectionInfo {
    /// Creates a `ConnectionInfo` with a known scheme, and without a host
    /// or peer.
    pub fn new(scheme: Scheme) -> Self {
        Self { scheme, host: None, peer: None }
    }

    /// Sets the host that the request names.
    pub fn with_host(self, host: Host) -> Self {
        Self { host: Some(host), ..self }
    }

    /// Sets the address that the request came from.
    pub fn with_peer(self, peer: IpAddr) -> Self {
        Self { peer: Some(peer), ..self }
    }

    /// Returns the decision of a layer about the request with these
    /// extensions.
    #[inline]
    pub fn from_extensions(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// Returns the scheme that the request came over.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Returns the host that the request names; `None` if it names no host,
    /// several hosts or a malformed one. The client chooses this value.
    pub fn host(&self) -> Option<&Host> {
        self.host.as_ref()
    }

    /// Returns the address that the request came from: that of the connection,
    /// or the one that a trusted proxy reports.
    pub fn peer(&self) -> Option<IpAddr> {
        self.peer
    }
}

impl Host {
    /// Returns the host that a request names.
    ///
    /// If the request's extensions have a [`ConnectionInfo`], returns its host. Otherwise reads
    /// `:authority` (or an address in absolute form), `Host`, or both if they agree. Returns `None`
    /// if the host is malformed or missing, or if there are several.
    pub fn from_request<B>(request: &Request<B>) -> Option<Self> {
        Self::named(request).map(Cow::into_owned)
    }

    /// Returns the host that a request names, without a copy of the one that a
    /// layer found.
    pub(crate) fn named(request: &impl RequestParts) -> Option<Cow<'_, Self>> {
        match ConnectionInfo::from_extensions(request.extensions()) {
            Some(known) => known.host().map(Cow::Borrowed),
            None => Self::on_the_wire(request).map(Cow::Owned),
        }
    }
}
