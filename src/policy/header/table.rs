//! The table of all headers: one row for each.

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

pub(crate) use {for_each_header, for_each_policy, other_headers, paved_headers, single_headers};
