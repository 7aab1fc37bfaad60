//! What the layers for `Content-Security-Policy` do to a request and its response.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};

use super::{
    fixed::put,
    head::SourceHook,
    response::is_passive,
    rule::{Rule, is_final, met},
    withheld::{WhenUnknown, Withheld},
};
use crate::policy::{
    ContentSecurityPolicy, CspOverride, Existing, HeaderPolicy, Source, SourceDirective, sealed,
};

/// The rule of a [`CspLayer`](super::CspLayer).
#[derive(Clone, Debug)]
pub struct CspRule(Arc<Line>);

#[derive(Clone, Debug)]
pub(super) struct Line {
    name: HeaderName,
    policy: ContentSecurityPolicy,
    compiled: Compiled,
    /// The same for http, where that is something else.
    over_http: Option<Compiled>,
    pub(super) existing: Existing,
    pub(super) only_documents: bool,
    pub(super) sources: Option<SourceHook>,
}

const UPGRADE: &str = "upgrade-insecure-requests";

/// For what runs nothing, wherever it is loaded.
const LOCKED: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// A policy's text, ready for a header.
#[derive(Clone, Debug)]
struct Compiled {
    /// Without a nonce; none for a policy without directives.
    value: Option<HeaderValue>,
    /// What stands before, between and after the nonces.
    #[cfg(feature = "nonce")]
    template: Vec<String>,
}

/// What a request leaves for the policy of its response.
#[derive(Debug, Default)]
pub struct CspPending {
    #[cfg(feature = "nonce")]
    nonce: Option<crate::Nonce>,
    /// What a hook gave; boxed, since as a rule there is none.
    sources: Option<Box<[(SourceDirective, Source)]>>,
    pub(super) withheld: Withheld,
}

impl CspPending {
    /// One with nothing but what is withheld.
    #[inline]
    pub(super) fn without(withheld: Withheld) -> Self {
        Self { withheld, ..Self::default() }
    }

    /// Ends the reading of the nonce; a page that has it is private to its reader.
    fn close(&self, headers: &mut HeaderMap) {
        #[cfg(feature = "nonce")]
        if self.nonce.as_ref().is_some_and(|nonce| nonce.close().is_some()) {
            super::response::make_private(headers);
        }
        #[cfg(not(feature = "nonce"))]
        let _ = headers;
    }

    /// What several rules of one layer leave: one nonce, and one hook's sources.
    pub(super) fn join(&mut self, other: Self) {
        #[cfg(feature = "nonce")]
        if self.nonce.is_none() {
            self.nonce = other.nonce;
        }
        self.sources = self.sources.take().or(other.sources);
    }
}

impl CspRule {
    pub(super) fn new(name: HeaderName, policy: &ContentSecurityPolicy) -> Self {
        Self(Arc::new(Line {
            name,
            policy: policy.clone(),
            compiled: Compiled::new(policy),
            over_http: policy.get(UPGRADE).map(|_| Compiled::new(&policy.clone().remove(UPGRADE))),
            existing: ContentSecurityPolicy::EXISTING,
            only_documents: false,
            sources: None,
        }))
    }

    pub(super) fn edit(&mut self) -> &mut Line {
        Arc::make_mut(&mut self.0)
    }

    pub(super) fn met(mut self, existing: Existing) -> Self {
        self.edit().existing = existing;
        self
    }

    /// As a header with one value for every response from which the same is withheld; none where
    /// something makes it vary.
    pub(super) fn fixed(&self, withheld: Withheld) -> Option<(HeaderName, HeaderValue, Existing)> {
        let line = &*self.0;
        let varies = line.policy.has_nonce() || line.sources.is_some();
        let value = line.compiled(withheld).value.clone().filter(|_| !varies)?;
        Some((line.name.clone(), value, line.existing))
    }

    /// Makes the nonce of a request, or finds the one that an outer layer made, and asks for the
    /// sources of its response.
    pub(super) fn pending<B>(&self, request: &mut Request<B>) -> CspPending {
        CspPending {
            #[cfg(feature = "nonce")]
            nonce: (self.0.compiled.template.len() > 1)
                .then(|| request.extensions_mut().get_or_insert_with(crate::Nonce::new).clone()),
            sources: self.0.sources.as_ref().map(|hook| hook.ask(request).into()),
            withheld: Withheld::Nothing,
        }
    }

