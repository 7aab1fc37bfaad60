//! Tests faults that others shipped: each test begins with the id of the one that it guards
//! against.
#![cfg(feature = "nonce")]
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::{convert::Infallible, future::ready, path::Path, time::Duration};

use http::{Request, Response, header};
use tower::{Layer, ServiceExt, service_fn};
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, CspLayer, ExpectCt, FrameOptions, Hardening,
    HardeningLayer, ReferrerPolicy, Severity, StrictTransportSecurity, header::XssProtection,
    media::ContentDisposition, settings::Settings,
};

/// Returns the response of a service inside a layer; `answer` is the service.
fn ask<L, S>(layer: &L, answer: fn(&mut Response<()>)) -> Response<()>
where
    L: Layer<tower::util::BoxCloneSyncService<Request<()>, Response<()>, Infallible>, Service = S>,
    S: tower::Service<Request<()>, Response = Response<()>, Error = Infallible>,
{
    let service = service_fn(move |_: Request<()>| {
        let mut response = Response::new(());
        answer(&mut response);
        ready(Ok(response))
    });
    let service = layer.layer(tower::util::BoxCloneSyncService::new(service));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(service.oneshot(Request::new(()))).unwrap()
}

/// Returns one response for each content type, by number.
macro_rules! typed {
    ($type:literal) => {
        |response: &mut Response<()>| {
            if !$type.is_empty() {
                response.headers_mut().insert(header::CONTENT_TYPE, $type.parse().unwrap());
            }
        }
    };
}

const OWN: ContentSecurityPolicy = ContentSecurityPolicy::from_static("default-src 'self'");

#[test]
fn adv_036_a_policy_goes_with_every_type_and_only_documents_locks_the_rest() {
    let documents: [fn(&mut Response<()>); 12] = [
        typed!(""),
        typed!("text/html; charset=utf-8"),
        typed!("TEXT/HTML"),
        typed!("application/xhtml+xml"),
        typed!("image/svg+xml"),
        typed!("text/xml"),
        typed!("application/atom+xml"),
        typed!("application/pdf"),
        typed!("text/javascript"),
        typed!("application/wasm"),
        typed!("unknown/unknown"),
        typed!("no type at all"),
    ];
    for document in documents {
        let response = ask(&CspLayer::new(OWN).only_documents(), document);
        assert_eq!(response.headers()["content-security-policy"], "default-src 'self'");
        let response = ask(&CspLayer::report_only(OWN).only_documents(), document);
        let watched = &response.headers()["content-security-policy-report-only"];
        assert_eq!(watched, "default-src 'self'");
    }
    let passive: [fn(&mut Response<()>); 9] = [
        typed!("image/png"),
        typed!("Image/JPEG; q=1"),
        typed!("audio/ogg"),
        typed!("video/mp4"),
        typed!("font/woff2"),
        typed!("application/json"),
        typed!("application/activity+json; charset=utf-8"),
        typed!("text/css"),
        typed!("text/plain"),
    ];
    for passive in passive {
        let response = ask(&CspLayer::new(OWN).only_documents(), passive);
        assert_eq!(
            response.headers()["content-security-policy"],
            "default-src 'none'; frame-ancestors 'none'; sandbox"
        );
        let response = ask(&CspLayer::new(OWN), passive);
        assert_eq!(response.headers()["content-security-policy"], "default-src 'self'");
        let response = ask(&CspLayer::report_only(OWN).only_documents(), passive);
        assert!(response.headers().get("content-security-policy-report-only").is_none());
    }
}

#[test]
fn only_documents_reads_a_type_that_readers_can_differ_about_as_a_document() {
    // Browsers use the last valid type, and other clients use the first.
    let documents: [fn(&mut Response<()>); 8] = [
        typed!("image/png, text/html"),
        typed!("text/html, image/png"),
        typed!("image/png;a=\", text/html\", text/html"),
        typed!("image/png,text/html;charset=utf-8"),
        typed!("image/p ng"),
        |response| {
            response.headers_mut().append("content-type", "image/png".parse().unwrap());
            response.headers_mut().append("content-type", "text/html".parse().unwrap());
        },
        |response| {
            response.headers_mut().append("content-type", "image/png;a=\"".parse().unwrap());
            response.headers_mut().append("content-type", "text/html".parse().unwrap());
        },
        |_| {},
    ];
    for document in documents {
        let response = ask(&CspLayer::new(OWN).only_documents(), document);
        assert_eq!(response.headers()["content-security-policy"], "default-src 'self'");
        let response = ask(&CspLayer::report_only(OWN).only_documents(), document);
        assert_eq!(response.headers()["content-security-policy-report-only"], "default-src 'self'");
    }
    let quoted = typed!("video/mp4; codecs=\"avc1, mp4a\"");
    let response = ask(&CspLayer::report_only(OWN).only_documents(), quoted);
    assert!(response.headers().get("content-security-policy-report-only").is_none());
}

