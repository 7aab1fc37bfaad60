//! The bytes that each preset sends, whatever the features, and the documentation that says so.
#![allow(clippy::unwrap_used, reason = "a test may")]

use futures_util::FutureExt;
use tower_hardening::{
    ContentSecurityPolicy, FrameOptions, Hardening, HardeningLayer, Lint, Origin, ReferrerPolicy,
    Severity,
    csp::{Source, SourceDirective},
    header::{CacheControl, CrossOriginOpenerPolicy},
};

const README: &str = include_str!("../README.md");

fn site() -> Origin {
    "https://example.tld".parse().unwrap()
}

/// Returns the presets, those of other projects first: they send obsolete headers and have lints.
fn presets() -> Vec<(&'static str, Hardening, &'static str)> {
    vec![
        ("pleroma", Hardening::pleroma(&site()), include_str!("golden/pleroma.txt")),
        ("pleroma_2_7", Hardening::pleroma_2_7(&site()), include_str!("golden/pleroma_2_7.txt")),
        ("owasp", Hardening::owasp(), include_str!("golden/owasp.txt")),
        #[cfg(feature = "nonce")]
        (
            "pleroma_modern",
            Hardening::pleroma_modern(&site()),
            include_str!("golden/pleroma_modern.txt"),
        ),
        #[cfg(feature = "nonce")]
        ("akkoma", Hardening::akkoma(&site()), include_str!("golden/akkoma.txt")),
        ("recommended", Hardening::recommended(), include_str!("golden/recommended.txt")),
        ("api", Hardening::api(), include_str!("golden/api.txt")),
        ("media", Hardening::media(), include_str!("golden/media.txt")),
        #[cfg(feature = "nonce")]
        ("strict", Hardening::strict(&site()), include_str!("golden/strict.txt")),
    ]
}

/// Returns the presets that are our own and modern.
fn modern() -> Vec<(&'static str, Hardening, &'static str)> {
    let mut all = presets();
    let first = all.iter().position(|(name, ..)| *name == "recommended").unwrap();
    all.drain(first..).collect()
}

fn ids(hardening: &Hardening) -> Vec<&'static str> {
    hardening.lints().iter().map(Lint::id).collect()
}

fn lines(hardening: &Hardening) -> Vec<String> {
    let headers = hardening.headers();
    let line = |(name, value): &(http::HeaderName, http::HeaderValue)| {
        format!("{name}: {}", value.to_str().unwrap())
    };
    headers.iter().map(line).collect()
}

#[test]
fn adv_078_every_preset_sends_its_golden_bytes() {
    for (name, hardening, golden) in presets() {
        assert_eq!(lines(&hardening).join("\n"), golden.trim_end(), "{name}");
    }
}

#[test]
fn adv_078_the_readme_shows_the_bytes_that_the_guide_sends() {
    let (_, guide, _) = &presets()[0];
    assert_eq!(guide.headers().len(), 9);
    for line in lines(guide) {
        match line.strip_prefix("content-security-policy: ") {
            Some(policy) => assert!(README.contains(&format!("\n{policy}\n")), "{policy}"),
            None => assert!(README.contains(&format!("`{line}`")), "{line}"),
        }
    }
}

#[test]
fn adv_098_every_header_that_is_sent_has_a_row_with_browsers_and_specification() {
    for (_, hardening, _) in presets() {
        for (name, _) in hardening.headers() {
            let row =
                README.lines().find(|row| row.starts_with('|') && row.contains(name.as_str()));
            let cells: Vec<&str> = row.unwrap_or_else(|| panic!("{name}")).split('|').collect();
            assert!(!cells[4].trim().is_empty() && cells[5].contains("](https://"), "{name}");
        }
    }
}

#[test]
fn adv_099_no_value_ends_in_a_separator() {
    for (_, hardening, _) in presets() {
        for line in lines(&hardening) {
            assert!(!line.ends_with([';', ',', ' ']) && !line.contains(";;"), "{line}");
        }
    }
}

#[test]
fn adv_095_adv_096_the_modern_presets_send_nothing_obsolete() {
    for (name, hardening, _) in &modern() {
        let obsolete = ["x-xss-protection", "expect-ct", "x-download-options", "public-key-pins"];
        let sent = hardening.headers();
        assert!(sent.iter().all(|(name, _)| !obsolete.contains(&name.as_str())), "{name}");
    }
}

