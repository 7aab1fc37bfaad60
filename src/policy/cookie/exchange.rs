//! Applies the guard in both directions: from the wire to the application, and back.

use http::{HeaderMap, header};

use super::lint;
use super::{extensions::Crossing, guard::HostCookies, lines, request, response};
use crate::lint::Lint;
use crate::request::RequestParts;
use http::HeaderValue;

impl HostCookies {
    /// Renames guarded cookies to their plain names and drops look-alikes.
    #[inline]
    pub(crate) fn on_request(&self, request: &mut impl RequestParts) -> Crossing {
        if self.plain_on_localhost && request::is_local(request) {
            return Crossing::PLAIN;
        }
        if !lines::any(request.headers(), &header::COOKIE) {
            return Crossing::default();
        }
        request::rewrite(self, request)
    }

    /// Renames the application's cookies for the wire and makes their lines
    /// conform to the prefix.
    #[inline]
    pub(crate) fn on_response(&self, crossing: Crossing, headers: &mut HeaderMap) {
        if crossing != Crossing::PLAIN && lines::any(headers, &header::SET_COOKIE) {
            let mut after = response::After::default();
            lines::each(headers, &header::SET_COOKIE, |line| {
                response::rewrite(self, crossing, line, &mut after);
            });
            after.finish(headers);
        }
    }
}

impl HostCookies {
    /// Returns the weaknesses of a `Set-Cookie` line after it is guarded, for tests:
    /// `SameSite=None`, a missing `HttpOnly`, a lifetime of more than 400 days, a line too long to
    /// be stored, and similar faults.
    ///
    /// Each lint is also an event when such a line is sent (feature `tracing`).
    pub fn lint_set_cookie(&self, set_cookie: &HeaderValue) -> Vec<Lint> {
        response::lints(self, set_cookie.as_bytes())
    }

    pub(crate) fn lints(&self) -> Vec<Lint> {
        lint::of_policy(self)
    }
}
