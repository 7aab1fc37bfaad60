//! All policies of a service in one value.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue, header};

use super::{
    ContentSecurityPolicy, Existing, FixedHeader, FrameOptions, HeaderPolicy, HostCookies, sealed,
    to_value,
};
use crate::{Lint, Severity};

/// All policies of a service in one value, at most one for each header.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, Hardening, ReferrerPolicy};
///
/// let hardening = Hardening::empty()
///     .with(ContentSecurityPolicy::from_static("default-src 'self'; frame-ancestors 'none'"))
///     .with(ReferrerPolicy::SAME_ORIGIN);
/// let headers: Vec<String> =
///     hardening.headers().iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
/// assert_eq!(headers, [
///     "referrer-policy: same-origin",
///     // For browsers that do not know frame-ancestors.
///     "x-frame-options: DENY",
///     "content-security-policy: default-src 'self'; frame-ancestors 'none'",
/// ]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hardening {
    pub(crate) headers: Vec<Slot>,
    pub(crate) csp: Option<ContentSecurityPolicy>,
    /// Enforced beside the first, each a line of its own.
    pub(crate) csp_also: Vec<ContentSecurityPolicy>,
    pub(crate) csp_report_only: Option<ContentSecurityPolicy>,
    pub(crate) host_cookies: Option<HostCookies>,
    frame_options_left_out: bool,
}

/// A header with one value for every response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) name: HeaderName,
    pub(crate) text: Cow<'static, str>,
    pub(crate) existing: Existing,
    lints: Vec<Lint>,
}

impl Slot {
    fn new<P: HeaderPolicy>(policy: &P) -> Self {
        Self {
            name: policy.name().clone(),
            text: policy.text(),
            existing: P::EXISTING,
            lints: policy.lints(),
        }
    }
}

/// What [`Hardening::with`] takes: every policy of this crate.
pub trait Policy: sealed::Sealed {
    #[doc(hidden)]
    fn put(self, hardening: &mut Hardening);
}

impl Hardening {
    /// No policy at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a policy, in the place of one for the same header.
    pub fn with(mut self, policy: impl Policy) -> Self {
        policy.put(&mut self);
        self
    }

    /// Adds a policy for content that is enforced beside the others, and beside what the application
    /// sends: a browser holds a page to all of them.
    pub fn with_also(mut self, policy: ContentSecurityPolicy) -> Self {
        self.csp_also.push(policy);
        self
    }

    /// Adds a policy that browsers report on and do not enforce
    /// (`Content-Security-Policy-Report-Only`).
    pub fn with_report_only(mut self, policy: ContentSecurityPolicy) -> Self {
        self.csp_report_only = Some(policy);
        self
    }

    /// Takes the policy for a header out; that of `Set-Cookie` is [`HostCookies`].
    pub fn without(mut self, name: &HeaderName) -> Self {
        match name.as_str() {
            "content-security-policy" => {
                self.csp = None;
                self.csp_also.clear();
            }
            "content-security-policy-report-only" => self.csp_report_only = None,
            "set-cookie" => self.host_cookies = None,
            "x-frame-options" => self.frame_options_left_out = true,
            _ => {}
        }
        self.headers.retain(|slot| slot.name != name);
        self
    }

    /// The enforced policy for content.
    pub fn csp(&self) -> Option<&ContentSecurityPolicy> {
        self.csp.as_ref()
    }

    /// The cookies that are guarded.
    pub fn host_cookies(&self) -> Option<&HostCookies> {
        self.host_cookies.as_ref()
    }

