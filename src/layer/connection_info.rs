//! Defines the layer that decides the scheme, host and peer of a request.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use http::Extensions;
use tower_layer::Layer;

use crate::{
    layer::engine::{rule::Rule, service::Hardened},
    policy::header::sealed,
    request::{ConnectionSource, RequestParts, ResponseParts, Transport, TrustedProxies},
    trace,
};

/// Decides the scheme, the host and the client address of each request.
///
/// The layer decides once per request whether it came over https, which host it names and where it
/// came from. It stores the result in the request's extensions: see
/// [`ConnectionInfo`](crate::connection::ConnectionInfo). It changes nothing else.
///
/// Put it outside the layers that use the result: [`HardeningLayer`](crate::HardeningLayer),
/// [`StsLayer`](crate::StsLayer), [`CspLayer`](crate::CspLayer),
/// [`HostCookieLayer`](crate::HostCookieLayer). If it is inside one of these layers, it runs too
/// late: the scheme is unknown to that layer, which then sends every header.
///
/// ```
/// use axum::{Router, body::Body, http::Request};
/// use tower::ServiceExt;
/// use tower_hardening::{HardeningLayer, connection::{ConnectionInfoLayer, ForwardingHeaders, TrustedProxies}};
///
/// #[tokio::main]
/// async fn main() {
///     let proxies = TrustedProxies::hops(1, ForwardingHeaders::XForwarded);
///     let app: Router = Router::new()
///         .layer(HardeningLayer::default())
///         .layer(ConnectionInfoLayer::trusting(proxies)); // last, so outermost
///     let request = Request::get("/").header("x-forwarded-proto", "http").body(Body::empty());
///     let response = app.oneshot(request.unwrap()).await.unwrap();
///     assert_eq!(response.headers().get("strict-transport-security"), None);
/// }
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct ConnectionInfoLayer {
    shared: Arc<Shared>,
}

/// State that all clones of the layer share.
#[derive(Debug)]
struct Shared {
    source: ConnectionSource,
    /// Set when the event about an unknown peer was emitted.
    peer_reported: AtomicBool,
}

impl ConnectionInfoLayer {
    /// Decides as this [`ConnectionSource`] is configured.
    pub fn new(source: ConnectionSource) -> Self {
        let shared = Shared { source, peer_reported: AtomicBool::new(false) };
        Self { shared: Arc::new(shared) }
    }

    /// Treats every request as HTTPS. Use this when the server is only reachable over TLS.
    pub fn assume_https() -> Self {
        Self::new(ConnectionSource::assume_https())
    }

    /// Treats every request as HTTP, as for a hidden service or during development.
    pub fn assume_http() -> Self {
        Self::new(ConnectionSource::assume_http())
    }

    /// Takes scheme and peer from the [`Transport`] in the request's extensions.
    pub fn from_transport() -> Self {
        Self::new(ConnectionSource::from_transport())
    }

    /// Takes scheme, host and peer from the headers of these proxies, and from the [`Transport`]
    /// for a request that another peer sent.
    ///
    /// Proxies in networks or at a Unix socket are recognised by the peer of the connection, which
    /// the server must insert: as a [`Transport`], or as axum's `ConnectInfo<SocketAddr>` with
    /// feature `axum`. `axum::serve(listener, app)` inserts neither; write
    /// `app.into_make_service_with_connect_info::<SocketAddr>()`. If the peer of a request is
    /// unknown, no proxy is trusted and nothing is redirected; an event at error level (feature
    /// `tracing`) reports this once per layer.
    pub fn trusting(proxies: TrustedProxies) -> Self {
        Self::new(ConnectionSource::trusting(proxies))
    }
}

impl Shared {
    /// Emits an event about the first request whose peer is unknown. Such a
    /// server trusts no proxy at all.
    fn report_unknown_peer(&self, connection: Transport) {
        if self.source.lacks_peer(connection)
            && !self.peer_reported.load(Ordering::Relaxed)
            && !self.peer_reported.swap(true, Ordering::Relaxed)
        {
            trace::peer_unknown();
        }
    }
}

impl<S> Layer<S> for ConnectionInfoLayer {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl sealed::Sealed for ConnectionInfoLayer {}

impl Rule for ConnectionInfoLayer {
    type Pending = ();

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) {
        let connection = connection(request.extensions());
        self.shared.report_unknown_peer(connection);
        let known = self.shared.source.decide(request, connection);
        request.extensions_mut().insert(known);
    }

    #[inline]
    fn on_response(&self, (): &(), _: &mut impl ResponseParts) {}
}

/// Returns the server's information about the connection.
pub(super) fn connection(extensions: &Extensions) -> Transport {
    let connection = extensions.get::<Transport>().copied().unwrap_or_default();
    #[cfg(feature = "axum")]
    let connection = {
        let peer = extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
        connection.or_from_peer(peer.map(|peer| peer.0))
    };
    connection
}
