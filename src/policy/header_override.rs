//! Changes the headers of one response, as decided by the handler of the request.

use std::{borrow::Cow, sync::Arc};

use http::{HeaderName, HeaderValue, header};

use super::header::HeaderPolicy;
use crate::{error::ParseError, trace};

/// Changes the headers that layers add to one response. A handler inserts it into
/// the response's extensions.
///
/// A header that the handler itself sets is usually kept, so only two things need an override:
/// another value for a header that layers replace, and no header at all. A request cannot contain
/// an override. For `Content-Security-Policy` use [`CspOverride`](crate::csp::CspOverride).
///
/// ```
/// use http::header::X_FRAME_OPTIONS;
/// use tower_hardening::header::{CrossOriginOpenerPolicy, HeaderOverride};
///
/// let change = HeaderOverride::new()
///     .replace(&CrossOriginOpenerPolicy::UNSAFE_NONE)?
///     .disable(&X_FRAME_OPTIONS, "partners show this page in frames")?;
/// let mut response = http::Response::new("signed in");
/// response.extensions_mut().insert(change);
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct HeaderOverride(Arc<Vec<(HeaderName, Change)>>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    Replace(HeaderValue),
    Disable(Cow<'static, str>),
}

/// Tells a layer how to treat its header.
pub(crate) enum Decision<'a> {
    /// Adds its own value.
    Own,
    /// Adds this value, in the place of what the response has.
    Other(&'a HeaderValue),
    /// Adds nothing.
    Nothing,
}

impl HeaderOverride {
    /// Creates an override that changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends this policy in the place of the layers' policy for the same header, and of a line that
    /// the response has.
    ///
    /// # Errors
    ///
    /// Returns an error for a `Content-Security-Policy`.
    pub fn replace(self, policy: &impl HeaderPolicy) -> Result<Self, ParseError> {
        self.change(policy.name(), Change::Replace(policy.value()))
    }

    /// Makes layers not send the header. The reason is logged (feature `tracing`).
    ///
    /// # Errors
    ///
    /// Returns an error for `Content-Security-Policy` and `Set-Cookie`.
    pub fn disable(
        self,
        name: &HeaderName,
        reason: impl Into<Cow<'static, str>>,
    ) -> Result<Self, ParseError> {
        self.change(name, Change::Disable(reason.into()))
    }

    fn change(mut self, name: &HeaderName, change: Change) -> Result<Self, ParseError> {
        let error = |remedy| Err(ParseError::new(name.as_str().to_owned(), 0, remedy));
        match *name {
            header::CONTENT_SECURITY_POLICY => {
                return error("a handler changes this header by another type; use CspOverride");
            }
            header::CONTENT_SECURITY_POLICY_REPORT_ONLY | header::SET_COOKIE => {
                return error("a handler cannot change this header; remove it from the override");
            }
            _ => {}
        }
        let changes = Arc::make_mut(&mut self.0);
        match changes.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = change,
            None => changes.push((name.clone(), change)),
        }
        Ok(self)
    }

    /// Returns what a layer does with its header of this name.
    pub(crate) fn decide(&self, name: &HeaderName) -> Decision<'_> {
        match self.0.iter().find(|(known, _)| known == name) {
            None => Decision::Own,
            Some((_, Change::Replace(value))) => Decision::Other(value),
            Some((_, Change::Disable(reason))) => {
                trace::header_off(name.as_str(), reason);
                Decision::Nothing
            }
        }
    }
}
