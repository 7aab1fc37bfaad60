//! The layer for `__Host-` cookies.

use std::sync::Arc;

use http::{Request, Response};
use tower_layer::Layer;

use super::{rule::Rule, service::Hardened};
use crate::policy::{Crossing, HostCookies, sealed};

/// Guards cookies: see [`HostCookies`].
///
/// It renames and mends `Set-Cookie` lines on every status, and rewrites every `Cookie` line, of
/// requests for a WebSocket as well; nothing else is touched, and a line with nothing to do keeps its
/// bytes. Put it outside of whatever reads, sets or logs cookies: sessions, a CSRF check, a proxy. An
/// [`IngressLayer`](super::IngressLayer), which knows http from https, goes outside of it. A
/// [`HardeningLayer`](super::HardeningLayer) with such a policy does the same; one of the two is
/// enough ([`for_inner_layers`](HostCookies::for_inner_layers)).
///
/// ```
/// use axum::Router;
/// use tower_hardening::{CookiePrefix, HostCookieLayer, HostCookies, SameSite, ScopeConflict};
///
/// let app: Router = Router::new().layer(HostCookieLayer::new(HostCookies::new(["session"])?));
///
/// let cookies = HostCookies::new(["session", "app_*"])?
///     .prefix(CookiePrefix::HostHttp)
///     .same_site(SameSite::Lax)
///     .on_domain(ScopeConflict::Refuse)
///     .secure_others()
///     .except(["theme"])?;
/// let app: Router = Router::new().layer(HostCookieLayer::new(cookies));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct HostCookieLayer {
    rule: HostCookieRule,
}

impl HostCookieLayer {
    /// Guards these cookies.
    pub fn new(cookies: HostCookies) -> Self {
        Self { rule: HostCookieRule(Arc::new(cookies)) }
    }
}

impl<S> Layer<S> for HostCookieLayer {
    type Service = Hardened<S, HostCookieRule>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.rule.clone())
    }
}

/// The rule of a [`HostCookieLayer`].
#[derive(Clone, Debug)]
pub struct HostCookieRule(Arc<HostCookies>);

impl sealed::Sealed for HostCookieRule {}

impl Rule for HostCookieRule {
    type Pending = Crossing;

    #[inline]
    fn on_request<B>(&self, request: &mut Request<B>) -> Crossing {
        self.0.on_request(request)
    }

    /// On every status: browsers store cookies of redirects and errors, and of a 101.
    #[inline]
    fn on_response<B>(&self, crossing: &Crossing, response: &mut Response<B>) {
        self.0.on_response(*crossing, response.headers_mut());
    }
}