#[test]
fn adv_100_no_preset_asks_to_be_preloaded_but_the_one_of_a_server_that_does() {
    for (name, hardening, _) in presets().into_iter().filter(|(name, ..)| *name != "akkoma") {
        assert!(lines(&hardening).iter().all(|line| !line.contains("preload")), "{name}");
    }
}

#[test]
fn the_modern_presets_have_no_lint_except_one_note_and_the_guide_has_its_known_lints() {
    for (name, hardening, _) in &modern() {
        let expected: &[&str] =
            if *name == "recommended" { &["csp-style-unsafe-inline"] } else { &[] };
        assert_eq!(ids(hardening), expected, "{name}");
    }
    assert_eq!(Hardening::recommended().lints()[0].severity(), Severity::Note);
    assert_eq!(
        ids(&presets()[0].1),
        [
            "xss-protection-filter",
            "expect-ct-obsolete",
            "csp-style-unsafe-inline",
            "csp-form-action-missing"
        ]
    );
}

#[test]
fn a_site_on_http_gets_no_header_for_https() {
    let site: Origin = "http://localhost:4000".parse().unwrap();
    for hardening in [
        Hardening::pleroma(&site),
        Hardening::pleroma_2_7(&site),
        #[cfg(feature = "nonce")]
        Hardening::strict(&site),
    ] {
        let all = lines(&hardening).join("\n");
        assert!(all.contains(" ws://localhost:4000"), "{all}");
        for secure in ["strict-transport-security", "expect-ct", "upgrade-insecure", "wss:"] {
            assert!(!all.contains(secure), "{all}");
        }
    }
}

#[test]
fn every_part_of_a_preset_can_be_replaced() {
    let guide = Hardening::pleroma(&site());
    let csp = guide.csp().unwrap().clone();
    let cdn = Source::host("https://cdn.example").unwrap();
    let wider = guide.clone().with(csp.extend(SourceDirective::SCRIPT_SRC, [cdn]).unwrap());
    let script = wider.csp().unwrap().get("script-src").unwrap();
    assert_eq!(script.values().collect::<Vec<_>>(), ["'self'", "https://cdn.example"]);
    let less = guide.without(&http::header::X_FRAME_OPTIONS);
    assert!(!lines(&less).iter().any(|line| line.starts_with("x-frame-options")));
    assert!(less.with(ContentSecurityPolicy::NONE).headers().len() == 8);
}

#[test]
fn content_policies_are_last_and_the_enforced_ones_precede_the_report_only_one() {
    let one = ContentSecurityPolicy::from_static;
    let hardening = Hardening::empty()
        .with_report_only(one("img-src c.example"))
        .with_additional_csp(one("img-src b.example"))
        .with_additional_csp(one("img-src d.example"))
        // An identical line is sent once.
        .with_additional_csp(one("img-src b.example"))
        .with(one("img-src a.example"))
        .with(ReferrerPolicy::SAME_ORIGIN);
    assert_eq!(
        lines(&hardening),
        [
            "referrer-policy: same-origin",
            "content-security-policy: img-src a.example",
            "content-security-policy: img-src b.example",
            "content-security-policy: img-src d.example",
            "content-security-policy-report-only: img-src c.example",
        ]
    );
}

#[test]
fn a_site_at_an_address_has_no_header_for_names() {
    for text in ["https://127.1", "https://0x7f.1", "https://0", "https://[::1]:4000"] {
        let site: Origin = text.parse().unwrap();
        for hardening in [
            Hardening::pleroma(&site),
            Hardening::pleroma_2_7(&site),
            #[cfg(feature = "nonce")]
            Hardening::strict(&site),
        ] {
            let lines = lines(&hardening).concat();
            assert!(!lines.contains("strict-transport-security") && !lines.contains("expect-ct"));
            let csp = hardening.csp().unwrap().to_string();
            assert!(!csp.contains('['), "no policy can name an IPv6 address: {csp}");
            assert_eq!(csp.contains(" wss://"), !text.contains('['), "{csp}");
        }
    }
}

