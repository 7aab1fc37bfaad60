//! Adds one `Content-Security-Policy`, enforced or report-only, to responses.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{
    csp_pending::CspPending,
    csp_record::{self, CspRecord},
    rendered::{Framing, Rendered, ResponsePolicy},
    request_head::SourceHook,
    response::is_passive,
    withheld::Withheld,
};
use crate::{
    layer::engine::{
        prepared_headers::{self, PreparedHeader},
        rule::{effective_mode, is_left_out},
    },
    policy::{
        Decision, HeaderOverride,
        csp::{ContentSecurityPolicy, CspOverride, Draft, Parts, Template},
        header::{HeaderPolicy, InsertMode},
        room::make_room,
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
    name: HeaderName,
    parts: Parts,
    rendered: Rendered,
    /// The policy without `upgrade-insecure-requests`; `None` if it has no such directive.
    over_http: Option<Rendered>,
    pub(super) existing: InsertMode,
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

/// Compares the policy of one response with the policy of the layer.
#[derive(Debug)]
pub(super) enum OwnPolicy {
    /// It is the layer's policy.
    Unchanged,
    /// It was changed by the handler or by a hook.
    Changed(ResponsePolicy),
    /// The handler disabled it.
    Disabled,
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
            name,
            parts,
            rendered,
            over_http,
            existing: ContentSecurityPolicy::DEFAULT_MODE,
            only_documents: false,
            sources: None,
            overlay: Overlay::None,
        }
    }

    pub(super) fn appending(self) -> Self {
        Self { existing: InsertMode::Append, ..self }
    }

    pub(super) fn has_nonce(&self) -> bool {
        self.rendered.has_nonce()
    }

    /// Returns `true` if the policy is appended to existing ones.
    pub(super) fn appends(&self) -> bool {
        self.existing == InsertMode::Append
    }

    /// Returns `true` if this is the main enforced policy, not appended.
    pub(super) fn is_main(&self) -> bool {
        !self.appends() && self.name == header::CONTENT_SECURITY_POLICY
    }

    /// Returns `true` if this main policy frames by a list, which `X-Frame-Options` cannot allow.
    pub(super) fn frames_by_list(&self) -> bool {
        self.is_main() && self.rendered.framing == Framing::ByList
    }

    /// Returns `true` if a response may have `upgrade-insecure-requests`.
    ///
    /// The directive can come from the policy or from a handler's change to it.
    pub(super) fn may_upgrade(&self) -> bool {
        self.over_http.is_some() || self.asks_handler()
    }

    /// Returns `true` if a handler may change the policy of its response.
    fn asks_handler(&self) -> bool {
        self.is_main() && self.existing == InsertMode::IfNotPresent
    }

    /// Returns the line of a response without a policy of its own, whose nonce was not read.
    pub(super) fn prepared(&self) -> Option<PreparedHeader> {
        let value = self.rendered.value()?.clone();
        Some(PreparedHeader { name: self.name.clone(), value, existing: self.existing })
    }

    /// Returns `true` if the line is among the prepared headers.
    pub(super) fn is_prepared(&self) -> bool {
        self.rendered.value().is_some()
    }

    /// Returns `true` if no line of these headers stays in the place of this policy.
    pub(super) fn replaces_all_of(&self, headers: &HeaderMap) -> bool {
        self.existing == InsertMode::Override || !headers.contains_key(&self.name)
    }

    pub(super) fn name(&self) -> &HeaderName {
        &self.name
    }

    /// Returns the value with this nonce, if the policy has one.
    pub(super) fn value_with(&self, nonce: &[u8; Template::NONCE]) -> Option<HeaderValue> {
        self.rendered.value_with(nonce)
    }

    /// Prepares the nonce and the sources of the response.
    #[inline]
    pub(super) fn on_request(&self, request: &mut impl RequestParts, pending: &mut CspPending) {
        if self.has_nonce() {
            pending.take_nonce(request);
        }
        if let Some(hook) = &self.sources {
            pending.ask(hook, request);
        }
        if self.overlay == Overlay::Development {
            pending.add_dev_sources(request);
        }
    }

    /// Adds the policy of this response to it.
    pub(super) fn on_response(&self, pending: &CspPending, response: &mut impl ResponseParts) {
        let is_excluded =
            self.existing != InsertMode::Override && csp_record::is_left_out(response, &self.name);
        if !is_excluded && !is_left_out(&self.name, response) && !self.is_disabled(response) {
            let own = self.own_policy(pending, response);
            self.put(own, pending, response);
        }
    }

    /// Returns `true` if the handler disabled this report-only policy. The enforced policy has a
    /// type of its own for this.
    fn is_disabled(&self, response: &impl ResponseParts) -> bool {
        let change = response.extensions().get::<HeaderOverride>();
        let change = change.filter(|_| self.name == header::CONTENT_SECURITY_POLICY_REPORT_ONLY);
        change.is_some_and(|change| matches!(change.decide(&self.name), Decision::Nothing))
    }

    /// Applies the sources of a hook and the change of the handler.
    pub(super) fn own_policy(
        &self,
        pending: &CspPending,
        response: &impl ResponseParts,
    ) -> OwnPolicy {
        let change = response.extensions().get::<CspOverride>().filter(|_| self.asks_handler());
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
            trace::nonce_in_change();
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
            return self.leave_out(policy.framing, response);
        }
        let Some(value) = policy.value else { return };
        if !self.only_documents || !is_passive(response.headers()) {
            self.place(value, policy.framing, response);
        } else if self.name == header::CONTENT_SECURITY_POLICY {
            self.place(HeaderValue::from_static(LOCKED), Framing::AsElsewhere, response);
        }
        // A report-only policy would have no effect on passive content.
    }

    fn rendered(&self, withheld: Withheld) -> &Rendered {
        let over_http = self.over_http.as_ref().filter(|_| withheld == Withheld::StsAndUpgrade);
        over_http.unwrap_or(&self.rendered)
    }

    /// Removes every line of this name from a 304.
    ///
    /// A line of the application that this policy does not replace is kept.
    fn leave_out(&self, framing: Framing, response: &mut impl ResponseParts) {
        let existing = effective_mode(self.existing, &self.name, response);
        if existing == InsertMode::IfNotPresent && csp_record::has_own_line(response, &self.name) {
            return;
        }
        response.headers_mut().remove(&self.name);
        csp_record::discard_appended(response, &self.name);
        let framing = if self.is_main() { framing } else { Framing::AsElsewhere };
        CspRecord::edit(response).record_left_out(self.name.clone(), framing);
    }

    /// Adds a line to the response, unless an existing line is kept.
    fn place(&self, value: HeaderValue, framing: Framing, response: &mut impl ResponseParts) {
        make_room(response.headers_mut(), 1);
        // Clone the value only if outer layers need to know the line.
        let by_list = (self.is_main() && framing == Framing::ByList).then(|| value.clone());
        let is_sent = match effective_mode(self.existing, &self.name, response) {
            InsertMode::Override => self.replace(value, response),
            InsertMode::Append => self.append(value, response),
            InsertMode::IfNotPresent => self.put_if_absent(value, response),
        };
        if let Some(line) = by_list.filter(|_| is_sent) {
            CspRecord::edit(response).record_framed_by_list(line);
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
