//! Defines the layer that keeps responses with a cookie out of shared caches.

use http::{HeaderMap, HeaderValue, header};
use tower_layer::Layer;

use crate::{
    layer::engine::{
        rule::{Rule, is_final},
        service::Hardened,
    },
    policy::{
        cache_control::{is_private, make_private},
        header::sealed,
    },
    request::{RequestParts, ResponseParts},
};

/// Keeps responses that set a cookie out of shared caches, which would give one user's session to
/// another.
///
/// A response with `Set-Cookie` gets `Cache-Control: private` and `Vary: Cookie`, unless its
/// `Cache-Control` is `private` or `no-store` already; `public` and `s-maxage` are removed, and so are
/// the headers that shared caches read in place of `Cache-Control`, such as `CDN-Cache-Control`. Other
/// responses are not changed. A `Vary: *` stays as it is. Put the layer outside of the session's
/// middleware, so that it sees the cookie.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use tower::ServiceExt;
/// use tower_hardening::cookie::PrivateCookiesLayer;
///
/// #[tokio::main]
/// async fn main() {
///     let page = get(async || [("set-cookie", "sid=1"), ("cache-control", "public, max-age=60")]);
///     let app: Router = Router::new().route("/", page).layer(PrivateCookiesLayer::new());
///     let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
///     assert_eq!(response.headers()["cache-control"], "private, max-age=60");
/// }
/// ```
#[must_use]
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct PrivateCookiesLayer;

impl PrivateCookiesLayer {
    /// Makes responses with `Set-Cookie` private.
    pub fn new() -> Self {
        Self
    }
}

impl<S> Layer<S> for PrivateCookiesLayer {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, *self)
    }
}

impl sealed::Sealed for PrivateCookiesLayer {}

impl Rule for PrivateCookiesLayer {
    type Pending = ();

    #[inline]
    fn on_request(&self, _: &mut impl RequestParts) {}

    #[inline]
    fn on_response(&self, (): &(), response: &mut impl ResponseParts) {
        if is_final(response) && response.headers().contains_key(header::SET_COOKIE) {
            keep_private(response.headers_mut());
        }
    }
}

fn keep_private(headers: &mut HeaderMap) {
    let was_private = is_private(headers);
    make_private(headers);
    if !was_private && !varies(headers) {
        drop(headers.try_append(header::VARY, HeaderValue::from_static("cookie")));
    }
}

/// Returns `true` if the response varies by the cookies of the request, or by everything.
fn varies(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::VARY).iter();
    let names = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let mut names = names.map(<[u8]>::trim_ascii);
    names.any(|name| name == b"*" || name.eq_ignore_ascii_case(b"cookie"))
}
