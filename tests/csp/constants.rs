//! Tests policies and names that are built in a `const`.

use tower_hardening::{
    ContentSecurityPolicy,
    csp::{EndpointName, ReceivedPolicy, Source, TrustedTypesPolicy},
};

const SHORT: ContentSecurityPolicy = ContentSecurityPolicy::from_static("default-src 'none'");
const WHOLE: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'self' https: *.a.example:* 'unsafe-inline' 'report-sample'; \
     script-src 'nonce-{}' 'strict-dynamic' 'wasm-unsafe-eval' 'trusted-types-eval' \
     'report-sha256' 'inline-speculation-rules' \
     'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='; \
     script-src-elem 'self'; script-src-attr 'unsafe-hashes'; style-src 'NONCE-{}'; \
     style-src-elem 'self'; style-src-attr 'unsafe-inline'; img-src data: a.example/a%3Bb; \
     font-src 'none'; media-src blob:; connect-src wss://a.example 'unsafe-webtransport-hashes'; \
     manifest-src 'self'; object-src 'none'; child-src 'none'; frame-src https://*:8443; \
     worker-src 'self'; fenced-frame-src https:; base-uri 'none'; form-action 'self'; \
     frame-ancestors https://a.example 'self'; sandbox allow-scripts; upgrade-insecure-requests; \
     report-uri /csp https://a.example/csp; report-to csp-endpoint; \
     require-trusted-types-for 'script'; trusted-types default a#b 'allow-duplicates'; \
     webrtc 'block'; block-all-mixed-content; plugin-types a/b",
);
const ENDPOINT: EndpointName = EndpointName::from_static("csp-endpoint");
const NAME: TrustedTypesPolicy = TrustedTypesPolicy::from_static("default");
const SOURCES: [Source; 2] = [Source::SELF, Source::NONCE];

#[test]
fn a_literal_is_checked_at_compile_time_and_equals_the_parsed_text() {
    for literal in [SHORT, WHOLE, ContentSecurityPolicy::NONE] {
        let text = literal.to_string();
        assert_eq!(text.parse(), Ok(literal.clone()));
        let received = ReceivedPolicy::parse_list(text.as_bytes()).remove(0);
        assert_eq!(received.to_string(), text);
        assert_eq!(received.try_into(), Ok(literal));
    }
    assert_eq!(ENDPOINT, "csp-endpoint".parse().unwrap());
    assert_eq!(NAME, "default".parse().unwrap());
    assert_eq!(
        SHORT.script_src(SOURCES).unwrap().to_string(),
        "default-src 'none'; script-src 'self' 'nonce-{}'"
    );
}

#[test]
fn every_directive_parses_strictly_and_prints_in_lower_case() {
    assert_eq!(WHOLE.directives().count(), 29);
    let shouted = WHOLE.to_string().replace("-src ", "-SRC ");
    assert_eq!(shouted.parse::<ContentSecurityPolicy>().unwrap().to_string(), WHOLE.to_string());
}

#[test]
fn the_panic_of_a_literal_name_describes_the_error() {
    for (said, refused) in [
        (std::panic::catch_unwind(|| drop(EndpointName::from_static("A"))), "an endpoint name"),
        (
            std::panic::catch_unwind(|| drop(TrustedTypesPolicy::from_static("a b"))),
            "a policy name",
        ),
    ] {
        let said = *said.unwrap_err().downcast::<&str>().unwrap();
        assert!(said.starts_with(&format!("is not {refused}; write ")), "{said}");
    }
}
