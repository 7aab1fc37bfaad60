//! Defines the table of all headers: one row for each.

/// Calls a macro with the headers whose types stand at the root of the crate: see
/// [`for_each_header!`].
macro_rules! paved_headers {
    ($each:ident) => {
        $each! {
            [tower_hardening]
            content_type_options::ContentTypeOptions => ContentTypeOptionsLayer = "x-content-type-options": "nosniff",
            expect_ct::ExpectCt => ExpectCtLayer = "expect-ct": "enforce, max-age=2592000",
            frame_options::FrameOptions => FrameOptionsLayer = "x-frame-options": "DENY",
            referrer_policy::ReferrerPolicy => ReferrerLayer = "referrer-policy": "same-origin",
            strict_transport_security::StrictTransportSecurity => StsLayer = "strict-transport-security": "max-age=31536000; includeSubDomains",
        }
    };
}

/// Calls a macro with the headers whose types stand in `tower_hardening::header`: see
/// [`for_each_header!`].
macro_rules! other_headers {
    ($each:ident) => {
        $each! {
            [tower_hardening::header]
            cache_control::CacheControl => CacheControlLayer = "cache-control": "no-store",
            cross_origin_embedder_policy::CrossOriginEmbedderPolicy => CrossOriginEmbedderPolicyLayer = "cross-origin-embedder-policy": "require-corp",
            cross_origin_opener_policy::CrossOriginOpenerPolicy => CrossOriginOpenerPolicyLayer = "cross-origin-opener-policy": "same-origin",
            cross_origin_resource_policy::CrossOriginResourcePolicy => CrossOriginResourcePolicyLayer = "cross-origin-resource-policy": "same-origin",
            dns_prefetch_control::DnsPrefetchControl => DnsPrefetchControlLayer = "x-dns-prefetch-control": "off",
            document_isolation_policy::DocumentIsolationPolicy => DocumentIsolationPolicyLayer = "document-isolation-policy": "isolate-and-require-corp",
            document_policy::DocumentPolicy => DocumentPolicyLayer = "document-policy": "document-write=?0",
            download_options::DownloadOptions => DownloadOptionsLayer = "x-download-options": "noopen",
            integrity_policy::IntegrityPolicy => IntegrityPolicyLayer = "integrity-policy": "blocked-destinations=(script)",
            nel::Nel => NelLayer = "nel": "{\"report_to\":\"network\",\"max_age\":86400}",
            origin_agent_cluster::OriginAgentCluster => OriginAgentClusterLayer = "origin-agent-cluster": "?1",
            permissions_policy::PermissionsPolicy => PermissionsPolicyLayer = "permissions-policy": "camera=()",
            permitted_cross_domain_policies::PermittedCrossDomainPolicies => PermittedCrossDomainPoliciesLayer = "x-permitted-cross-domain-policies": "none",
            report_to::ReportTo => ReportToLayer = "report-to": "{\"group\":\"network\",\"max_age\":86400,\"endpoints\":[{\"url\":\"https://reports.example.tld/\"}]}",
            reporting_endpoints::ReportingEndpoints => ReportingEndpointsLayer = "reporting-endpoints": "main=\"https://reports.example.tld/\"",
            robots_tag::RobotsTag => RobotsTagLayer = "x-robots-tag": "noindex",
            xss_protection::XssProtection => XssProtectionLayer = "x-xss-protection": "0",
        }
    };
}

/// Calls a macro with the headers that belong on single responses and have no place in
/// [`Hardening`](crate::Hardening): see [`for_each_header!`].
macro_rules! single_headers {
    ($each:ident) => {
        $each! {
            [tower_hardening::header]
            clear_site_data::ClearSiteData => ClearSiteDataLayer = "clear-site-data": "\"cookies\", \"storage\"",
        }
    };
}

/// Calls a macro with every header of this room, once for each of the three lists: where its type
/// is found, and in each row the file, the policy, its layer, the header's name and a value. For example
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
