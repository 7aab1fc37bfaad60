//! Defines the policies that are one header line, in one file for each header.

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
mod fixed;
mod frame_options;
mod integrity_policy;
mod json;
mod keyword;
mod known_keys;
mod known_list;
mod known_value;
mod member;
mod misspelt_name;
mod nel;
mod origin_agent_cluster;
mod permissions_feature;
mod permissions_grammar;
mod permissions_policy;
mod permitted_cross_domain_policies;
mod places;
mod policy;
mod received;
mod referrer_policy;
mod refused_name;
mod report_to;
mod reporting_endpoints;
mod robots_tag;
mod static_header;
mod strict_transport_security;
mod table;
mod token;
mod xss_protection;

pub use allowlist::Allowlist;
pub use clear_site_data::SiteData;
pub use fixed::FixedPolicy;
pub(crate) use member::Member;
#[cfg(feature = "settings")]
pub(crate) use misspelt_name::is_misspelt;
pub use permissions_feature::{FeatureStatus, PermissionsFeature};
pub(crate) use places::Places;
#[cfg(feature = "headers")]
pub(crate) use policy::Lines;
pub use policy::{HeaderPolicy, InsertMode, ListPolicy, ReportOnly};
pub(crate) use policy::{header_policy, list_policy};
pub(crate) use policy::{sealed, to_value};
pub use received::{
    ReceivedContentTypeOptions, ReceivedExpectCt, ReceivedFrameOptions, ReceivedReferrerPolicy,
    ReceivedStrictTransportSecurity,
};
pub use static_header::StaticHeader;

/// For example `reexport! { [tower_hardening] frame_options::FrameOptions => FrameOptionsLayer = "x-frame-options": "DENY", }`.
macro_rules! reexport {
    ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
        $(pub use $module::$policy;)+
    };
}

pub(crate) use table::{
    for_each_header, for_each_policy, other_headers, paved_headers, single_headers,
};

for_each_header!(reexport);
