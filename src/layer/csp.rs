//! The layer for `Content-Security-Policy`.

use http::header;
use tower_layer::Layer;

use super::{
    csp_pending::CspPending,
    csp_rule::CspRule,
    engine::{
        rule::{Rule, is_final},
        service::Hardened,
    },
    head::{RequestHead, SourceHook},
    withheld::{WhenUnknown, Withheld},
};
use crate::{
    head::{RequestParts, ResponseParts},
    policy::{Addition, ContentSecurityPolicy, Existing, sealed},
};

/// Sends a `Content-Security-Policy`, or its report-only twin.
///
/// Leaves a policy that the response has already, so the innermost wins; see
/// [`overriding`](Self::overriding) and [`appending`](Self::appending). On every content type,
/// unless told [`only_documents`](Self::only_documents); without `upgrade-insecure-requests` where
/// the request came over http, or may have and names an IP address or localhost (see
/// [`EffectiveRequest`](crate::EffectiveRequest)).
///
/// A policy with `'nonce-{}'` puts a `Nonce` into the request's extensions. Where
/// nobody read it the header has no nonce, and without a hash in its place neither
/// `'strict-dynamic'` nor `'unsafe-inline'`; where somebody did it has that one, and
/// `Cache-Control` says `private` at least. A 304 carries no such policy, read or not, and no
/// other policy in its place, by a layer further out: a new nonce would not fit the page in the
/// browser's cache, and the headers of a 304 replace those that are stored. A cache of the server's own stands outside: inside
/// it would keep pages with a nonce that no later header has, whose scripts do not run.
///
/// A handler changes the policy of its own response by a
/// [`CspOverride`](crate::CspOverride) in the response's extensions.
#[must_use]
#[derive(Clone, Debug)]
pub struct CspLayer {
    rule: CspRule,
}

impl CspLayer {
    /// Enforces this policy.
    pub fn new(policy: ContentSecurityPolicy) -> Self {
        Self { rule: CspRule::new(header::CONTENT_SECURITY_POLICY, &policy) }
    }

    /// Reports on this policy, and enforces nothing.
    pub fn report_only(policy: ContentSecurityPolicy) -> Self {
        Self { rule: CspRule::new(header::CONTENT_SECURITY_POLICY_REPORT_ONLY, &policy) }
    }

    /// Replaces the policy that the response has, but for that of a [`MediaLayer`](super::MediaLayer).
    pub fn overriding(self) -> Self {
        self.met(Existing::Replace)
    }

    /// Adds one more policy beside those that the response has: a browser enforces all of them,
    /// so this can only forbid more. Inside or outside of the layers that it adds to, it is the same:
    /// they do not take its line for the application's own.
    pub fn appending(self) -> Self {
        self.met(Existing::Append)
    }

    /// Sends the policy with documents only.
    ///
    /// Images, fonts, media, style sheets, JSON and plain text, which run nothing, get one that
    /// allows nothing, or none from a layer that only reports.
    ///
    /// What is or may be a document: HTML, XML and SVG, PDF, scripts (a worker goes by its own
    /// policy), and whatever has no type or an unknown one.
    pub fn only_documents(mut self) -> Self {
        self.rule.edit().only_documents = true;
        self
    }

    /// Asks, for every request, for sources that its response's policy has in addition, such as those
    /// of a tenant. The hook must not block.
    ///
    /// Parse each source where it is configured, a tenant's text with
    /// [`Source::host`](crate::Source::host), and clone it here. A source that has no effect in its
    /// directive, one that allows every host (`*`, `https://*`), and one that would make the header
    /// longer than 8192 bytes are left out, with an event (feature `tracing`); the rest is sent.
    pub fn with_sources<I: IntoIterator<Item = Addition>>(
        mut self,
        hook: impl Fn(&RequestHead<'_>) -> I + Send + Sync + 'static,
    ) -> Self {
        self.rule.edit().sources = Some(SourceHook::new(hook));
        self
    }

    fn met(mut self, existing: Existing) -> Self {
        self.rule.edit().existing = existing;
        self
    }
}

impl<S> Layer<S> for CspLayer {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl sealed::Sealed for CspLayer {}

impl Rule for CspLayer {
    type Pending = CspPending;

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) -> CspPending {
        let withheld = match self.rule.may_upgrade() {
            true => Withheld::of(request, WhenUnknown::Send),
            false => Withheld::Nothing,
        };
        let mut pending = CspPending::without(withheld);
        self.rule.prepare(request, &mut pending);
        pending
    }

    #[inline]
    fn on_response(&self, pending: &CspPending, response: &mut impl ResponseParts) {
        if is_final(response) {
            pending.close();
            self.rule.put(pending, response);
            pending.finish(response);
        }
    }
}
