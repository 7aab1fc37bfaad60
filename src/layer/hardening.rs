//! The layer for all policies at once.

use std::sync::Arc;

use http::{HeaderMap, Request, Response, header};
use tower_layer::Layer;

use super::{
    csp_rule::{CspPending, CspRule},
    head::{RequestHead, SourceHook},
    rule::{Rule, is_final},
    service::Hardened,
    variants::Variants,
    withheld::{WhenUnknown, Withheld},
};
use crate::policy::{
    ContentSecurityPolicy, Crossing, CspOverride, Existing, Hardening, HostCookies, Settled,
    SourceDirective, sealed,
};

/// Applies every policy of a [`Hardening`] in one pass: the same as its layers stacked, for less,
/// and `X-Frame-Options` where `frame-ancestors` implies it.
///
/// What [`EffectiveRequest`](crate::EffectiveRequest) says of the request decides about
/// `Strict-Transport-Security`, `Expect-CT` and `upgrade-insecure-requests`: none of them goes over
/// http, and the first two not for an address or localhost.
///
/// Put it on last, outside of routing, error handling and time limits.
#[must_use]
#[derive(Clone, Debug)]
pub struct HardeningLayer {
    rule: HardeningRule,
}

impl HardeningLayer {
    /// Applies these policies; each meets a header that is there already as its own layer does.
    pub fn new(hardening: Hardening) -> Self {
        Self { rule: HardeningRule(Arc::new(Compiled::new(hardening))) }
    }

    /// Replaces whatever the inner service says: for a gateway in front of services that one does
    /// not trust with it. What a [`MediaLayer`](super::MediaLayer) further in settled stays.
    pub fn overriding(mut self) -> Self {
        let rule = Arc::make_mut(&mut self.rule.0);
        rule.fixed = rule.fixed.overriding();
        let replacing = |csp: CspRule| if csp.appends() { csp } else { csp.met(Existing::Replace) };
        rule.changeable = rule.changeable.take().map(replacing);
        rule.varying = rule.varying.drain(..).map(replacing).collect();
        self
    }

    /// Sends `Strict-Transport-Security`, and `Expect-CT` with it, only where the request is known to
    /// have come over https: see [`StsLayer::only_when_secure`](super::StsLayer::only_when_secure).
    pub fn only_when_secure(mut self) -> Self {
        Arc::make_mut(&mut self.rule.0).unknown = WhenUnknown::Withhold;
        self
    }

    /// Asks, for every request, which sources its response's enforced policy is to have besides:
    /// see [`CspLayer::with_sources`](super::CspLayer::with_sources).
    pub fn with_sources(
        mut self,
        hook: impl Fn(&RequestHead<'_>) -> Vec<(SourceDirective, String)> + Send + Sync + 'static,
    ) -> Self {
        let rule = Arc::make_mut(&mut self.rule.0);
        rule.fixed = rule.fixed.without(&header::CONTENT_SECURITY_POLICY);
        rule.varying.splice(0..0, rule.changeable.take());
        if let Some(csp) = rule.varying.iter_mut().find(|csp| csp.is_main()) {
            csp.edit().sources = Some(SourceHook::new(hook));
        }
        self
    }
}

impl<S> Layer<S> for HardeningLayer {
    type Service = Hardened<S, HardeningRule>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.rule.clone())
    }
}

/// The rule of a [`HardeningLayer`].
#[derive(Clone, Debug)]
pub struct HardeningRule(Arc<Compiled>);

#[derive(Clone, Debug)]
struct Compiled {
    /// All that has one value for every response.
    fixed: Variants,
    unknown: WhenUnknown,
    /// The enforced policy for content, if it is among the fixed headers: a handler may change it.
    changeable: Option<CspRule>,
    /// The policies that are not, since a nonce or a hook makes them vary, or since they are enforced
    /// besides.
    varying: Vec<CspRule>,
    host_cookies: Option<HostCookies>,
}

impl Compiled {
    fn new(hardening: Hardening) -> Self {
        let enforced =
            |policy: &ContentSecurityPolicy| CspRule::new(header::CONTENT_SECURITY_POLICY, policy);
        let watched = hardening.csp_report_only.as_ref();
        let watched =
            watched.map(|csp| CspRule::new(header::CONTENT_SECURITY_POLICY_REPORT_ONLY, csp));
        let also: Vec<CspRule> =
            hardening.csp_also.iter().map(|csp| enforced(csp).met(Existing::Append)).collect();
        let enforced = hardening.csp.as_ref().map(enforced);
        let slots = hardening.slots();
        let fixed = Variants::new(|withheld| {
            let slots = slots.iter().filter(|slot| !withheld.is_withheld(&slot.name)).cloned();
            let slots = slots.map(|slot| (slot.name, slot.value, slot.existing));
            let policies = enforced.iter().chain(&watched);
            slots.chain(policies.filter_map(|csp| csp.fixed(withheld))).collect()
        });
        let is_fixed = |csp: &CspRule| csp.fixed(Withheld::Nothing).is_some();
        let changeable = enforced.clone().filter(is_fixed);
        let varying = enforced.into_iter().chain(watched).filter(|csp| !is_fixed(csp));
        let varying = varying.chain(also).collect();
        let unknown = WhenUnknown::Send;
        Self { fixed, unknown, changeable, varying, host_cookies: hardening.host_cookies }
    }

    /// Where the enforced policy is among the fixed headers, a handler may still have changed it.
    fn put_headers<B>(&self, pending: &CspPending, response: &mut Response<B>) {
        let changed = || response.extensions().get::<CspOverride>().is_some();
        match self.changeable.as_ref().filter(|csp| changed() && csp.asks()) {
            Some(csp) => {
                let own = response.headers().contains_key(header::CONTENT_SECURITY_POLICY);
                self.put_fixed(pending.withheld, response);
                if !own {
                    response.headers_mut().remove(header::CONTENT_SECURITY_POLICY);
                    csp.put(pending, response);
                }
            }
            None => self.put_fixed(pending.withheld, response),
        }
        for csp in &self.varying {
            csp.put(pending, response);
        }
    }

    fn put_fixed<B>(&self, withheld: Withheld, response: &mut Response<B>) {
        let apply = |headers: &mut HeaderMap| self.fixed.apply(withheld, headers);
        match response.extensions().get::<Settled>().copied() {
            None => apply(response.headers_mut()),
            Some(settled) => settled.around(response.headers_mut(), apply),
        }
    }
}

impl sealed::Sealed for HardeningRule {}

impl Rule for HardeningRule {
    type Pending = (Crossing, CspPending);

    #[inline]
    fn on_request<B>(&self, request: &mut Request<B>) -> Self::Pending {
        let rule = &*self.0;
        let cookies = rule.host_cookies.as_ref();
        let crossing = cookies.map(|cookies| cookies.on_request(request)).unwrap_or_default();
        let withheld = Withheld::of(request.extensions(), rule.unknown);
        let mut pending = CspPending::without(withheld);
        for csp in &rule.varying {
            pending.join(csp.pending(request));
        }
        (crossing, pending)
    }

    #[inline]
    fn on_response<B>(&self, (crossing, pending): Self::Pending, response: &mut Response<B>) {
        if let Some(cookies) = &self.0.host_cookies {
            cookies.on_response(crossing, response.headers_mut());
        }
        if is_final(response) {
            self.0.put_headers(&pending, response);
        }
    }
}
