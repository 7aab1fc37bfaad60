//! Defines the layers that change the policies of single routes.

use tower_layer::Layer;

use crate::{
    layer::engine::{rule::Rule, service::Hardened},
    policy::{HeaderOverride, csp::CspOverride, header::sealed},
    request::{RequestParts, ResponseParts},
};

/// Changes the policies of the layers outside for the routes that it wraps.
///
/// It puts the change into the extensions of each response, unless the handler put one there. It is
/// a [`CspOverrideLayer`](crate::csp::CspOverrideLayer) or a
/// [`HeaderOverrideLayer`](crate::header::HeaderOverrideLayer).
///
/// ```
/// use tower_hardening::csp::{CspOverride, CspOverrideLayer};
///
/// let layer = CspOverrideLayer::new(CspOverride::new().disable("a page of another team"));
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct OverrideLayer<T> {
    change: T,
}

/// Changes the `Content-Security-Policy` of single routes.
///
/// ```
/// use axum::{Router, routing::get};
/// use tower_hardening::{HardeningLayer, csp::{CspOverride, CspOverrideLayer, Source, SourceDirective}};
///
/// let tiles = [Source::host("https://tiles.example")?];
/// let map = CspOverride::new().extend(SourceDirective::IMG_SRC, tiles)?;
/// let app: Router = Router::new()
///     .route("/map", get(async || "a map").layer(CspOverrideLayer::new(map)))
///     .layer(HardeningLayer::default());
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
pub type CspOverrideLayer = OverrideLayer<CspOverride>;

/// Changes other headers of single routes.
///
/// ```
/// use axum::{Router, routing::get};
/// use http::header::X_FRAME_OPTIONS;
/// use tower_hardening::{HardeningLayer, header::{HeaderOverride, HeaderOverrideLayer}};
///
/// let framed = HeaderOverride::new().disable(&X_FRAME_OPTIONS, "partners frame this page")?;
/// let app: Router = Router::new()
///     .route("/widget", get(async || "a widget").layer(HeaderOverrideLayer::new(framed)))
///     .layer(HardeningLayer::default());
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
pub type HeaderOverrideLayer = OverrideLayer<HeaderOverride>;

impl<T> OverrideLayer<T> {
    /// Applies this change.
    pub fn new(change: T) -> Self {
        Self { change }
    }
}

impl<S, T: Clone> Layer<S> for OverrideLayer<T> {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl<T> sealed::Sealed for OverrideLayer<T> {}

impl<T: Clone + Send + Sync + 'static> Rule for OverrideLayer<T> {
    type Pending = ();

    #[inline]
    fn on_request(&self, _: &mut impl RequestParts) {}

    #[inline]
    fn on_response(&self, (): &(), response: &mut impl ResponseParts) {
        let extensions = response.extensions_mut();
        if extensions.get::<T>().is_none() {
            extensions.insert(self.change.clone());
        }
    }
}
