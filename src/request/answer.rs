//! Defines responses that a layer sends in place of the application's.

use http::{HeaderValue, StatusCode};

/// Describes the response that a layer sends instead of calling the
/// application: a status, a `Location` for a redirect, and no body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(unnameable_types, reason = "in the signature of the sealed trait `Gate`")]
pub struct Answer {
    status: StatusCode,
    location: Option<HeaderValue>,
}

impl Answer {
    /// Rejects a request that no browser sends (RFC 9110 section 15.5.1).
    pub(crate) const BAD_REQUEST: Self = Self { status: StatusCode::BAD_REQUEST, location: None };

    /// Rejects a request for another server (RFC 9110 section 15.5.20).
    pub(crate) const MISDIRECTED: Self =
        Self { status: StatusCode::MISDIRECTED_REQUEST, location: None };

    /// Rejects a request that is answered neither here nor elsewhere.
    pub(crate) const FORBIDDEN: Self = Self { status: StatusCode::FORBIDDEN, location: None };

    pub(crate) fn redirect(status: StatusCode, location: HeaderValue) -> Self {
        Self { status, location: Some(location) }
    }

    /// Returns the status.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the value of `Location` for a redirect: an absolute URL.
    pub(crate) fn location(&self) -> Option<&HeaderValue> {
        self.location.as_ref()
    }
}
