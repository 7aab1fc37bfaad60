//! Policies with a nonce that a 304 goes without.
//!
//! The headers of a 304 replace those of the stored response, all lines of a name at once (RFC 9111
//! section 3.2). A new nonce does not fit the stored page, and one of several policies would take
//! the place of all of them: so such a 304 has no line of that name.

use http::{HeaderName, StatusCode};

use super::framing::Framing;
use crate::head::ResponseParts;

/// The names of those policies, in the extensions of a 304, for layers further out.
#[derive(Clone, Debug, Default)]
struct LeftOut(Vec<(HeaderName, Framing)>);

/// Returns `true` if anything was left out.
pub(super) fn any(response: &impl ResponseParts) -> bool {
    response.extensions().get::<LeftOut>().is_some_and(|LeftOut(names)| !names.is_empty())
}

/// Says that a policy was left out.
pub(super) fn note(response: &mut impl ResponseParts, name: &HeaderName, framing: Framing) {
    let LeftOut(names) = response.extensions_mut().get_or_insert_with(LeftOut::default);
    names.push((name.clone(), framing));
}

/// Returns `true` if a policy of that name was left out, so that no other is added.
#[inline]
pub(super) fn has(response: &impl ResponseParts, name: &HeaderName) -> bool {
    response.status() == StatusCode::NOT_MODIFIED
        && response
            .extensions()
            .get::<LeftOut>()
            .is_some_and(|LeftOut(names)| names.iter().any(|(left_out, _)| left_out == name))
}

/// Returns `true` if the page may be framed by a list, by a policy that was left out.
pub(super) fn frames_by_list(response: &impl ResponseParts) -> bool {
    let is_by_list =
        |LeftOut(names): &LeftOut| names.iter().any(|(_, framing)| *framing == Framing::ByList);
    response.extensions().get().is_some_and(is_by_list)
}

/// Forgets the policies of a name, which another one replaces.
pub(super) fn forget(response: &mut impl ResponseParts, name: &HeaderName) {
    if let Some(LeftOut(names)) = response.extensions_mut().get_mut() {
        names.retain(|(left_out, _)| left_out != name);
    }
}
