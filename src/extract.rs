//! The nonce as an argument of an axum handler.

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};

use crate::Nonce;

impl<S: Sync> FromRequestParts<S> for Nonce {
    type Rejection = NoNonce;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, NoNonce> {
        Self::of(parts).cloned().ok_or(NoNonce)
    }
}

/// The rejection of a handler that asks for a [`Nonce`] where no layer around it has a policy with
/// one: a 500 with a plain message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoNonce;

impl IntoResponse for NoNonce {
    fn into_response(self) -> Response {
        let message = "no policy around this handler has a nonce";
        (StatusCode::INTERNAL_SERVER_ERROR, message).into_response()
    }
}
