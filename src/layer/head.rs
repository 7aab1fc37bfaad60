//! What a hook is shown of a request.

use std::{fmt, sync::Arc};

use http::{Extensions, HeaderMap, Method, Request, Uri};

use crate::{
    event,
    policy::{Source, SourceDirective},
};

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
    fn of<B>(request: &'a Request<B>) -> Self {
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

type Ask = dyn Fn(&RequestHead<'_>) -> Vec<(SourceDirective, String)> + Send + Sync;

/// Asks for the sources that one response is to have besides.
#[derive(Clone)]
pub(super) struct SourceHook(Arc<Ask>);

impl SourceHook {
    pub(super) fn new(
        ask: impl Fn(&RequestHead<'_>) -> Vec<(SourceDirective, String)> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(ask))
    }

    /// The sources that are one host or one scheme each; others are dropped, and said to be.
    pub(super) fn ask<B>(&self, request: &Request<B>) -> Vec<(SourceDirective, Source)> {
        let asked = (self.0)(&RequestHead::of(request)).into_iter();
        let valid = asked.filter_map(|(directive, text)| {
            let source = Source::at_run_time(&text);
            if source.is_none() {
                event::source_dropped(&text, "content-security-policy: not one host or scheme");
            }
            Some((directive, source?))
        });
        valid.collect()
    }
}

impl fmt::Debug for SourceHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SourceHook(..)")
    }
}
