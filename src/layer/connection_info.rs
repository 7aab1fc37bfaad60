//! Defines the layer that decides the scheme, host and peer of a request.

use std::sync::Arc;

use http::Extensions;
use tower_layer::Layer;

use crate::{
    layer::engine::{rule::Rule, service::Hardened},
    policy::header::sealed,
    request::{Connection, Ingress, RequestParts, ResponseParts},
};

/// Decides the scheme, the host and the client address of each request.
///
/// The layer decides once per request whether it came over https, which host it names and where it
/// came from. It stores the result in the request's extensions: see
/// [`EffectiveRequest`](crate::connection::EffectiveRequest). It changes nothing else.
///
/// Put it outside the layers that use the result: [`HardeningLayer`](crate::HardeningLayer),
/// [`StsLayer`](crate::StsLayer), [`CspLayer`](crate::CspLayer),
/// [`HostCookieLayer`](crate::HostCookieLayer). If it is inside one of these layers, it runs too
/// late: the scheme is unknown to that layer, which then sends every header.
///
/// ```
/// use axum::Router;
/// use tower_hardening::{
///     Hardening, HardeningLayer,
///     connection::{ForwardingHeaders, Ingress, IngressLayer, TrustedProxies},
/// };
///
/// # let site = "https://example.tld".parse::<tower_hardening::Origin>()?;
/// let proxies = TrustedProxies::hops(1, ForwardingHeaders::XForwarded);
/// let app: Router = Router::new()
///     .layer(HardeningLayer::new(Hardening::pleroma(&site)))
///     .layer(IngressLayer::new(Ingress::behind(proxies))); // last, so outermost
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct IngressLayer {
    ingress: Arc<Ingress>,
}

impl IngressLayer {
    /// Decides as this [`Ingress`] is configured.
    pub fn new(ingress: Ingress) -> Self {
        Self { ingress: Arc::new(ingress) }
    }
}

impl<S> Layer<S> for IngressLayer {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl sealed::Sealed for IngressLayer {}

impl Rule for IngressLayer {
    type Pending = ();

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) {
        let known = self.ingress.decide(request, connection(request.extensions()));
        request.extensions_mut().insert(known);
    }

    #[inline]
    fn on_response(&self, (): &(), _: &mut impl ResponseParts) {}
}

/// Returns the server's information about the connection.
fn connection(extensions: &Extensions) -> Connection {
    let connection = extensions.get::<Connection>().copied().unwrap_or_default();
    #[cfg(feature = "axum")]
    let connection = {
        let peer = extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
        connection.or_from_peer(peer.map(|peer| peer.0))
    };
    connection
}
