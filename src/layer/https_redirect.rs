//! The layer that sends requests from http to https.

use std::sync::Arc;

use http::Request;
use tower_layer::Layer;

use super::gate::{Gate, Gated};
use crate::policy::{Answer, HttpsRedirect, sealed};

/// Sends requests that came over http to https: see [`HttpsRedirect`].
///
/// It goes by what an [`IngressLayer`](super::IngressLayer) outside of it decided, and does nothing
/// without one. Put it inside of [`HardeningLayer`](super::HardeningLayer), so that its answers have
/// the headers.
///
/// ```
/// use axum::Router;
/// use tower_hardening::{
///     Hardening, HardeningLayer, HttpsRedirect, HttpsRedirectLayer, Ingress, IngressLayer, Origin,
/// };
///
/// let site: Origin = "https://example.tld".parse()?;
/// let app: Router = Router::new()
///     .layer(HttpsRedirectLayer::new(HttpsRedirect::to(&site)?))
///     .layer(HardeningLayer::new(Hardening::pleroma(&site)))
///     .layer(IngressLayer::new(Ingress::connection())); // last, so outermost
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct HttpsRedirectLayer {
    gate: HttpsRedirectGate,
}

impl HttpsRedirectLayer {
    /// Redirects so.
    pub fn new(redirect: HttpsRedirect) -> Self {
        Self { gate: HttpsRedirectGate(Arc::new(redirect)) }
    }
}

impl<S> Layer<S> for HttpsRedirectLayer {
    type Service = Gated<S, HttpsRedirectGate>;

    fn layer(&self, inner: S) -> Self::Service {
        Gated::new(inner, self.gate.clone())
    }
}

/// The gate of an [`HttpsRedirectLayer`].
#[derive(Clone, Debug)]
pub struct HttpsRedirectGate(Arc<HttpsRedirect>);

impl sealed::Sealed for HttpsRedirectGate {}

impl Gate for HttpsRedirectGate {
    #[inline]
    fn answer<B>(&self, request: &Request<B>) -> Option<Answer> {
        self.0.answer(request)
    }
}
