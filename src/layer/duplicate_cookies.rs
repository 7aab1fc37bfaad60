//! The layer that answers requests with several guarded cookies of one name.

use tower_layer::Layer;

use super::engine::gate::{Gate, Gated};
use crate::{
    head::RequestParts,
    policy::{Answer, DuplicateCookies, sealed},
};

/// Answers requests that have a guarded cookie twice with 400, where otherwise the application reads
/// the first: see [`DuplicateCookies`].
///
/// Some engines, such as WebKitGTK with libsoup, do not enforce prefixes: there a sibling domain can
/// set a `__Host-` cookie with a `Domain`, and a longer `Path` puts it first, so that the user acts
/// as somebody else. This layer stops that for users who have the cookie already.
///
/// Do not use it for an application that sets `Partitioned` cookies, since a browser may send one of
/// those next to one that is not.
///
/// Put it inside of the [`HostCookieLayer`](super::HostCookieLayer) or
/// [`HardeningLayer`](super::HardeningLayer) that guards them, which finds the duplicates.
///
/// ```
/// use axum::Router;
/// use tower_hardening::{DuplicateCookieLayer, HostCookieLayer, HostCookies};
///
/// let app: Router = Router::new()
///     .layer(DuplicateCookieLayer::new())
///     .layer(HostCookieLayer::new(HostCookies::new(["session"])?));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[must_use]
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct DuplicateCookieLayer;

impl DuplicateCookieLayer {
    /// Lets requests pass that have every guarded cookie once.
    pub fn new() -> Self {
        Self
    }
}

impl<S> Layer<S> for DuplicateCookieLayer {
    type Service = Gated<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Gated::new(inner, *self)
    }
}

impl sealed::Sealed for DuplicateCookieLayer {}

impl Gate for DuplicateCookieLayer {
    #[inline]
    fn answer(&self, request: &impl RequestParts) -> Option<Answer> {
        let duplicates = request.extensions().get::<DuplicateCookies>();
        duplicates.map(|_| Answer::BAD_REQUEST)
    }
}
