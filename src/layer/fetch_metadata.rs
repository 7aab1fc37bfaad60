//! Defines the layer that rejects what other sites load and send.

use std::sync::Arc;

use http::{HeaderValue, header};
use tower_layer::Layer;

use crate::{
    layer::engine::{
        gate::{Gate, Gated},
        rule::{Rule, is_final},
        service::Hardened,
    },
    policy::{
        FetchMetadata,
        header::sealed,
        room::{accept, make_room},
    },
    request::{Answer, RequestParts, ResponseParts},
    trace,
};

/// Answers requests that a [`FetchMetadata`] rejects with 403.
///
/// Put it inside the [`HardeningLayer`](crate::HardeningLayer), so that its answers have the
/// headers too, and outside of what it protects. Every response gets a `Vary`, so that a cache does
/// not give one site the answer for another.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use tower::ServiceExt;
/// use tower_hardening::header::{FetchMetadata, FetchMetadataLayer};
///
/// #[tokio::main]
/// async fn main() {
///     let layer = FetchMetadataLayer::new(FetchMetadata::new());
///     let app: Router = Router::new().route("/", get(async || "yours")).layer(layer);
///     let request = Request::post("/").header("sec-fetch-site", "cross-site");
///     let response = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
///     assert_eq!(response.status(), 403);
/// }
/// ```
///
/// It protects what a page shows. Against forged forms in browsers without the headers, compose it
/// with tower-http's `CsrfLayer`, which compares `Origin` with the host:
///
/// ```
/// use axum::{Router, routing::{get, post}};
/// use tower_hardening::{HardeningLayer, header::{FetchMetadata, FetchMetadataLayer}};
/// use tower_http::csrf::CsrfLayer;
///
/// let private = Router::new()
///     .route("/", get(async || "yours"))
///     .route("/post", post(async || "done"))
///     .layer(CsrfLayer::new())
///     .layer(FetchMetadataLayer::new(FetchMetadata::new()));
/// let app: Router = private
///     .route("/font.woff2", get(async || "for every site")) // outside of both layers
///     .layer(HardeningLayer::default());
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct FetchMetadataLayer {
    policy: Arc<FetchMetadata>,
}

impl FetchMetadataLayer {
    /// Applies this policy.
    pub fn new(policy: FetchMetadata) -> Self {
        Self { policy: Arc::new(policy) }
    }
}

impl<S> Layer<S> for FetchMetadataLayer {
    type Service = Hardened<Gated<S, Self>, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(Gated::new(inner, self.clone()), self.clone())
    }
}

impl sealed::Sealed for FetchMetadataLayer {}

impl Gate for FetchMetadataLayer {
    #[inline]
    fn answer(&self, request: &impl RequestParts) -> Option<Answer> {
        if self.policy.allows_head(request) {
            return None;
        }
        let is_enforced = self.policy.is_enforced();
        trace::request_of_another_site(request.uri().path(), is_enforced);
        is_enforced.then_some(Answer::FORBIDDEN)
    }
}

impl Rule for FetchMetadataLayer {
    type Pending = ();

    #[inline]
    fn on_request(&self, _: &mut impl RequestParts) {}

    fn on_response(&self, (): &(), response: &mut impl ResponseParts) {
        if !is_final(response) || !self.policy.is_enforced() {
            return;
        }
        let vary = self.policy.vary();
        let headers = response.headers_mut();
        let mut said = headers.get_all(header::VARY).iter();
        if !said.any(|line| line == "*" || line == vary) {
            make_room(headers, 1);
            accept(headers.try_append(&header::VARY, HeaderValue::from_static(vary)));
        }
    }
}
