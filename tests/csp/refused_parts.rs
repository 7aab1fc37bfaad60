//! Tests parts of a policy that are rejected, such as one source or one name, each with its full
//! error text.

use tower_hardening::{
    ContentSecurityPolicy,
    csp::{EndpointName, FrameAncestor, SandboxToken, Source, SourceDirective, TrustedTypesPolicy},
};

use super::refusals::refusal;

#[test]
fn single_sources() {
    for (text, expected) in [
        ("", "byte 0: an empty source allows nothing; remove it"),
        ("a b", "byte 1: ' ' is not allowed in a source; pass one source at a time"),
        ("a;b", "byte 1: ';' is not allowed in a source; pass one source at a time"),
        ("a,b", "byte 1: ',' is not allowed in a source; pass one source at a time"),
        ("a\r\nb", "byte 1: '\\r' is not allowed in a source; pass one source at a time"),
        ("'none'", "byte 0: 'none' is the empty list; pass no source"),
        ("self", "byte 0: 'self' is an unquoted keyword; write it in single quotes"),
        (
            "a.\u{e9}x",
            "byte 2: '\u{e9}' is not ASCII, and browsers ignore the directive that has it; \
             write a host in its 'xn--' form",
        ),
    ] {
        let expected = format!("content-security-policy, {expected}");
        assert_eq!(refusal(text.parse::<Source>()), expected, "{text:?}");
        assert_eq!(refusal(Source::host(text)), expected, "{text:?}");
        assert_eq!(refusal(FrameAncestor::host(text)), expected, "{text:?}");
    }
    for (text, shown) in
        [("data:", "'data:'"), ("'self'", "'self'"), ("'UNSAFE-inline'", "'UNSAFE-inline'")]
    {
        let expected = format!("byte 0: {shown} is not a host; write one like cdn.example");
        let expected = format!("content-security-policy, {expected}");
        assert_eq!(refusal(Source::host(text)), expected);
        assert_eq!(refusal(FrameAncestor::host(text)), expected);
        assert!(text.parse::<Source>().is_ok());
    }
    assert!(Source::host("a.b:").is_err() && FrameAncestor::host("a.b:").is_err());
}

#[test]
fn names_of_source_directives_and_sandbox_tokens() {
    for directive in SourceDirective::ALL {
        assert_eq!(directive.to_string().to_uppercase().parse(), Ok(*directive));
        assert_eq!(format!("{directive:?}"), format!("SourceDirective({directive})"));
    }
    for token in SandboxToken::ALL {
        assert_eq!(token.to_string().to_uppercase().parse(), Ok(*token));
    }
    assert_eq!(
        refusal("img-scr".parse::<SourceDirective>()),
        "content-security-policy, byte 0: 'img-scr' is not a directive that takes sources; \
         did you mean 'img-src'?",
    );
    assert_eq!(
        refusal("sandbox".parse::<SourceDirective>()),
        "content-security-policy, byte 0: 'sandbox' is not a directive that takes sources; \
         write one like 'img-src'",
    );
    assert_eq!(
        refusal("allow-script".parse::<SandboxToken>()),
        "content-security-policy, byte 0: 'allow-script' is not a sandbox token; \
         did you mean 'allow-scripts'?",
    );
}

