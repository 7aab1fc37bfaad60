//! Defines the layer for several sites in one process.

use std::sync::Arc;

use tower_layer::Layer;

use super::hardening::HardeningLayer;
use crate::{
    layer::engine::{rule::Rule, service::Hardened},
    policy::{VirtualHosts, header::sealed},
    request::{Host, RequestParts, ResponseParts, Scheme, SiteMap},
};

/// Applies the policies of the site that a request names.
///
/// Contains a [`HardeningLayer`] for each of [`VirtualHosts`], behind one service. A request takes
/// the same time for every number of hosts.
///
/// The host is taken from an outer [`ConnectionInfoLayer`](crate::connection::ConnectionInfoLayer) if there is one, otherwise
/// from `:authority` and `Host`.
///
/// ```
/// use axum::{Router, body::Body, http::Request};
/// use tower::ServiceExt;
/// use tower_hardening::{Hardening, hosts::{VirtualHosts, VirtualHostsLayer}};
///
/// #[tokio::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let api = "https://api.example.tld".parse()?;
///     let sites = VirtualHosts::new(Hardening::recommended()).with(&api, Hardening::api());
///     let app: Router = Router::new().layer(VirtualHostsLayer::new(sites));
///     let request = Request::get("/").header("host", "api.example.tld").body(Body::empty())?;
///     let response = app.oneshot(request).await?;
///     assert_eq!(response.headers()["x-frame-options"], "DENY");
///     Ok(())
/// }
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct VirtualHostsLayer {
    sites: Arc<SiteLayers>,
}

#[derive(Clone, Debug)]
struct SiteLayers {
    main: HardeningLayer,
    others: SiteMap<HardeningLayer>,
}

impl VirtualHostsLayer {
    /// Applies each site's policies to the requests that name it.
    pub fn new(sites: VirtualHosts) -> Self {
        let (main, others) = sites.into_parts();
        let others = others.map(HardeningLayer::new);
        Self { sites: Arc::new(SiteLayers { main: HardeningLayer::new(main), others }) }
    }

    /// Changes each site's layer, as in `.map(HardeningLayer::overriding)`.
    pub fn map(self, change: impl Fn(HardeningLayer) -> HardeningLayer) -> Self {
        let SiteLayers { main, others } = Arc::unwrap_or_clone(self.sites);
        let others = others.map(&change);
        Self { sites: Arc::new(SiteLayers { main: change(main), others }) }
    }
}

impl SiteLayers {
    /// Returns the layer of the site that the request names.
    fn of(&self, request: &impl RequestParts) -> &HardeningLayer {
        if self.others.is_empty() {
            return &self.main;
        }
        let scheme = Scheme::from_extensions(request.extensions());
        let found = Host::named(request).and_then(|host| self.others.find(&host, scheme));
        found.unwrap_or(&self.main)
    }
}

impl<S> Layer<S> for VirtualHostsLayer {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl sealed::Sealed for VirtualHostsLayer {}

impl Rule for VirtualHostsLayer {
    /// Represents the layer of the site, with its own state.
    type Pending = (HardeningLayer, <HardeningLayer as Rule>::Pending);

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) -> Self::Pending {
        let layer = self.sites.of(request).clone();
        let pending = layer.on_request(request);
        (layer, pending)
    }

    #[inline]
    fn on_response(&self, (layer, pending): &Self::Pending, response: &mut impl ResponseParts) {
        layer.on_response(pending, response);
    }
}
