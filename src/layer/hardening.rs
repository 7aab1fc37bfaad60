//! The layer for all policies at once.

use std::sync::Arc;

use http::{Request, Response, header};
use tower_layer::Layer;

use super::{
    csp::{CspRule, PendingNonce},
    fixed::FixedHeaders,
    rule::{Rule, is_final},
    service::Hardened,
};
use crate::policy::{ContentSecurityPolicy, Crossing, Hardening, HostCookies};

/// Applies every policy of a [`Hardening`] in one pass: the same as its layers stacked, for less.
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
    /// not trust with it.
    pub fn overriding(mut self) -> Self {
        let rule = Arc::make_mut(&mut self.rule.0);
        rule.fixed = rule.fixed.overriding();
        rule.csp = rule.csp.drain(..).map(CspRule::overriding).collect();
        self
    }
}

impl<S> Layer<S> for HardeningLayer {
    type Service = Hardened<S, HardeningRule>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.rule.clone())
    }
}

#[derive(Clone, Debug)]
pub struct HardeningRule(Arc<Compiled>);

#[derive(Clone, Debug)]
struct Compiled {
    fixed: FixedHeaders,
    /// The policies that have nonces; those that have none are among the fixed headers.
    csp: Vec<CspRule>,
    host_cookies: Option<HostCookies>,
}

impl Compiled {
    fn new(hardening: Hardening) -> Self {
        let rule = |name, policy: &Option<ContentSecurityPolicy>| {
            policy.as_ref().map(|policy| CspRule::new(name, policy))
        };
        let policies = [
            rule(header::CONTENT_SECURITY_POLICY, &hardening.csp),
            rule(header::CONTENT_SECURITY_POLICY_REPORT_ONLY, &hardening.csp_report_only),
        ];
        let slots =
            hardening.slots().into_iter().map(|slot| (slot.name, slot.value, slot.existing));
        let policies = policies.into_iter().flatten();
        let (csp, plain): (Vec<_>, Vec<_>) = policies.partition(CspRule::has_nonce);
        let fixed = slots.chain(plain.iter().filter_map(CspRule::fixed)).collect();
        Self { fixed: FixedHeaders::new(fixed), csp, host_cookies: hardening.host_cookies }
    }
}

impl Rule for HardeningRule {
    type Pending = (Crossing, PendingNonce);

    #[inline]
    fn on_request<B>(&self, request: &mut Request<B>) -> Self::Pending {
        let cookies = self.0.host_cookies.as_ref();
        let crossing = cookies.map(|cookies| cookies.on_request(request)).unwrap_or_default();
        let nonce = self.0.csp.first().map(|rule| rule.nonce(request)).unwrap_or_default();
        (crossing, nonce)
    }

    #[inline]
    fn on_response<B>(&self, (crossing, nonce): Self::Pending, response: &mut Response<B>) {
        if let Some(cookies) = &self.0.host_cookies {
            cookies.on_response(crossing, response.headers_mut());
        }
        if !is_final(response) {
            return;
        }
        self.0.fixed.apply(response.headers_mut());
        for rule in &self.0.csp {
            rule.put(&nonce, response);
        }
    }
}