#[test]
fn one_directive_from_its_text() {
    let set = |name: &str, value: &str| ContentSecurityPolicy::EMPTY.set_text(name, value);
    for (name, value, sent) in [
        (
            "IMG-SRC",
            " 'SELF'\n  https://a.example https://a.example ",
            "img-src 'self' https://a.example",
        ),
        ("sandbox", "", "sandbox"),
        ("sandbox", "Allow-Forms", "sandbox allow-forms"),
        ("upgrade-insecure-requests", "", "upgrade-insecure-requests"),
        ("frame-ancestors", "'NONE'", "frame-ancestors 'none'"),
        ("script-src", "'nonce-{}'", "script-src 'nonce-{}'"),
        ("report-uri", "/csp", "report-uri /csp"),
    ] {
        assert_eq!(set(name, value).unwrap().to_string(), sent);
    }
    for (name, value, expected) in [
        ("img-scr", "'self'", "byte 0: 'img-scr' is not a directive; did you mean 'img-src'?"),
        ("", "'self'", "byte 0: the name is empty; write one like default-src"),
        (
            "img-src 'self'; script-src",
            "*",
            "byte 0: 'img-src 'self'; script-src' is not a directive; write a space before its first quote",
        ),
        (
            "img-src",
            "a.example; script-src *",
            "byte 17: ';' ends the directive; pass the value of one directive",
        ),
        (
            "img-src",
            "",
            "byte 0: 'img-src' has no value, which allows nothing; write 'none' after it",
        ),
        (
            "img-src",
            "a.example, *",
            "byte 17: ',' starts a second policy; separate sources with spaces",
        ),
        (
            "img-src",
            "'self' 'unsafe-inline'",
            "byte 15: 'unsafe-inline' has no effect in this directive; remove it",
        ),
    ] {
        let expected = format!("content-security-policy, {expected}");
        assert_eq!(refusal(set(name, value)), expected, "{name} {value}");
    }
    let long = "a".repeat(8192);
    assert!(refusal(set("img-src", &long)).contains("longer than 8192 bytes"));
    assert!(ContentSecurityPolicy::NONE.set_text("img-src", &long[..8110]).is_err());
}

#[test]
fn names_of_endpoints_and_of_trusted_types() {
    assert_eq!(
        refusal("Csp".parse::<EndpointName>()),
        "content-security-policy, byte 0: 'Csp' is not an endpoint name; \
         write lower-case letters, digits, '-', '_' and '.'",
    );
    assert_eq!(
        refusal("a b".parse::<TrustedTypesPolicy>()),
        "content-security-policy, byte 0: 'a b' is not a policy name; \
         write letters, digits and -#=_/@.%",
    );
    for text in ["", "*a", "1a", "-a", "a b", "a,b", "a;b", "a\"", "\u{e9}"] {
        assert!(text.parse::<EndpointName>().is_err(), "{text:?}");
    }
    for text in ["", "a b", "a,b", "a;b", "'none'", "'allow'", "a'b", "a*", "\u{e9}"] {
        assert!(text.parse::<TrustedTypesPolicy>().is_err(), "{text:?}");
    }
}

#[test]
fn custom_directives_and_report_uris() {
    let none = ContentSecurityPolicy::NONE;
    let custom = |name: &str, value: &str| refusal(none.clone().dangerous_directive(name, value));
    let uri = |text: &str| refusal(none.clone().report_uri(text));
    for (error, expected) in [
        (
            custom("", "x"),
            "byte 0: '' is not a directive name; write lower-case letters, digits and '-'",
        ),
        (
            custom("a b", ""),
            "byte 0: 'a b' is not a directive name; write lower-case letters, digits and '-'",
        ),
        (
            custom("A", ""),
            "byte 0: 'A' is not a directive name; write lower-case letters, digits and '-'",
        ),
        (custom("img-src", "*"), "byte 0: 'img-src' has a method of its own; use that"),
        (custom("sandbox", ""), "byte 0: 'sandbox' has a method of its own; use that"),
        (
            custom("block-all-mixed-content", ""),
            "byte 0: 'block-all-mixed-content' is obsolete, and browsers ignore it; remove it",
        ),
        (
            custom("x", "a;b"),
            "byte 1: ';' is not allowed in a value; write visible ASCII without ';' and ','",
        ),
        (
            custom("x", "a\tb"),
            "byte 1: '\\t' is not allowed in a value; write visible ASCII without ';' and ','",
        ),
        (
            custom("x", "\u{e9}"),
            "byte 0: '\u{e9}' is not allowed in a value; write visible ASCII without ';' and ','",
        ),
        (
            custom("x", "a 'NONCE-abc'"),
            "byte 2: a nonce has no effect in an unknown directive; remove it",
        ),
        (uri("'self'"), "byte 0: a URI does not begin with a quote; write one like '/csp'"),
        (uri(""), "byte 0: the URI is empty; write one like '/csp'"),
        (uri("/a b"), "byte 2: ' ' is not allowed in a URI here; write it percent-encoded"),
        (uri("/a;b"), "byte 2: ';' is not allowed in a URI here; write it percent-encoded"),
        (uri("/a,b"), "byte 2: ',' is not allowed in a URI here; write it percent-encoded"),
    ] {
        assert_eq!(error, format!("content-security-policy, {expected}"));
    }
}