#[test]
fn recommended_is_the_default_and_sends_its_table_to_the_byte() {
    let table = [
        "strict-transport-security: max-age=31536000",
        "x-content-type-options: nosniff",
        "x-frame-options: SAMEORIGIN",
        "referrer-policy: strict-origin-when-cross-origin",
        "cross-origin-opener-policy: same-origin-allow-popups",
        "content-security-policy: default-src 'self'; base-uri 'self'; object-src 'none'; img-src 'self' data: https:; font-src 'self' data:; script-src 'self'; script-src-attr 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; frame-ancestors 'self'",
    ];
    assert_eq!(lines(&Hardening::recommended()), table);
    assert_eq!(Hardening::default(), Hardening::recommended());
    assert_eq!(lines(&Hardening::empty()), [""; 0]);
    // The documentation says the same.
    let source = include_str!("../src/preset/recommended.rs");
    for line in table {
        let (name, value) = line.split_once(": ").unwrap();
        assert!(source.contains(&format!("/// | `{name}` | `{value}` |")), "{line}");
    }
}

#[test]
fn the_layer_without_an_argument_applies_recommended() {
    let page = tower::service_fn(|_: http::Request<()>| {
        std::future::ready(Ok::<_, std::convert::Infallible>(http::Response::new(())))
    });
    let mut service = tower::Layer::layer(&HardeningLayer::default(), page);
    let future = tower::Service::call(&mut service, http::Request::new(()));
    let response = future.now_or_never().expect("a ready service became pending").unwrap();
    let recommended: http::HeaderMap = Hardening::recommended().headers().into_iter().collect();
    assert_eq!(*response.headers(), recommended);
}

#[test]
fn a_preset_s_frame_options_follow_a_replacement_of_its_content_policy() {
    let frame_options = |hardening: Hardening| {
        let mut lines = lines(&hardening).into_iter();
        lines.find_map(|line| line.strip_prefix("x-frame-options: ").map(str::to_owned))
    };
    for (preset, own) in
        [(Hardening::recommended(), "SAMEORIGIN"), (Hardening::pleroma(&site()), "DENY")]
    {
        for (policy, sent) in [
            ("frame-ancestors 'none'", Some("DENY")),
            ("frame-ancestors 'self'", Some("SAMEORIGIN")),
            ("frame-ancestors 'self' https://a.example", None),
            ("frame-ancestors *", None),
            // No other header prevents framing.
            ("default-src 'self'", Some(own)),
        ] {
            let csp: ContentSecurityPolicy = policy.parse().unwrap();
            let changed = preset.clone().with(csp);
            assert_eq!(frame_options(changed.clone()).as_deref(), sent, "{own}: {policy}");
            let told = ids(&changed).iter().any(|id| id.starts_with("frame-options"));
            assert!(!told, "{own}: {policy}");
        }
        let csp = ContentSecurityPolicy::from_static("frame-ancestors https://a.example");
        let asked = preset.clone().with(csp).with(FrameOptions::DENY);
        assert!(ids(&asked).contains(&"frame-options-with-list"));
        assert_eq!(frame_options(asked).as_deref(), Some("DENY"));
        let out = preset.clone().without(&http::header::X_FRAME_OPTIONS);
        assert_eq!(frame_options(out), None);
    }
}

#[test]
fn policies_that_break_a_sign_in_are_linted() {
    let forms = |text: &str| {
        let csp: ContentSecurityPolicy = text.parse().unwrap();
        ids(&Hardening::empty().with(csp)).contains(&"csp-form-action-redirect")
    };
    assert!(forms("default-src 'self'; form-action 'self'"));
    assert!(forms("form-action 'SELF'"));
    assert!(!forms("form-action 'self' https://login.example"));
    assert!(!forms("form-action 'none'"));
    assert!(!forms("default-src 'self'"));
    let pop_ups = |value: &'static str| {
        let opener = value.parse::<CrossOriginOpenerPolicy>().unwrap();
        let told = |all: Hardening| ids(&all).contains(&"opener-policy-pop-ups");
        let alone = told(Hardening::empty().with(opener.clone()));
        assert_eq!(told(Hardening::recommended().with(opener)), alone, "{value}");
        alone
    };
    for value in ["same-origin", "same-origin; report-to=\"coop\"", "noopener-allow-popups"] {
        assert!(pop_ups(value), "{value}");
    }
    for value in ["same-origin-allow-popups", "unsafe-none"] {
        assert!(!pop_ups(value), "{value}");
    }
}

