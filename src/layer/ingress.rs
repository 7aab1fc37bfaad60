//! The layer that decides what a request is.

use std::sync::Arc;

use http::Extensions;
use tower_layer::Layer;

use super::engine::{rule::Rule, service::Hardened};
use crate::{
    head::{RequestParts, ResponseParts},
    policy::{Connection, Ingress, sealed},
};

/// Decides once for every request whether it came over https, which host it names and where it came
/// from, and leaves the answer in its extensions: see
/// [`EffectiveRequest`](crate::EffectiveRequest).
///
/// Put it outside of all that goes by it: [`HardeningLayer`](super::HardeningLayer),
/// [`StsLayer`](super::StsLayer), [`CspLayer`](super::CspLayer),
/// [`HostCookieLayer`](super::HostCookieLayer). Inside of one of them it comes too late: that one
/// takes the scheme for unknown, and sends all. It changes nothing else.
///
/// ```
/// use axum::Router;
/// use tower_hardening::{ForwardingHeaders, Hardening, HardeningLayer, Ingress, IngressLayer, TrustedProxies};
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
    /// Decides in this way.
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

/// Returns what the server says of the connection.
fn connection(extensions: &Extensions) -> Connection {
    let connection = extensions.get::<Connection>().copied().unwrap_or_default();
    #[cfg(feature = "axum")]
    let connection = {
        let peer = extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
        connection.or_from_peer(peer.map(|peer| peer.0))
    };
    connection
}
