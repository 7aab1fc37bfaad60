//! Defines the layers that change the policies of single routes.

use tower_layer::Layer;

use crate::{
    layer::engine::{rule::Rule, service::Hardened},
    policy::{HeaderOverride, csp::CspOverride, header::sealed},
    request::{RequestParts, ResponseParts},
};

/// Changes the policies of the layers outside for the routes that it wraps.
///
/// It puts the change into the extensions of each response. An override of the handler or of an inner
/// layer takes its place for the headers that it changes, and the changes of other headers apply too:
/// `Content-Security-Policy` and its report-only header are two headers. The type is a
/// [`CspOverrideLayer`](crate::csp::CspOverrideLayer) or a
/// [`HeaderOverrideLayer`](crate::header::HeaderOverrideLayer).
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use tower::ServiceExt;
/// use tower_hardening::{HardeningLayer, csp::{CspOverride, CspOverrideLayer}};
///
/// #[tokio::main]
/// async fn main() {
///     let change = CspOverrideLayer::new(CspOverride::new().disable("a page of another team"));
///     let page = get(async || "a page").layer(change);
///     let app: Router = Router::new().route("/", page).layer(HardeningLayer::default());
///     let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
///     assert_eq!(response.headers().get("content-security-policy"), None);
/// }
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct OverrideLayer<T> {
    change: T,
}

/// Changes the `Content-Security-Policy` of single routes.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use tower::ServiceExt;
/// use tower_hardening::{HardeningLayer, csp::{CspOverride, CspOverrideLayer, Source, SourceDirective}};
///
/// #[tokio::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let change = CspOverride::new().extend(SourceDirective::FONT_SRC, [Source::BLOB])?;
///     let page = get(async || "a page").layer(CspOverrideLayer::new(change));
///     let app: Router = Router::new().route("/", page).layer(HardeningLayer::default());
///     let response = app.oneshot(Request::new(Body::empty())).await?;
///     let policy = response.headers()["content-security-policy"].to_str()?;
///     assert!(policy.contains("font-src 'self' data: blob:;"));
///     Ok(())
/// }
/// ```
pub type CspOverrideLayer = OverrideLayer<CspOverride>;

/// Changes other headers of single routes.
///
/// ```
/// use axum::{Router, body::Body, http::{Request, header::X_FRAME_OPTIONS}, routing::get};
/// use tower::ServiceExt;
/// use tower_hardening::{HardeningLayer, header::{HeaderOverride, HeaderOverrideLayer}};
///
/// #[tokio::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let framed = HeaderOverride::new().disable(&X_FRAME_OPTIONS, "partners frame this page")?;
///     let widget = get(async || "a widget").layer(HeaderOverrideLayer::new(framed));
///     let app: Router = Router::new().route("/", widget).layer(HardeningLayer::default());
///     let response = app.oneshot(Request::new(Body::empty())).await?;
///     assert_eq!(response.headers().get(X_FRAME_OPTIONS), None);
///     Ok(())
/// }
/// ```
pub type HeaderOverrideLayer = OverrideLayer<HeaderOverride>;

impl<T> OverrideLayer<T> {
    /// Applies this change.
    pub fn new(change: T) -> Self {
        Self { change }
    }
}

/// Combines the change of a route with that of the handler inside of it.
#[expect(unnameable_types, reason = "sealed: the two overrides are the only changes")]
pub trait Change: sealed::Sealed + Clone + Send + Sync + 'static {
    /// Returns this change of a handler, with those of the route that it does not contradict.
    #[doc(hidden)]
    fn over(self, outer: &Self) -> Self;
}

impl sealed::Sealed for CspOverride {}

impl Change for CspOverride {
    fn over(self, outer: &Self) -> Self {
        self.over(outer)
    }
}

impl sealed::Sealed for HeaderOverride {}

impl Change for HeaderOverride {
    fn over(self, outer: &Self) -> Self {
        self.over(outer)
    }
}

impl<S, T: Clone> Layer<S> for OverrideLayer<T> {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl<T> sealed::Sealed for OverrideLayer<T> {}

impl<T: Change> Rule for OverrideLayer<T> {
    type Pending = ();

    #[inline]
    fn on_request(&self, _: &mut impl RequestParts) {}

    #[inline]
    fn on_response(&self, (): &(), response: &mut impl ResponseParts) {
        let extensions = response.extensions_mut();
        let change = match extensions.remove::<T>() {
            Some(inner) => inner.over(&self.change),
            None => self.change.clone(),
        };
        extensions.insert(change);
    }
}
