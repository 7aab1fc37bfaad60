//! Refusals: a status, and one line of plain text.

use std::error::Error;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why a request was refused, in words that the user may see.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    message: &'static str,
}

impl Failure {
    pub(crate) const NOT_FOUND: Self = Self::new(StatusCode::NOT_FOUND, "there is nothing here");
    pub(crate) const CROSS_SITE: Self =
        Self::new(StatusCode::FORBIDDEN, "this came from another site");

    pub(crate) const fn new(status: StatusCode, message: &'static str) -> Self {
        Self { status, message }
    }

    pub(crate) const fn bad_request(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, self.message).into_response()
    }
}

/// Whatever else goes wrong is ours: the log has the error, the user a 500.
impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong here")
    }
}
