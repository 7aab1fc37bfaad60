//! Carries state from a request to the policy of its response.

use http::HeaderMap;

use super::{dev_overlay, request_head::SourceHook, withheld::Withheld};
#[cfg(feature = "nonce")]
use crate::policy::{
    cache_control::{make_own_private, make_private},
    csp::{Carriers, Nonce, NonceHandle},
};
use crate::{
    policy::csp::{Addition, Template},
    request::{RequestParts, ResponseParts},
    trace,
};

/// Stores state carried from a request to the policy of its response.
#[derive(Debug, Default)]
#[expect(unnameable_types, reason = "an associated type of a sealed trait")]
pub struct CspPending {
    #[cfg(feature = "nonce")]
    nonce: Option<NonceHandle>,
    /// The sources that a hook returned.
    ///
    /// They are boxed, because usually there is no hook.
    sources: Option<Box<[Addition]>>,
    /// Set for a developer's own request, whose policy allows hot reload.
    is_local: bool,
    pub(super) withheld: Withheld,
}

impl CspPending {
    /// Creates a state that only records the withheld headers.
    #[inline]
    pub(super) fn without(withheld: Withheld) -> Self {
        Self { withheld, ..Self::default() }
    }

    /// Creates the nonce of a request, or finds the nonce of an outer layer.
    #[cfg(feature = "nonce")]
    pub(super) fn take_nonce(&mut self, carrier: Carriers, request: &mut impl RequestParts) {
        match self.nonce {
            None => self.nonce = NonceHandle::on(request.extensions_mut(), carrier),
            Some(_) => NonceHandle::add_carrier(request.extensions_mut(), carrier),
        }
    }

    /// Returns `true` if the request has a nonce, of an outer layer or from outside.
    #[inline]
    pub(super) fn has_nonce(request: &impl RequestParts) -> bool {
        #[cfg(feature = "nonce")]
        return Nonce::from_extensions(request.extensions()).is_some();
        #[cfg(not(feature = "nonce"))]
        {
            let _ = request;
            false
        }
    }

    /// Calls the hook for the sources of the response, at most once.
    pub(super) fn ask(&mut self, hook: &SourceHook, request: &impl RequestParts) {
        if self.sources.is_none() {
            self.sources = Some(hook.ask(request).into());
        }
    }

    pub(super) fn sources(&self) -> &[Addition] {
        self.sources.as_deref().unwrap_or_default()
    }

    /// Adds the sources for hot reload, if the request is a developer's own.
    pub(super) fn add_dev_sources(&mut self, request: &impl RequestParts) {
        if !self.is_local && dev_overlay::is_local(request) {
            trace::policy_relaxed();
            self.is_local = true;
        }
    }

    pub(super) fn dev_sources(&self) -> &'static [Addition] {
        static SOURCES: [Addition; 3] = dev_overlay::SOURCES;
        if self.is_local { &SOURCES } else { &[] }
    }

    /// Ends the reading of the nonce.
    #[inline]
    pub(super) fn close(&self) {
        #[cfg(feature = "nonce")]
        if let Some(nonce) = &self.nonce {
            nonce.close();
        }
    }

    /// Keeps a response with a nonce out of shared caches, in the outermost layer.
    #[inline]
    pub(super) fn finish(&self, response: &mut impl ResponseParts) {
        #[cfg(feature = "nonce")]
        if self.is_outermost() && self.nonce().is_some() {
            make_private(response.headers_mut());
        }
        #[cfg(not(feature = "nonce"))]
        let _ = response;
    }

    /// Keeps the response's own headers out of shared caches, before headers are added that are private already.
    pub(super) fn keep_own_private(&self, headers: &mut HeaderMap) {
        #[cfg(feature = "nonce")]
        if self.is_outermost() {
            make_own_private(headers);
        }
        #[cfg(not(feature = "nonce"))]
        let _ = headers;
    }

    #[cfg(feature = "nonce")]
    fn is_outermost(&self) -> bool {
        self.nonce.as_ref().is_some_and(NonceHandle::is_outermost)
    }

    /// Returns the nonce, if it was read.
    #[inline]
    pub(super) fn nonce(&self) -> Option<&[u8; Template::NONCE]> {
        #[cfg(feature = "nonce")]
        return self.nonce.as_ref()?.text();
        #[cfg(not(feature = "nonce"))]
        None
    }
}
