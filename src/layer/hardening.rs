//! Defines the layer for all policies at once.

use std::sync::Arc;

use http::{HeaderMap, StatusCode, header};
use tower_layer::Layer;

use super::{
    csp_pending::CspPending,
    csp_rule::CspRule,
    framing, left_out, own_lines,
    request_head::{RequestHead, SourceHook},
    withheld::{WhenUnknown, Withheld, is_for_https, withhold},
};
use crate::{
    layer::engine::{
        prepared_headers::{PreparedHeader, PreparedHeaders},
        rule::{Rule, effective_mode, is_final},
        service::Hardened,
    },
    policy::{
        MediaHeaders,
        cache_control::PRIVATE,
        cookie::{Crossing, HostCookies},
        csp::{Addition, CspOverride, Template},
        hardening::Hardening,
        header::{InsertMode, sealed},
    },
    request::{RequestParts, ResponseParts},
};

/// Applies every policy of a [`Hardening`] in one pass.
///
/// The result is the same as with the layers of each policy stacked, at a lower cost. In addition,
/// the layer sends `X-Frame-Options` if `frame-ancestors` implies it.
///
/// A response can have its own policy, from an inner [`CspLayer`](crate::CspLayer) or a
/// [`CspOverride`]. If the `frame-ancestors` of that policy is neither `'none'` nor `'self'`, the
/// response gets no `X-Frame-Options`: browsers without support for `frame-ancestors` would block
/// frames that the policy allows.
///
/// `Strict-Transport-Security`, `Expect-CT` and `upgrade-insecure-requests` depend on the scheme
/// and the host of the request: see [`ConnectionInfo`](crate::connection::ConnectionInfo). None of them is
/// sent over http, or to an IP address or localhost if the scheme is unknown.
///
/// Add it last, outside routing, error handling and time limits.
///
/// ```
/// use axum::{Router, body::Body, http::Request};
/// use tower::ServiceExt;
/// use tower_hardening::{FrameOptions, Hardening, HardeningLayer};
///
/// #[tokio::main]
/// async fn main() {
///     let policies = Hardening::recommended().with(FrameOptions::DENY);
///     let app: Router = Router::new().layer(HardeningLayer::new(policies)); // last, so outermost
///     let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
///     assert_eq!(response.headers()["x-frame-options"], "DENY");
/// }
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct HardeningLayer {
    policies: Arc<Compiled>,
}

impl HardeningLayer {
    /// Applies these policies.
    ///
    /// If the response already has a header, its policy replaces or keeps it as the layer of that
    /// policy would.
    pub fn new(hardening: Hardening) -> Self {
        Self { policies: Arc::new(Compiled::new(hardening)) }
    }

    /// Replaces the headers that the inner service set.
    ///
    /// Use this for a gateway in front of services whose headers are not trusted. Headers that an
    /// inner [`MediaLayer`](crate::media::MediaLayer) decided are kept.
    pub fn overriding(mut self) -> Self {
        let rule = Arc::make_mut(&mut self.policies);
        rule.slots.iter_mut().for_each(|line| line.existing = InsertMode::Override);
        let replacing =
            |csp: CspRule| if csp.appends() { csp } else { csp.meeting(InsertMode::Override) };
        rule.policies = rule.policies.drain(..).map(replacing).collect();
        rule.ready = Ready::new(&rule.slots, &rule.policies);
        self
    }

    /// Sends the headers for https only if the scheme is known to be https.
    ///
    /// These are `Strict-Transport-Security` and `Expect-CT`: see
    /// [`StsLayer::https_only`](crate::StsLayer::https_only).
    pub fn https_only(mut self) -> Self {
        Arc::make_mut(&mut self.policies).unknown = WhenUnknown::Withhold;
        self
    }

