//! Reading the text of each header: no input makes a reader panic, and what is read prints as text
//! that reads as the same policy.
#![no_main]

#[path = "../../tests/support/fixed.rs"]
mod fixed;
#[path = "../../tests/support/now.rs"]
mod now;

use std::{fmt::Debug, str::FromStr};

use libfuzzer_sys::fuzz_target;
use tower_hardening::{
    ExpectCt, FrameOptions, Nonce, ParseError, ReferrerPolicy, StrictTransportSecurity,
    header::{
        Allowlist, CacheControl, ClearSiteData, CrossOriginEmbedderPolicy, CrossOriginOpenerPolicy,
        CrossOriginResourcePolicy, DocumentIsolationPolicy, DocumentPolicy, FetchMetadata,
        HeaderLayer, HeaderOverride, HeaderPolicy, IntegrityPolicy, ListPolicy, Nel,
        PermissionsFeature, PermissionsPolicy, RemoveHeaders, ReportTo, ReportingEndpoints,
        RobotsTag, StaticHeader, XssProtection,
    },
};
use tower_layer::Layer;
use tower_service::Service;

use self::{fixed::Fixed, now::now};

fuzz_target!(|text: &str| {
    law::<CacheControl>(text);
    law::<ClearSiteData>(text);
    law::<CrossOriginEmbedderPolicy>(text);
    law::<CrossOriginOpenerPolicy>(text);
    law::<CrossOriginResourcePolicy>(text);
    law::<DocumentIsolationPolicy>(text);
    law::<ExpectCt>(text);
    law::<FrameOptions>(text);
    law::<ReferrerPolicy>(text);
    law::<StrictTransportSecurity>(text);
    law::<XssProtection>(text);
    law::<DocumentPolicy>(text);
    law::<IntegrityPolicy>(text);
    law::<Nel>(text);
    law::<PermissionsPolicy>(text);
    law::<ReportTo>(text);
    law::<ReportingEndpoints>(text);
    law::<RobotsTag>(text);
    // The text before a line break is the layer's policy, and that behind it is added to it.
    let (own, added) = text.split_once('\n').unwrap_or((text, text));
    extended::<CacheControl>(own, added);
    extended::<ClearSiteData>(own, added);
    extended::<DocumentPolicy>(own, added);
    extended::<PermissionsPolicy>(own, added);
    extended::<ReportTo>(own, added);
    extended::<ReportingEndpoints>(own, added);
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

/// Checks that a header with additions is a policy, and that a policy extended by itself stays.
fn extended<P>(own: &str, added: &str)
where
    P: ListPolicy + FromStr<Err = ParseError> + PartialEq + Debug,
{
    let (Ok(own), Ok(added)) = (own.parse::<P>(), added.parse::<P>()) else { return };
    let mut response = http::Response::new(());
    response.extensions_mut().insert(HeaderOverride::new().extend(&added));
    let mut service = HeaderLayer::new(own.clone()).layer(Fixed(response));
    let response = now(service.call(http::Request::new(()))).unwrap();
    let sent = response.headers()[own.name()].to_str().expect("visible ASCII");
    let read = sent.parse::<P>();
    assert!(read.is_ok(), "{own:?} + {added:?} = {sent:?}: {read:?}");
    if own == added {
        assert_eq!(read, Ok(own));
    }
}

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
