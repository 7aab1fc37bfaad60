//! Answers that no page is made of.

use crate::{
    ContentSecurityPolicy, ContentTypeOptions, FixedHeader, Hardening, ReferrerPolicy,
    StrictTransportSecurity,
};

impl Hardening {
    /// The policies for an API, such as one that answers JSON. Whatever a browser takes an answer for,
    /// it loads and runs nothing.
    ///
    /// `Strict-Transport-Security` is for the year that the guide has, sub-domains included;
    /// browsers read it over https alone.
    pub fn api() -> Self {
        Self::empty()
            .with(ContentSecurityPolicy::from_static(
                "default-src 'none'; form-action 'none'; frame-ancestors 'none'",
            ))
            .with(ContentTypeOptions::NOSNIFF)
            .with(ReferrerPolicy::NO_REFERRER)
            .with(StrictTransportSecurity::PLEROMA)
            .with(FixedHeader::from_static("cross-origin-resource-policy", "same-origin"))
    }
}
