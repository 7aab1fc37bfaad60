//! Defines the headers that today's Pleroma and Akkoma share.

use crate::policy::{
    hardening::Hardening,
    header::{
        ContentTypeOptions, FrameOptions, PermittedCrossDomainPolicies, ReferrerPolicy,
        XssProtection,
    },
};

/// Returns the headers that both servers send.
pub(super) fn fediverse() -> Hardening {
    Hardening::empty()
        .with(XssProtection::OFF)
        .with(PermittedCrossDomainPolicies::NONE)
        .with(FrameOptions::DENY)
        .with(ContentTypeOptions::NOSNIFF)
        .with(ReferrerPolicy::SAME_ORIGIN)
}
