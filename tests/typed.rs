//! Tests policies as typed headers (feature `headers`) and as text in serde formats (feature
//! `serde`).
#![cfg(all(feature = "headers", feature = "serde"))]
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fmt::Debug;

use headers::{Header, HeaderMapExt};
use http::{HeaderMap, HeaderValue};
use serde::{Serialize, de::DeserializeOwned};
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, ExpectCt, FrameOptions, ParseError, ReferrerPolicy,
    StrictTransportSecurity,
    csp::EndpointName,
    header::{
        CacheControl, ClearSiteData, CrossOriginEmbedderPolicy, CrossOriginOpenerPolicy,
        CrossOriginResourcePolicy, DnsPrefetchControl, DocumentIsolationPolicy, DocumentPolicy,
        DownloadOptions, IntegrityPolicy, Nel, OriginAgentCluster, PermissionsPolicy,
        PermittedCrossDomainPolicies, ReportTo, ReportingEndpoints, RobotsTag, XssProtection,
    },
};

fn decoded<H: Header>(lines: &[&'static str]) -> Option<H> {
    let values: Vec<HeaderValue> =
        lines.iter().map(|line| HeaderValue::from_static(line)).collect();
    H::decode(&mut values.iter()).ok()
}

fn round_trip<P>(policy: P, text: &str)
where
    P: Header + Serialize + DeserializeOwned + TryFrom<&'static str, Error = ParseError>,
    P: Clone + PartialEq + Debug,
{
    let mut headers = HeaderMap::new();
    headers.typed_insert(policy.clone());
    assert_eq!(headers[P::name()], text);
    assert_eq!(headers.typed_get::<P>().unwrap(), policy);
    let json = serde_json::to_string(&policy).unwrap();
    assert_eq!(json, serde_json::to_string(text).unwrap());
    assert_eq!(serde_json::from_str::<P>(&json).unwrap(), policy);
    let error = serde_json::from_str::<P>("\"\\u0000\"").unwrap_err().to_string();
    assert!(error.contains(P::name().as_str()), "{error}");
    assert!(P::try_from("\0").is_err());
}

#[test]
fn every_policy_is_a_typed_header_and_text() {
    round_trip(
        StrictTransportSecurity::new(std::time::Duration::from_secs(31_536_000))
            .include_subdomains(),
        "max-age=31536000; includeSubDomains",
    );
    round_trip(
        ExpectCt::enforce(std::time::Duration::from_secs(2_592_000)),
        "enforce, max-age=2592000",
    );
    round_trip(ReferrerPolicy::NO_REFERRER, "no-referrer");
    round_trip(FrameOptions::SAMEORIGIN, "SAMEORIGIN");
    round_trip(ContentTypeOptions::NOSNIFF, "nosniff");
    round_trip(XssProtection::BLOCK, "1; mode=block");
    round_trip(DownloadOptions::NOOPEN, "noopen");
    round_trip(PermittedCrossDomainPolicies::MASTER_ONLY, "master-only");
    round_trip(PermissionsPolicy::from_static("camera=(self)"), "camera=(self)");
    round_trip(
        CrossOriginOpenerPolicy::SAME_ORIGIN.report_to(EndpointName::from_static("main")),
        "same-origin;report-to=\"main\"",
    );
    round_trip(CrossOriginEmbedderPolicy::CREDENTIALLESS, "credentialless");
    round_trip(CrossOriginResourcePolicy::SAME_SITE, "same-site");
    round_trip(DocumentIsolationPolicy::NONE, "none");
    round_trip(CacheControl::PRIVATE_NO_CACHE, "private, no-cache");
    round_trip("a=1".parse::<DocumentPolicy>().unwrap(), "a=1");
    round_trip(IntegrityPolicy::SCRIPTS, "blocked-destinations=(script)");
    round_trip(Nel::remove(), "{\"max_age\":0}");
    let group = "{\"group\":\"a\",\"max_age\":0,\"endpoints\":[]}";
    round_trip(group.parse::<ReportTo>().unwrap(), group);
    round_trip(RobotsTag::NOINDEX, "noindex");
    round_trip(OriginAgentCluster::ORIGIN_KEYED, "?1");
    round_trip(DnsPrefetchControl::OFF, "off");
    round_trip(ClearSiteData::logout(), "\"cookies\", \"storage\"");
    round_trip(
        ReportingEndpoints::new(EndpointName::from_static("main"), "/reports").unwrap(),
        "main=\"/reports\"",
    );
    round_trip(ContentSecurityPolicy::from_static("IMG-SRC  *"), "img-src *");
}

#[test]
fn a_header_is_decoded_as_strictly_as_its_text_is_read() {
    assert_eq!(decoded::<StrictTransportSecurity>(&["max-age=1; includeSubDomain"]), None);
    assert_eq!(decoded::<ExpectCt>(&["max-age=1, enforced"]), None);
    assert_eq!(decoded::<ReferrerPolicy>(&["no-referrer", "strict-orign"]), None);
    assert_eq!(decoded::<ContentTypeOptions>(&["nosniff, x"]), None);
    for text in ["\"max-age=1; include-subdomains\"", "\"max-age=\""] {
        assert!(serde_json::from_str::<StrictTransportSecurity>(text).is_err(), "{text}");
    }
}

#[test]
fn several_lines_are_one_list_or_an_error() {
    // A browser uses the first line only.
    assert_eq!(decoded::<StrictTransportSecurity>(&["max-age=1", "max-age=2"]), None);
    assert_eq!(decoded::<ContentTypeOptions>(&["nosniff", "nosniff"]), None);
    // They are one list.
    let lines = decoded::<ReferrerPolicy>(&["no-referrer", "origin"]).unwrap();
    assert_eq!(lines, ReferrerPolicy::ORIGIN.with_fallback(ReferrerPolicy::NO_REFERRER));
    assert_eq!(lines.to_string(), "no-referrer, origin");
    assert_eq!(
        decoded::<ExpectCt>(&["max-age=2592000", "enforce"]),
        Some(ExpectCt::enforce(std::time::Duration::from_secs(2_592_000)))
    );
    let lines = decoded::<PermissionsPolicy>(&["camera=()", "usb=()"]).unwrap();
    assert_eq!(lines.to_string(), "camera=(), usb=()");
    let lines = decoded::<ReportingEndpoints>(&["a=\"/a\"", "b=\"/b\""]).unwrap();
    assert_eq!(lines.to_string(), "a=\"/a\", b=\"/b\"");
    let lines = decoded::<ClearSiteData>(&["\"cookies\"", "\"storage\""]);
    assert_eq!(lines, Some(ClearSiteData::logout()));
    // Two are two policies, or none.
    assert_eq!(decoded::<CrossOriginOpenerPolicy>(&["same-origin", "same-origin"]), None);
    assert_eq!(decoded::<CrossOriginResourcePolicy>(&["same-origin", "same-origin"]), None);
    assert_eq!(decoded::<ContentSecurityPolicy>(&["img-src *", "img-src 'none'"]), None);
    assert_eq!(decoded::<FrameOptions>(&["DENY", "SAMEORIGIN"]), None);
    assert_eq!(decoded::<FrameOptions>(&[]), None);
}
