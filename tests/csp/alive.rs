//! A source that a nonce or a hash turns off stays off when the nonce or hash is removed.

use tower_hardening::{
    ContentSecurityPolicy,
    csp::{Source, SourceDirective},
};

#[test]
fn an_extension_into_attributes_drops_the_sources_that_were_turned_off() {
    let policy = ContentSecurityPolicy::from_static("script-src 'self' 'nonce-{}' 'unsafe-inline'");
    let cdn = Source::host("https://cdn.example").unwrap();
    let policy = policy.extend(SourceDirective::SCRIPT_SRC_ATTR, [cdn]).unwrap();
    let attributes = policy.get("script-src-attr").unwrap();
    assert_eq!(attributes.values().collect::<Vec<_>>(), ["'self'", "https://cdn.example"]);
}

#[test]
fn a_source_of_styles_next_to_strict_dynamic_stays_active() {
    let policy: ContentSecurityPolicy =
        "default-src 'strict-dynamic' 'unsafe-inline' a.example".parse().unwrap();
    let policy = policy.extend(SourceDirective::STYLE_SRC, [Source::SELF]).unwrap();
    let styles = policy.get("style-src").unwrap();
    assert_eq!(styles.values().collect::<Vec<_>>(), ["'unsafe-inline'", "a.example", "'self'"]);
}

#[test]
fn a_scheme_is_not_an_address_and_a_star_needs_a_domain() {
    assert!(Source::scheme("https://x/a").is_err() && Source::scheme("a.example/").is_err());
    for text in ["*.:443", "*./a", "https://*./"] {
        assert!(Source::host(text).is_err(), "{text}");
    }
    assert!("report-uri 'nonce-{}'".parse::<ContentSecurityPolicy>().is_err());
    assert!(ContentSecurityPolicy::NONE.report_uri("'nonce-{}'").is_err());
}