#[test]
fn the_requirements_are_those_of_the_sent_policies() {
    let asked = |hardening: &Hardening| -> Vec<&str> {
        hardening.requirements().iter().map(|requirement| requirement.id()).collect()
    };
    assert_eq!(
        asked(&Hardening::recommended()),
        [
            "inline-script",
            "inline-handler",
            "script-origin",
            "resource-origin",
            "plug-ins",
            "form-action",
            "frame-ancestors",
        ]
    );
    let eased = Hardening::recommended().with(ContentSecurityPolicy::from_static(
        "script-src 'self' 'unsafe-inline' https://cdn.example; frame-ancestors https://a.example",
    ));
    assert_eq!(asked(&eased), [""; 0]);
    assert_eq!(asked(&Hardening::empty()), [""; 0]);
    assert!(asked(&Hardening::pleroma(&site())).contains(&"sub-domains"));
    let policy = |text: &str| text.parse::<ContentSecurityPolicy>().unwrap();
    let alone = |text: &str| asked(&Hardening::empty().with(policy(text)));
    for (text, ids) in [
        ("script-src 'unsafe-inline' https:; script-src-attr 'none'", &["inline-handler"][..]),
        // A nonce turns 'unsafe-inline' off, and attributes have no nonce.
        #[cfg(feature = "nonce")]
        ("script-src 'unsafe-inline' 'nonce-{}' *", &["script-nonce", "inline-handler"]),
        #[cfg(feature = "nonce")]
        ("style-src https: 'nonce-{}'", &["style-nonce"]),
        ("style-src https: 'unsafe-inline'", &[]),
        ("img-src 'self' data:", &["resource-origin"]),
        ("connect-src 'self' wss://example.tld", &["resource-origin"]),
        ("img-src 'self' https://cdn.example", &[]),
        ("img-src *", &[]),
        ("frame-src 'none'", &["resource-origin", "frames"]),
        ("object-src 'none'", &["plug-ins"]),
        ("object-src 'self'", &[]),
    ] {
        assert_eq!(alone(text), ids, "{text}");
        let additional = Hardening::empty().with(policy("base-uri 'self'"));
        assert_eq!(asked(&additional.with_additional_csp(policy(text))), ids, "{text}");
    }
    for (name, preset, _) in presets() {
        for requirement in preset.requirements() {
            let line = requirement.to_string();
            assert!(line.is_ascii() && !line.ends_with('.'), "{name}: {line}");
            assert!(line.starts_with(&format!("{}: {}; ", requirement.id(), requirement.what())));
            assert!(line.ends_with(requirement.how()) && line.lines().count() == 1);
        }
    }
}

#[cfg(feature = "nonce")]
mod strict {
    use std::future::ready;

    use http::{HeaderMap, Request, Response};
    use tower::{Layer, Service, service_fn};
    use tower_hardening::Nonce;

    use super::*;

    /// Returns the headers of a response, and its nonce if it was read.
    fn answer(hardening: &Hardening, reads: bool) -> (HeaderMap, Option<Nonce>) {
        let page = service_fn(move |request: Request<()>| {
            let nonce = request.extensions().get::<Nonce>().filter(|_| reads).cloned();
            nonce.iter().for_each(|nonce| drop(nonce.get().unwrap().to_owned()));
            ready(Ok::<_, std::convert::Infallible>(Response::new(nonce)))
        });
        let mut service = HardeningLayer::new(hardening.clone()).layer(page);
        let future = service.call(Request::new(()));
        let response = future.now_or_never().expect("a ready service became pending").unwrap();
        let (head, nonce) = response.into_parts();
        (head.headers, nonce)
    }

    #[test]
    fn headers_are_those_of_a_response_whose_nonce_was_not_read() {
        for (name, hardening, _) in presets() {
            let expected: HeaderMap = hardening.headers().into_iter().collect();
            assert_eq!(answer(&hardening, false).0, expected, "{name}");
        }
        let strict = lines(&Hardening::strict(&site())).join("\n");
        assert!(strict.contains("; script-src 'self'; "), "{strict}");
        assert!(!strict.contains("{}") && !strict.contains("nonce"), "{strict}");
    }

