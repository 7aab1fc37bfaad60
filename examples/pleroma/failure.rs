//! Defines rejections: a status, and one line of plain text.

use std::borrow::Cow;
use std::error::Error;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Holds the reason for rejecting a request, as text for the user.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    message: Cow<'static, str>,
    retry_after: Option<Duration>,
    told: Option<Told>,
}

/// Represents the text of a [`Failure`], in the extensions of its response.
#[derive(Debug, Clone)]
pub(crate) struct InWords(pub(crate) Cow<'static, str>);

/// Marks a response whose rejection has its own event, in its extensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told;

impl Failure {
    pub(crate) const NOT_FOUND: Self = Self::new(StatusCode::NOT_FOUND, "there is nothing here");
    pub(crate) const CROSS_SITE: Self =
        Self::new(StatusCode::FORBIDDEN, "this came from another site");
    pub(crate) const ANOTHER_HOST: Self =
        Self::new(StatusCode::MISDIRECTED_REQUEST, "this host is not served here");
    pub(crate) const LARGE_FORM: Self =
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "this form is too large");
    pub(crate) const SLOW_CLIENT: Self =
        Self::new(StatusCode::REQUEST_TIMEOUT, "the request came too slowly");
    pub(crate) const SLOW_SERVER: Self =
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "this takes too long; try again");
    pub(crate) const BUSY: Self =
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "too many do this at once; try again");
    pub(crate) const FULL: Self = Self::new(
        StatusCode::INSUFFICIENT_STORAGE,
        "this server is full; ask the person who runs it",
    );
    pub(crate) const NO_ROOM: Self =
        Self::new(StatusCode::INSUFFICIENT_STORAGE, "there is no room for this file");

    pub(crate) const fn new(status: StatusCode, message: &'static str) -> Self {
        Self { status, message: Cow::Borrowed(message), retry_after: None, told: None }
    }

    pub(crate) const fn bad_request(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// Returns the rejection of an upload that is larger than this many MiB.
    pub(crate) fn large_upload(mebibytes: usize) -> Self {
        let message = format!("the file is too large: at most {mebibytes} MiB can be uploaded");
        Self { message: message.into(), ..Self::new(StatusCode::PAYLOAD_TOO_LARGE, "") }
    }

    /// Returns the rejection for an account that has stored its limit of MiB.
    pub(crate) fn full_account(mebibytes: usize) -> Self {
        let message = format!(
            "this account is full: its posts and files take at most {mebibytes} MiB; delete some to make room"
        );
        Self { message: message.into(), ..Self::new(StatusCode::INSUFFICIENT_STORAGE, "") }
    }

    /// Returns the rejection of a client with too many attempts.
    pub(crate) fn too_often(what: &str, wait: Duration) -> Self {
        let seconds = wait.as_secs() + 1;
        let message = format!("{what}; try again in {seconds} seconds").into();
        let retry_after = Some(wait);
        Self { message, retry_after, ..Self::new(StatusCode::TOO_MANY_REQUESTS, "") }
    }

    /// Returns the same rejection, marked as reported by an event.
    pub(crate) fn told(self) -> Self {
        Self { told: Some(Told), ..self }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let words = InWords(self.message.clone());
        let mut response = (self.status, self.message).into_response();
        response.extensions_mut().insert(words);
        if let Some(told) = self.told {
            response.extensions_mut().insert(told);
        }
        if let Some(wait) = self.retry_after {
            let seconds = HeaderValue::from(wait.as_secs() + 1);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

/// Any other error is a fault of the server. It is logged, and the user gets a 500, or a 507 if the disk is full.
impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let error: &(dyn Error + 'static) = &error;
        if error.downcast_ref().is_some_and(is_full) {
            tracing::error!(%error, "a request is refused: the database cannot grow");
            return Self::FULL;
        }
        tracing::error!(%error, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
    }
}

/// Returns `true` if SQLite has no room to write.
fn is_full(error: &rusqlite::Error) -> bool {
    let rusqlite::Error::SqliteFailure(error, _) = error else { return false };
    error.code == rusqlite::ErrorCode::DiskFull
        || error.extended_code == rusqlite::ffi::SQLITE_IOERR_WRITE
}
