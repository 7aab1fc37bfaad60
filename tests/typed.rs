//! Tests policies as typed headers (feature `headers`) and as text in serde formats (feature
//! `serde`).
#![cfg(all(feature = "headers", feature = "serde"))]
#![allow(clippy::unwrap_used, reason = "a test may")]

/// The table of all headers, as the crate has it.
#[path = "../src/policy/header/table.rs"]
#[expect(unused_imports, unused_macros, reason = "the crate uses the rest")]
mod table;

use std::fmt::Debug;

use headers::{Header, HeaderMapExt};
use http::{HeaderMap, HeaderValue};
use serde::{Serialize, de::DeserializeOwned};
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, ExpectCt, FrameOptions, ParseError, ReferrerPolicy,
    StrictTransportSecurity, csp::EndpointName, header::*,
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
    /// Tests each row of the table of headers.
    macro_rules! row {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            $(round_trip($sample.parse::<$policy>().unwrap(), $sample);)+
        };
    }
    table::paved_headers!(row);
    table::other_headers!(row);
    table::single_headers!(row);
    round_trip(
        CrossOriginOpenerPolicy::SAME_ORIGIN.report_to(EndpointName::from_static("main")),
        "same-origin;report-to=\"main\"",
    );
    round_trip(Nel::remove(), "{\"max_age\":0}");
    let group = "{\"group\":\"a\",\"max_age\":0,\"endpoints\":[]}";
    round_trip(group.parse::<ReportTo>().unwrap(), group);
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
