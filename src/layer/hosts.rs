//! The layer that answers for configured hosts only.

use std::sync::Arc;

use http::Request;
use tower_layer::Layer;

use super::gate::{Gate, Gated};
use crate::policy::{AllowedHosts, Answer, Host, sealed};

/// Answers requests that name none of these hosts with 421: see [`AllowedHosts`]. So nothing that an
/// application makes of `Host`, a link in a mail say, leads to somewhere else.
///
/// A missing `Host`, several, one that is malformed or that `:authority` contradicts, are no host.
/// An [`IngressLayer`](super::IngressLayer) outside may have taken the host from a trusted proxy. Put
/// it inside of [`HardeningLayer`](super::HardeningLayer), so that its answers have the headers.
///
/// ```
/// use axum::Router;
/// use tower_hardening::{AllowedHosts, HostLayer};
///
/// let hosts = AllowedHosts::new(["example.tld", "www.example.tld"])?;
/// let app: Router = Router::new().layer(HostLayer::new(hosts));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct HostLayer {
    gate: HostGate,
}

impl HostLayer {
    /// Lets requests for these hosts pass.
    pub fn new(hosts: AllowedHosts) -> Self {
        Self { gate: HostGate(Arc::new(hosts)) }
    }
}

impl<S> Layer<S> for HostLayer {
    type Service = Gated<S, HostGate>;

    fn layer(&self, inner: S) -> Self::Service {
        Gated::new(inner, self.gate.clone())
    }
}

/// The gate of a [`HostLayer`].
#[derive(Clone, Debug)]
pub struct HostGate(Arc<AllowedHosts>);

impl sealed::Sealed for HostGate {}

impl Gate for HostGate {
    #[inline]
    fn answer<B>(&self, request: &Request<B>) -> Option<Answer> {
        let allowed = Host::named(request).is_some_and(|host| self.0.allows(&host));
        (!allowed).then_some(Answer::MISDIRECTED)
    }
}
