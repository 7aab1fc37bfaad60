//! Pages that others may frame, by a list that `X-Frame-Options` has no value for.

use http::{HeaderValue, header};

use crate::{head::ResponseParts, policy::Draft};

/// The pages that may frame a page, by its enforced `Content-Security-Policy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// Pages of a list of origins, or all pages.
    ByList,
    /// Those that `X-Frame-Options` allows.
    AsElsewhere,
}

impl Framing {
    pub(super) fn of(policy: &Draft<'_>) -> Self {
        match policy.frames_by_list() {
            true => Self::ByList,
            false => Self::AsElsewhere,
        }
    }
}

/// The line with such a policy, in the response's extensions, for layers further out.
#[derive(Clone, Debug)]
struct FramedByList(HeaderValue);

/// Says that the response has this line of a policy with such a list.
pub(super) fn note(response: &mut impl ResponseParts, line: HeaderValue) {
    response.extensions_mut().insert(FramedByList(line));
}

/// Returns `true` if the response has a policy with such a list, put there by a layer.
pub(super) fn is_by_list(response: &impl ResponseParts) -> bool {
    let Some(FramedByList(noted)) = response.extensions().get() else { return false };
    let lines = response.headers().get_all(header::CONTENT_SECURITY_POLICY);
    lines.iter().any(|line| line == noted)
}
