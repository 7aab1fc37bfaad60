//! Tests the laws that the documentation states, for every response of a service.
#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "../support/fixed.rs"]
mod fixed;
mod line;
#[path = "../support/now.rs"]
mod now;
mod policy;
mod response;
/// The table of all headers, as the crate has it.
#[path = "../../src/policy/header/table.rs"]
#[expect(unused_imports, unused_macros, reason = "the crate uses the rest")]
mod table;

use std::{future::ready, str::FromStr};

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Version};
use proptest::prelude::*;
use tower::{Layer, Service, service_fn};
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, CspLayer, ExpectCt, FrameOptions, Hardening,
    HardeningLayer, HostCookies, Origin, ReferrerPolicy, StrictTransportSecurity,
    connection::{ConnectionInfo, Host, Scheme},
    csp::Source,
    header::*,
    media::ContentDisposition,
};

use self::{
    line::{line, print_and_parse},
    now::now,
    policy::{Any, csp, policies, policy, stacked},
    response::{Foreign, NAMES_OF_SITES, Named, response, through},
};

type Parts = (StatusCode, Version, HeaderMap, Vec<u8>, Option<Foreign>);

fn parts(response: &Response<Vec<u8>>) -> Parts {
    let headers = response.headers().clone();
    let foreign = response.extensions().get().cloned();
    (response.status(), response.version(), headers, response.body().clone(), foreign)
}

proptest! {
    #[test]
    fn the_composite_equals_its_layers_stacked(policies in policies(), response in response()) {
        let all = policies.iter().fold(Hardening::empty(), |all, policy| policy.add_to(all));
        let composite = through(&HardeningLayer::new(all.clone()), response.clone());
        prop_assert_eq!(parts(&composite), parts(&stacked(&policies, response.clone(), false)));
        let composite = through(&HardeningLayer::new(all).overriding(), response.clone());
        prop_assert_eq!(parts(&composite), parts(&stacked(&policies, response, true)));
    }

    #[test]
    fn a_layer_twice_equals_once(policy in policy(), response in response()) {
        let once = policy.through(response);
        prop_assert_eq!(parts(&policy.through(once.clone())), parts(&once));
        let once = policy.overriding(once);
        prop_assert_eq!(parts(&policy.overriding(once.clone())), parts(&once));
    }

    #[test]
    fn appending_twice_equals_once_and_keeps_what_is_there(policy in csp(), response in response()) {
        let layer = CspLayer::new(policy).appending();
        let once = through(&layer, response.clone());
        prop_assert_eq!(parts(&through(&layer, once.clone())), parts(&once));
        let lines = |response: &Response<_>| -> Vec<HeaderValue> {
            response.headers().get_all("content-security-policy").iter().cloned().collect()
        };
        prop_assert!(lines(&once).starts_with(&lines(&response)));
    }

    #[test]
    fn layers_for_different_headers_commute(mut policies in policies(), response in response()) {
        let forwards = stacked(&policies, response.clone(), false);
        policies.reverse();
        prop_assert_eq!(parts(&forwards), parts(&stacked(&policies, response, false)));
    }

    #[test]
    fn adv_044_all_but_the_policys_headers_is_untouched(policies in policies(), response in response()) {
        let all = policies.iter().fold(Hardening::empty(), |all, policy| policy.add_to(all));
        let names: Vec<HeaderName> = all.headers().into_iter().map(|(name, _)| name).collect();
        let hardened = through(&HardeningLayer::new(all), response.clone());
        let foreign = |response: &Response<Vec<u8>>| {
            let mut headers = response.headers().clone();
            let cookies: Vec<HeaderValue> = headers.get_all("set-cookie").iter().cloned().collect();
            names.iter().for_each(|name| drop(headers.remove(name)));
            headers.remove("set-cookie");
            (headers, cookies)
        };
        let (before, after) = (foreign(&response), foreign(&hardened));
        prop_assert_eq!(before.0, after.0);
        prop_assert_eq!(before.1.len(), after.1.len());
        let untouched = |response: &Response<Vec<u8>>| {
            let (status, version, _, body, extension) = parts(response);
            (status, version, body, extension)
        };
        prop_assert_eq!(untouched(&response), untouched(&hardened));
        // The policy is sent, unless the response is interim, or the policy is for names over https only.
        let known = response.extensions().get::<ConnectionInfo>();
        let scheme = known.map(ConnectionInfo::scheme).unwrap_or_default();
        let found = known.and_then(ConnectionInfo::host).map(|host| host.name() == "example.tld");
        let named = response.extensions().get().map(|Named(host)| NAMES_OF_SITES.contains(host));
        let secure = match scheme {
            Scheme::Https => found.unwrap_or(true),
            Scheme::Http => false,
            _ => found.or(named).unwrap_or(true),
        };
        let names: Vec<HeaderName> = names.into_iter()
            .filter(|name| secure || name != "strict-transport-security" && name != "expect-ct")
            .collect();
        let bare = names.iter().filter(|name| !hardened.headers().contains_key(*name)).count();
        prop_assert_eq!(bare, if hardened.status().is_informational() {
            names.iter().filter(|name| !response.headers().contains_key(*name)).count()
        } else { 0 });
    }

    #[test]
    fn print_and_parse_are_inverse(policy in policy()) {
        match &policy {
            Any::Line(line) => (line.print_and_parse)(),
            Any::Csp(policy) | Any::CspReportOnly(policy) => print_and_parse(policy),
            Any::Cookies(_) => {}
        }
    }

    #[test]
    fn no_text_makes_a_parser_panic_and_a_parsed_policy_prints_the_same(
        text in prop_oneof![
            any::<String>(),
            "[a-z'; ,=\"*:/.-]{0,40}",
            "(max-age|no-store|noindex|a: |\\{\"max_age\":|enforce|report-uri|preload|includeSubDomains|script-src|sandbox|camera)[=( ]?(\"|'self'|\\(|[0-9]{1,22}|https://[a-z.:]{0,9}).{0,9}",
        ]
    ) {
        fn law<P: FromStr + ToString>(text: &str) {
            if let Ok(policy) = text.parse::<P>() {
                let printed = policy.to_string();
                let again = printed.parse::<P>().map(|policy| policy.to_string());
                assert_eq!(again.ok(), Some(printed), "{text:?}");
            }
        }
        macro_rules! row {
            ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
                $(law::<$policy>(&text);)+
            };
        }
        table::paved_headers!(row);
        table::other_headers!(row);
        table::single_headers!(row);
        law::<ContentSecurityPolicy>(&text);
        law::<Source>(&text);
        law::<Origin>(&text);
        law::<HttpUrl>(&text);
        law::<Host>(&text);
        let _ = HostCookies::new([text.clone()]);
        let _ = StaticHeader::new(&text, "a").and_then(|_| StaticHeader::new("x-a", &text));
        ContentDisposition::attachment(&text).value();
    }

    #[test]
    fn a_cookie_sent_and_received_is_unchanged_for_a_handler(value in "[!#-+.-:<-~]{0,20}") {
        let cookies = HostCookies::new(["sid"]).unwrap();
        let layer = HardeningLayer::new(Hardening::empty().with(cookies));
        let line = format!("sid={value}; HttpOnly");
        let (mut request, ()) = Request::new(()).into_parts();
        let (mut response, ()) = Response::new(()).into_parts();
        response.headers.insert("set-cookie", line.parse().unwrap());
        layer.begin(&mut request).finish(&mut response);
        let wire = response.headers["set-cookie"].to_str().unwrap();
        let pair = wire.strip_prefix("__Host-").unwrap().split(';').next().unwrap();
        request.headers.insert("cookie", format!("__Host-{pair}").parse().unwrap());
        let _exchange = layer.begin(&mut request);
        prop_assert_eq!(request.headers["cookie"].to_str().unwrap(), format!("sid={value}"));
    }
}

