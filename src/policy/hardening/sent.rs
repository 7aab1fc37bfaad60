//! Lists the headers that policies send.

use http::{HeaderName, HeaderValue, header};

use super::value::Hardening;
#[cfg(feature = "nonce")]
use super::value::NonceLine;
#[cfg(feature = "nonce")]
use crate::policy::{
    cache_control::{EXPIRED, PRIVATE, is_for_shared_caches, to_private},
    csp::{Nonce, NonceText as Text, Template},
};
use crate::policy::{
    csp::ContentSecurityPolicy,
    header::{HeaderPolicy, to_value},
};

impl Hardening {
    /// Returns the headers of a response whose nonce was not read.
    ///
    /// These are the headers of files, redirects and error pages, and of every response if no
    /// policy has a nonce. They assume https and a response without these headers. Over http, some
    /// are not sent: see [`ConnectionInfo`](crate::connection::ConnectionInfo).
    pub fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        self.headers_for(|policy| vec![policy.without_nonce().value()])
    }

    /// Returns the headers of a response whose nonce was read.
    ///
    /// They are those of [`headers`](Self::headers) with two changes. Each policy with a nonce
    /// contains it. `Cache-Control` keeps the page out of shared caches: it is `private`, or the
    /// policy's own value without `public` and `s-maxage`.
    ///
    /// With [`nonce_in_second_line`](Self::nonce_in_second_line), such a policy is two lines.
    ///
    /// Reads the nonce. If this fails, returns [`headers`](Self::headers).
    ///
    /// ```
    /// use tower_hardening::{ContentSecurityPolicy, Hardening, Nonce};
    ///
    /// let hardening = Hardening::empty()
    ///     .with(ContentSecurityPolicy::from_static("script-src 'self' 'nonce-{}' 'strict-dynamic'"));
    /// assert_eq!(hardening.headers()[0].1, "script-src 'self'");
    ///
    /// fn audit(hardening: &Hardening, nonce: &Nonce) {
    ///     let policy = format!("script-src 'self' 'nonce-{nonce}' 'strict-dynamic'");
    ///     assert_eq!(hardening.headers_with_nonce(nonce)[0].1, policy);
    /// }
    /// ```
    #[cfg(feature = "nonce")]
    pub fn headers_with_nonce(&self, nonce: &Nonce) -> Vec<(HeaderName, HeaderValue)> {
        let Some(text) = nonce.drawn().filter(|_| self.has_nonce()) else { return self.headers() };
        let mut headers = self.headers_for(|policy| self.lines_with(policy, text));
        headers.retain(|(name, _)| !is_for_shared_caches(name));
        headers.iter_mut().filter(|(name, _)| *name == header::EXPIRES).for_each(|(_, value)| {
            *value = EXPIRED;
        });
        match headers.iter_mut().find(|(name, _)| *name == header::CACHE_CONTROL) {
            Some((_, value)) => *value = to_private(value),
            None => headers.push((header::CACHE_CONTROL, HeaderValue::from_static(PRIVATE))),
        }
        headers
    }

    /// Returns `true` if a content policy has a nonce.
    #[cfg(any(feature = "nonce", feature = "settings"))]
    pub(crate) fn has_nonce(&self) -> bool {
        self.enforced().into_iter().chain(&self.csp_report_only).any(|csp| csp.has_nonce())
    }

    /// Returns the lines of a policy, with a nonce that was read.
    #[cfg(feature = "nonce")]
    fn lines_with(&self, policy: &ContentSecurityPolicy, nonce: &Text) -> Vec<HeaderValue> {
        let filled = |template: &Template| HeaderValue::try_from(template.fill(nonce)).ok();
        let split = match self.nonce_line {
            NonceLine::Second => policy.split().ok(),
            NonceLine::Only => None,
        };
        let lines = match split {
            Some(split) => filled(&split.second).map(|second| vec![split.first, second]),
            None => policy.template().and_then(|template| filled(&template)).map(|line| vec![line]),
        };
        lines.unwrap_or_else(|| vec![policy.without_nonce().value()])
    }

    fn headers_for(
        &self,
        lines: impl Fn(&ContentSecurityPolicy) -> Vec<HeaderValue>,
    ) -> Vec<(HeaderName, HeaderValue)> {
        let mut headers = Vec::new();
        for slot in self.slots() {
            headers.push((slot.name, to_value(slot.text)));
        }
        let mut add = |name, policy: &ContentSecurityPolicy| {
            for line in lines(policy).into_iter().filter(|line| !line.is_empty()) {
                let line = (HeaderName::clone(&name), line);
                // An identical line is sent once.
                if !headers.contains(&line) {
                    headers.push(line);
                }
            }
        };
        for policy in self.enforced() {
            add(header::CONTENT_SECURITY_POLICY, policy);
        }
        if let Some(policy) = &self.csp_report_only {
            add(header::CONTENT_SECURITY_POLICY_REPORT_ONLY, policy);
        }
        headers
    }
}
