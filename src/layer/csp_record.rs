//! Records what a layer did to the policies of a response, for the layers around it.
//!
//! A layer that leaves the application's policy alone cannot tell, from the headers alone, which
//! lines are the application's. The record says what the layers of this crate did:
//!
//! - A line that was appended to others does not count as the application's own.
//! - A policy with a nonce is left out of a 304. The headers of a 304 replace those of the stored
//!   response, all lines of a name at once (RFC 9111 section 3.2). A new nonce does not match the
//!   stored page, and one of several policies would replace all of them. Such a 304 therefore has no
//!   line of that name, from any layer.
//! - A line with a list of frame ancestors excludes `X-Frame-Options`, which cannot express it.

use http::{HeaderName, HeaderValue, StatusCode, header};

use super::rendered::Framing;
use crate::request::ResponseParts;

/// Records, in the extensions of a response, what the layers inside did.
#[derive(Clone, Debug, Default)]
pub(super) struct CspRecord {
    appended: Vec<(HeaderName, HeaderValue)>,
    left_out: Vec<(HeaderName, Framing)>,
    framed_by_list: Option<HeaderValue>,
}

impl CspRecord {
    /// Returns the record of the layers inside, or `None` if they recorded nothing.
    #[inline]
    pub(super) fn of(response: &impl ResponseParts) -> Option<&Self> {
        response.extensions().get()
    }

    /// Returns the record of the layers inside, to change it.
    pub(super) fn edit(response: &mut impl ResponseParts) -> &mut Self {
        response.extensions_mut().get_or_insert_with(Self::default)
    }

    /// Records that this line was appended.
    pub(super) fn record_appended(&mut self, name: HeaderName, value: HeaderValue) {
        self.appended.push((name, value));
    }

    /// Records that the 304 has no policy of this name.
    pub(super) fn record_left_out(&mut self, name: HeaderName, framing: Framing) {
        self.left_out.push((name, framing));
    }

    /// Records that this line has a list of frame ancestors.
    pub(super) fn record_framed_by_list(&mut self, line: HeaderValue) {
        self.framed_by_list = Some(line);
    }
}

/// Returns `true` if the response has a line of this name that no layer appended.
pub(super) fn has_own_line(response: &impl ResponseParts, name: &HeaderName) -> bool {
    let mut lines = response.headers().get_all(name).iter();
    let Some(record) = CspRecord::of(response) else { return lines.next().is_some() };
    let is_appended =
        |line| record.appended.iter().any(|(other, value)| other == name && value == line);
    lines.any(|line| !is_appended(line))
}

/// Keeps an appended line as a policy of its own: from now on it counts like any other.
pub(super) fn keep(response: &mut impl ResponseParts, name: &HeaderName, value: &HeaderValue) {
    if let Some(record) = response.extensions_mut().get_mut::<CspRecord>() {
        record.appended.retain(|(other, line)| other != name || line != value);
    }
}

/// Discards the record of the lines of a name, because the 304 has none of them.
pub(super) fn discard_appended(response: &mut impl ResponseParts, name: &HeaderName) {
    if let Some(record) = response.extensions_mut().get_mut::<CspRecord>() {
        record.appended.retain(|(other, _)| other != name);
    }
}

/// Discards the whole record of a name, because another line replaces it.
pub(super) fn discard(response: &mut impl ResponseParts, name: &HeaderName) {
    if let Some(record) = response.extensions_mut().get_mut::<CspRecord>() {
        record.appended.retain(|(other, _)| other != name);
        record.left_out.retain(|(other, _)| other != name);
    }
}

/// Returns `true` if a policy of this name was left out, so that no other policy is added.
#[inline]
pub(super) fn is_left_out(response: &impl ResponseParts, name: &HeaderName) -> bool {
    response.status() == StatusCode::NOT_MODIFIED
        && CspRecord::of(response)
            .is_some_and(|record| record.left_out.iter().any(|(left_out, _)| left_out == name))
}

/// Returns `true` if the page may be framed by a list of origins, or by all.
///
/// The policy that allows it is on the response, or was left out of a 304.
pub(super) fn is_framed_by_list(response: &impl ResponseParts) -> bool {
    let Some(record) = CspRecord::of(response) else { return false };
    let sent = response.headers().get_all(header::CONTENT_SECURITY_POLICY);
    record.left_out.iter().any(|(_, framing)| *framing == Framing::ByList)
        || record.framed_by_list.as_ref().is_some_and(|line| sent.iter().any(|one| one == line))
}
