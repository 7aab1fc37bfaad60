//! The layer for several sites in one process.

use std::sync::Arc;

use http::{Request, Response};
use tower_layer::Layer;

use super::{
    hardening::{HardeningLayer, HardeningRule},
    rule::Rule,
    service::Hardened,
};
use crate::policy::{Hardening, Host, Origin, Scheme, Sites, find_site, sealed};

/// Applies the policies of the site that a request names: a [`HardeningLayer`] for each of
/// [`Sites`], behind one service.
///
/// The host is the one that an [`IngressLayer`](super::IngressLayer) outside found, else that of
/// `:authority` and `Host`.
///
/// ```
/// use axum::Router;
/// use tower_hardening::{Hardening, HardeningLayer, Origin, Sites, SitesLayer};
///
/// let site: Origin = "https://example.tld".parse()?;
/// let onion: Origin = "http://abcdefghijklmnop.onion".parse()?;
/// let sites = Sites::new(Hardening::pleroma(&site)).with(&onion, Hardening::pleroma(&onion));
/// let app: Router = Router::new().layer(SitesLayer::new(sites));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct SitesLayer {
    main: HardeningLayer,
    others: Vec<(Origin, HardeningLayer)>,
}

impl SitesLayer {
    /// Applies each site's policies to the requests that name it.
    pub fn new(sites: Sites) -> Self {
        let layer = |policies: &Hardening| HardeningLayer::new(policies.clone());
        let others = sites.others().map(|(site, policies)| (site.clone(), layer(policies)));
        Self { main: layer(sites.main()), others: others.collect() }
    }

    /// Changes the layer of each site: `.each(HardeningLayer::overriding)`.
    pub fn each(self, change: impl Fn(HardeningLayer) -> HardeningLayer) -> Self {
        let others = self.others.into_iter().map(|(site, layer)| (site, change(layer)));
        Self { others: others.collect(), main: change(self.main) }
    }
}

impl<S> Layer<S> for SitesLayer {
    type Service = Hardened<S, SitesRule>;

    fn layer(&self, inner: S) -> Self::Service {
        let others = self.others.iter().map(|(site, layer)| (site.clone(), layer.rule.clone()));
        let rules = Rules { main: self.main.rule.clone(), others: others.collect() };
        Hardened::new(inner, SitesRule(Arc::new(rules)))
    }
}

/// The rule of a [`SitesLayer`].
#[derive(Clone, Debug)]
pub struct SitesRule(Arc<Rules>);

#[derive(Clone, Debug)]
struct Rules {
    main: HardeningRule,
    others: Vec<(Origin, HardeningRule)>,
}

impl Rules {
    fn of<B>(&self, request: &Request<B>) -> &HardeningRule {
        let scheme = Scheme::of(request.extensions());
        let found = Host::named(request).and_then(|host| find_site(&self.others, &host, scheme));
        found.unwrap_or(&self.main)
    }
}

impl sealed::Sealed for SitesRule {}

impl Rule for SitesRule {
    type Pending = (HardeningRule, <HardeningRule as Rule>::Pending);

    #[inline]
    fn on_request<B>(&self, request: &mut Request<B>) -> Self::Pending {
        let rule = match self.0.others.is_empty() {
            true => &self.0.main,
            false => self.0.of(request),
        };
        (rule.clone(), rule.on_request(request))
    }

    #[inline]
    fn on_response<B>(&self, (rule, pending): &Self::Pending, response: &mut Response<B>) {
        rule.on_response(pending, response);
    }
}
