//! Defines the layer that makes the nonce of a request the current one.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::Request;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::policy::csp::{Nonce, within};

/// Makes the nonce of a request the [current](Nonce::current) one while the inner service works on
/// the request. Needs the feature `ambient`.
///
/// Put it inside of every layer with a content policy: an inner policy without a nonce can remove the
/// nonce from the request. An inner request without a nonce, such as
/// one to another application in the same process, has no current nonce.
///
/// A task or thread that the handler spawns does not have it: pass the nonce, or use
/// [`scope`](Nonce::scope) there. A streamed body is written after the response's head, when it is too
/// late to read a nonce for the first time: read it in the handler.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use tower::ServiceExt;
/// use tower_hardening::{CspLayer, Nonce, csp::AmbientNonceLayer};
///
/// #[tokio::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let page = async || Nonce::current().map(|nonce| nonce.to_string()).unwrap_or_default();
///     let app: Router = Router::new().route("/", get(page)).layer(AmbientNonceLayer::new());
///     let app = app.layer(CspLayer::new("script-src 'nonce-{}'".parse()?));
///     let response = app.oneshot(Request::new(Body::empty())).await?;
///     assert_ne!(response.headers()["content-security-policy"], "script-src 'none'");
///     Ok(())
/// }
/// ```
#[must_use]
#[derive(Clone, Copy, Debug, Default)]
pub struct AmbientNonceLayer(());

impl AmbientNonceLayer {
    /// Makes the nonce of each request the current one.
    pub fn new() -> Self {
        Self::default()
    }
}

impl<S> Layer<S> for AmbientNonceLayer {
    type Service = AmbientNonce<S>;

    fn layer(&self, inner: S) -> Self::Service {
        AmbientNonce { inner }
    }
}

/// Runs the inner service in the scope of the request's nonce: see
/// [`AmbientNonceLayer`](crate::csp::AmbientNonceLayer).
#[derive(Clone, Copy, Debug)]
pub struct AmbientNonce<S> {
    inner: S,
}

impl<S, B> Service<Request<B>> for AmbientNonce<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = NonceScope<S::Future>;

    #[inline]
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    #[inline]
    fn call(&mut self, request: Request<B>) -> Self::Future {
        let mut nonce = Nonce::from_extensions(request.extensions()).cloned();
        let inner = within(&mut nonce, || self.inner.call(request));
        NonceScope { inner, nonce }
    }
}

impl Nonce {
    /// Runs a future during which this nonce is the [`current`](Self::current) one, as in a spawned
    /// task. Needs the feature `ambient`.
    ///
    /// ```
    /// use tower_hardening::Nonce;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let nonce = Nonce::from_value("MTIzNDU2Nzg5MDEyMzQ1Njc4")?;
    /// let page = async || Nonce::current().is_some();
    /// let rendered = tokio::spawn(nonce.scope(async move { page().await }));
    /// assert!(rendered.await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn scope<F: Future>(self, future: F) -> NonceScope<F> {
        NonceScope { inner: future, nonce: Some(self) }
    }
}

pin_project! {
    /// Drives a future in the scope of a nonce: see [`Nonce::scope`].
    #[must_use = "futures do nothing unless they are polled"]
    pub struct NonceScope<F> {
        #[pin]
        inner: F,
        nonce: Option<Nonce>,
    }
}

impl<F: Future> Future for NonceScope<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        within(this.nonce, || this.inner.poll(context))
    }
}

impl<F: fmt::Debug> fmt::Debug for NonceScope<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NonceScope").field("inner", &self.inner).finish_non_exhaustive()
    }
}