    /// Whether it goes beside what is there.
    pub(super) fn appends(&self) -> bool {
        self.0.existing == Existing::Append
    }

    /// Whether it is the enforced policy, and not one besides.
    pub(super) fn is_main(&self) -> bool {
        !self.appends() && self.0.name == header::CONTENT_SECURITY_POLICY
    }

    /// Whether a handler is asked about the policy of its response.
    pub(super) fn asks(&self) -> bool {
        self.is_main() && self.0.existing == Existing::Keep
    }

    pub(super) fn put<B>(&self, pending: &CspPending, response: &mut Response<B>) {
        let line = &*self.0;
        pending.close(response.headers_mut());
        let change = response.extensions().get::<CspOverride>().filter(|_| self.asks()).cloned();
        let sources = pending.sources.as_deref().filter(|_| self.0.sources.is_some());
        let sources = sources.unwrap_or_default();
        if change.is_none() && sources.is_empty() {
            return self.put_compiled(line.compiled(pending.withheld), pending, response);
        }
        let policy = line.policy.clone().extend_within_limit(sources);
        let policy = change.map_or(Some(policy.clone()), |change| change.apply(policy));
        let policy = policy.map(|policy| match pending.withheld {
            Withheld::StsAndUpgrade => policy.remove(UPGRADE),
            _ => policy,
        });
        if let Some(policy) = policy {
            self.put_compiled(&Compiled::new(&policy), pending, response);
        }
    }

    fn put_compiled<B>(
        &self,
        compiled: &Compiled,
        pending: &CspPending,
        response: &mut Response<B>,
    ) {
        let line = &*self.0;
        let existing = met(line.existing, &line.name, response);
        let not_modified = response.status() == StatusCode::NOT_MODIFIED;
        let headers = response.headers_mut();
        if compiled.has_nonce() && not_modified {
            if existing == Existing::Replace {
                headers.remove(&line.name);
            }
            return;
        }
        let rendered = compiled.render(pending);
        let any = rendered.is_some() || compiled.value.is_some();
        if any && line.only_documents && is_passive(headers) {
            let locked = || HeaderValue::from_static(LOCKED);
            return put(headers, &line.name, locked, existing);
        }
        match (rendered, &compiled.value) {
            (Some(value), _) => put(headers, &line.name, || value, existing),
            (None, Some(value)) => put(headers, &line.name, || value.clone(), existing),
            (None, None) => {}
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
    fn new(policy: &ContentSecurityPolicy) -> Self {
        let plain = policy.without_nonce();
        Self {
            value: (!plain.is_empty()).then(|| plain.value()),
            #[cfg(feature = "nonce")]
            template: policy.template(),
        }
    }

    fn has_nonce(&self) -> bool {
        #[cfg(feature = "nonce")]
        return self.template.len() > 1;
        #[cfg(not(feature = "nonce"))]
        return false;
    }

    /// The value with the nonce, if it was read.
    #[cfg(feature = "nonce")]
    fn render(&self, pending: &CspPending) -> Option<HeaderValue> {
        if !self.has_nonce() {
            return None;
        }
        let nonce = pending.nonce.as_ref()?.close()?;
        let nonces = nonce.len() * (self.template.len() - 1);
        let length = self.template.iter().map(String::len).sum::<usize>() + nonces;
        let mut text = Vec::with_capacity(length);
        for (index, part) in self.template.iter().enumerate() {
            if index > 0 {
                text.extend_from_slice(nonce.as_bytes());
            }
            text.extend_from_slice(part.as_bytes());
        }
        HeaderValue::try_from(text).ok()
    }

    #[cfg(not(feature = "nonce"))]
    fn render(&self, _: &CspPending) -> Option<HeaderValue> {
        None
    }
}

impl sealed::Sealed for CspRule {}

impl Rule for CspRule {
    type Pending = CspPending;

    #[inline]
    fn on_request<B>(&self, request: &mut Request<B>) -> CspPending {
        let withheld = Withheld::of(request.extensions(), WhenUnknown::Send);
        CspPending { withheld, ..self.pending(request) }
    }

    #[inline]
    fn on_response<B>(&self, pending: CspPending, response: &mut Response<B>) {
        if is_final(response) {
            self.put(&pending, response);
        }
    }
}
