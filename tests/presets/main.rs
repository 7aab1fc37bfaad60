//! Tests the bytes that each preset sends, whatever the features, and the documentation that says
//! so.
#![allow(clippy::unwrap_used, reason = "a test may")]

#[cfg(feature = "nonce")]
mod nonces;
#[path = "../support/now.rs"]
mod now;
mod projects;
mod requirements;

use tower_hardening::{
    ContentSecurityPolicy, FrameOptions, Hardening, HardeningLayer, Lint, Origin, ReferrerPolicy,
    Severity,
    csp::{Source, SourceDirective},
    header::{CacheControl, CrossOriginOpenerPolicy},
};

use self::now::now;

const README: &str = include_str!("../../README.md");

fn site() -> Origin {
    "https://example.tld".parse().unwrap()
}

/// Returns the presets, those of other projects first: they send obsolete headers and have lints.
fn presets() -> Vec<(&'static str, Hardening, &'static str)> {
    vec![
        ("pleroma", Hardening::pleroma(&site()), include_str!("../golden/pleroma.txt")),
        ("pleroma_2_7", Hardening::pleroma_2_7(&site()), include_str!("../golden/pleroma_2_7.txt")),
        ("owasp", Hardening::owasp(), include_str!("../golden/owasp.txt")),
        #[cfg(feature = "nonce")]
        (
            "pleroma_modern",
            Hardening::pleroma_modern(&site()),
            include_str!("../golden/pleroma_modern.txt"),
        ),
        #[cfg(feature = "nonce")]
        ("akkoma", Hardening::akkoma(&site()), include_str!("../golden/akkoma.txt")),
        ("recommended", Hardening::recommended(), include_str!("../golden/recommended.txt")),
        ("api", Hardening::api(), include_str!("../golden/api.txt")),
        ("media", Hardening::media(), include_str!("../golden/media.txt")),
        #[cfg(feature = "nonce")]
        ("strict", Hardening::strict(&site()), include_str!("../golden/strict.txt")),
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
    let source = include_str!("../../src/preset/recommended.rs");
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
    let response = now(tower::Service::call(&mut service, http::Request::new(()))).unwrap();
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
