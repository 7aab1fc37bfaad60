//! Defines the layer that redirects requests from http to https.

use std::sync::Arc;

use tower_layer::Layer;

use crate::{
    layer::engine::gate::{Gate, Gated},
    policy::header::sealed,
    request::{Answer, HttpsRedirect, RequestParts},
};

/// Redirects requests that came over http to https: see [`HttpsRedirect`].
///
/// It uses the decision of an outer [`ConnectionInfoLayer`](crate::connection::ConnectionInfoLayer), and does nothing without
/// a `ConnectionInfoLayer`. Put it inside the [`HardeningLayer`](crate::HardeningLayer), so that its
/// answers have the headers.
///
/// ```
/// use axum::{Router, body::Body, http::Request};
/// use tower::ServiceExt;
/// use tower_hardening::{connection::ConnectionInfoLayer, hosts::{HttpsRedirect, HttpsRedirectLayer}};
///
/// #[tokio::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let redirect = HttpsRedirect::to_site(&"https://example.tld".parse()?)?;
///     let app: Router = Router::new()
///         .layer(HttpsRedirectLayer::new(redirect))
///         .layer(ConnectionInfoLayer::assume_http()); // last, so outermost
///     let response = app.oneshot(Request::new(Body::empty())).await?;
///     assert_eq!(response.headers()["location"], "https://example.tld/");
///     Ok(())
/// }
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct HttpsRedirectLayer {
    redirect: Arc<HttpsRedirect>,
}

impl HttpsRedirectLayer {
    /// Redirects as this [`HttpsRedirect`] is configured.
    pub fn new(redirect: HttpsRedirect) -> Self {
        Self { redirect: Arc::new(redirect) }
    }
}

impl<S> Layer<S> for HttpsRedirectLayer {
    type Service = Gated<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Gated::new(inner, self.clone())
    }
}

impl sealed::Sealed for HttpsRedirectLayer {}

impl Gate for HttpsRedirectLayer {
    #[inline]
    fn answer(&self, request: &impl RequestParts) -> Option<Answer> {
        self.redirect.answer(request)
    }
}
