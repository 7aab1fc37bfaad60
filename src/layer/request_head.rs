//! Defines the view of a request that a hook receives.

use std::{fmt, sync::Arc};

use http::{Extensions, HeaderMap, Method, Uri};

use crate::{policy::csp::Addition, request::RequestParts};

/// Gives a hook access to a request without its body.
///
/// The client controls the method, URI and headers: use them only to choose among values that the
/// server knows.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, CspLayer, csp::{Addition, Source, SourceDirective}};
///
/// let cdn = Addition::source(SourceDirective::IMG_SRC, Source::host("https://cdn.example")?);
/// let layer = CspLayer::new(ContentSecurityPolicy::NONE).with_sources(move |request| {
///     request.uri().path().starts_with("/shop").then(|| cdn.clone())
/// });
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'a> {
    method: &'a Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    extensions: &'a Extensions,
}

impl<'a> RequestHead<'a> {
    pub(super) fn of(request: &'a impl RequestParts) -> Self {
        Self {
            method: request.method(),
            uri: request.uri(),
            headers: request.headers(),
            extensions: request.extensions(),
        }
    }

    /// Returns the method.
    pub fn method(&self) -> &'a Method {
        self.method
    }

    /// Returns the URI.
    pub fn uri(&self) -> &'a Uri {
        self.uri
    }

    /// Returns the headers.
    pub fn headers(&self) -> &'a HeaderMap {
        self.headers
    }

    /// Returns the extensions of outer layers, such as the request's tenant.
    pub fn extensions(&self) -> &'a Extensions {
        self.extensions
    }
}

type Ask = dyn Fn(&RequestHead<'_>) -> Vec<Addition> + Send + Sync;

/// Returns additional sources for the policy of one response.
#[derive(Clone)]
pub(super) struct SourceHook(Arc<Ask>);

impl SourceHook {
    pub(super) fn new<I: IntoIterator<Item = Addition>>(
        ask: impl Fn(&RequestHead<'_>) -> I + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |head| ask(head).into_iter().collect()))
    }

    /// Returns the sources for the response to this request.
    pub(super) fn ask(&self, request: &impl RequestParts) -> Vec<Addition> {
        (self.0)(&RequestHead::of(request))
    }
}

impl fmt::Debug for SourceHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SourceHook(..)")
    }
}