    /// Calls a hook per request, and adds its sources to the enforced policy.
    ///
    /// See [`CspLayer::with_sources`](crate::CspLayer::with_sources).
    ///
    /// The policies of [`with_additional_csp`](Hardening::with_additional_csp) and the report-only
    /// policy are not changed, unless there is no main enforced policy.
    pub fn with_sources<I: IntoIterator<Item = Addition>>(
        mut self,
        hook: impl Fn(&RequestHead<'_>) -> I + Send + Sync + 'static,
    ) -> Self {
        let rule = Arc::make_mut(&mut self.policies);
        let hook = SourceHook::new(hook);
        let main = rule.policies.iter().any(CspRule::is_main);
        for csp in rule.policies.iter_mut().filter(|csp| csp.is_main() || !main) {
            csp.edit().sources = Some(hook.clone());
        }
        rule.varies = true;
        self
    }
}

impl Default for HardeningLayer {
    /// Applies the [`recommended`](Hardening::recommended) policies.
    fn default() -> Self {
        Self::new(Hardening::default())
    }
}

impl<S> Layer<S> for HardeningLayer {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

#[derive(Clone, Debug)]
struct Compiled {
    slots: Vec<PreparedHeader>,
    policies: Vec<CspRule>,
    ready: Ready,
    unknown: WhenUnknown,
    /// Set if a header or directive is withheld from some responses.
    withholds: bool,
    /// Set if the policies vary between responses.
    ///
    /// Also set if they are appended to others, or recorded for outer layers.
    varies: bool,
    /// Set if `X-Frame-Options` can be left out.
    ///
    /// It is left out when the response's own policy frames by a list.
    yields_frame_options: bool,
    /// Set if a policy has a nonce.
    has_nonce: bool,
    host_cookies: Option<HostCookies>,
}

/// Holds headers that are added to a response all at once.
#[derive(Clone, Debug)]
struct Ready {
    /// All headers of most responses.
    most: PreparedHeaders,
    /// All headers of a response whose nonce was read, without the nonce.
    ///
    /// `None` if no policy has a nonce.
    private: Option<PreparedHeaders>,
}

impl Ready {
    fn new(slots: &[PreparedHeader], policies: &[CspRule]) -> Self {
        let all = |line: fn(&CspRule, Withheld) -> Option<PreparedHeader>| -> Vec<PreparedHeader> {
            let policies = policies.iter().filter(|csp| !csp.appends());
            let policies = policies.filter_map(|csp| line(csp, Withheld::Nothing));
            slots.iter().cloned().chain(policies).collect()
        };
        let private = || {
            let mut list = all(CspRule::unfilled);
            if list.iter().all(|line| line.name != header::CACHE_CONTROL) {
                list.push(PreparedHeader::new(
                    header::CACHE_CONTROL,
                    PRIVATE.into(),
                    InsertMode::IfNotPresent,
                ));
            }
            PreparedHeaders::new(list)
        };
        Self {
            most: PreparedHeaders::new(all(CspRule::fixed)),
            private: policies.iter().any(CspRule::has_nonce).then(private),
        }
    }
}

impl Compiled {
    fn new(hardening: Hardening) -> Self {
        let enforced = |csp| CspRule::new(header::CONTENT_SECURITY_POLICY, csp);
        let watched = |csp| CspRule::new(header::CONTENT_SECURITY_POLICY_REPORT_ONLY, csp);
        let mut policies: Vec<CspRule> = hardening.csp.iter().map(enforced).collect();
        policies.extend(hardening.csp_report_only.iter().map(watched));
        let slots = hardening.slots().into_iter();
        let slots: Vec<_> =
            slots.map(|slot| PreparedHeader::new(slot.name, slot.text, slot.existing)).collect();
        let also = hardening.csp_also.iter().map(|csp| enforced(csp).meeting(InsertMode::Append));
        policies.extend(also);
        let ready = Ready::new(&slots, &policies);
        Self {
            unknown: WhenUnknown::Send,
            withholds: slots.iter().any(|slot| is_for_https(&slot.name))
                || policies.iter().any(CspRule::may_upgrade),
            varies: policies.iter().any(|csp| csp.appends() || csp.frames_by_list()),
            // If a configured policy has a list, `X-Frame-Options` was requested explicitly.
            yields_frame_options: !policies.iter().any(CspRule::frames_by_list),
            has_nonce: ready.private.is_some(),
            ready,
            slots,
            policies,
            host_cookies: hardening.host_cookies,
        }
    }