    /// The headers that a response with none of them gets; a nonce shows as `'nonce-{}'`.
    pub fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        let mut headers = Vec::new();
        for slot in self.slots() {
            headers.push((slot.name, to_value(slot.text)));
        }
        let mut add = |name, policy: &ContentSecurityPolicy| {
            if !policy.is_empty() {
                headers.push((name, policy.without_fixed_nonces().value()));
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

    fn enforced(&self) -> Vec<&ContentSecurityPolicy> {
        self.csp.iter().chain(&self.csp_also).collect()
    }

    /// What is weak about the policies, each and together.
    pub fn lints(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        for slot in &self.headers {
            lints.extend_from_slice(&slot.lints);
        }
        lints.extend(self.open());
        if let Some(cookies) = &self.host_cookies {
            lints.extend(cookies.lints());
        }
        lints.extend(self.reporting());
        let wanted = self.csp.as_ref().and_then(FrameOptions::matching);
        let sent = self.headers.iter().find(|slot| slot.name == header::X_FRAME_OPTIONS);
        if let (Some(wanted), Some(sent)) = (wanted, sent) {
            if sent.text != wanted.as_str() {
                lints.push(Lint::new(
                    Severity::Error,
                    "frame-options-disagree",
                    format!("x-frame-options: {:?} is overruled by frame-ancestors, which says the same as {wanted}; send that", sent.text),
                ));
            }
        }
        lints
    }

    /// What is weak about the enforced policies: what one of them leaves open another may forbid.
    fn open(&self) -> Vec<Lint> {
        let policies: Vec<Vec<Lint>> =
            self.enforced().iter().map(|policy| policy.lints()).collect();
        let of_all = |id: &str| policies.iter().all(|one| one.iter().any(|lint| lint.id() == id));
        let mut lints = policies.concat();
        lints.retain(|lint| !lint.id().ends_with("-missing") || of_all(lint.id()));
        lints
    }

    /// Whether what is to be reported gets anywhere.
    fn reporting(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        let watched = self.csp_report_only.as_ref();
        if watched.is_some_and(|csp| csp.get("report-uri").or(csp.get("report-to")).is_none()) {
            let problem = "content-security-policy-report-only: without report-uri and report-to it does nothing; add them";
            lints.push(Lint::new(Severity::Error, "csp-report-only-mute", problem));
        }
        for ignored in ["sandbox", "upgrade-insecure-requests"] {
            if watched.is_some_and(|csp| csp.get(ignored).is_some()) {
                let problem = format!(
                    "content-security-policy-report-only: {ignored} does nothing there; remove it"
                );
                lints.push(Lint::new(Severity::Note, "csp-report-only-dead", problem));
            }
        }
        let astray = |csp: &ContentSecurityPolicy| {
            let endpoint = csp.get("report-to");
            endpoint.is_some_and(|endpoint| endpoint.values().any(|name| !self.defines(name)))
        };
        if self.enforced().into_iter().any(astray) || watched.is_some_and(astray) {
            let problem = "content-security-policy: report-to names an endpoint that no reporting-endpoints header defines, and makes browsers skip report-uri; add that header";
            lints.push(Lint::new(Severity::Error, "csp-endpoint-missing", problem));
        }
        lints
    }

    /// Whether a `Reporting-Endpoints` header has a member of that name (RFC 9651 section 3.2).
    fn defines(&self, endpoint: &str) -> bool {
        let header = self.headers.iter().find(|slot| slot.name == "reporting-endpoints");
        let text = header.map_or("", |slot| &slot.text);
        let mut quoted = false;
        let mut members = text.split(|c| {
            quoted ^= c == '"';
            c == ',' && !quoted
        });
        members.any(|member| member.split('=').next().is_some_and(|name| name.trim() == endpoint))
    }

    /// The fixed headers, `X-Frame-Options` among them where the policy for content implies it.
    pub(crate) fn slots(&self) -> Vec<Slot> {
        let mut slots = self.headers.clone();
        let named = slots.iter().any(|slot| slot.name == header::X_FRAME_OPTIONS);
        if !named && !self.frame_options_left_out {
            if let Some(derived) = self.csp.as_ref().and_then(FrameOptions::matching) {
                slots.push(Slot::new(&derived));
            }
        }
        slots
    }

    pub(crate) fn put_header(&mut self, policy: &impl HeaderPolicy) {
        self.put_slot(Slot::new(policy));
    }

    fn put_slot(&mut self, slot: Slot) {
        match self.headers.iter_mut().find(|other| other.name == slot.name) {
            Some(other) => *other = slot,
            None => self.headers.push(slot),
        }
    }
}

impl Policy for FixedHeader {
    fn put(self, hardening: &mut Hardening) {
        hardening.put_header(&self);
    }
}

impl Policy for ContentSecurityPolicy {
    fn put(self, hardening: &mut Hardening) {
        hardening.csp = Some(self);
    }
}

impl sealed::Sealed for HostCookies {}

impl Policy for HostCookies {
    fn put(self, hardening: &mut Hardening) {
        hardening.host_cookies = Some(self);
    }
}
