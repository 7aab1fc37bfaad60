//! Defines the layer for all policies at once.

use std::sync::Arc;

use tower_layer::Layer;

use super::{
    policies::{Policies, PoliciesPending},
    request_head::{RequestHead, SourceHook},
    withheld::WhenUnknown,
};
use crate::{
    layer::engine::{rule::Rule, service::Hardened},
    policy::{csp::Addition, hardening::Hardening, header::sealed},
    request::{Host, RequestParts, ResponseParts},
};

/// Applies every policy of a [`Hardening`] in one pass.
///
/// The result is the same as with the layers of each policy stacked, at a lower cost. In addition,
/// the layer sends `X-Frame-Options` if `frame-ancestors` implies it.
///
/// A response can have its own policy, from an inner [`CspLayer`](crate::CspLayer) or a
/// [`CspOverride`](crate::csp::CspOverride). If the `frame-ancestors` of that policy is neither `'none'` nor `'self'`, the
/// response gets no `X-Frame-Options`: browsers without support for `frame-ancestors` would block
/// frames that the policy allows.
///
/// `Strict-Transport-Security`, `Expect-CT` and `upgrade-insecure-requests` depend on the scheme
/// and the host of the request: see [`ConnectionInfo`](crate::connection::ConnectionInfo). None of them is
/// sent over http, or to an IP address or localhost if the scheme is unknown.
///
/// Add it last, outside routing, error handling and time limits.
///
/// ```
/// use axum::{Router, body::Body, http::Request};
/// use tower::ServiceExt;
/// use tower_hardening::{FrameOptions, Hardening, HardeningLayer};
///
/// #[tokio::main]
/// async fn main() {
///     let policies = Hardening::recommended().with(FrameOptions::DENY);
///     let app: Router = Router::new().layer(HardeningLayer::new(policies)); // last, so outermost
///     let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
///     assert_eq!(response.headers()["x-frame-options"], "DENY");
/// }
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct HardeningLayer {
    policies: Arc<Policies>,
}

impl HardeningLayer {
    /// Applies these policies.
    ///
    /// If the response already has a header, its policy replaces or keeps it as the layer of that
    /// policy would.
    pub fn new(hardening: Hardening) -> Self {
        Self { policies: Arc::new(Policies::new(hardening)) }
    }

    /// Replaces the headers that the inner service set.
    ///
    /// Use this for a gateway in front of services whose headers are not trusted. Headers that an
    /// inner [`MediaLayer`](crate::media::MediaLayer) decided are kept, and overrides of handlers apply:
    /// they are in the extensions of a response, which no other server can set.
    pub fn overriding(mut self) -> Self {
        Arc::make_mut(&mut self.policies).override_all();
        self
    }

    /// Sends the headers for https only if the scheme is known to be https.
    ///
    /// These are `Strict-Transport-Security` and `Expect-CT`: see
    /// [`StsLayer::https_only`](crate::StsLayer::https_only).
    pub fn https_only(mut self) -> Self {
        Arc::make_mut(&mut self.policies).unknown = WhenUnknown::Withhold;
        self
    }

    /// Calls a hook per request, and adds its sources to the enforced policy.
    ///
    /// See [`CspLayer::with_sources`](crate::CspLayer::with_sources).
    ///
    /// The policies of [`with_additional_csp`](Hardening::with_additional_csp) and the report-only
    /// policy are not changed, unless there is no main enforced policy.
    pub fn with_sources<I: IntoIterator<Item = Addition>>(
        mut self,
        hook: impl Fn(&RequestHead<'_>) -> I + Send + Sync + 'static,
    ) -> Self {
        Arc::make_mut(&mut self.policies).set_hook(&SourceHook::new(hook));
        self
    }

    /// Never sends `Strict-Transport-Security` and `Expect-CT` to requests that name one of these
    /// hosts: see [`StsLayer::exclude_hosts`](crate::StsLayer::exclude_hosts).
    pub fn exclude_hosts_from_sts(mut self, hosts: impl IntoIterator<Item = Host>) -> Self {
        Arc::make_mut(&mut self.policies).excluded.add(hosts);
        self
    }

    /// Allows hot reload on a developer's machine: `ws:` in `connect-src`, `'unsafe-eval'` in
    /// `script-src` and `'unsafe-inline'` in `style-src` of every content policy. On a page with a nonce
    /// in `style-src`, browsers ignore `'unsafe-inline'`.
    ///
    /// A response is changed only if the address of the peer and the `Host` are both loopback, the
    /// scheme is not https, and no proxy forwarded the request. If the peer is unknown, nothing is
    /// changed: insert a [`Transport`](crate::connection::Transport) into each request, or, with axum
    /// and feature `axum`, serve with `into_make_service_with_connect_info::<SocketAddr>()`.
    ///
    /// ```
    /// use tower_hardening::HardeningLayer;
    ///
    /// let mut layer = HardeningLayer::default();
    /// if cfg!(debug_assertions) {
    ///     layer = layer.dangerous_dev_overlay();
    /// }
    /// ```
    pub fn dangerous_dev_overlay(mut self) -> Self {
        Arc::make_mut(&mut self.policies).set_dev_overlay();
        self
    }
}

impl Default for HardeningLayer {
    /// Applies the [`recommended`](Hardening::recommended) policies.
    fn default() -> Self {
        Self::new(Hardening::default())
    }
}

impl<S> Layer<S> for HardeningLayer {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl sealed::Sealed for HardeningLayer {}

impl Rule for HardeningLayer {
    type Pending = PoliciesPending;

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) -> PoliciesPending {
        self.policies.on_request(request)
    }

    #[inline]
    fn on_response(&self, pending: &PoliciesPending, response: &mut impl ResponseParts) {
        self.policies.on_response(pending, response);
    }
}
