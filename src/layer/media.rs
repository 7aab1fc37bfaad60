//! Defines the layer for uploads and proxied files.

use std::sync::Arc;

use http::uri::PathAndQuery;
use tower_layer::Layer;

#[cfg(feature = "nonce")]
use crate::policy::csp::{Carriers, NonceHandle};
use crate::{
    layer::engine::{rule::Rule, service::Hardened},
    policy::{Media, header::sealed, room::make_room},
    request::{RequestParts, ResponseParts},
};

/// The number of headers that the policy for a file has at most.
const ROOM: usize = 8;

/// Sends untrusted files with a policy that is safe for their type.
///
/// See [`Media`]. Put the layer directly around the files, inside all other layers of this crate.
/// The other layers keep its headers, even with `.overriding()`, and add their own, such as
/// `Referrer-Policy` and `Strict-Transport-Security`. A [`CspOverride`](crate::csp::CspOverride) has no
/// effect on its responses, and they have no `Nonce` of an outer policy that this layer replaces.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use tower::ServiceExt;
/// use tower_hardening::{HardeningLayer, media::{Media, MediaLayer}};
///
/// #[tokio::main]
/// async fn main() {
///     let file = get(async || [("content-type", "text/html")]).layer(MediaLayer::new(Media::uploads()));
///     let app: Router = Router::new()
///         .route("/page.html", file)
///         .layer(HardeningLayer::default()); // keeps the headers of the file
///     let request = Request::get("/page.html").body(Body::empty()).unwrap();
///     let response = app.oneshot(request).await.unwrap();
///     assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"page.html\"");
/// }
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct MediaLayer {
    media: Arc<Media>,
}

impl MediaLayer {
    /// Applies this policy to every response.
    pub fn new(media: Media) -> Self {
        Self { media: Arc::new(media) }
    }
}

impl<S> Layer<S> for MediaLayer {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl sealed::Sealed for MediaLayer {}

impl Rule for MediaLayer {
    /// Represents the path, whose last segment is used for a file without a name.
    type Pending = Option<PathAndQuery>;

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) -> Self::Pending {
        #[cfg(feature = "nonce")]
        NonceHandle::hide(request.extensions_mut(), Carriers::yielding_to_media());
        request.uri().path_and_query().cloned()
    }

    #[inline]
    fn on_response(&self, pending: &Self::Pending, response: &mut impl ResponseParts) {
        make_room(response.headers_mut(), ROOM);
        self.media.put(pending.as_ref().map_or("", PathAndQuery::path), response);
    }
}
