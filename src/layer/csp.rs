//! The layer for `Content-Security-Policy`.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use tower_layer::Layer;

use super::{
    fixed::put,
    rule::{Rule, is_final},
    service::Hardened,
};
use crate::policy::{ContentSecurityPolicy, Existing, HeaderPolicy};

/// The nonce that a request was given, where the policy has one.
#[cfg(feature = "nonce")]
pub(super) type PendingNonce = Option<crate::Nonce>;
/// Nothing.
#[cfg(not(feature = "nonce"))]
#[derive(Debug, Default)]
pub struct PendingNonce;

/// Sends a `Content-Security-Policy`, or its report-only twin.
///
/// Leaves a policy that the response has already, so the innermost wins; see
/// [`overriding`](Self::overriding) and [`appending`](Self::appending). On every content type,
/// unless told [`only_documents`](Self::only_documents).
///
/// A policy with `'nonce-{}'` puts a `Nonce` into the request's extensions. Where
/// nobody read it the header has no nonce; where somebody did it has that one, and
/// `Cache-Control` says `private` at least. A 304 then carries no policy: a new nonce would not
/// fit the page in the browser's cache.
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

    /// Replaces the policy that the response has.
    pub fn overriding(self) -> Self {
        self.existing(Existing::Replace)
    }

    /// Adds one more policy beside those that the response has: a browser enforces all of them,
    /// so this can only forbid more.
    pub fn appending(self) -> Self {
        self.existing(Existing::Append)
    }

    /// Sends the policy with documents only, and `default-src 'none'; sandbox` with images, fonts,
    /// media, style sheets, JSON and plain text, which run nothing.
    ///
    /// What is or may be a document: HTML, XML and SVG, PDF, scripts (a worker goes by its own
    /// policy), and whatever has no type or an unknown one.
    pub fn only_documents(mut self) -> Self {
        Arc::make_mut(&mut self.rule.0).only_documents = true;
        self
    }

    fn existing(mut self, existing: Existing) -> Self {
        Arc::make_mut(&mut self.rule.0).existing = existing;
        self
    }
}

impl<S> Layer<S> for CspLayer {
    type Service = Hardened<S, CspRule>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.rule.clone())
    }
}

#[derive(Clone, Debug)]
pub struct CspRule(Arc<Line>);

#[derive(Clone, Debug)]
struct Line {
    name: HeaderName,
    /// The value without a nonce; none for a policy without directives.
    value: Option<HeaderValue>,
    existing: Existing,
    only_documents: bool,
    /// The text before, between and after the nonces.
    #[cfg(feature = "nonce")]
    template: Vec<String>,
}

impl CspRule {
    pub(super) fn new(name: HeaderName, policy: &ContentSecurityPolicy) -> Self {
        let plain = policy.without_nonce();
        Self(Arc::new(Line {
            name,
            value: (!plain.is_empty()).then(|| plain.value()),
            existing: ContentSecurityPolicy::EXISTING,
            only_documents: false,
            #[cfg(feature = "nonce")]
            template: policy.to_string().split("{}").map(Into::into).collect(),
        }))
    }

    pub(super) fn has_nonce(&self) -> bool {
        #[cfg(feature = "nonce")]
        return self.0.template.len() > 1;
        #[cfg(not(feature = "nonce"))]
        return false;
    }

    pub(super) fn overriding(mut self) -> Self {
        Arc::make_mut(&mut self.0).existing = Existing::Replace;
        self
    }

    /// As a header with one value for every response; none where the nonce makes it vary.
    pub(super) fn fixed(&self) -> Option<(HeaderName, HeaderValue, Existing)> {
        let Line { name, value, existing, .. } = &*self.0;
        let value = value.clone().filter(|_| !self.has_nonce())?;
        Some((name.clone(), value, *existing))
    }

    /// Makes the nonce of a request, or finds the one that an outer layer made.
    pub(super) fn nonce<B>(&self, request: &mut Request<B>) -> PendingNonce {
        #[cfg(feature = "nonce")]
        return self
            .has_nonce()
            .then(|| request.extensions_mut().get_or_insert_with(crate::Nonce::new).clone());
        #[cfg(not(feature = "nonce"))]
        {
            let _ = request;
            PendingNonce
        }
    }

    pub(super) fn put<B>(&self, nonce: &PendingNonce, response: &mut Response<B>) {
        let line = &*self.0;
        if self.has_nonce() && response.status() == StatusCode::NOT_MODIFIED {
            return;
        }
        let headers = response.headers_mut();
        let rendered = self.render(nonce, headers);
        let Some(value) = rendered.as_ref().or(line.value.as_ref()) else { return };
        if line.only_documents && is_passive(headers) {
            const LOCKED: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");
            return put(headers, &line.name, &LOCKED, line.existing);
        }
        put(headers, &line.name, value, line.existing);
    }

    /// The value with the nonce, if it was read; the page is then private to its reader.
    #[cfg(feature = "nonce")]
    fn render(&self, nonce: &PendingNonce, headers: &mut HeaderMap) -> Option<HeaderValue> {
        let nonce = nonce.as_ref()?.close()?;
        make_private(headers);
        let template = &self.0.template;
        let nonces = nonce.len() * (template.len() - 1);
        let mut text = Vec::with_capacity(template.iter().map(String::len).sum::<usize>() + nonces);
        for (index, part) in template.iter().enumerate() {
            if index > 0 {
                text.extend_from_slice(nonce.as_bytes());
            }
            text.extend_from_slice(part.as_bytes());
        }
        HeaderValue::try_from(text).ok()
    }

    #[cfg(not(feature = "nonce"))]
    fn render(&self, _: &PendingNonce, _: &mut HeaderMap) -> Option<HeaderValue> {
        None
    }
}

impl Rule for CspRule {
    type Pending = PendingNonce;

    #[inline]
    fn on_request<B>(&self, request: &mut Request<B>) -> PendingNonce {
        self.nonce(request)
    }

    #[inline]
    fn on_response<B>(&self, nonce: PendingNonce, response: &mut Response<B>) {
        if is_final(response) {
            self.put(&nonce, response);
        }
    }
}

/// Whether the content type is one that runs nothing, wherever it is loaded.
fn is_passive(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers.get(header::CONTENT_TYPE).map(HeaderValue::to_str) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
    match essence.split_once('/') {
        Some(("image", kind)) => !kind.ends_with("xml"),
        Some(("audio" | "video" | "font", _)) => true,
        Some(("application", kind)) => {
            kind == "json" || kind == "octet-stream" || kind.ends_with("+json")
        }
        Some(("text", kind)) => matches!(kind, "plain" | "css" | "csv"),
        _ => false,
    }
}

/// A shared cache must not hand one reader's nonce to another (RFC 9111 section 5.2.2).
#[cfg(feature = "nonce")]
fn make_private(headers: &mut HeaderMap) {
    let said: Vec<String> = headers
        .get_all(header::CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|directive| directive.trim_ascii().to_owned())
        .filter(|directive| !directive.is_empty())
        .collect();
    let name =
        |directive: &str| directive.split('=').next().unwrap_or_default().to_ascii_lowercase();
    if said
        .iter()
        .any(|directive| matches!(directive.to_ascii_lowercase().as_str(), "private" | "no-store"))
    {
        return;
    }
    let kept =
        said.into_iter().filter(|d| !matches!(name(d).as_str(), "public" | "s-maxage" | "private"));
    let text = std::iter::once("private".to_owned()).chain(kept).collect::<Vec<_>>().join(", ");
    if let Ok(value) = HeaderValue::try_from(text) {
        drop(headers.try_insert(header::CACHE_CONTROL, value));
    }
}
