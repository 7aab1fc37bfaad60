//! Tests the requirements that a preset has on the pages of a site.

use super::*;

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
