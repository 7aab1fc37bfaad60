//! Combines all policies of a service in one value.

use std::borrow::Cow;

use http::{HeaderName, header};

use crate::{
    lint::Lint,
    policy::{
        RemoveHeaders,
        cookie::HostCookies,
        csp::{ContentSecurityPolicy, EndpointName},
        header::{
            FrameOptions, HeaderPolicy, InsertMode, Places, ReportOnly, StaticHeader,
            for_each_policy, sealed,
        },
    },
};

/// Combines all policies of a service, at most one for each header.
///
/// The default is [`recommended`](Self::recommended); [`empty`](Self::empty) has no policy. Two values
/// are equal if they send the same, in any order of the headers, and omit the same
/// [lints](Self::lints).
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, Hardening, ReferrerPolicy};
///
/// let hardening = Hardening::empty()
///     .with(ContentSecurityPolicy::from_static("default-src 'self'; frame-ancestors 'none'"))
///     .with(ReferrerPolicy::SAME_ORIGIN);
/// let names: Vec<_> = hardening.headers().into_iter().map(|(name, _)| name).collect();
/// // `frame-ancestors 'none'` implies `X-Frame-Options: DENY`, for browsers that do not support it.
/// assert_eq!(names, ["referrer-policy", "x-frame-options", "content-security-policy"]);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Hardening {
    pub(crate) headers: Vec<Slot>,
    pub(crate) csp: Option<ContentSecurityPolicy>,
    /// Policies that are enforced in addition to the first, each in its own line.
    pub(crate) additional_csp: Vec<ContentSecurityPolicy>,
    pub(crate) csp_report_only: Option<ContentSecurityPolicy>,
    pub(crate) host_cookies: Option<HostCookies>,
    pub(crate) remove: Option<RemoveHeaders>,
    pub(crate) nonce_line: NonceLine,
    pub(super) framing: Framing,
    /// The ids of lints that the preset's documentation and requirements explain.
    pub(super) explained: &'static [&'static str],
}

/// Selects the line of a policy that contains its nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NonceLine {
    /// The only line.
    Only,
    /// The second of two lines.
    Second,
}

/// Defines the source of `X-Frame-Options`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// `frame-ancestors`, or a preset if the content policy has no such directive.
    Ancestors,
    /// A policy that was added for the header.
    Policy,
    /// The header was removed.
    Nowhere,
}

/// Holds a header with one value for every response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) name: HeaderName,
    pub(crate) text: Cow<'static, str>,
    pub(crate) existing: InsertMode,
    pub(super) lints: Vec<Lint>,
    /// The endpoints that the header sends reports to.
    pub(super) named: Vec<EndpointName>,
    /// The endpoints that the header defines.
    pub(super) defined: Vec<EndpointName>,
    /// The places of the members of a list.
    pub(crate) members: Option<Places>,
}

impl Slot {
    pub(super) fn new(policy: &impl HeaderPolicy) -> Self {
        Self::named(policy.name().clone(), policy)
    }

    /// Creates a header that sends the policy under this name.
    pub(super) fn named<P: HeaderPolicy>(name: HeaderName, policy: &P) -> Self {
        Self {
            name,
            text: policy.text(),
            existing: P::DEFAULT_MODE,
            lints: policy.lints(),
            named: policy.named_endpoints(),
            defined: policy.defined_endpoints(),
            members: Places::new(&policy.members()),
        }
    }
}

/// Marks a policy that [`Hardening::with`] accepts: every policy of this crate.
#[expect(unnameable_types, reason = "sealed: `Hardening::with` says which policies there are")]
pub trait Policy: sealed::Sealed + Sized {
    #[doc(hidden)]
    fn put(self, hardening: &mut Hardening);

    #[doc(hidden)]
    fn put_report_only(self, hardening: &mut Hardening)
    where
        Self: ReportOnly,
    {
        hardening.put_slot(Slot::named(self.report_only_name().clone(), &self));
    }
}

impl Hardening {
    /// Creates a value without policies, as a basis for [`with`](Self::with).
    pub fn empty() -> Self {
        Self {
            headers: Vec::new(),
            csp: None,
            additional_csp: Vec::new(),
            csp_report_only: None,
            host_cookies: None,
            remove: None,
            nonce_line: NonceLine::Only,
            framing: Framing::Ancestors,
            explained: &[],
        }
    }

    /// Adds a policy, and removes the previous policy for the same header.
    ///
    /// Takes every policy of this crate: [`ContentSecurityPolicy`], [`HostCookies`], each
    /// [`HeaderPolicy`], and [`StaticHeader`] for a header without a type.
    pub fn with(mut self, policy: impl Policy) -> Self {
        policy.put(&mut self);
        self
    }

