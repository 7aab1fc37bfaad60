//! Defines the layer that accepts requests for configured hosts only.

use std::sync::Arc;

use tower_layer::Layer;

use crate::{
    layer::engine::gate::{Gate, Gated},
    policy::header::sealed,
    request::{AllowedHosts, Answer, Host, RequestParts},
};

/// Answers requests that name none of the allowed hosts with 421.
///
/// See [`AllowedHosts`]. An application that builds text from `Host`, such as a link in an email,
/// then never links to another site.
///
/// A request is also rejected if `Host` is missing, repeated, malformed, or contradicts
/// `:authority`. An outer [`ConnectionInfoLayer`](crate::connection::ConnectionInfoLayer) can take the host from a trusted
/// proxy. Put this layer inside the [`HardeningLayer`](crate::HardeningLayer), so that its answers
/// have the headers.
///
/// ```
/// use axum::{Router, body::Body, http::Request};
/// use tower::ServiceExt;
/// use tower_hardening::hosts::{AllowedHosts, AllowedHostsLayer};
///
/// #[tokio::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let hosts = AllowedHosts::new(["example.tld", "www.example.tld"])?;
///     let app: Router = Router::new().layer(AllowedHostsLayer::new(hosts));
///     let request = Request::get("/").header("host", "evil.example").body(Body::empty())?;
///     let response = app.oneshot(request).await?;
///     assert_eq!(response.status(), 421);
///     Ok(())
/// }
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct AllowedHostsLayer {
    hosts: Arc<AllowedHosts>,
}

impl AllowedHostsLayer {
    /// Accepts requests for these hosts.
    pub fn new(hosts: AllowedHosts) -> Self {
        Self { hosts: Arc::new(hosts) }
    }
}

impl<S> Layer<S> for AllowedHostsLayer {
    type Service = Gated<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Gated::new(inner, self.clone())
    }
}

impl sealed::Sealed for AllowedHostsLayer {}

impl Gate for AllowedHostsLayer {
    #[inline]
    fn answer(&self, request: &impl RequestParts) -> Option<Answer> {
        let allowed = Host::named(request).is_some_and(|host| self.hosts.allows(&host));
        (!allowed).then_some(Answer::MISDIRECTED)
    }
}
