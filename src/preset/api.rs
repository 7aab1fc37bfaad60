//! Defines the preset for responses that are not pages.

use super::GUIDE_STS;
use crate::policy::{
    csp::ContentSecurityPolicy,
    hardening::Hardening,
    header::{ContentTypeOptions, CrossOriginResourcePolicy, ReferrerPolicy},
};

impl Hardening {
    /// Returns the policies for an API, such as one that sends JSON. A browser
    /// loads and runs nothing, whatever type it assigns to a response.
    ///
    /// `Strict-Transport-Security` is set for the guide's one year, sub-domains included. Browsers
    /// only process it over https.
    pub fn api() -> Self {
        Self::empty()
            .with(ContentSecurityPolicy::from_static(
                "default-src 'none'; form-action 'none'; frame-ancestors 'none'",
            ))
            .with(ContentTypeOptions::NOSNIFF)
            .with(ReferrerPolicy::NO_REFERRER)
            .with(GUIDE_STS)
            .with(CrossOriginResourcePolicy::SAME_ORIGIN)
    }
}
