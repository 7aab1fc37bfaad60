//! Applies a `Content-Security-Policy` to a request and its response.

use std::{ptr, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{
    csp_pending::CspPending,
    framing::{self, Framing},
    left_out,
    own_lines::{self, OwnLine},
    request_head::SourceHook,
    response::is_passive,
    withheld::Withheld,
};
use crate::{
    layer::engine::{
        prepared_headers::{self, PreparedHeader},
        room::make_room,
        rule::{effective_mode, is_left_out},
    },
    policy::{
        csp::{ContentSecurityPolicy, CspOverride, Draft, Parts, Template},
        header::{HeaderPolicy, InsertMode, to_value},
    },
    request::{RequestParts, ResponseParts},
    trace,
};

/// Contains one content policy, compiled for responses.
#[derive(Clone, Debug)]
pub(super) struct CspRule(Arc<Line>);

#[derive(Clone, Debug)]
pub(super) struct Line {
    name: HeaderName,
    parts: Parts,
    compiled: Compiled,
    /// The compiled policy for http, if it differs.
    over_http: Option<Compiled>,
    /// A placeholder for a value with a nonce, until the nonce is filled in.
    ///
    /// No layer sends a response with the placeholder, so no inner service with the same layer
    /// returns it.
    unfilled: Option<HeaderValue>,
    pub(super) existing: InsertMode,
    pub(super) only_documents: bool,
    pub(super) sources: Option<SourceHook>,
}

const UPGRADE: &str = "upgrade-insecure-requests";

/// Forbids everything, for content that runs nothing wherever it is loaded.
const LOCKED: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Contains a policy's text, ready for a header.
#[derive(Clone, Debug)]
struct Compiled {
    /// The value without a nonce; `None` for a policy without directives.
    value: Option<HeaderValue>,
    /// The value with a nonce; `None` for a policy without nonces.
    template: Option<Arc<Template>>,
    framing: Framing,
}

impl CspRule {
    pub(super) fn new(name: HeaderName, policy: &ContentSecurityPolicy) -> Self {
        let parts = Parts::new(policy);
        let compiled = Compiled::new(&Draft::new(&parts));
        let over_http = policy.get(UPGRADE).map(|_| {
            let mut draft = Draft::new(&parts);
            draft.remove(UPGRADE);
            Compiled::new(&draft)
        });
        let value = compiled.value.as_ref().filter(|_| compiled.has_nonce());
        Self(Arc::new(Line {
            name,
            unfilled: value.and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok()),
            compiled,
            over_http,
            parts,
            existing: ContentSecurityPolicy::DEFAULT_MODE,
            only_documents: false,
            sources: None,
        }))
    }

    pub(super) fn edit(&mut self) -> &mut Line {
        Arc::make_mut(&mut self.0)
    }

    pub(super) fn meeting(mut self, existing: InsertMode) -> Self {
        self.edit().existing = existing;
        self
    }

    /// Returns the line for a response whose nonce was not read.
    ///
    /// The line is one of several fixed headers; it applies if nothing else makes the policy vary.
    pub(super) fn fixed(&self, withheld: Withheld) -> Option<PreparedHeader> {
        let line = &*self.0;
        let value = line.compiled(withheld).value.clone()?;
        Some(PreparedHeader { name: line.name.clone(), value, existing: line.existing })
    }

    /// Returns the line for a response whose nonce was read.
    ///
    /// The line must be [filled](Self::fill) later.
    pub(super) fn unfilled(&self, withheld: Withheld) -> Option<PreparedHeader> {
        let line = self.fixed(withheld)?;
        let value = self.0.unfilled.clone().unwrap_or(line.value);
        Some(PreparedHeader { value, ..line })
    }

    /// Replaces the placeholder on the response by the policy with its nonce.
    ///
    /// A line of the response's own is kept.
    pub(super) fn fill(
        &self,
        nonce: &[u8; Template::NONCE],
        withheld: Withheld,
        headers: &mut HeaderMap,
    ) {
        let Compiled { template: Some(template), .. } = self.0.compiled(withheld) else { return };
        let Some(unfilled) = &self.0.unfilled else { return };
        let line = headers
            .get_mut(&self.0.name)
            .filter(|line| ptr::eq(unfilled.as_bytes(), line.as_bytes()));
        if let Some((line, filled)) = line.zip(template.fill(nonce).try_into().ok()) {
            *line = filled;
        }
    }

    pub(super) fn has_nonce(&self) -> bool {
        self.0.compiled.has_nonce()
    }

    /// Returns `true` if the policy is appended to existing ones.
    pub(super) fn appends(&self) -> bool {
        self.0.existing == InsertMode::Append
    }

    /// Returns `true` if this is the main enforced policy, not appended.
    pub(super) fn is_main(&self) -> bool {
        !self.appends() && self.0.name == header::CONTENT_SECURITY_POLICY
    }

    /// Returns `true` if this main policy frames by a list.
    ///
    /// `X-Frame-Options` cannot allow such frames.
    pub(super) fn frames_by_list(&self) -> bool {
        self.is_main() && self.0.compiled.framing == Framing::ByList
    }

    /// Prepares the nonce and the sources of the response.
    #[inline]
    pub(super) fn prepare(&self, request: &mut impl RequestParts, pending: &mut CspPending) {
        if self.has_nonce() {
            pending.take_nonce(request);
        }
        if let Some(hook) = &self.0.sources {
            pending.ask(hook, request);
        }
    }

    /// Returns `true` if a response may have `upgrade-insecure-requests`.
    ///
    /// The directive can come from the policy or from a handler's change to it.
    pub(super) fn may_upgrade(&self) -> bool {
        self.0.over_http.is_some() || self.asks_handler()
    }

    /// Returns `true` if a handler may change the policy of its response.
    fn asks_handler(&self) -> bool {
        self.is_main() && self.0.existing == InsertMode::IfNotPresent
    }

    pub(super) fn put(&self, pending: &CspPending, response: &mut impl ResponseParts) {
        let line = &*self.0;
        let is_added = line.existing != InsertMode::Override && left_out::has(response, &line.name);
        if is_added || is_left_out(&line.name, response) {
            return;
        }
        let change = if self.asks_handler() {
            response.extensions().get::<CspOverride>().cloned()
        } else {
            None
        };
        let sources = if line.sources.is_some() { pending.sources() } else { &[] };
        if change.is_none() && sources.is_empty() {
            return self.put_compiled(line.compiled(pending.withheld), pending, response);
        }
        let draft = Draft::of_response(&line.parts, sources, change.as_ref());
        let Some(mut draft) = draft else { return };
        if pending.withheld == Withheld::StsAndUpgrade {
            draft.remove(UPGRADE);
        }
        if draft.has_nonce() && !self.has_nonce() {
            trace::nonce_in_change();
        }
        self.put_compiled(&Compiled::new(&draft), pending, response);
    }

    fn put_compiled(
        &self,
        compiled: &Compiled,
        pending: &CspPending,
        response: &mut impl ResponseParts,
    ) {
        let line = &*self.0;
        if compiled.has_nonce() && response.status() == StatusCode::NOT_MODIFIED {
            return self.leave_out(compiled.framing, response);
        }
        let Some(value) = &compiled.value else { return };
        if line.only_documents && is_passive(response.headers()) {
            // A report-only policy would have no effect here.
            if line.name == header::CONTENT_SECURITY_POLICY {
                self.place(HeaderValue::from_static(LOCKED), Framing::AsElsewhere, response);
            }
            return;
        }
        let template = compiled.template.as_ref().filter(|_| self.has_nonce());
        let filled = template.zip(pending.nonce()).map(|(template, nonce)| template.fill(nonce));
        match filled.and_then(|filled| filled.try_into().ok()) {
            Some(value) => self.place(value, compiled.framing, response),
            None => self.place(value.clone(), compiled.framing, response),
        }
    }

    /// Sends a 304 without a line of this name.
    ///
    /// Exception: a line of the response's own that this policy does not replace is kept.
    fn leave_out(&self, framing: Framing, response: &mut impl ResponseParts) {
        let name = &self.0.name;
        let existing = effective_mode(self.0.existing, name, response);
        if existing == InsertMode::IfNotPresent && own_lines::is_taken(response, name) {
            return;
        }
        response.headers_mut().remove(name);
        own_lines::forget(response, name);
        let framing = if self.is_main() { framing } else { Framing::AsElsewhere };
        left_out::note(response, name, framing);
    }

    /// Adds a line to the response, unless an existing line is kept.
    fn place(&self, value: HeaderValue, framing: Framing, response: &mut impl ResponseParts) {
        let name = &self.0.name;
        make_room(response.headers_mut(), 1);
        let appended = self.appends();
        // Clone the value only if outer layers need to know the line.
        let noted = appended.then(|| OwnLine { name: name.clone(), value: value.clone() });
        let listed = (self.is_main() && framing == Framing::ByList).then(|| value.clone());
        match effective_mode(self.0.existing, name, response) {
            InsertMode::IfNotPresent if !own_lines::any(response) => {
                if !prepared_headers::put(
                    name,
                    value,
                    InsertMode::IfNotPresent,
                    response.headers_mut(),
                ) {
                    return;
                }
            }
            InsertMode::IfNotPresent if own_lines::is_taken(response, name) => return,
            InsertMode::Override => {
                own_lines::forget(response, name);
                left_out::forget(response, name);
                drop(response.headers_mut().try_insert(name, value));
            }
            InsertMode::IfNotPresent | InsertMode::Append => {
                if !response.headers().get_all(name).iter().any(|line| *line == value) {
                    drop(response.headers_mut().try_append(name, value));
                } else if appended {
                    return;
                } else {
                    own_lines::adopt(response, name, &value);
                }
            }
        }
        if let Some(line) = listed {
            framing::note(response, line);
        }
        if let Some(line) = noted {
            own_lines::note(response, line);
        }
    }
}

impl Line {
    fn compiled(&self, withheld: Withheld) -> &Compiled {
        let over_http = self.over_http.as_ref().filter(|_| withheld == Withheld::StsAndUpgrade);
        over_http.unwrap_or(&self.compiled)
    }
}

impl Compiled {
    fn new(draft: &Draft<'_>) -> Self {
        Self {
            value: draft.without_nonce().map(|text| to_value(text.into())),
            template: draft.template().map(Arc::new),
            framing: Framing::of(draft),
        }
    }

    fn has_nonce(&self) -> bool {
        self.template.is_some()
    }
}
