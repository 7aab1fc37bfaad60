//! What a hook is shown of a request.

use std::{fmt, sync::Arc};

use http::{Extensions, HeaderMap, Method, Uri};

use crate::{head::RequestParts, policy::Addition};

/// A request without its body, as a hook is shown it.
///
/// The client wrote its method, address and headers: go by them only to choose among what the
/// server knows.
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'a> {
    method: &'a Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    extensions: &'a Extensions,
}

impl<'a> RequestHead<'a> {
    fn of(request: &'a impl RequestParts) -> Self {
        Self {
            method: request.method(),
            uri: request.uri(),
            headers: request.headers(),
            extensions: request.extensions(),
        }
    }

    /// The method.
    pub fn method(&self) -> &'a Method {
        self.method
    }

    /// The address.
    pub fn uri(&self) -> &'a Uri {
        self.uri
    }

    /// The headers.
    pub fn headers(&self) -> &'a HeaderMap {
        self.headers
    }

    /// What layers outside left, such as the tenant that a request is for.
    pub fn extensions(&self) -> &'a Extensions {
        self.extensions
    }
}

type Ask = dyn Fn(&RequestHead<'_>) -> Vec<Addition> + Send + Sync;

/// Asks for the sources that one response has in addition.
#[derive(Clone)]
pub(super) struct SourceHook(Arc<Ask>);

impl SourceHook {
    pub(super) fn new<I: IntoIterator<Item = Addition>>(
        ask: impl Fn(&RequestHead<'_>) -> I + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |head| ask(head).into_iter().collect()))
    }

    /// The sources for the response to this request.
    pub(super) fn ask(&self, request: &impl RequestParts) -> Vec<Addition> {
        (self.0)(&RequestHead::of(request))
    }
}

impl fmt::Debug for SourceHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SourceHook(..)")
    }
}
