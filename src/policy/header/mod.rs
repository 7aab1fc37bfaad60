//! Policies that are one header line, one file for each header.

mod content_type_options;
mod download_options;
mod expect_ct;
mod frame_options;
mod keyword;
mod permissions_policy;
mod permitted_cross_domain_policies;
mod policy;
mod referrer_policy;
mod static_header;
mod strict_transport_security;
mod xss_protection;

pub use content_type_options::ContentTypeOptions;
pub use download_options::DownloadOptions;
pub use expect_ct::ExpectCt;
pub use frame_options::FrameOptions;
pub use permissions_policy::PermissionsPolicy;
pub use permitted_cross_domain_policies::PermittedCrossDomainPolicies;
#[cfg(feature = "headers")]
pub(crate) use policy::Lines;
pub(crate) use policy::text_policy;
pub use policy::{HeaderPolicy, InsertMode};
pub(crate) use policy::{sealed, to_value};
pub use referrer_policy::ReferrerPolicy;
pub use static_header::StaticHeader;
pub use strict_transport_security::StrictTransportSecurity;
pub use xss_protection::XssProtection;

/// Calls a macro with every policy of this room and its layer: a header that has no row here is
/// sent by no [`Hardening`](crate::Hardening). For example `for_each_header!(impl_policy)`.
macro_rules! for_each_header {
    ($each:ident) => {
        $each! {
            ContentTypeOptions => ContentTypeOptionsLayer,
            DownloadOptions => DownloadOptionsLayer,
            ExpectCt => ExpectCtLayer,
            FrameOptions => FrameOptionsLayer,
            PermissionsPolicy => PermissionsPolicyLayer,
            PermittedCrossDomainPolicies => PermittedCrossDomainPoliciesLayer,
            ReferrerPolicy => ReferrerLayer,
            StrictTransportSecurity => StsLayer,
            XssProtection => XssProtectionLayer,
        }
    };
}
pub(crate) use for_each_header;
