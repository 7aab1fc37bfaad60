//! Policies that are one header line, one file for each header.

mod content_type_options;
mod download_options;
mod expect_ct;
mod frame_options;
mod keyword;
mod permissions_policy;
mod permitted_cross_domain_policies;
mod policy;
mod received;
mod referrer_policy;
mod static_header;
mod strict_transport_security;
mod xss_protection;

#[cfg(feature = "headers")]
pub(crate) use policy::Lines;
pub(crate) use policy::header_policy;
pub use policy::{HeaderPolicy, InsertMode, ReportOnly};
pub(crate) use policy::{sealed, to_value};
pub use received::{
    ReceivedContentTypeOptions, ReceivedExpectCt, ReceivedFrameOptions, ReceivedReferrerPolicy,
    ReceivedStrictTransportSecurity,
};
pub use static_header::StaticHeader;

/// Calls a macro with the headers whose types stand at the root of the crate: see
/// [`for_each_header!`].
macro_rules! paved_headers {
    ($each:ident) => {
        $each! {
            [tower_hardening]
            content_type_options::ContentTypeOptions => ContentTypeOptionsLayer = "nosniff",
            expect_ct::ExpectCt => ExpectCtLayer = "enforce, max-age=2592000",
            frame_options::FrameOptions => FrameOptionsLayer = "DENY",
            referrer_policy::ReferrerPolicy => ReferrerLayer = "same-origin",
            strict_transport_security::StrictTransportSecurity => StsLayer = "max-age=31536000; includeSubDomains",
        }
    };
}

/// Calls a macro with the headers whose types stand in `tower_hardening::header`: see
/// [`for_each_header!`].
macro_rules! other_headers {
    ($each:ident) => {
        $each! {
            [tower_hardening::header]
            download_options::DownloadOptions => DownloadOptionsLayer = "noopen",
            permissions_policy::PermissionsPolicy => PermissionsPolicyLayer = "camera=()",
            permitted_cross_domain_policies::PermittedCrossDomainPolicies => PermittedCrossDomainPoliciesLayer = "none",
            xss_protection::XssProtection => XssProtectionLayer = "0",
        }
    };
}

/// Calls a macro with every header of this room, once for each of the two lists: where its type is
/// found, and in each row the file, the policy, its layer and a value. For example
/// `for_each_header!(impl_policy)`. A file without a row fails the tests in `src/header_laws.rs`.
macro_rules! for_each_header {
    ($each:ident) => {
        $crate::policy::header::paved_headers!($each);
        $crate::policy::header::other_headers!($each);
    };
}

/// For example `reexport! { [tower_hardening] frame_options::FrameOptions => FrameOptionsLayer = "DENY", }`.
macro_rules! reexport {
    ([$place:path] $($module:ident::$policy:ident => $layer:ident = $sample:literal,)+) => {
        $(pub use $module::$policy;)+
    };
}

pub(crate) use {for_each_header, other_headers, paved_headers};

for_each_header!(reexport);
