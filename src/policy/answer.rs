//! What is answered in the application's place.

use http::{HeaderValue, StatusCode};

/// What a layer answers in the application's place: a status, for a redirect where to, and no body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    status: StatusCode,
    location: Option<HeaderValue>,
}

impl Answer {
    /// No browser sends such a request (RFC 9110 section 15.5.1).
    pub(crate) const BAD_REQUEST: Self = Self { status: StatusCode::BAD_REQUEST, location: None };

    /// The request is for another server (RFC 9110 section 15.5.20).
    pub(crate) const MISDIRECTED: Self =
        Self { status: StatusCode::MISDIRECTED_REQUEST, location: None };

    /// The request is not answered here, and not elsewhere either.
    pub(crate) const FORBIDDEN: Self = Self { status: StatusCode::FORBIDDEN, location: None };

    pub(crate) fn redirect(status: StatusCode, location: HeaderValue) -> Self {
        Self { status, location: Some(location) }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// For a redirect, the value of `Location`: an absolute URL.
    pub fn location(&self) -> Option<&HeaderValue> {
        self.location.as_ref()
    }
}
