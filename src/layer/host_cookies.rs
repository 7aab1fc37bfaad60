//! Defines the layer for `__Host-` cookies.

use std::sync::Arc;

use tower_layer::Layer;

use crate::{
    layer::engine::{rule::Rule, service::Hardened},
    policy::{
        cookie::{Crossing, HostCookies},
        header::sealed,
    },
    request::{RequestParts, ResponseParts},
};

/// Guards cookies with the `__Host-` prefix: see [`HostCookies`].
///
/// It renames and corrects `Set-Cookie` lines on every status, and rewrites every `Cookie` line,
/// including those of WebSocket requests. Nothing else is changed, and a line that needs no change
/// keeps its bytes.
///
/// Put it outside every layer that reads, sets or logs cookies, such as sessions, a CSRF check or
/// a proxy. Put a [`ConnectionInfoLayer`](crate::connection::ConnectionInfoLayer), which distinguishes http from https,
/// outside it. A [`HardeningLayer`](crate::HardeningLayer) with a [`HostCookies`] policy does the
/// same; use one of the two ([`allow_nested_layers`](HostCookies::allow_nested_layers)).
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use tower::ServiceExt;
/// use tower_hardening::{HostCookieLayer, HostCookies};
///
/// #[tokio::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let page = get(async || [("set-cookie", "session=1; HttpOnly")]);
///     let layer = HostCookieLayer::new(HostCookies::new(["session"])?);
///     let app: Router = Router::new().route("/", page).layer(layer);
///     let response = app.oneshot(Request::new(Body::empty())).await?;
///     let sent = &response.headers()["set-cookie"];
///     assert_eq!(sent, "__Host-session=1; HttpOnly; Path=/; Secure");
///     Ok(())
/// }
/// ```
///
/// Cookies can have another prefix, other attributes and exceptions:
///
/// ```
/// use tower_hardening::{
///     HostCookieLayer, HostCookies, cookie::{CookiePrefix, SameSite, ScopeAction},
/// };
///
/// let cookies = HostCookies::new(["session", "app_*"])?
///     .prefix(CookiePrefix::HostHttp)
///     .same_site(SameSite::Lax)
///     .domain_attribute(ScopeAction::Drop)
///     .secure_other_cookies_except(["theme"])?;
/// let layer = HostCookieLayer::new(cookies);
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct HostCookieLayer {
    cookies: Arc<HostCookies>,
}

impl HostCookieLayer {
    /// Guards these cookies.
    pub fn new(cookies: HostCookies) -> Self {
        Self { cookies: Arc::new(cookies) }
    }
}

impl<S> Layer<S> for HostCookieLayer {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl sealed::Sealed for HostCookieLayer {}

impl Rule for HostCookieLayer {
    type Pending = Crossing;

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) -> Crossing {
        self.cookies.on_request(request)
    }

    /// Rewrites the lines of every status.
    ///
    /// Browsers store cookies of redirects, errors and a 101.
    #[inline]
    fn on_response(&self, crossing: &Crossing, response: &mut impl ResponseParts) {
        self.cookies.on_response(*crossing, response.headers_mut());
    }
}
