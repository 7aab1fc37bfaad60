//! Adds a policy's line to the headers of a response, or replaces other lines by it.

use http::{HeaderMap, HeaderName, HeaderValue, header};

#[cfg(feature = "nonce")]
use super::csp_pending::CspPending;
use super::{
    csp_record::{self, CspRecord},
    rendered::{Framing, Lines},
};
use crate::{
    layer::engine::{prepared_headers, rule::effective_mode},
    policy::{
        csp::{ContentSecurityPolicy, Disposition},
        header::{HeaderPolicy, InsertMode},
        room::{join_policy, make_room},
    },
    request::ResponseParts,
};
#[cfg(feature = "nonce")]
use crate::{
    policy::csp::{Carriers, NonceHandle},
    request::RequestParts,
};

/// Holds the header of a policy, and the mode for a header that the response already has.
#[derive(Clone, Debug)]
pub(super) struct CspHeader {
    pub(super) name: HeaderName,
    pub(super) existing: InsertMode,
}

impl CspHeader {
    pub(super) fn new(name: HeaderName) -> Self {
        Self { name, existing: ContentSecurityPolicy::DEFAULT_MODE }
    }

    /// Returns `true` if the policy is appended to existing ones.
    pub(super) fn appends(&self) -> bool {
        self.existing == InsertMode::Append
    }

    /// Returns `true` if this is the main enforced policy, not appended.
    pub(super) fn is_main(&self) -> bool {
        !self.appends() && self.is_enforced()
    }

    fn is_enforced(&self) -> bool {
        self.name == header::CONTENT_SECURITY_POLICY
    }

    /// Returns `true` if no line of these headers stays in the place of this policy.
    pub(super) fn replaces_all_of(&self, headers: &HeaderMap) -> bool {
        self.existing == InsertMode::Override || !headers.contains_key(&self.name)
    }

    /// Gives the request the nonce that this header is to contain.
    #[cfg(feature = "nonce")]
    pub(super) fn take_nonce(&self, request: &mut impl RequestParts, pending: &mut CspPending) {
        pending.take_nonce(Carriers::of(self.disposition(), self.existing), request);
    }

    /// Removes the nonce from the request if this header, which has none, replaces all that are to
    /// contain it.
    #[cfg(feature = "nonce")]
    pub(super) fn hide_nonce(&self, request: &mut impl RequestParts) {
        if !self.appends() {
            NonceHandle::hide(request.extensions_mut(), Carriers::yielding(self.disposition()));
        }
    }

    /// Stops inner layers from giving the request a nonce for a header that this one replaces.
    #[cfg(feature = "nonce")]
    pub(super) fn stop_inner_nonces(&self, request: &mut impl RequestParts) {
        Carriers::override_inner(self.disposition(), request.extensions_mut());
    }

    /// Returns the header that the policy is sent in.
    pub(super) fn disposition(&self) -> Disposition {
        match self.is_enforced() {
            true => Disposition::Enforce,
            false => Disposition::Report,
        }
    }

    /// Removes every line of this name from a 304.
    ///
    /// A line of the application that this policy does not replace is kept.
    pub(super) fn leave_out(&self, framing: Framing, response: &mut impl ResponseParts) {
        let existing = effective_mode(self.existing, &self.name, response);
        if existing == InsertMode::IfNotPresent && csp_record::has_own_line(response, &self.name) {
            return;
        }
        response.headers_mut().remove(&self.name);
        csp_record::discard_appended(response, &self.name);
        let framing = if self.is_main() { framing } else { Framing::AsElsewhere };
        CspRecord::edit(response).record_left_out(self.name.clone(), framing);
    }

    /// Adds a policy to the response, unless an existing one is kept.
    pub(super) fn place(&self, lines: Lines, framing: Framing, response: &mut impl ResponseParts) {
        let Lines { first, second } = lines;
        make_room(response.headers_mut(), 1 + usize::from(second.is_some()));
        // Clone the value only if outer layers need to know the line.
        let by_list = (self.is_main() && framing == Framing::ByList).then(|| first.clone());
        let existing = effective_mode(self.existing, &self.name, response);
        let is_sent = match existing {
            InsertMode::Override => self.replace(first, response),
            InsertMode::Append => self.append(first, response),
            InsertMode::IfNotPresent => self.put_if_absent(first, response),
        };
        match second {
            // Another policy can have the same first line, which is then sent once.
            Some(second) if existing == InsertMode::Append => {
                self.append(second, response);
            }
            Some(second) if is_sent => self.put_second(second, response),
            _ => {}
        }
        if let Some(line) = by_list.filter(|_| is_sent) {
            CspRecord::edit(response).record_framed_by_list(line);
        }
    }

    fn put_second(&self, line: HeaderValue, response: &mut impl ResponseParts) {
        if self.is_present(&line, response) {
            csp_record::keep(response, &self.name, &line);
        } else {
            let headers = response.headers_mut();
            if headers.try_append(&self.name, line.clone()).is_err() {
                join_policy(headers, &self.name, &line);
            }
        }
    }

    fn replace(&self, value: HeaderValue, response: &mut impl ResponseParts) -> bool {
        csp_record::discard(response, &self.name);
        response.headers_mut().try_insert(&self.name, value).is_ok()
    }

    fn append(&self, value: HeaderValue, response: &mut impl ResponseParts) -> bool {
        if self.is_present(&value, response) {
            return false;
        }
        let is_sent = response.headers_mut().try_append(&self.name, value.clone()).is_ok();
        CspRecord::edit(response).record_appended(self.name.clone(), value);
        is_sent
    }

    fn put_if_absent(&self, value: HeaderValue, response: &mut impl ResponseParts) -> bool {
        if CspRecord::of(response).is_none() {
            let headers = response.headers_mut();
            return prepared_headers::put(&self.name, value, InsertMode::IfNotPresent, headers);
        }
        if csp_record::has_own_line(response, &self.name) {
            return false;
        }
        if self.is_present(&value, response) {
            // From now on the appended line counts as a policy of its own.
            csp_record::keep(response, &self.name, &value);
            return true;
        }
        response.headers_mut().try_append(&self.name, value).is_ok()
    }

    fn is_present(&self, value: &HeaderValue, response: &impl ResponseParts) -> bool {
        response.headers().get_all(&self.name).iter().any(|line| line == value)
    }
}
