//! Fuzzes the readers of each header's text: no input makes a reader panic, and what is read prints
//! as text that reads as the same policy.
#![no_main]

#[path = "../../tests/support/fixed.rs"]
mod fixed;
#[path = "../../tests/support/now.rs"]
mod now;
#[path = "../../src/policy/header/table.rs"]
#[allow(unused_imports, unused_macros, reason = "the crate uses the rest")]
mod table;

use std::{fmt::Debug, str::FromStr};

use libfuzzer_sys::fuzz_target;
use tower_hardening::{
    ContentTypeOptions, ExpectCt, FrameOptions, Nonce, ParseError, ReferrerPolicy,
    StrictTransportSecurity, header::*, media::ReceivedContentDisposition,
};
use tower_layer::Layer;
use tower_service::Service;

use self::{fixed::Fixed, now::now};

fuzz_target!(|text: &str| {
    // Each row of the table of headers, so that a new header is read too.
    macro_rules! law_of_each {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            $(law::<$policy>(text);)+
        };
    }
    table::paved_headers!(law_of_each);
    table::other_headers!(law_of_each);
    table::single_headers!(law_of_each);
    received(text);
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

/// Reads headers of others: a policy that is read strictly is read leniently as the same.
fn received(text: &str) {
    let lenient = ReceivedStrictTransportSecurity::parse(text);
    if let Ok(policy) = text.parse::<StrictTransportSecurity>() {
        let lenient = lenient.expect("a valid policy");
        assert_eq!(
            (lenient.max_age(), lenient.is_preload()),
            (policy.max_age(), policy.is_preload())
        );
        assert_eq!(lenient.includes_subdomains(), policy.includes_subdomains());
        assert!(lenient.ignored().is_empty());
    }
    let lenient = ReceivedExpectCt::parse(text);
    if let Ok(policy) = text.parse::<ExpectCt>() {
        let lenient = lenient.expect("a valid policy");
        assert_eq!(
            (lenient.max_age(), lenient.is_enforced()),
            (policy.max_age(), policy.is_enforced())
        );
    }
    let lenient = ReceivedReferrerPolicy::parse(text);
    if let Ok(policy) = text.parse::<ReferrerPolicy>() {
        assert_eq!(lenient.policy(), Some(policy.effective().to_string().as_str()));
    }
    let lenient = ReceivedContentTypeOptions::parse(text);
    assert!(text.parse::<ContentTypeOptions>().is_err() || lenient.is_nosniff());
    let _ = ReceivedFrameOptions::parse(text);
    let _ = ReceivedContentDisposition::parse(text);
    if let Ok(url) = text.parse::<HttpUrl>() {
        assert_eq!(url.to_string().parse(), Ok(url));
    }
}

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
