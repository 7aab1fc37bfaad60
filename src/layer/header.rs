//! A layer for a policy that is one header line.

use std::{marker::PhantomData, sync::Arc};

use http::{Request, Response};
use tower_layer::Layer;

use super::{
    fixed::FixedLine,
    rule::{Rule, is_final, met},
    service::Hardened,
    withheld::{WhenUnknown, Withheld, is_for_https, withhold},
};
use crate::policy::{Existing, HeaderPolicy, StrictTransportSecurity, sealed};

/// A layer for a policy that is one header line: `StsLayer`, `ReferrerLayer` and their like.
///
/// Without another word it does with a header that the response has already what
/// [`HeaderPolicy::EXISTING`] says: most leave it, since the application knows better.
///
/// ```
/// use tower::{Layer, ServiceExt, service_fn};
/// use tower_hardening::{ReferrerLayer, ReferrerPolicy};
/// # use http::{Request, Response};
///
/// # futures(async {
/// let service = service_fn(async |_: Request<()>| Ok::<_, std::convert::Infallible>(Response::new("hi")));
/// let service = ReferrerLayer::new(ReferrerPolicy::SAME_ORIGIN).layer(service);
/// let response = service.oneshot(Request::new(())).await.unwrap();
/// assert_eq!(response.headers()["referrer-policy"], "same-origin");
/// # });
/// # fn futures(future: impl std::future::Future<Output = ()>) {
/// #     let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// #     assert!(std::pin::pin!(future).poll(&mut context).is_ready());
/// # }
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct HeaderLayer<P> {
    rule: HeaderRule,
    policy: PhantomData<fn() -> P>,
}

impl<P: HeaderPolicy> HeaderLayer<P> {
    /// Puts this policy on every response.
    pub fn new(policy: P) -> Self {
        let line = FixedLine::new(policy.name().clone(), policy.text(), P::EXISTING);
        let unknown = is_for_https(&line.name).then_some(WhenUnknown::Send);
        let rule = HeaderRule(Arc::new(Compiled { line, unknown }));
        Self { rule, policy: PhantomData }
    }

    /// Replaces what the response says, however many lines it has of the header. What a
    /// [`MediaLayer`](super::MediaLayer) settled stays.
    pub fn overriding(mut self) -> Self {
        Arc::make_mut(&mut self.rule.0).line.existing = Existing::Replace;
        self
    }

    /// Leaves what the response says.
    pub fn if_not_present(mut self) -> Self {
        Arc::make_mut(&mut self.rule.0).line.existing = Existing::Keep;
        self
    }
}

impl HeaderLayer<StrictTransportSecurity> {
    /// Sends nothing where the scheme is unknown, either: for strict readers of RFC 6797 section
    /// 7.2. Browsers do not heed the header over http, so that without this nothing is lost.
    pub fn only_when_secure(mut self) -> Self {
        Arc::make_mut(&mut self.rule.0).unknown = Some(WhenUnknown::Withhold);
        self
    }
}

impl<S, P> Layer<S> for HeaderLayer<P> {
    type Service = Hardened<S, HeaderRule>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.rule.clone())
    }
}

/// The rule of a [`HeaderLayer`].
#[derive(Clone, Debug)]
pub struct HeaderRule(Arc<Compiled>);

#[derive(Clone, Debug)]
struct Compiled {
    line: FixedLine,
    /// For what is meant for https alone: what to do where the scheme is unknown.
    unknown: Option<WhenUnknown>,
}

impl sealed::Sealed for HeaderRule {}

impl Rule for HeaderRule {
    type Pending = Withheld;

    #[inline]
    fn on_request<B>(&self, request: &mut Request<B>) -> Withheld {
        self.0.unknown.map(|unknown| Withheld::of(request, unknown)).unwrap_or_default()
    }

    #[inline]
    fn on_response<B>(&self, withheld: &Withheld, response: &mut Response<B>) {
        if !is_final(response) {
            return;
        }
        let line = &self.0.line;
        match withheld {
            Withheld::Nothing => {
                let existing = met(line.existing, &line.name, response);
                line.put(existing, response.headers_mut());
            }
            _ => withhold(response.headers_mut(), &line.name, line.existing),
        }
    }
}