/// The gates are inside the headers: see `tests/deployment/redirect.rs`.
#[test]
fn adv_042_no_layer_of_headers_makes_a_response_of_its_own() {
    let layers = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/layer");
    let files = |folder: &Path| std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let paths = files(&layers).chain(files(&layers.join("engine"))).filter(|path| path.is_file());
    for path in paths {
        let code = std::fs::read_to_string(&path).unwrap();
        let made = code.lines().any(|line| {
            !line.trim_start().starts_with("//")
                && (line.contains("Response::new") || line.contains("Response::builder"))
        });
        assert_eq!(made, path.ends_with("gate.rs"), "{}", path.display());
    }
}

#[test]
fn adv_046_two_policies_are_two_lines_only_where_that_was_asked_for() {
    const INNER: ContentSecurityPolicy = ContentSecurityPolicy::from_static("img-src 'none'");
    let lines = |response: Response<()>| {
        response.headers().get_all("content-security-policy").iter().count()
    };
    let both = tower::layer::util::Stack::new(CspLayer::new(INNER), CspLayer::new(OWN));
    assert_eq!(lines(ask(&both, |_| ())), 1);
    let both = tower::layer::util::Stack::new(CspLayer::new(INNER), CspLayer::new(OWN).appending());
    assert_eq!(lines(ask(&both, |_| ())), 2);
}

#[test]
fn adv_048_a_file_that_a_user_uploaded_runs_nothing_and_has_its_own_host() {
    let media = ask(&HardeningLayer::new(Hardening::media()), |_| ());
    assert_eq!(media.headers()["content-security-policy"], "default-src 'none'; sandbox");
    assert_eq!(media.headers()["x-content-type-options"], "nosniff");
    assert_eq!(media.headers()["cross-origin-resource-policy"], "cross-origin");
    // Inside the site's own layer it is kept.
    let site = "https://example.tld".parse().unwrap();
    let outer = HardeningLayer::new(Hardening::pleroma(&site));
    let both = tower::layer::util::Stack::new(HardeningLayer::new(Hardening::media()), outer);
    let media = ask(&both, |_| ());
    assert_eq!(media.headers()["content-security-policy"], "default-src 'none'; sandbox");
    assert_eq!(media.headers()["x-frame-options"], "DENY");
    let shown = ContentDisposition::attachment("x\".html").to_string();
    assert_eq!(shown, "attachment; filename=\"x_.html\"");
    #[cfg(feature = "settings")]
    {
        let shared =
            Settings::from_toml("[upload]\nbase_url = \"https://example.tld/media\"").unwrap();
        assert!(shared.lints().iter().any(|lint| lint.id() == "media-shares-host"));
    }
}

#[test]
fn adv_095_a_filter_that_rewrites_pages_cannot_be_asked_for() {
    assert_eq!(XssProtection::VALUES, [XssProtection::OFF, XssProtection::BLOCK]);
    assert_eq!(
        "1".parse::<XssProtection>().unwrap_err().to_string(),
        "x-xss-protection, byte 0: '1' lets the filter rewrite the page; write '0' or '1; mode=block'",
    );
    assert!("1; report=https://a.example".parse::<XssProtection>().is_err());
    assert_eq!(
        Hardening::empty().with(XssProtection::BLOCK).lints()[0].id(),
        "xss-protection-filter"
    );
}

