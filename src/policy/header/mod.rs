//! Policies that are one header line, one file for each header.

mod allowlist;
mod cache_control;
mod clear_site_data;
mod content_type_options;
mod cross_origin_embedder_policy;
mod cross_origin_opener_policy;
mod cross_origin_resource_policy;
mod dns_prefetch_control;
mod document_isolation_policy;
mod document_policy;
mod download_options;
mod expect_ct;
mod frame_options;
mod integrity_policy;
mod json;
mod keyword;
mod nel;
mod origin_agent_cluster;
mod permissions_feature;
mod permissions_grammar;
mod permissions_policy;
mod permitted_cross_domain_policies;
mod policy;
mod received;
mod referrer_policy;
mod report_to;
mod reporting_endpoints;
mod robots_tag;
mod static_header;
mod strict_transport_security;
mod token;
mod xss_protection;

pub use allowlist::Allowlist;
pub use clear_site_data::SiteData;
pub use permissions_feature::{FeatureStatus, PermissionsFeature};
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
            cache_control::CacheControl => CacheControlLayer = "no-store",
            cross_origin_embedder_policy::CrossOriginEmbedderPolicy => CrossOriginEmbedderPolicyLayer = "require-corp",
            cross_origin_opener_policy::CrossOriginOpenerPolicy => CrossOriginOpenerPolicyLayer = "same-origin",
            cross_origin_resource_policy::CrossOriginResourcePolicy => CrossOriginResourcePolicyLayer = "same-origin",
            dns_prefetch_control::DnsPrefetchControl => DnsPrefetchControlLayer = "off",
            document_isolation_policy::DocumentIsolationPolicy => DocumentIsolationPolicyLayer = "isolate-and-require-corp",
            document_policy::DocumentPolicy => DocumentPolicyLayer = "document-write=?0",
            download_options::DownloadOptions => DownloadOptionsLayer = "noopen",
            integrity_policy::IntegrityPolicy => IntegrityPolicyLayer = "blocked-destinations=(script)",
            nel::Nel => NelLayer = "{\"report_to\":\"network\",\"max_age\":86400}",
            origin_agent_cluster::OriginAgentCluster => OriginAgentClusterLayer = "?1",
            permissions_policy::PermissionsPolicy => PermissionsPolicyLayer = "camera=()",
            permitted_cross_domain_policies::PermittedCrossDomainPolicies => PermittedCrossDomainPoliciesLayer = "none",
            report_to::ReportTo => ReportToLayer = "{\"group\":\"network\",\"max_age\":86400,\"endpoints\":[{\"url\":\"https://reports.example.tld/\"}]}",
            reporting_endpoints::ReportingEndpoints => ReportingEndpointsLayer = "main=\"https://reports.example.tld/\"",
            robots_tag::RobotsTag => RobotsTagLayer = "noindex",
            xss_protection::XssProtection => XssProtectionLayer = "0",
        }
    };
}

/// Calls a macro with the headers that belong on single responses and have no place in
/// [`Hardening`](crate::Hardening): see [`for_each_header!`].
macro_rules! single_headers {
    ($each:ident) => {
        $each! {
            [tower_hardening::header]
            clear_site_data::ClearSiteData => ClearSiteDataLayer = "\"cookies\", \"storage\"",
        }
    };
}

/// Calls a macro with every header of this room, once for each of the three lists: where its type
/// is found, and in each row the file, the policy, its layer and a value. For example
/// `for_each_header!(layer)`. A file without a row fails the tests in `src/header_laws.rs`.
macro_rules! for_each_header {
    ($each:ident) => {
        $crate::policy::header::for_each_policy!($each);
        $crate::policy::header::single_headers!($each);
    };
}

/// Calls a macro with every header that a [`Hardening`](crate::Hardening) can have: see
/// [`for_each_header!`].
macro_rules! for_each_policy {
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

pub(crate) use {for_each_header, for_each_policy, other_headers, paved_headers, single_headers};

for_each_header!(reexport);
