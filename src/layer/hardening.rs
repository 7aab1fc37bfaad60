//! The layer for all policies at once.

use std::sync::Arc;

use http::{HeaderMap, StatusCode, header};
use tower_layer::Layer;

use super::{
    csp_pending::CspPending,
    csp_rule::CspRule,
    engine::{
        prepared_headers::{PreparedHeader, PreparedHeaders},
        rule::{Rule, effective_mode, is_final},
        service::Hardened,
    },
    framing,
    head::{RequestHead, SourceHook},
    left_out, own_lines,
    withheld::{WhenUnknown, Withheld, is_for_https, withhold},
};
use crate::{
    head::{RequestParts, ResponseParts},
    policy::{
        Addition, Crossing, CspOverride, Existing, Hardening, HostCookies, Settled, Template,
        cache_control::PRIVATE, sealed,
    },
};

/// Applies every policy of a [`Hardening`] in one pass: the same as its layers stacked, for less,
/// and `X-Frame-Options` where `frame-ancestors` implies it.
///
/// A response with a policy of its own, by a [`CspLayer`](super::CspLayer) further in or a
/// [`CspOverride`], gets no `X-Frame-Options` if that policy's `frame-ancestors` is neither
/// `'none'` nor `'self'`: browsers older than `frame-ancestors` would block frames that it allows.
///
/// `Strict-Transport-Security`, `Expect-CT` and `upgrade-insecure-requests` depend on the scheme and
/// the host of the request: see [`EffectiveRequest`](crate::EffectiveRequest). None of them is sent
/// over http, or to an IP address or localhost where the scheme is unknown.
///
/// Put it on last, outside of routing, error handling and time limits.
#[must_use]
#[derive(Clone, Debug)]
pub struct HardeningLayer {
    policies: Arc<Compiled>,
}

impl HardeningLayer {
    /// Applies these policies; each meets a header that is there already as its own layer does.
    pub fn new(hardening: Hardening) -> Self {
        Self { policies: Arc::new(Compiled::new(hardening)) }
    }

    /// Replaces whatever the inner service says: for a gateway in front of services that one does
    /// not trust with it. What a [`MediaLayer`](super::MediaLayer) further in settled stays.
    pub fn overriding(mut self) -> Self {
        let rule = Arc::make_mut(&mut self.policies);
        rule.slots.iter_mut().for_each(|line| line.existing = Existing::Replace);
        let replacing =
            |csp: CspRule| if csp.appends() { csp } else { csp.meeting(Existing::Replace) };
        rule.policies = rule.policies.drain(..).map(replacing).collect();
        rule.ready = Ready::new(&rule.slots, &rule.policies);
        self
    }

    /// Sends `Strict-Transport-Security`, and `Expect-CT` with it, only where the request is known to
    /// have come over https: see [`StsLayer::only_when_secure`](super::StsLayer::only_when_secure).
    pub fn only_when_secure(mut self) -> Self {
        Arc::make_mut(&mut self.policies).unknown = WhenUnknown::Withhold;
        self
    }

    /// Asks, for every request, which sources its response's enforced policy is to have besides:
    /// see [`CspLayer::with_sources`](super::CspLayer::with_sources).
    ///
    /// Those of [`with_additional_csp`](Hardening::with_additional_csp) and the report-only one stay as they are, unless
    /// there is no other.
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
    /// Set if there is anything that some requests go without.
    withholds: bool,
    /// Whether the policies are not the same for most responses, go beside others, or are to be
    /// known further out.
    varies: bool,
    /// Set if a response whose own policy frames by a list goes without `X-Frame-Options`.
    yields_frame_options: bool,
    /// Whether a policy has a nonce.
    has_nonce: bool,
    host_cookies: Option<HostCookies>,
}

/// Headers that are ready to be put on a response all at once.
#[derive(Clone, Debug)]
struct Ready {
    /// All of most responses.
    most: PreparedHeaders,
    /// All of a response whose nonce was read, but for the nonce; none where no policy has one.
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
                    Existing::Keep,
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
        let also = hardening.csp_also.iter().map(|csp| enforced(csp).meeting(Existing::Append));
        policies.extend(also);
        let ready = Ready::new(&slots, &policies);
        Self {
            unknown: WhenUnknown::Send,
            withholds: slots.iter().any(|slot| is_for_https(&slot.name))
                || policies.iter().any(CspRule::may_upgrade),
            varies: policies.iter().any(|csp| csp.appends() || csp.frames_by_list()),
            // Next to a list of one's own it was asked for.
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

    /// Line by line, as the layers of each header would.
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

/// Whether a handler or another layer said anything of the response's policies.
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

// The way of nearly all responses, from here on down: worth being one function.
#[inline(always)]
fn put_fixed(fixed: &PreparedHeaders, response: &mut impl ResponseParts) {
    let apply = |headers: &mut HeaderMap| fixed.apply(headers);
    match response.extensions().get::<Settled>().copied() {
        None => apply(response.headers_mut()),
        Some(settled) => settled.around(response.headers_mut(), apply),
    }
}

impl sealed::Sealed for HardeningLayer {}

impl Rule for HardeningLayer {
    type Pending = (Crossing, CspPending);

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) -> Self::Pending {
        let rule = &*self.policies;
        let cookies = rule.host_cookies.as_ref();
        let crossing = cookies.map(|cookies| cookies.on_request_head(request)).unwrap_or_default();
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
    fn on_response(&self, (crossing, pending): &Self::Pending, response: &mut impl ResponseParts) {
        if let Some(cookies) = &self.policies.host_cookies {
            cookies.on_response(*crossing, response.headers_mut());
        }
        if is_final(response) {
            self.policies.put_headers(pending, response);
        }
    }
}
