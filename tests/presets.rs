//! The bytes that each preset sends, and the documentation that says so.
#![cfg(feature = "nonce")]
#![allow(clippy::unwrap_used, reason = "a test may")]

use tower_hardening::{
    ContentSecurityPolicy, Hardening, Origin, ReferrerPolicy, Source, SourceDirective,
};

const README: &str = include_str!("../README.md");

fn presets() -> [(&'static str, Hardening, &'static str); 5] {
    let site: Origin = "https://example.tld".parse().unwrap();
    [
        ("pleroma", Hardening::pleroma(&site), include_str!("golden/pleroma.txt")),
        ("pleroma_2_7", Hardening::pleroma_2_7(&site), include_str!("golden/pleroma_2_7.txt")),
        ("strict", Hardening::strict(&site), include_str!("golden/strict.txt")),
        ("api", Hardening::api(), include_str!("golden/api.txt")),
        ("media", Hardening::media(), include_str!("golden/media.txt")),
    ]
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
    for (name, hardening, _) in &presets()[2..] {
        let obsolete = ["x-xss-protection", "expect-ct", "x-download-options", "public-key-pins"];
        let sent = hardening.headers();
        assert!(sent.iter().all(|(name, _)| !obsolete.contains(&name.as_str())), "{name}");
    }
}

#[test]
fn adv_100_no_preset_asks_to_be_preloaded() {
    for (name, hardening, _) in presets() {
        assert!(lines(&hardening).iter().all(|line| !line.contains("preload")), "{name}");
    }
}

#[test]
fn the_modern_presets_lint_clean_and_the_guide_with_what_it_deserves() {
    let ids = |hardening: &Hardening| -> Vec<_> {
        hardening.lints().iter().map(|lint| lint.id()).collect()
    };
    for (name, hardening, _) in &presets()[2..] {
        assert_eq!(ids(hardening), [""; 0], "{name}");
    }
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
fn a_site_on_http_gets_nothing_that_is_for_https() {
    let site: Origin = "http://localhost:4000".parse().unwrap();
    for hardening in
        [Hardening::pleroma(&site), Hardening::pleroma_2_7(&site), Hardening::strict(&site)]
    {
        let all = lines(&hardening).join("\n");
        assert!(all.contains(" ws://localhost:4000"), "{all}");
        for secure in ["strict-transport-security", "expect-ct", "upgrade-insecure", "wss:"] {
            assert!(!all.contains(secure), "{all}");
        }
    }
}

#[test]
fn a_preset_is_made_of_parts_that_can_be_replaced() {
    let site: Origin = "https://example.tld".parse().unwrap();
    let guide = Hardening::pleroma(&site);
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
fn policies_for_content_come_last_those_that_are_enforced_before_the_one_that_is_watched() {
    let one = ContentSecurityPolicy::from_static;
    let hardening = Hardening::empty()
        .with_report_only(one("img-src c.example"))
        .with_also(one("img-src b.example"))
        .with_also(one("img-src d.example"))
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
fn a_site_at_an_address_has_no_header_that_is_for_names() {
    for text in ["https://127.1", "https://0x7f.1", "https://0", "https://[::1]:4000"] {
        let site: Origin = text.parse().unwrap();
        for hardening in
            [Hardening::pleroma(&site), Hardening::pleroma_2_7(&site), Hardening::strict(&site)]
        {
            let lines = lines(&hardening).concat();
            assert!(!lines.contains("strict-transport-security") && !lines.contains("expect-ct"));
            let csp = hardening.csp().unwrap().to_string();
            assert!(!csp.contains('['), "no policy can name an IPv6 address: {csp}");
            assert_eq!(csp.contains(" wss://"), !text.contains('['), "{csp}");
        }
    }
}
