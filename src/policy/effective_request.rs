//! The scheme, host and peer of a request, with its way to the server taken into account.

use std::net::IpAddr;

use http::Extensions;

use super::Host;

/// The scheme that a request came over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Over TLS, at least as far as to the proxy that is trusted to say so.
    Https,
    /// In clear text.
    Http,
    /// Nobody who is trusted said so, or what was said does not fit together.
    #[default]
    Unknown,
}

impl Scheme {
    /// The scheme of the request with these extensions; unknown where no layer decided.
    pub fn of(extensions: &Extensions) -> Self {
        EffectiveRequest::of(extensions).map(EffectiveRequest::scheme).unwrap_or_default()
    }
}

/// In a request's extensions: its scheme, the host that it names and the address that it came from
/// ("effective request URI",
/// [RFC 6797 section 9](https://www.rfc-editor.org/rfc/rfc6797#section-9)).
///
/// It decides about `Strict-Transport-Security`, `Expect-CT`, `upgrade-insecure-requests` and
/// everything else that depends on https:
///
/// | scheme | host | not sent |
/// |---|---|---|
/// | https | a name | |
/// | https | an IP address or localhost | `Strict-Transport-Security`, `Expect-CT` |
/// | http | any | those and `upgrade-insecure-requests` |
/// | unknown | a name, or none | |
/// | unknown | an IP address or localhost | those and `upgrade-insecure-requests` |
///
/// Without an `EffectiveRequest` the scheme is unknown, and layers read the host from `Host` or
/// `:authority` themselves. A host of the last row is never that of a public https site, and the
/// page is usable over http, as on a developer's machine.
///
/// A TLS proxy that puts the server's own address into `Host`, as nginx does unless told
/// `proxy_set_header Host $host`, hides the name: let it pass on `Host`, or trust it in an
/// [`IngressLayer`](crate::IngressLayer), which then knows the scheme. An event (feature `tracing`)
/// tells of such a proxy once.
///
/// ```
/// use tower_hardening::{EffectiveRequest, Scheme};
///
/// let mut request = http::Request::new(());
/// assert_eq!(Scheme::of(request.extensions()), Scheme::Unknown);
/// request.extensions_mut().insert(EffectiveRequest::new(Scheme::Http));
/// assert_eq!(Scheme::of(request.extensions()), Scheme::Http);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct EffectiveRequest {
    pub(in crate::policy) scheme: Scheme,
    pub(in crate::policy) host: Option<Host>,
    pub(in crate::policy) peer: Option<IpAddr>,
}

impl EffectiveRequest {
    /// One of which the scheme alone is known.
    pub fn new(scheme: Scheme) -> Self {
        Self { scheme, host: None, peer: None }
    }

    /// It names this host.
    pub fn with_host(self, host: Host) -> Self {
        Self { host: Some(host), ..self }
    }

    /// It came from this address.
    pub fn with_peer(self, peer: IpAddr) -> Self {
        Self { peer: Some(peer), ..self }
    }

    /// Returns what a layer decided about the request with these extensions.
    #[inline]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// Returns the scheme that the request came over.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host that it names; none where it names none, several, or one that is malformed. It is
    /// the client's word.
    pub fn host(&self) -> Option<&Host> {
        self.host.as_ref()
    }

    /// The address that it came from: that of the connection, or the one that a trusted proxy
    /// vouches for.
    pub fn peer(&self) -> Option<IpAddr> {
        self.peer
    }
}
