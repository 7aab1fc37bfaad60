//! What a nonce or a hash silences does not come alive when those go.

use tower_hardening::{
    ContentSecurityPolicy,
    csp::{Source, SourceDirective},
};

#[test]
fn what_is_extended_into_attributes_loses_what_was_silenced() {
    let policy = ContentSecurityPolicy::from_static("script-src 'self' 'nonce-{}' 'unsafe-inline'");
    let cdn = Source::host("https://cdn.example").unwrap();
    let policy = policy.extend(SourceDirective::SCRIPT_SRC_ATTR, [cdn]).unwrap();
    let attributes = policy.get("script-src-attr").unwrap();
    assert_eq!(attributes.values().collect::<Vec<_>>(), ["'self'", "https://cdn.example"]);
}

#[test]
fn what_was_alive_for_styles_beside_strict_dynamic_stays_so() {
    let policy: ContentSecurityPolicy =
        "default-src 'strict-dynamic' 'unsafe-inline' a.example".parse().unwrap();
    let policy = policy.extend(SourceDirective::STYLE_SRC, [Source::SELF]).unwrap();
    let styles = policy.get("style-src").unwrap();
    assert_eq!(styles.values().collect::<Vec<_>>(), ["'unsafe-inline'", "a.example", "'self'"]);
}

#[test]
fn a_scheme_is_no_address_and_a_star_has_a_domain() {
    assert!(Source::scheme("https://x/a").is_err() && Source::scheme("a.example/").is_err());
    for text in ["*.:443", "*./a", "https://*./"] {
        assert!(Source::host(text).is_err(), "{text}");
    }
    assert!("report-uri 'nonce-{}'".parse::<ContentSecurityPolicy>().is_err());
    assert!(ContentSecurityPolicy::NONE.report_uri("'nonce-{}'").is_err());
}
