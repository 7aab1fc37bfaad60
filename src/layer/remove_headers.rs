//! Defines the layer that removes headers that describe the server.

use std::sync::Arc;

use tower_layer::Layer;

use crate::{
    layer::engine::{
        rule::{Rule, is_final},
        service::Hardened,
    },
    policy::{RemoveHeaders, header::sealed},
    request::{RequestParts, ResponseParts},
};

/// Removes the headers of a [`RemoveHeaders`] from every response.
///
/// It removes what the inner service and its layers set, so put it outside of them. A
/// [`HardeningLayer`](crate::HardeningLayer) with [`RemoveHeaders`] does the same in one pass.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use tower::ServiceExt;
/// use tower_hardening::header::{RemoveHeaders, RemoveHeadersLayer};
///
/// #[tokio::main]
/// async fn main() {
///     let page = get(async || [("server", "example/1.0"), ("etag", "\"1\"")]);
///     let layer = RemoveHeadersLayer::new(RemoveHeaders::server());
///     let app: Router = Router::new().route("/", page).layer(layer);
///     let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
///     assert_eq!(response.headers().get("server"), None);
///     assert_eq!(response.headers()["etag"], "\"1\"");
/// }
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct RemoveHeadersLayer {
    headers: Arc<RemoveHeaders>,
}

impl RemoveHeadersLayer {
    /// Removes these headers.
    pub fn new(headers: RemoveHeaders) -> Self {
        Self { headers: Arc::new(headers) }
    }
}

impl<S> Layer<S> for RemoveHeadersLayer {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl sealed::Sealed for RemoveHeadersLayer {}

impl Rule for RemoveHeadersLayer {
    type Pending = ();

    #[inline]
    fn on_request(&self, _: &mut impl RequestParts) {}

    #[inline]
    fn on_response(&self, (): &(), response: &mut impl ResponseParts) {
        if is_final(response) {
            self.headers.apply(response.headers_mut());
        }
    }
}
