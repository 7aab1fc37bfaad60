//! Tests the grade of each preset and of well-known responses.

use http::{HeaderMap, StatusCode};
use tower_hardening::{
    Hardening, Nonce, Origin, Severity,
    audit::{Grade, Observation, Redirection},
};

use super::{audit, headers};

fn site() -> Origin {
    "https://example.tld".parse().unwrap()
}

fn grade(hardening: &Hardening) -> (Grade, u32) {
    let headers: HeaderMap = hardening.headers().into_iter().collect();
    let audit = Observation::new(StatusCode::OK, &headers).audit();
    (audit.grade(), audit.score())
}

#[test]
fn every_preset_has_its_grade() {
    assert_eq!(grade(&Hardening::recommended()), (Grade::APlus, 110));
    assert_eq!(grade(&Hardening::strict(&site())), (Grade::APlus, 130));
    assert_eq!(grade(&Hardening::owasp()), (Grade::APlus, 125));
    assert_eq!(grade(&Hardening::pleroma(&site())), (Grade::APlus, 110));
    assert_eq!(grade(&Hardening::pleroma_2_7(&site())), (Grade::APlus, 110));
    assert_eq!(grade(&Hardening::pleroma_modern(&site())), (Grade::APlus, 120));
    assert_eq!(grade(&Hardening::akkoma(&site())), (Grade::APlus, 120));
    assert_eq!(grade(&Hardening::api()), (Grade::APlus, 130));
    // Files have no Strict-Transport-Security and X-Frame-Options of their own.
    assert_eq!(grade(&Hardening::media()), (Grade::CPlus, 60));
    assert_eq!(grade(&Hardening::empty()), (Grade::D, 30));
}

#[test]
fn our_own_presets_have_no_warning() {
    for preset in [Hardening::recommended(), Hardening::strict(&site()), Hardening::api()] {
        let headers: HeaderMap = preset.headers().into_iter().collect();
        let audit = Observation::new(StatusCode::OK, &headers).audit();
        assert!(audit.is_hardened(), "{audit}");
    }
}

#[test]
fn a_page_with_a_nonce_keeps_the_grade() {
    let strict = Hardening::strict(&site());
    let nonce = Nonce::from_value("MDEyMzQ1Njc4OTAxMjM0NTY3").unwrap();
    let headers: HeaderMap = strict.headers_with_nonce(&nonce).into_iter().collect();
    let audit = Observation::new(StatusCode::OK, &headers).audit();
    assert!(audit.is_hardened() && audit.grade() == Grade::APlus, "{audit}");
}

#[test]
fn a_short_nonce_is_an_error() {
    let audit = audit(&["content-security-policy: script-src 'nonce-abc'"]);
    assert_eq!(audit.finding("csp-nonce-fixed").unwrap().severity(), Severity::Error);
}

#[test]
fn an_answer_over_http_counts() {
    let headers: HeaderMap = Hardening::recommended().headers().into_iter().collect();
    let observation = Observation::new(StatusCode::OK, &headers);
    for (redirection, score) in [
        (Redirection::NoHttp, 110),
        (Redirection::ToHttps, 110),
        (Redirection::OffHost, 105),
        (Redirection::FirstToHttp, 100),
        (Redirection::NotToHttps, 80),
        (Redirection::Missing, 80),
    ] {
        let audit = observation.redirection(redirection).audit();
        assert_eq!(audit.score(), score, "{redirection:?}");
    }
    assert_eq!(observation.over_http().audit().score(), 80);
    assert_eq!(observation.preloaded().audit().score(), 115);
}

#[test]
fn two_policies_are_enforced_together() {
    let audit = audit(&[
        "content-security-policy: script-src 'self', object-src 'none'",
        "content-security-policy: default-src * 'unsafe-inline'; frame-ancestors 'none'",
    ]);
    let results: Vec<&str> = audit.results().iter().map(|(id, _)| *id).collect();
    assert!(
        results.contains(&"csp-implemented-with-unsafe-inline-in-style-src-only"),
        "{results:?}"
    );
    assert!(results.contains(&"x-frame-options-implemented-via-csp"), "{results:?}");
}

#[test]
fn findings_are_in_the_order_of_their_importance() {
    let audit = audit(&["server: nginx/1.24", "set-cookie: session=1"]);
    let severities: Vec<Severity> = audit.findings().iter().map(|one| one.severity()).collect();
    assert!(severities.is_sorted_by(|one, next| one >= next), "{audit}");
    assert_eq!(audit.findings()[0].id(), "cookies-session-without-secure-flag");
    assert_eq!(audit.findings()[0].directive(), Some("session"));
    assert_eq!(audit.finding("describes-server").unwrap().severity(), Severity::Warning);
}

#[test]
fn a_header_that_browsers_reject_is_found_with_its_byte() {
    let audit = audit(&["permissions-policy: camera=(), geolocation=none)"]);
    let finding = audit.finding("header-invalid").unwrap();
    assert_eq!(finding.header(), "permissions-policy");
    assert!(finding.offset().is_some(), "{finding}");
}

#[test]
fn each_finding_has_all_of_its_parts() {
    let audit = audit(&["content-security-policy: default-src *", "x-frame-options: ALLOW-FROM x"]);
    for finding in audit.findings() {
        for text in
            [finding.id(), finding.header(), finding.why(), finding.api(), finding.settings()]
        {
            assert!(!text.is_empty() && !text.contains('\n'), "{finding}");
        }
        assert!(finding.source().starts_with("https://"), "{finding}");
    }
    assert!(headers(&[]).is_empty());
}

#[test]
fn cookies_that_browsers_ignore_or_replace_are_not_graded() {
    let cookie = |lines: &[&str]| {
        let audit = audit(lines);
        let findings = audit.findings().iter().filter(|one| one.header() == "set-cookie");
        findings.map(|one| one.id().to_owned()).collect::<Vec<_>>()
    };
    let good = "set-cookie: session=2; Secure; HttpOnly; SameSite=Lax";
    assert_eq!(cookie(&["set-cookie: __Host-a=1; Path=/"]), ["cookie-prefix-broken"]);
    assert_eq!(cookie(&["set-cookie: session=1", good]), [""; 0]);
    assert_eq!(cookie(&["set-cookie: session=1; Path=/", good]), [""; 0]);
    assert_eq!(cookie(&["set-cookie: session=1", "set-cookie: session=; Max-Age=0"]), [""; 0]);
    let weak = ["cookies-session-without-secure-flag"];
    assert_eq!(cookie(&[good, "set-cookie: session=1"]), weak);
    assert_eq!(cookie(&["set-cookie: session=1; Path=/x", good]), weak);
    assert_eq!(cookie(&["set-cookie: session=1; Domain=a.example", good]), weak);
    let broken = "set-cookie: __Host-session=1; Path=/";
    let whole = "set-cookie: __Host-session=1; Path=/; Secure; HttpOnly; SameSite=Lax";
    assert_eq!(cookie(&[whole, broken]), ["cookie-prefix-broken"]);
}
