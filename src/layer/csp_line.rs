//! Adds one `Content-Security-Policy`, enforced or report-only, to responses.

use http::{HeaderName, HeaderValue, StatusCode, header};

use super::{
    csp_header::CspHeader,
    csp_pending::CspPending,
    csp_record,
    rendered::{Framing, Lines, OwnPolicy, Rendered, ResponsePolicy},
    request_head::SourceHook,
    response::is_passive,
    withheld::Withheld,
};
use crate::{
    error::ParseError,
    layer::engine::{prepared_headers::PreparedHeader, rule::is_left_out},
    policy::{
        csp::{ContentSecurityPolicy, CspOverride, Draft, Parts, Split, Template},
        header::InsertMode,
    },
    request::{RequestParts, ResponseParts},
    trace,
};

const UPGRADE: &str = "upgrade-insecure-requests";

/// Forbids everything, for content that runs nothing wherever it is loaded.
const LOCKED: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Holds one policy, rendered for responses, and the mode in which it is added to them.
#[derive(Clone, Debug)]
pub(super) struct CspLine {
    pub(super) header: CspHeader,
    parts: Parts,
    rendered: Rendered,
    /// The policy without `upgrade-insecure-requests`; `None` if it has no such directive.
    over_http: Option<Rendered>,
    pub(super) only_documents: bool,
    pub(super) sources: Option<SourceHook>,
    pub(super) overlay: Overlay,
}

/// Selects the sources that are added to the policy of a developer's own requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overlay {
    None,
    Development,
}

impl CspLine {
    pub(super) fn enforced(policy: &ContentSecurityPolicy) -> Self {
        Self::new(header::CONTENT_SECURITY_POLICY, policy)
    }

    pub(super) fn report_only(policy: &ContentSecurityPolicy) -> Self {
        Self::new(header::CONTENT_SECURITY_POLICY_REPORT_ONLY, policy)
    }

    fn new(name: HeaderName, policy: &ContentSecurityPolicy) -> Self {
        let parts = Parts::new(policy);
        let rendered = Rendered::new(&Draft::new(&parts));
        let over_http = policy.get(UPGRADE).map(|_| {
            let mut draft = Draft::new(&parts);
            draft.remove(UPGRADE);
            Rendered::new(&draft)
        });
        Self {
            header: CspHeader::new(name),
            parts,
            rendered,
            over_http,
            only_documents: false,
            sources: None,
            overlay: Overlay::None,
        }
    }

    pub(super) fn appending(mut self) -> Self {
        self.header.existing = InsertMode::Append;
        self
    }

    /// Sends the nonce in a second line.
    pub(super) fn split(&mut self) -> Result<(), ParseError> {
        self.rendered.set_split(Split::new(&self.parts, None)?);
        // Without the upgrade, a first line can be empty: then the policy is in one line.
        let over_http = Split::new(&self.parts, Some(UPGRADE)).ok();
        if let Some((rendered, split)) = self.over_http.as_mut().zip(over_http) {
            rendered.set_split(split);
        }
        Ok(())
    }

    pub(super) fn has_nonce(&self) -> bool {
        self.rendered.has_nonce()
    }

    /// Returns `true` if this main policy frames by a list, which `X-Frame-Options` cannot allow.
    pub(super) fn frames_by_list(&self) -> bool {
        self.header.is_main() && self.rendered.framing == Framing::ByList
    }

    /// Returns `true` if a response may have `upgrade-insecure-requests`.
    ///
    /// The directive can come from the policy or from a handler's change to it.
    pub(super) fn may_upgrade(&self) -> bool {
        self.over_http.is_some() || self.header.is_main()
    }

    /// Returns the line of a response without a policy of its own, whose nonce was not read.
    pub(super) fn prepared(&self) -> Option<PreparedHeader> {
        let value = self.rendered.value()?.clone();
        Some(PreparedHeader {
            name: self.header.name.clone(),
            value,
            existing: self.header.existing,
        })
    }

    /// Returns `true` if the line is among the prepared headers.
    pub(super) fn is_prepared(&self) -> bool {
        self.rendered.value().is_some()
    }

    /// Returns the value with this nonce, if the policy has one.
    pub(super) fn value_with(&self, nonce: &[u8; Template::NONCE]) -> Option<Lines> {
        self.rendered.value_with(nonce)
    }