#[test]
fn a_full_header_map_causes_no_panic() {
    let mut response = Response::new(Vec::new());
    for cookie in ["pleroma_key=1", "pleroma_key=2; Path=/"] {
        response.headers_mut().append("set-cookie", HeaderValue::from_static(cookie));
    }
    for index in 0..24_576 {
        let name = HeaderName::try_from(format!("x-{index}")).unwrap();
        if response.headers_mut().try_insert(name, HeaderValue::from_static("")).is_err() {
            break;
        }
    }
    let site = "https://example.tld".parse().unwrap();
    let full = response.headers().keys_len();
    let policies = Hardening::pleroma(&site);
    let hardened = through(&HardeningLayer::new(policies.clone()), response.clone());
    assert_eq!(hardened.headers().keys_len(), full);
    // The policies win, and the last headers of the response make room.
    for (name, value) in policies.headers() {
        assert_eq!(hardened.headers().get(&name), Some(&value), "{name}");
    }
    assert!(hardened.headers().contains_key("x-24000"));
    let layers = tower::ServiceBuilder::new()
        .layer(HeaderLayer::new(ReferrerPolicy::ORIGIN))
        .layer(HeaderLayer::new(FrameOptions::DENY))
        .layer(CspLayer::new(ContentSecurityPolicy::NONE).overriding())
        .into_inner();
    let stacked = through(&layers, response.clone());
    for name in ["referrer-policy", "x-frame-options", "content-security-policy"] {
        assert!(stacked.headers().contains_key(name), "{name}");
    }
    // Changes that need no room are still made.
    let cookies = hardened.headers().get_all("set-cookie").iter();
    let cookies: Vec<_> = cookies.map(|line| line.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2);
    assert!(cookies.iter().all(|line| line.starts_with("__Host-pleroma_key=")), "{cookies:?}");
    line!(ReferrerPolicy::ORIGIN).through(response.clone());
    through(&CspLayer::new(ContentSecurityPolicy::NONE).appending(), response);
}

#[test]
fn errors_of_the_inner_service_pass_through() {
    let site = "https://example.tld".parse().unwrap();
    let failing = service_fn(|_: Request<()>| ready(Err::<Response<()>, _>("out of order")));
    let mut service = HardeningLayer::new(Hardening::pleroma(&site)).layer(failing);
    assert_eq!(now(service.call(Request::new(()))).unwrap_err(), "out of order");
}