    #[test]
    fn headers_with_nonce_are_those_of_a_response_whose_nonce_was_read() {
        let watched =
            ContentSecurityPolicy::from_static("script-src-elem 'nonce-{}'; report-uri /r");
        let strict = Hardening::strict(&site());
        for hardening in [strict.clone(), strict.clone().with_report_only(watched.clone())] {
            let (sent, nonce) = answer(&hardening, true);
            let nonce = nonce.unwrap();
            let expected: HeaderMap = hardening.headers_with_nonce(&nonce).into_iter().collect();
            assert_eq!(sent, expected);
            let list = format!("; script-src 'self' 'nonce-{nonce}' 'strict-dynamic'; ");
            let policy = sent["content-security-policy"].to_str().unwrap();
            assert!(policy.contains(&list), "{policy}");
            assert_eq!(sent["cache-control"], "private");
            // No policy contains the nonce.
            let guide = Hardening::pleroma(&site());
            assert_eq!(guide.headers_with_nonce(&nonce), guide.headers());
        }
    }

    #[test]
    fn headers_with_nonce_keep_a_page_out_of_shared_caches_as_the_layer_does() {
        for (policy, sent) in [
            ("public, max-age=60", "private, max-age=60"),
            ("s-maxage=5", "private"),
            ("private=\"x\", max-age=1", "private, max-age=1"),
            ("no-store", "no-store"),
            ("private", "private"),
        ] {
            let cached = policy.parse::<CacheControl>().unwrap();
            let hardening = Hardening::strict(&site()).with(cached);
            let (headers, nonce) = answer(&hardening, true);
            let listed = hardening.headers_with_nonce(&nonce.unwrap()).into_iter().collect();
            assert_eq!(headers, listed, "{policy}");
            assert_eq!(headers["cache-control"], sent, "{policy}");
        }
    }

    #[test]
    fn the_documentation_lists_the_requirements_on_pages() {
        let asked = Hardening::strict(&site()).requirements();
        let asked: Vec<&str> = asked.iter().map(|requirement| requirement.id()).collect();
        assert_eq!(
            asked,
            [
                "script-nonce",
                "inline-handler",
                "inline-style",
                "resource-origin",
                "frames",
                "plug-ins",
                "form-action",
                "frame-ancestors",
                "pop-ups",
                "embedding",
                "sub-domains",
            ]
        );
    }
}

#[test]
fn the_presets_of_other_projects_have_these_lints_and_no_others() {
    let expected: &[(&str, &[&str])] = &[
        ("owasp", &["permissions-policy-retired"]),
        ("pleroma_modern", &[]),
        ("akkoma", &["permissions-policy-retired", "sts-preload", "csp-form-action-missing"]),
        (
            "pleroma_2_7",
            &[
                "xss-protection-filter",
                "expect-ct-obsolete",
                "permissions-policy-retired",
                "csp-style-unsafe-inline",
                "csp-connect-anywhere",
                "csp-form-action-missing",
            ],
        ),
    ];
    for (name, hardening, _) in presets() {
        if let Some((_, lints)) = expected.iter().find(|(expected, _)| *expected == name) {
            assert_eq!(ids(&hardening), *lints, "{name}");
        }
    }
}

#[test]
fn adv_103_no_preset_sends_an_embedder_policy() {
    for (name, hardening, _) in presets() {
        assert!(!lines(&hardening).join("\n").contains("cross-origin-embedder-policy"), "{name}");
    }
}

#[test]
fn owasp_sends_no_header_that_is_not_for_every_response() {
    let source = include_str!("../src/preset/owasp.rs");
    let sent = lines(&Hardening::owasp()).join("\n");
    for name in ["Cross-Origin-Embedder-Policy", "Clear-Site-Data", "Cache-Control"] {
        assert!(!sent.contains(&name.to_ascii_lowercase()), "{name}");
        assert!(source.contains(&format!("/// - `{name}")), "{name}");
    }
}

#[cfg(feature = "nonce")]
#[test]
fn akkoma_has_the_policy_of_that_server_with_its_nonces() {
    let policy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; img-src 'self' data: blob: https:; media-src 'self' https:; style-src 'self' 'nonce-{}'; script-src 'self' 'nonce-{}'; font-src 'self'; connect-src 'self' https://example.tld wss://example.tld; manifest-src 'self'; upgrade-insecure-requests";
    assert_eq!(Hardening::akkoma(&site()).csp().unwrap().to_string(), policy);
    let plain = Hardening::akkoma(&"http://localhost:4000".parse().unwrap());
    let lines = lines(&plain).join("\n");
    assert!(lines.contains(" ws://localhost:4000") && !lines.contains("upgrade"), "{lines}");
    assert!(!lines.contains("strict-transport-security"), "{lines}");
}
