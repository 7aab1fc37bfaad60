//! Reading the text of each header: no input makes a reader panic, and what is read prints as text
//! that reads as the same policy.
#![no_main]

use std::{fmt::Debug, str::FromStr};

use libfuzzer_sys::fuzz_target;
use tower_hardening::{
    Nonce, ParseError,
    header::{
        Allowlist, CacheControl, ClearSiteData, CrossOriginOpenerPolicy, DocumentPolicy,
        FetchMetadata, HeaderPolicy, IntegrityPolicy, Nel, PermissionsFeature, PermissionsPolicy,
        RemoveHeaders, ReportTo, ReportingEndpoints, RobotsTag, StaticHeader,
    },
};

fuzz_target!(|text: &str| {
    law::<CacheControl>(text);
    law::<ClearSiteData>(text);
    law::<CrossOriginOpenerPolicy>(text);
    law::<DocumentPolicy>(text);
    law::<IntegrityPolicy>(text);
    law::<Nel>(text);
    law::<PermissionsPolicy>(text);
    law::<ReportTo>(text);
    law::<ReportingEndpoints>(text);
    law::<RobotsTag>(text);
    if let Ok(policy) = text.parse::<PermissionsPolicy>() {
        for lint in policy.lints() {
            assert!(lint.offset().is_some_and(|offset| offset < policy.to_string().len()));
        }
    }
    if let (Ok(feature), Ok(allowed)) =
        ("camera".parse::<PermissionsFeature>(), text.parse::<Allowlist>())
    {
        law::<PermissionsPolicy>(&PermissionsPolicy::new(feature, allowed).to_string());
    }
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let _ = StaticHeader::new(name, value);
    let _ = RemoveHeaders::new([text]);
    let _ = FetchMetadata::new().exempt_path(text);
    let _ = Nonce::from_value(text);
});

fn law<P: HeaderPolicy + FromStr<Err = ParseError> + ToString + PartialEq + Debug>(text: &str) {
    match text.parse::<P>() {
        Ok(policy) => {
            let printed = policy.to_string();
            assert!(printed.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{printed:?}");
            assert_eq!(policy.value(), printed);
            assert_eq!(printed.parse(), Ok(policy));
        }
        Err(error) => assert!(!error.to_string().contains('\n')),
    }
}