    /// Adds a `Content-Security-Policy` to the others and to that of the application.
    ///
    /// A browser enforces all of them.
    pub fn with_additional_csp(mut self, policy: ContentSecurityPolicy) -> Self {
        self.additional_csp.push(policy);
        self
    }

    /// Adds a policy that browsers report on and do not enforce.
    ///
    /// It is sent under its report-only name, such as `Content-Security-Policy-Report-Only`.
    pub fn with_report_only(mut self, policy: impl Policy + ReportOnly) -> Self {
        policy.put_report_only(&mut self);
        self
    }

    /// Removes the policy for a header; the policy for `Set-Cookie` is [`HostCookies`].
    pub fn without(mut self, name: &HeaderName) -> Self {
        match name.as_str() {
            "content-security-policy" => {
                self.csp = None;
                self.additional_csp.clear();
            }
            "content-security-policy-report-only" => self.csp_report_only = None,
            "set-cookie" => self.host_cookies = None,
            "x-frame-options" => self.framing = Framing::Nowhere,
            _ => {}
        }
        self.headers.retain(|slot| slot.name != name);
        self
    }

    /// Returns the ids of lints that the preset explains.
    #[cfg(feature = "settings")]
    pub(crate) fn explained(&self) -> &'static [&'static str] {
        self.explained
    }

    /// Returns the enforced content policy.
    pub fn csp(&self) -> Option<&ContentSecurityPolicy> {
        self.csp.as_ref()
    }

    /// Returns the policy for cookies.
    pub fn host_cookies(&self) -> Option<&HostCookies> {
        self.host_cookies.as_ref()
    }

    pub(super) fn enforced(&self) -> Vec<&ContentSecurityPolicy> {
        self.csp.iter().chain(&self.additional_csp).collect()
    }

    /// Returns the fixed headers, with `X-Frame-Options` as the content policy implies it.
    pub(crate) fn slots(&self) -> Vec<Slot> {
        let mut slots = self.headers.clone();
        let csp = self.csp.as_ref().filter(|csp| csp.get("frame-ancestors").is_some());
        let Some(csp) = csp.filter(|_| self.framing == Framing::Ancestors) else { return slots };
        let place = slots.iter().position(|slot| slot.name == header::X_FRAME_OPTIONS);
        match (FrameOptions::from_frame_ancestors(csp).map(|derived| Slot::new(&derived)), place) {
            (Some(derived), Some(place)) => slots[place] = derived,
            (Some(derived), None) => slots.push(derived),
            (None, Some(place)) => drop(slots.remove(place)),
            (None, None) => {}
        }
        slots
    }

    pub(crate) fn put_header(&mut self, policy: &impl HeaderPolicy) {
        self.put_slot(Slot::new(policy));
    }

    pub(super) fn put_slot(&mut self, slot: Slot) {
        let place = self.headers.iter().position(|other| other.name == slot.name);
        self.put_slot_at(place.unwrap_or(self.headers.len()), slot);
    }

    /// Replaces the header at this place, or appends the header if there is none.
    pub(super) fn put_slot_at(&mut self, place: usize, slot: Slot) {
        if slot.name == header::X_FRAME_OPTIONS {
            self.framing = Framing::Policy;
        }
        match self.headers.get_mut(place) {
            Some(other) => *other = slot,
            None => self.headers.push(slot),
        }
    }
}

/// For example
/// `impl_policy! { [tower_hardening] frame_options::FrameOptions => FrameOptionsLayer = "x-frame-options": "DENY", }`.
macro_rules! impl_policy {
    ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
        $(impl Policy for crate::policy::header::$policy {
            fn put(self, hardening: &mut Hardening) {
                hardening.put_header(&self);
            }
        })+
    };
}

for_each_policy!(impl_policy);

impl Policy for StaticHeader {
    fn put(self, hardening: &mut Hardening) {
        hardening.put_header(&self);
    }
}

impl Policy for ContentSecurityPolicy {
    fn put(self, hardening: &mut Hardening) {
        hardening.csp = Some(self);
    }

    // The policy can have a nonce, so its value can differ between responses.
    fn put_report_only(self, hardening: &mut Hardening) {
        hardening.csp_report_only = Some(self);
    }
}

impl sealed::Sealed for RemoveHeaders {}

impl Policy for RemoveHeaders {
    fn put(self, hardening: &mut Hardening) {
        hardening.remove = Some(self);
    }
}

impl sealed::Sealed for HostCookies {}

impl Policy for HostCookies {
    fn put(self, hardening: &mut Hardening) {
        hardening.host_cookies = Some(self);
    }
}