#[test]
fn adv_096_expect_ct_is_separated_by_commas_and_said_to_be_obsolete() {
    let policy =
        ExpectCt::report_only(Duration::from_secs(60)).report_uri("https://a.example/ct").unwrap();
    assert_eq!(policy.to_string(), "max-age=60, report-uri=\"https://a.example/ct\"");
    assert_eq!(
        ExpectCt::enforce(Duration::from_secs(2_592_000)).to_string(),
        "enforce, max-age=2592000"
    );
    assert_eq!(
        "enforce; max-age=60".parse::<ExpectCt>().unwrap_err().to_string(),
        "expect-ct, byte 7: ';' does not end a directive; write ','",
    );
    assert_eq!(Hardening::empty().with(policy).lints()[0].id(), "expect-ct-obsolete");
    let site = "http://example.tld".parse().unwrap();
    let sent = Hardening::pleroma(&site).headers();
    assert!(sent.iter().all(|(name, _)| name != "expect-ct"));
}

#[test]
fn adv_097_frame_options_follow_frame_ancestors_and_disagreement_is_an_error() {
    assert_eq!(FrameOptions::VALUES, [FrameOptions::DENY, FrameOptions::SAMEORIGIN]);
    assert_eq!(
        "ALLOW-FROM https://a.example".parse::<FrameOptions>().unwrap_err().to_string(),
        "x-frame-options, byte 0: no browser supports 'ALLOW-FROM'; write the origin in the frame-ancestors of a content-security-policy",
    );
    for (policy, expected) in [
        (ContentSecurityPolicy::from_static("frame-ancestors 'none'"), Some("DENY")),
        (ContentSecurityPolicy::from_static("frame-ancestors 'self'"), Some("SAMEORIGIN")),
        (ContentSecurityPolicy::from_static("frame-ancestors 'self' https://a.example"), None),
        (ContentSecurityPolicy::from_static("default-src 'none'"), None),
    ] {
        let sent = ask(&HardeningLayer::new(Hardening::empty().with(policy.clone())), |_| ());
        let sent = sent.headers().get("x-frame-options").map(|value| value.to_str().unwrap());
        assert_eq!(sent, expected);
        let both = Hardening::empty().with(policy).with(FrameOptions::SAMEORIGIN);
        let lints = both.lints();
        let disagree = expected == Some("DENY");
        let said = lints.iter().find(|lint| lint.id() == "frame-options-disagree");
        assert_eq!(
            said.map(|lint| lint.severity()),
            disagree.then_some(Severity::Error),
            "{lints:?}"
        );
    }
}

#[test]
fn adv_099_values_are_exact() {
    let two_years = StrictTransportSecurity::new(Duration::from_secs(63_072_000));
    assert_eq!(two_years.preload().to_string(), "max-age=63072000; includeSubDomains; preload");
    assert_eq!(two_years.to_string(), "max-age=63072000");
    assert_eq!(ContentTypeOptions::NOSNIFF.to_string(), "nosniff");
    assert_eq!(ReferrerPolicy::SAME_ORIGIN.to_string(), "same-origin");
    let read: ContentSecurityPolicy = " default-src 'none' ;; ".parse().unwrap();
    assert_eq!(read.to_string(), "default-src 'none'");
}

#[test]
fn adv_100_strict_transport_security_starts_small_and_can_be_taken_back() {
    let steps = StrictTransportSecurity::ROLLOUT.map(|step| step.max_age().as_secs());
    assert_eq!(steps, [300, 604_800, 2_592_000, 63_072_000]);
    assert_eq!(StrictTransportSecurity::new(Duration::ZERO).to_string(), "max-age=0");
    let ids = |policy: StrictTransportSecurity| -> Vec<_> {
        Hardening::empty().with(policy).lints().iter().map(|lint| lint.id()).collect()
    };
    let eleven_years = StrictTransportSecurity::new(Duration::from_secs(11 * 31_536_000));
    assert_eq!(ids(eleven_years), ["sts-max-age-long"]);
    assert_eq!(ids(StrictTransportSecurity::new(Duration::ZERO)), ["sts-max-age-zero"]);
    assert_eq!(ids(StrictTransportSecurity::ROLLOUT[0]), ["sts-max-age-short"]);
    assert_eq!(
        ids(StrictTransportSecurity::new(Duration::from_secs(31_536_000))
            .include_subdomains()
            .preload()),
        ["sts-preload"]
    );
    assert_eq!(
        "max-age=31536000; preload".parse::<StrictTransportSecurity>().unwrap_err().to_string(),
        "strict-transport-security, byte 18: preload needs includeSubDomains and a year; write 'max-age=31536000; includeSubDomains; preload'",
    );
}
