//! What a layer does to a request and to its response.

use http::{HeaderName, Request, Response, StatusCode};

use crate::policy::{Existing, Settled, sealed};

/// What a layer of this crate does: what it reads or marks on the request, and what it does to the
/// response's head. Never fails, never waits.
///
/// Sealed, and named so that a type like `Hardened<MyService, HeaderRule>` can be written down.
pub trait Rule: sealed::Sealed + Clone {
    /// What the request leaves for the response.
    type Pending;

    /// Before the inner service sees the request.
    fn on_request<B>(&self, request: &mut Request<B>) -> Self::Pending;

    /// Once the inner service has made the response's head.
    fn on_response<B>(&self, pending: &Self::Pending, response: &mut Response<B>);
}

/// Whether policies belong on the response: not on a 1xx, least of all a 101 that hands its
/// connection over.
pub(super) fn is_final<B>(response: &Response<B>) -> bool {
    response.status() >= StatusCode::OK
}

/// What to do with a header that is there: one about which a layer further in had the last word is
/// not replaced.
#[inline]
pub(super) fn met<B>(existing: Existing, name: &HeaderName, response: &Response<B>) -> Existing {
    match response.extensions().get::<Settled>() {
        Some(settled) if existing == Existing::Replace && settled.is_for(name) => Existing::Keep,
        _ => existing,
    }
}

/// Returns `true` if a layer further in decided that the response has no such header.
pub(super) fn is_left_out<B>(name: &HeaderName, response: &Response<B>) -> bool {
    response.extensions().get::<Settled>().is_some_and(|settled| settled.withholds(name))
}