    #[inline]
    fn put_headers(&self, pending: &CspPending, response: &mut impl ResponseParts) {
        if self.varies || pending.withheld != Withheld::Nothing || is_spoken_of(response) {
            self.put_each(pending, response);
        } else if self.has_nonce {
            self.put_with_nonce(pending, response);
        } else {
            put_fixed(&self.ready.most, response);
        }
    }

    #[inline]
    fn put_with_nonce(&self, pending: &CspPending, response: &mut impl ResponseParts) {
        pending.close();
        match pending.nonce().zip(self.ready.private.as_ref()) {
            _ if response.status() == StatusCode::NOT_MODIFIED => self.put_each(pending, response),
            None => put_fixed(&self.ready.most, response),
            Some((nonce, private)) => {
                put_fixed(private, response);
                self.fill(nonce, pending, response);
            }
        }
    }

    /// Adds the headers line by line, as the layer of each header does.
    #[inline(never)]
    fn put_each(&self, pending: &CspPending, response: &mut impl ResponseParts) {
        pending.close();
        let is_own = response.headers().contains_key(header::X_FRAME_OPTIONS);
        for line in &self.slots {
            if pending.withheld.is_withheld(&line.name) {
                withhold(response.headers_mut(), &line.name, line.existing);
            } else {
                let existing = effective_mode(line.existing, &line.name, response);
                line.put(existing, response.headers_mut());
            }
        }
        self.policies.iter().for_each(|csp| csp.put(pending, response));
        let is_by_list = || framing::is_by_list(response) || left_out::frames_by_list(response);
        if self.yields_frame_options && !is_own && is_by_list() {
            response.headers_mut().remove(header::X_FRAME_OPTIONS);
        }
        pending.finish(response);
    }

    fn fill(
        &self,
        nonce: &[u8; Template::NONCE],
        pending: &CspPending,
        response: &mut impl ResponseParts,
    ) {
        for csp in &self.policies {
            csp.fill(nonce, pending.withheld, response.headers_mut());
        }
        pending.finish(response);
    }
}

/// Returns `true` if a handler or another layer left notes on the policies.
#[inline]
fn is_spoken_of(response: &impl ResponseParts) -> bool {
    let said = response.extensions();
    let is_policy_changed = || said.get::<CspOverride>().is_some();
    !said.is_empty()
        && (is_policy_changed()
            || own_lines::any(response)
            || left_out::any(response)
            || framing::is_by_list(response))
}

// Inline this function and its callees: nearly all responses take this path.
#[inline(always)]
fn put_fixed(fixed: &PreparedHeaders, response: &mut impl ResponseParts) {
    let apply = |headers: &mut HeaderMap| fixed.apply(headers);
    match response.extensions().get::<MediaHeaders>().copied() {
        None => apply(response.headers_mut()),
        Some(settled) => settled.around(response.headers_mut(), apply),
    }
}

/// State carried from a request to its response.
pub(super) type Pending = (Crossing, CspPending);

impl sealed::Sealed for HardeningLayer {}

impl Rule for HardeningLayer {
    type Pending = Pending;

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) -> Pending {
        let rule = &*self.policies;
        let cookies = rule.host_cookies.as_ref();
        let crossing = cookies.map(|cookies| cookies.on_request(request)).unwrap_or_default();
        let withheld = match rule.withholds {
            true => Withheld::of(request, rule.unknown),
            false => Withheld::Nothing,
        };
        let mut pending = CspPending::without(withheld);
        if rule.varies || rule.has_nonce {
            rule.policies.iter().for_each(|csp| csp.prepare(request, &mut pending));
        }
        (crossing, pending)
    }

    #[inline]
    fn on_response(&self, (crossing, pending): &Pending, response: &mut impl ResponseParts) {
        if let Some(cookies) = &self.policies.host_cookies {
            cookies.on_response(*crossing, response.headers_mut());
        }
        if is_final(response) {
            self.policies.put_headers(pending, response);
        }
    }
}
