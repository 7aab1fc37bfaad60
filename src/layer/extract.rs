//! Extracts the nonce and the connection as arguments of an axum handler.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};

use crate::{policy::csp::Nonce, request::ConnectionInfo};

impl<S: Sync> FromRequestParts<S> for Nonce {
    type Rejection = MissingNonce;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, MissingNonce> {
        Self::from_extensions(&parts.extensions).cloned().ok_or(MissingNonce)
    }
}

/// Extracts `None` if no policy around the handler has a nonce.
impl<S: Sync> OptionalFromRequestParts<S> for Nonce {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(Self::from_extensions(&parts.extensions).cloned())
    }
}

/// Extracts the decision of the `ConnectionInfoLayer`. Without one the scheme, the host and the peer
/// are unknown.
impl<S: Sync> FromRequestParts<S> for ConnectionInfo {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::from_extensions(&parts.extensions).cloned().unwrap_or_default())
    }
}

/// Extracts `None` without a `ConnectionInfoLayer`.
impl<S: Sync> OptionalFromRequestParts<S> for ConnectionInfo {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(Self::from_extensions(&parts.extensions).cloned())
    }
}

/// Reports that a handler asks for a [`Nonce`] and has none.
///
/// No layer around the handler has a policy with a nonce. The response is a 500 with a plain
/// message.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use tower::ServiceExt;
/// use tower_hardening::Nonce;
///
/// #[tokio::main]
/// async fn main() {
///     let page = async |nonce: Nonce| format!("<script nonce={nonce} src=/app.js></script>");
///     let bare: Router = Router::new().route("/", get(page)); // without a CspLayer
///     assert_eq!(bare.oneshot(Request::new(Body::empty())).await.unwrap().status(), 500);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingNonce;

impl IntoResponse for MissingNonce {
    fn into_response(self) -> Response {
        let message = "no policy around this handler has a nonce; add a layer whose policy contains 'nonce-{}'";
        (StatusCode::INTERNAL_SERVER_ERROR, message).into_response()
    }
}
