//! Tests headers that the application set, and the modes of the policies.

use axum::{Router, routing::get};
use http::{HeaderMap, header};
use tower::ServiceBuilder;
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, ContentTypeOptionsLayer, CspLayer, Hardening,
    HardeningLayer, ReferrerLayer, ReferrerPolicy,
};

use crate::{
    guide::{self, GUIDE, REPLACED, assert_covered, assert_covered_but, lines},
    server,
    wire::Wire,
};

const OWN: [&[u8]; 3] = [b"own", b"second \xE9", b"third"];

/// Returns the names for which the application's header is kept.
fn kept() -> impl Iterator<Item = &'static str> {
    GUIDE.into_iter().map(|(name, _)| name).filter(|name| !REPLACED.contains(name))
}

/// Headers of the application: `number` lines of each of `names`, among others.
fn own(names: &[&str], number: usize, others: usize) -> HeaderMap {
    let lines = names.iter().flat_map(|name| OWN[..number].iter().map(move |line| (*name, *line)));
    let mut headers = server::fillers(others / 2);
    headers.extend(server::headers(lines));
    headers.extend(server::fillers(others));
    headers
}

#[tokio::test]
async fn adv_047_the_application_s_own_header_stays_on_any_number_of_lines() {
    for name in kept() {
        for number in 1..=3 {
            for others in [0, 4, 5, 6, 12] {
                let server =
                    server::with_headers(&guide::layer(), &own(&[name], number, others)).await;
                for wire in Wire::BOTH {
                    let case = format!("{number} times {name} next to {others}, {wire:?}");
                    let response = wire.get(server, "/").await;
                    assert_eq!(lines(response.headers(), name), OWN[..number], "{case}");
                    assert_covered_but(response.headers(), &[name], &case);
                }
            }
        }
    }
}

#[tokio::test]
async fn adv_047_nosniff_and_transport_security_replace_any_number_of_lines() {
    for name in REPLACED {
        for number in 1..=3 {
            for others in [0, 4, 5, 6, 12] {
                let server =
                    server::with_headers(&guide::layer(), &own(&[name], number, others)).await;
                for wire in Wire::BOTH {
                    let case = format!("{number} times {name} next to {others}, {wire:?}");
                    let response = wire.get(server, "/").await;
                    assert_covered(response.headers(), &case);
                }
            }
        }
    }
}

#[tokio::test]
async fn adv_047_several_headers_of_the_application_s_own_are_met_each_by_itself() {
    let names: Vec<&str> = GUIDE.into_iter().map(|(name, _)| name).collect();
    let kept: Vec<&str> = kept().collect();
    for chosen in [&names[..], &names[2..5], &names[5..], &names[..6], &kept] {
        for number in 1..=3 {
            let server = server::with_headers(&guide::layer(), &own(chosen, number, 0)).await;
            for wire in Wire::BOTH {
                let case = format!("{number} times {chosen:?}, {wire:?}");
                let response = wire.get(server, "/").await;
                let stay: Vec<&str> =
                    chosen.iter().filter(|name| kept.contains(name)).copied().collect();
                for name in &stay {
                    assert_eq!(lines(response.headers(), name), OWN[..number], "{name}, {case}");
                }
                assert_covered_but(response.headers(), &stay, &case);
            }
        }
    }
}

#[tokio::test]
async fn adv_047_a_handler_s_own_sandbox_survives_the_preset() {
    let stricter = "default-src 'none'; sandbox";
    let upload = get(async move || ([(header::CONTENT_SECURITY_POLICY, stricter)], "upload"));
    let router = Router::new().route("/", upload).layer(guide::layer());
    let server = server::axum(router).await;
    for wire in Wire::BOTH {
        let response = wire.get(server, "/").await;
        let name = "content-security-policy";
        assert_eq!(lines(response.headers(), name), [stricter.as_bytes()]);
        assert_covered_but(response.headers(), &[name], "an upload");
    }
}

#[tokio::test]
async fn adv_047_a_gateway_replaces_what_the_service_behind_it_says() {
    let names: Vec<&str> = GUIDE.into_iter().map(|(name, _)| name).collect();
    let gateway = HardeningLayer::new(guide::hardening()).overriding();
    for number in 1..=3 {
        for chosen in [&names[..], &names[..1], &names[8..]] {
            let server = server::with_headers(&gateway, &own(chosen, number, 0)).await;
            for wire in Wire::BOTH {
                let response = wire.get(server, "/").await;
                assert_covered(response.headers(), &format!("{number} times {chosen:?}"));
            }
        }
    }
}

#[tokio::test]
async fn adv_047_a_layer_handles_existing_lines_as_configured() {
    const CSP: &[u8] = b"default-src 'none'";
    let csp = || CspLayer::new(ContentSecurityPolicy::from_static("default-src 'none'"));
    let referrer = || ReferrerLayer::new(ReferrerPolicy::NO_REFERRER);
    let nosniff = || ContentTypeOptionsLayer::new(ContentTypeOptions::NOSNIFF);
    let names = ["content-security-policy", "referrer-policy", "x-content-type-options"];
    for number in 0..=3 {
        let own = own(&names, number, 6);
        let or_ours = |ours| if number == 0 { vec![ours] } else { OWN[..number].to_vec() };
        let as_usual = ServiceBuilder::new().layer(csp()).layer(referrer()).layer(nosniff());
        let as_usual = server::with_headers(&as_usual, &own).await;
        let turned = ServiceBuilder::new()
            .layer(csp().overriding())
            .layer(referrer().overriding())
            .layer(nosniff().if_not_present());
        let turned = server::with_headers(&turned, &own).await;
        let appending = ServiceBuilder::new().layer(csp().appending()).layer(csp().appending());
        let appending = server::with_headers(&appending, &own).await;
        for wire in Wire::BOTH {
            let response = wire.get(as_usual, "/").await;
            let all = names.map(|name| lines(response.headers(), name));
            assert_eq!(all, [or_ours(CSP), or_ours(b"no-referrer"), vec![b"nosniff"]]);
            let response = wire.get(turned, "/").await;
            let all = names.map(|name| lines(response.headers(), name));
            assert_eq!(all, [vec![CSP], vec![b"no-referrer"], or_ours(b"nosniff")]);
            let response = wire.get(appending, "/").await;
            let expected = [&OWN[..number], &[CSP]].concat();
            assert_eq!(lines(response.headers(), names[0]), expected);
        }
    }
}

#[tokio::test]
async fn adv_047_a_policy_with_a_nonce_is_not_sent_unless_it_overrides() {
    const NAME: &str = "content-security-policy";
    let strict = HardeningLayer::new(Hardening::strict(&"https://example.tld".parse().unwrap()));
    let alone = server::with_headers(&strict, &HeaderMap::new()).await;
    for number in 1..=3 {
        let own = own(&[NAME], number, 0);
        let as_usual = server::with_headers(&strict, &own).await;
        let gateway = server::with_headers(&strict.clone().overriding(), &own).await;
        for wire in Wire::BOTH {
            let response = wire.get(as_usual, "/").await;
            assert_eq!(lines(response.headers(), NAME), OWN[..number]);
            let (response, alone) = (wire.get(gateway, "/").await, wire.get(alone, "/").await);
            assert_eq!(lines(alone.headers(), NAME).len(), 1);
            assert_eq!(lines(response.headers(), NAME), lines(alone.headers(), NAME));
        }
    }
}