    /// Prepares the nonce and the sources of the response.
    #[inline]
    pub(super) fn on_request(&self, request: &mut impl RequestParts, pending: &mut CspPending) {
        #[cfg(feature = "nonce")]
        if self.has_nonce() {
            self.header.take_nonce(request, pending);
        } else if self.is_prepared() {
            self.header.hide_nonce(request);
        }
        if let Some(hook) = &self.sources {
            pending.ask(hook, request);
        }
        if self.overlay == Overlay::Development {
            pending.add_dev_sources(request);
        }
    }

    /// Returns `true` if this policy has no nonce and replaces those of inner layers.
    pub(super) fn overrides_nonces(&self) -> bool {
        !self.has_nonce() && self.is_prepared() && self.header.existing == InsertMode::Override
    }

    /// Stops inner layers from giving the request a nonce, if this policy replaces theirs.
    ///
    /// Called after `on_request` of all policies of a layer: its own appended ones are not replaced.
    pub(super) fn stop_inner_nonces(&self, request: &mut impl RequestParts) {
        #[cfg(feature = "nonce")]
        if self.overrides_nonces() {
            self.header.stop_inner_nonces(request);
        }
        #[cfg(not(feature = "nonce"))]
        let _ = request;
    }

    /// Adds the policy of this response to it.
    pub(super) fn on_response(&self, pending: &CspPending, response: &mut impl ResponseParts) {
        let is_excluded = self.header.existing != InsertMode::Override
            && csp_record::is_left_out(response, &self.header.name);
        if !is_excluded && !is_left_out(&self.header.name, response) {
            let own = self.own_policy(pending, response.extensions().get());
            self.put(own, pending, response);
        }
    }

    /// Applies the sources of a hook and the change of the handler, from the response's extensions.
    pub(super) fn own_policy(
        &self,
        pending: &CspPending,
        change: Option<&CspOverride>,
    ) -> OwnPolicy {
        let change = change.filter(|_| !self.header.appends());
        let change = change.and_then(|change| change.of(self.header.disposition()));
        let sources = if self.sources.is_some() { pending.sources() } else { &[] };
        let overlay = if self.overlay == Overlay::None { &[] } else { pending.dev_sources() };
        if change.is_none() && sources.is_empty() && overlay.is_empty() {
            return OwnPolicy::Unchanged;
        }
        let draft = Draft::of_response(&self.parts, sources, change);
        let Some(mut draft) = draft else { return OwnPolicy::Disabled };
        draft.add_from_hook(overlay);
        if pending.withheld == Withheld::StsAndUpgrade {
            draft.remove(UPGRADE);
        }
        if draft.has_nonce() && !self.has_nonce() {
            trace::nonce_in_change(self.header.name.as_str());
        }
        OwnPolicy::Changed(ResponsePolicy::new(&draft, self.nonce(pending)))
    }

    /// Returns the nonce, if it was read and the layer's policy has one.
    fn nonce<'a>(&self, pending: &'a CspPending) -> Option<&'a [u8; Template::NONCE]> {
        pending.nonce().filter(|_| self.has_nonce())
    }

    /// Adds this policy to the response.
    pub(super) fn put(
        &self,
        own: OwnPolicy,
        pending: &CspPending,
        response: &mut impl ResponseParts,
    ) {
        let policy = match own {
            OwnPolicy::Disabled => return,
            OwnPolicy::Changed(policy) => policy,
            OwnPolicy::Unchanged => {
                self.rendered(pending.withheld).for_response(self.nonce(pending))
            }
        };
        if policy.has_nonce && response.status() == StatusCode::NOT_MODIFIED {
            return self.header.leave_out(policy.framing, response);
        }
        let Some(value) = policy.value else { return };
        if !self.only_documents || !is_passive(response.headers()) {
            self.header.place(value, policy.framing, response);
        } else if self.header.name == header::CONTENT_SECURITY_POLICY {
            let locked = HeaderValue::from_static(LOCKED).into();
            self.header.place(locked, Framing::AsElsewhere, response);
        }
        // A report-only policy would have no effect on passive content.
    }

    fn rendered(&self, withheld: Withheld) -> &Rendered {
        let over_http = self.over_http.as_ref().filter(|_| withheld == Withheld::StsAndUpgrade);
        over_http.unwrap_or(&self.rendered)
    }
}
