//! Every policy that can be built is read back from its text, or cannot be written as text.

use std::{fmt, str::FromStr, time::Duration};

use headers::Header;
use serde::{Serialize, de::DeserializeOwned};
use tower_hardening::{
    ContentSecurityPolicy, ExpectCt, Origin, ParseError, ReferrerPolicy, StrictTransportSecurity,
    csp::{EndpointName, Source},
    header::{
        Allowlist, CacheControl, ClearSiteData, CrossOriginEmbedderPolicy, CrossOriginOpenerPolicy,
        DocumentIsolationPolicy, DocumentPolicy, HeaderPolicy, IntegrityPolicy, Nel,
        PermissionsFeature, PermissionsPolicy, ReportTo, ReportingEndpoints, RobotsTag, SiteData,
    },
};

const ENDPOINT: EndpointName = EndpointName::from_static("main");

/// Reads a policy back from its text, from the header and from JSON.
fn check<P>(policy: P)
where
    P: HeaderPolicy + FromStr<Err = ParseError> + Header + Serialize + DeserializeOwned,
    P: fmt::Debug + fmt::Display + PartialEq,
{
    assert_eq!(policy.to_string().parse(), Ok(policy.clone()));
    assert_eq!(P::decode(&mut [policy.value()].iter()).unwrap(), policy);
    let json = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<P>(&json).unwrap(), policy);
}

/// Returns durations at the edges of what is printed in whole seconds.
fn durations() -> impl Iterator<Item = Duration> {
    let parts = [Duration::from_millis(1), Duration::from_millis(1_500), Duration::MAX];
    parts.into_iter().chain([0, 1, 31_536_000, u64::MAX].map(Duration::from_secs))
}

#[test]
fn policies_about_https_are_read_back() {
    for max_age in durations() {
        let policy = StrictTransportSecurity::new(max_age);
        check(policy);
        check(policy.include_subdomains());
        check(policy.preload());
        for policy in [ExpectCt::enforce(max_age), ExpectCt::report_only(max_age)] {
            check(policy.clone());
            check(policy.report_uri("https://a.example:8443/ct?x=1").unwrap());
        }
    }
    StrictTransportSecurity::ROLLOUT.into_iter().for_each(check);
    check(StrictTransportSecurity::REMOVE);
}

#[test]
fn lists_of_values_are_read_back() {
    for policy in ReferrerPolicy::VALUES {
        ReferrerPolicy::VALUES.iter().for_each(|next| {
            check(policy.with_fallback(*next));
            check(policy.with_fallback(*next).with_fallback(*policy));
        });
    }
    for data in [SiteData::ALL, SiteData::CACHE, SiteData::COOKIES, SiteData::EXECUTION_CONTEXTS] {
        check(ClearSiteData::only(data));
        check(ClearSiteData::logout().and(data));
    }
    use CacheControl as Cache;
    [Cache::NO_CACHE, Cache::NO_STORE, Cache::PRIVATE, Cache::PRIVATE_NO_CACHE]
        .into_iter()
        .for_each(check);
    use RobotsTag as Robots;
    [Robots::NOARCHIVE, Robots::NOFOLLOW, Robots::NOINDEX, Robots::NONE, Robots::NOSNIPPET]
        .into_iter()
        .for_each(check);
}

#[test]
fn every_feature_with_every_allowlist_is_read_back() {
    let origin: Origin = "https://a.example:8443".parse().unwrap();
    let local: Origin = "http://127.0.0.1:8080".parse().unwrap();
    let lists = [Allowlist::ALL, Allowlist::NONE, Allowlist::SELF];
    let lists = lists.into_iter().flat_map(|list| {
        let named = [&origin, &local, &origin]
            .into_iter()
            .fold(list.clone(), |named, origin| named.and(origin).unwrap());
        [list.clone(), named.clone(), list.report_to(ENDPOINT), named.report_to(ENDPOINT)]
    });
    let lists: Vec<Allowlist> = lists.collect();
    for feature in PermissionsFeature::ALL {
        for list in &lists {
            check(PermissionsPolicy::new(feature.clone(), list.clone()));
            let camera = PermissionsPolicy::deny([PermissionsFeature::CAMERA, feature.clone()]);
            check(camera.with(feature.clone(), list.clone()));
        }
    }
}

#[test]
fn policies_with_endpoints_are_read_back() {
    for max_age in durations() {
        for share in [0.0, 1.0, 0.5, 1e-9, 0.1 + 0.2, f64::MIN_POSITIVE] {
            let policy = Nel::new(ENDPOINT, max_age).include_subdomains();
            check(policy.clone().failure_fraction(share).unwrap());
            check(policy.success_fraction(share).unwrap());
        }
        let group = ReportTo::new(ENDPOINT, max_age, "https://a.example/r").unwrap();
        let other = ReportTo::new("other".parse().unwrap(), max_age, "https://b.example").unwrap();
        let twice = group.clone().endpoint("https://a.example/r").unwrap();
        check(twice.endpoint("https://c.example/?x").unwrap().include_subdomains());
        check(group.and(other).unwrap());
    }
    check(Nel::remove());
    let endpoints = ReportingEndpoints::new(ENDPOINT, "/reports?a=b").unwrap();
    check(endpoints.endpoint("b".parse().unwrap(), "https://a.example").unwrap());
    let integrity = [
        IntegrityPolicy::SCRIPTS,
        IntegrityPolicy::STYLES,
        IntegrityPolicy::SCRIPTS_AND_STYLES.report_to(ENDPOINT),
    ];
    integrity.into_iter().for_each(check);
    for policy in CrossOriginOpenerPolicy::VALUES {
        check(policy.clone().report_to(ENDPOINT));
    }
    for policy in CrossOriginEmbedderPolicy::VALUES {
        check(policy.clone().report_to(ENDPOINT));
    }
    for policy in DocumentIsolationPolicy::VALUES {
        check(policy.clone());
    }
    check("document-write=?0, *;report-to=main".parse::<DocumentPolicy>().unwrap());
}

#[test]
fn a_content_policy_that_cannot_be_read_back_cannot_be_serialized_either() {
    check(ContentSecurityPolicy::EMPTY.img_src([Source::SELF]).unwrap());
    let custom = ContentSecurityPolicy::NONE.dangerous_directive("new-src", "'self'").unwrap();
    let removed = ContentSecurityPolicy::from_static("img-src 'self'").remove("img-src").unwrap();
    for (policy, problem) in [
        (ContentSecurityPolicy::EMPTY, "byte 0: there is no directive"),
        (removed, "byte 0: there is no directive"),
        (custom, "byte 81: 'new-src' is not a directive"),
    ] {
        let error = serde_json::to_string(&policy).unwrap_err().to_string();
        assert!(error.starts_with(&format!("content-security-policy, {problem}")), "{error}");
        let read = policy.to_string().parse::<ContentSecurityPolicy>();
        assert_eq!(read.unwrap_err().to_string(), error);
    }
}

#[test]
fn a_typed_header_without_text_is_not_sent() {
    let mut lines = Vec::new();
    ContentSecurityPolicy::EMPTY.encode(&mut lines);
    assert!(lines.is_empty(), "{lines:?}");
    ContentSecurityPolicy::NONE.encode(&mut lines);
    assert_eq!(lines, [ContentSecurityPolicy::NONE.value()]);
}
