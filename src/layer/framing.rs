//! Tracks frame ancestors that `X-Frame-Options` cannot express.

use http::{HeaderValue, header};

use crate::{policy::csp::Draft, request::ResponseParts};

/// Classifies which pages an enforced policy allows to frame a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// Pages of a list of origins, or all pages.
    ByList,
    /// The pages that `X-Frame-Options` allows.
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

/// Records a policy line with a list of frame ancestors.
///
/// It is stored in the response's extensions, for outer layers.
#[derive(Clone, Debug)]
struct FramedByList(HeaderValue);

/// Records that this line on the response has a list of frame ancestors.
pub(super) fn note(response: &mut impl ResponseParts, line: HeaderValue) {
    response.extensions_mut().insert(FramedByList(line));
}

/// Returns `true` if a layer added a policy with a list of frame ancestors.
pub(super) fn is_by_list(response: &impl ResponseParts) -> bool {
    let Some(FramedByList(noted)) = response.extensions().get() else { return false };
    let lines = response.headers().get_all(header::CONTENT_SECURITY_POLICY);
    lines.iter().any(|line| line == noted)
}
