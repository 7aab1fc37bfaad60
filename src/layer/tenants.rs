//! Defines the layer that chooses whole policies per request.

use std::{fmt, sync::Arc};

use tower_layer::Layer;

use super::{hardening::HardeningLayer, request_head::RequestHead};
use crate::{
    layer::engine::{rule::Rule, service::Hardened},
    policy::header::sealed,
    request::{RequestParts, ResponseParts},
};

/// Applies the policies of the tenant that a request is for.
///
/// A hook returns the tenant's [`HardeningLayer`] from a cache that the caller owns. Without one, the
/// default layer applies. A `HardeningLayer` is compiled when it is created, and its clones share it:
/// a request costs a clone, whatever the number of tenants and the length of their policies. The hook
/// must not block: create the layers where tenants are loaded, and look them up here.
///
/// The client chooses `Host` and path, so use them only to choose among policies that the server
/// knows. For sites that are known at start, [`VirtualHostsLayer`](crate::hosts::VirtualHostsLayer)
/// needs no hook. For a few sources per tenant, see
/// [`HardeningLayer::with_sources`].
///
/// ```
/// use axum::{Router, body::Body, http::Request};
/// use tower::ServiceExt;
/// use tower_hardening::{FrameOptions, Hardening, HardeningLayer, hosts::TenantLayer};
///
/// #[tokio::main]
/// async fn main() {
///     let shop = HardeningLayer::new(Hardening::recommended().with(FrameOptions::DENY));
///     let app: Router = Router::new().layer(TenantLayer::new(HardeningLayer::default(), move |request| {
///         (request.headers().get("host")? == "shop.example").then(|| shop.clone())
///     }));
///     let request = Request::get("/").header("host", "shop.example").body(Body::empty()).unwrap();
///     let response = app.oneshot(request).await.unwrap();
///     assert_eq!(response.headers()["x-frame-options"], "DENY");
/// }
/// ```
///
/// The layers can come from a cache that the application fills while it runs:
///
/// ```
/// use std::{collections::HashMap, sync::{Arc, RwLock}};
/// use axum::{Router, http::header::HOST};
/// use tower_hardening::{HardeningLayer, hosts::TenantLayer};
///
/// let cache: Arc<RwLock<HashMap<String, HardeningLayer>>> = Arc::default();
/// let tenants = TenantLayer::new(HardeningLayer::default(), move |request| {
///     let host = request.headers().get(HOST)?.to_str().ok()?;
///     cache.try_read().ok()?.get(host).cloned()
/// });
/// let app: Router = Router::new().layer(tenants);
/// ```
#[must_use]
#[derive(Clone)]
pub struct TenantLayer {
    default: HardeningLayer,
    choose: Arc<Choose>,
}

type Choose = dyn Fn(&RequestHead<'_>) -> Option<HardeningLayer> + Send + Sync;

impl TenantLayer {
    /// Applies the layer that the hook returns, or this default.
    pub fn new(
        default: HardeningLayer,
        choose: impl Fn(&RequestHead<'_>) -> Option<HardeningLayer> + Send + Sync + 'static,
    ) -> Self {
        Self { default, choose: Arc::new(choose) }
    }
}

impl fmt::Debug for TenantLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantLayer").field("default", &self.default).finish_non_exhaustive()
    }
}

impl<S> Layer<S> for TenantLayer {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl sealed::Sealed for TenantLayer {}

impl Rule for TenantLayer {
    /// Holds the layer of the tenant, with its own state.
    type Pending = (HardeningLayer, <HardeningLayer as Rule>::Pending);

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) -> Self::Pending {
        let chosen = (self.choose)(&RequestHead::of(request));
        let layer = chosen.unwrap_or_else(|| self.default.clone());
        let pending = layer.on_request(request);
        (layer, pending)
    }

    #[inline]
    fn on_response(&self, (layer, pending): &Self::Pending, response: &mut impl ResponseParts) {
        layer.on_response(pending, response);
    }
}
