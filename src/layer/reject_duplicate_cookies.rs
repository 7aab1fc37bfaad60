//! Defines the layer that rejects duplicates of a guarded cookie.

use tower_layer::Layer;

use crate::{
    layer::engine::gate::{Gate, Gated},
    policy::{cookie::DuplicateCookies, header::sealed},
    request::{Answer, RequestParts},
};

/// Answers requests that contain a guarded cookie more than once with 400.
///
/// Without this layer, the application reads the first cookie: see [`DuplicateCookies`].
///
/// Some engines, such as WebKitGTK with libsoup, do not enforce cookie prefixes. In these engines a
/// sibling domain can set a `__Host-` cookie with a `Domain`, and a longer `Path` puts that cookie
/// first, so that the user acts in the account of another user. This layer prevents the attack for
/// users who already have the cookie.
///
/// Do not use this layer for an application that sets `Partitioned` cookies: a browser may send a
/// partitioned and an unpartitioned cookie of the same name.
///
/// Put it inside the [`HostCookieLayer`](crate::HostCookieLayer) or
/// [`HardeningLayer`](crate::HardeningLayer) that guards the cookies, because the outer layer finds
/// the duplicates.
///
/// ```
/// use axum::{Router, body::Body, http::Request};
/// use tower::ServiceExt;
/// use tower_hardening::{HostCookieLayer, HostCookies, cookie::RejectDuplicateCookiesLayer};
///
/// #[tokio::main]
/// async fn main() {
///     let app: Router = Router::new()
///         .layer(RejectDuplicateCookiesLayer::new())
///         .layer(HostCookieLayer::new(HostCookies::new(["session"]).unwrap()));
///     let request = Request::get("/").header("cookie", "__Host-session=1; __Host-session=2");
///     let response = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
///     assert_eq!(response.status(), 400);
/// }
/// ```
#[must_use]
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct RejectDuplicateCookiesLayer;

impl RejectDuplicateCookiesLayer {
    /// Accepts requests that contain each guarded cookie at most once.
    pub fn new() -> Self {
        Self
    }
}

impl<S> Layer<S> for RejectDuplicateCookiesLayer {
    type Service = Gated<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Gated::new(inner, *self)
    }
}

impl sealed::Sealed for RejectDuplicateCookiesLayer {}

impl Gate for RejectDuplicateCookiesLayer {
    #[inline]
    fn answer(&self, request: &impl RequestParts) -> Option<Answer> {
        let duplicates = request.extensions().get::<DuplicateCookies>();
        duplicates.map(|_| Answer::BAD_REQUEST)
    }
}
