//! Defines how a layer changes the head of a request and of its response.

use http::{HeaderName, StatusCode};

use super::prepared_headers::{PreparedHeader, put};
use crate::{
    policy::{
        Decision, HeaderOverride, MediaHeaders,
        header::{InsertMode, Places, sealed},
    },
    request::{RequestParts, ResponseParts},
};

/// Reads or marks a request, and changes the head of its response.
///
/// A layer is its own rule. A rule never fails and never waits.
#[expect(unnameable_types, reason = "sealed: the layers of this crate are the only rules")]
pub trait Rule: sealed::Sealed + Clone {
    /// State carried from a request to its response.
    type Pending;

    /// Runs before the inner service sees the request.
    fn on_request(&self, request: &mut impl RequestParts) -> Self::Pending;

    /// Runs when the inner service has returned the response's head.
    fn on_response(&self, pending: &Self::Pending, response: &mut impl ResponseParts);
}

/// Returns `true` if policies apply to this response.
///
/// Policies do not apply to a 1xx, in particular not to a 101, which switches the connection to
/// another protocol.
pub(in crate::layer) fn is_final(response: &impl ResponseParts) -> bool {
    response.status() >= StatusCode::OK
}

/// Adds a prepared header, as a handler or an inner layer decided for this response.
///
/// `places` returns the places of its members, if it is a list.
#[inline]
pub(in crate::layer) fn put_line<'a>(
    line: &PreparedHeader,
    places: impl FnOnce() -> Option<&'a Places>,
    response: &mut impl ResponseParts,
) {
    let change = response.extensions().get::<HeaderOverride>();
    match change.map_or(Decision::Own, |change| change.decide(&line.name)) {
        Decision::Own => {
            let existing = effective_mode(line.existing, &line.name, response);
            line.put(existing, response.headers_mut());
        }
        Decision::Other(value) => {
            let value = value.clone();
            let existing = effective_mode(InsertMode::Override, &line.name, response);
            put(&line.name, value, existing, response.headers_mut());
        }
        Decision::Extended(additions) => {
            let extended = places().map(|places| places.extend(&line.value, additions));
            let value = extended.unwrap_or_else(|| line.value.clone());
            let existing = effective_mode(line.existing, &line.name, response);
            put(&line.name, value, existing, response.headers_mut());
        }
        Decision::Nothing => {}
    }
}

/// Returns the mode that applies to a header of this response.
///
/// A line that an inner layer decided is not replaced.
#[inline]
pub(in crate::layer) fn effective_mode(
    existing: InsertMode,
    name: &HeaderName,
    response: &impl ResponseParts,
) -> InsertMode {
    match response.extensions().get::<MediaHeaders>() {
        Some(media) if existing == InsertMode::Override && media.is_for(name) => {
            InsertMode::IfNotPresent
        }
        _ => existing,
    }
}

/// Returns `true` if an inner layer decided that this header is not sent.
pub(in crate::layer) fn is_left_out(name: &HeaderName, response: &impl ResponseParts) -> bool {
    response.extensions().get::<MediaHeaders>().is_some_and(|media| media.withholds(name))
}
