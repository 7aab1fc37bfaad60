//! Records the policies with a nonce that are left out of a 304.
//!
//! The headers of a 304 replace those of the stored response, all lines of a name at once (RFC 9111
//! section 3.2). A new nonce does not match the stored page, and one of several policies would
//! replace all of them. Such a 304 therefore has no line of that name.

use http::{HeaderName, StatusCode};

use super::framing::Framing;
use crate::request::ResponseParts;

/// Lists the policies left out, in the extensions of a 304, for outer layers.
#[derive(Clone, Debug, Default)]
struct LeftOut(Vec<(HeaderName, Framing)>);

/// Returns `true` if any policy was left out.
pub(super) fn any(response: &impl ResponseParts) -> bool {
    response.extensions().get::<LeftOut>().is_some_and(|LeftOut(names)| !names.is_empty())
}

/// Records that a policy was left out.
pub(super) fn note(response: &mut impl ResponseParts, name: &HeaderName, framing: Framing) {
    let LeftOut(names) = response.extensions_mut().get_or_insert_with(LeftOut::default);
    names.push((name.clone(), framing));
}

/// Returns `true` if a policy of that name was left out.
///
/// In this case no other policy of that name is added.
#[inline]
pub(super) fn has(response: &impl ResponseParts, name: &HeaderName) -> bool {
    response.status() == StatusCode::NOT_MODIFIED
        && response
            .extensions()
            .get::<LeftOut>()
            .is_some_and(|LeftOut(names)| names.iter().any(|(left_out, _)| left_out == name))
}

/// Returns `true` if a policy left out allows a list of frame ancestors.
pub(super) fn frames_by_list(response: &impl ResponseParts) -> bool {
    let is_by_list =
        |LeftOut(names): &LeftOut| names.iter().any(|(_, framing)| *framing == Framing::ByList);
    response.extensions().get().is_some_and(is_by_list)
}

/// Removes the records of a name, because another policy replaces them.
pub(super) fn forget(response: &mut impl ResponseParts, name: &HeaderName) {
    if let Some(LeftOut(names)) = response.extensions_mut().get_mut() {
        names.retain(|(left_out, _)| left_out != name);
    }
}
