//! What the strict reader refuses: each with the byte, what stands there, and what to write.

use tower_hardening::{
    Ancestor, ContentSecurityPolicy, EndpointName, ParseError, Source, TrustedTypesPolicy,
};

fn refusal<T: std::fmt::Debug>(read: Result<T, ParseError>) -> String {
    read.unwrap_err().to_string()
}

/// Each policy, and its error without the header's name, which a literal's panic says as well.
#[track_caller]
fn assert_refused(cases: &[(&'static str, &str)]) {
    for (text, expected) in cases {
        let error = text.parse::<ContentSecurityPolicy>().expect_err(text);
        assert_eq!(error.to_string(), format!("content-security-policy, {expected}"), "{text:?}");
        let panic = std::panic::catch_unwind(|| ContentSecurityPolicy::from_static(text));
        let said = *panic.expect_err(text).downcast::<String>().unwrap();
        // Errors escape what cannot be seen.
        let escaped = error.problem().starts_with("'\\");
        assert!(escaped || said == error.to_string(), "{text:?}: {said}");
    }
}

#[test]
fn the_remedy_is_said_of_a_long_literal_too() {
    let text: &'static str = format!("img-src {}.*", "a".repeat(600)).leak();
    let panic = std::panic::catch_unwind(|| ContentSecurityPolicy::from_static(text));
    let said = *panic.unwrap_err().downcast::<String>().unwrap();
    assert!(said.ends_with("aaa...' has a '*' that is not its first label, for which browsers drop it; write one like *.cdn.example"), "{said}");
}

#[test]
fn a_path_that_ends_in_a_colon_is_no_scheme() {
    for text in ["a.example/x:", "https://a.example/x:"] {
        assert_eq!(Source::host(text).unwrap().as_str(), text);
    }
    for text in ["data:", "a.example:"] {
        assert!(Source::host(text).is_err(), "{text}");
    }
}

#[test]
fn schemes() {
    for (text, expected) in [
        ("", "byte 0: '' is not a scheme; write one like 'data:'"),
        ("1x", "byte 0: '1x' is not a scheme; write one like 'data:'"),
        ("https://", "byte 5: 'https://' is not a scheme; write one like 'data:'"),
        ("a.example:", "byte 1: 'a.example:' is not a scheme; write one like 'data:'"),
    ] {
        let expected = format!("content-security-policy, {expected}");
        assert_eq!(refusal(Source::scheme(text)), expected, "{text:?}");
        assert_eq!(refusal(Ancestor::scheme(text)), expected, "{text:?}");
    }
}

#[test]
fn bytes_that_no_policy_has() {
    assert_refused(&[
        (
            "default-src 'self', script-src *",
            "byte 18: ',' starts a second policy; separate sources with spaces",
        ),
        (
            "script-src 'self' https://münchen.example",
            "byte 27: 'ü' is not ASCII, for which browsers drop the directive; write ASCII, a host in its 'xn--' form",
        ),
        (
            "img-src “self”",
            "byte 8: '“' is a curly quote, for which browsers drop the directive; write a straight one",
        ),
        (
            "img-src ‘self’",
            "byte 8: '‘' is a curly quote, for which browsers drop the directive; write a straight one",
        ),
        ("img-src a\nb", "byte 9: '\\n' is a control character; write spaces between sources"),
        ("img-src a\0", "byte 9: '\\0' is a control character; write spaces between sources"),
        (
            "img-src \u{a0}a",
            "byte 8: '\\u{a0}' is not ASCII, for which browsers drop the directive; write ASCII, a host in its 'xn--' form",
        ),
        ("img-src a\x7f", "byte 9: '\\u{7f}' is a control character; write spaces between sources"),
        ("", "byte 0: there is no directive; write one like default-src 'self'"),
        (" ; ", "byte 0: there is no directive; write one like default-src 'self'"),
    ]);
}

#[test]
fn names_of_directives() {
    assert_refused(&[
        ("scrpt-src 'self'", "byte 0: 'scrpt-src' is not a directive; did you mean 'script-src'?"),
        (
            "img-source 'self'",
            "byte 0: 'img-source' is not a directive; see CSP Level 3 for those there are",
        ),
        (
            "default_src 'self'",
            "byte 0: 'default_src' is not a directive; did you mean 'default-src'?",
        ),
        (
            "frame-ancestor 'none'",
            "byte 0: 'frame-ancestor' is not a directive; did you mean 'frame-ancestors'?",
        ),
        ("report 'x'", "byte 0: 'report' is not a directive; did you mean 'report-to'?"),
        (
            "utterly-unknown x",
            "byte 0: 'utterly-unknown' is not a directive; see CSP Level 3 for those there are",
        ),
        (
            "defaultsrc 'self'",
            "byte 0: 'defaultsrc' is not a directive; did you mean 'default-src'?",
        ),
        (
            "script-src'self'",
            "byte 0: 'script-src'self'' is not a directive; write a space before its first quote",
        ),
        (
            "upgrade-insecure-request",
            "byte 0: 'upgrade-insecure-request' is not a directive; did you mean 'upgrade-insecure-requests'?",
        ),
        (
            "default-src 'self'; Default-SRC *",
            "byte 20: 'Default-SRC' stands here a second time, and browsers read only the first; merge the two",
        ),
        (
            "img-src a; img-src a",
            "byte 11: 'img-src' stands here a second time, and browsers read only the first; merge the two",
        ),
    ]);
}

#[test]
fn keywords_and_quotes() {
    assert_refused(&[
        (
            "default-src self",
            "byte 12: 'self' would be a host of that name; write it in single quotes",
        ),
        (
            "default-src none",
            "byte 12: 'none' would be a host of that name; write it in single quotes",
        ),
        (
            "script-src unsafe-inline",
            "byte 11: 'unsafe-inline' would be a host of that name; write it in single quotes",
        ),
        (
            "script-src Unsafe-Eval",
            "byte 11: 'Unsafe-Eval' would be a host of that name; write it in single quotes",
        ),
        (
            "script-src strict-dynamic",
            "byte 11: 'strict-dynamic' would be a host of that name; write it in single quotes",
        ),
        (
            "script-src nonce-abc",
            "byte 11: 'nonce-abc' would be a host of that name; write it in single quotes",
        ),
        (
            "script-src sha256-abc",
            "byte 11: 'sha256-abc' would be a host of that name; write it in single quotes",
        ),
        (
            "script-src data",
            "byte 11: 'data' would be a host of that name; write the scheme with a ':' behind it",
        ),
        (
            "script-src https",
            "byte 11: 'https' would be a host of that name; write the scheme with a ':' behind it",
        ),
        (
            "default-src 'self' script-src a.example",
            "byte 19: 'script-src' would be a host of that name; write ';' before a directive, the scheme before a host",
        ),
        (
            "frame-ancestors 'none' Sandbox",
            "byte 23: 'Sandbox' would be a host of that name; write ';' before a directive, the scheme before a host",
        ),
        (
            "default-src 'none' 'self'",
            "byte 12: 'none' does nothing beside other sources; leave it out or write it alone",
        ),
        (
            "default-src 'self' 'none'",
            "byte 19: 'none' does nothing beside other sources; leave it out or write it alone",
        ),
        (
            "frame-ancestors 'none' a.example",
            "byte 16: 'none' does nothing beside other sources; leave it out or write it alone",
        ),
        (
            "trusted-types 'none' a",
            "byte 14: 'none' does nothing beside other sources; leave it out or write it alone",
        ),
        (
            "default-src \"self\"",
            "byte 12: '\"' cannot stand in a host; write letters, digits, '-' and '.'",
        ),
        (
            "default-src 'self",
            "byte 12: 'self is neither a keyword nor a hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        ),
        (
            "default-src 'selff'",
            "byte 12: 'selff' is neither a keyword nor a hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        ),
        (
            "default-src `self`",
            "byte 12: '`' cannot stand in a host; write letters, digits, '-' and '.'",
        ),
        (
            "img-src 'unsafe-inline'",
            "byte 8: 'unsafe-inline' has no effect in this directive; remove it",
        ),
        (
            "img-src 'unsafe-eval'",
            "byte 8: 'unsafe-eval' has no effect in this directive; remove it",
        ),
        (
            "script-src-elem 'unsafe-eval'",
            "byte 16: 'unsafe-eval' has no effect in this directive; remove it",
        ),
        (
            "style-src 'strict-dynamic'",
            "byte 10: 'strict-dynamic' has no effect in this directive; remove it",
        ),
        (
            "script-src 'unsafe-dynamic'",
            "byte 11: 'unsafe-dynamic' is a keyword that no browser reads any more; remove it",
        ),
        (
            "default-src",
            "byte 0: 'default-src' has no value, which allows nothing; write 'none' after it",
        ),
        (
            "frame-ancestors",
            "byte 0: 'frame-ancestors' has no value, which allows nothing; write 'none' after it",
        ),
    ]);
}

#[test]
fn nonces_and_hashes() {
    assert_refused(&[
        (
            "script-src 'nonce-r4nd0m'",
            "byte 11: 'nonce-r4nd0m' is a fixed nonce, which anybody can copy; write 'nonce-{}' for one that is new in every response",
        ),
        (
            "script-src 'nonce-'",
            "byte 11: 'nonce-' is a fixed nonce, which anybody can copy; write 'nonce-{}' for one that is new in every response",
        ),
        (
            "script-src 'nonce-{}x'",
            "byte 11: 'nonce-{}x' is a fixed nonce, which anybody can copy; write 'nonce-{}' for one that is new in every response",
        ),
        (
            "img-src 'nonce-{}'",
            "byte 8: 'nonce-{}' has no effect in this directive; write it in script-src or style-src",
        ),
        (
            "script-src 'sha256-abc='",
            "byte 11: 'sha256-abc=' is neither a keyword nor a hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        ),
        (
            "script-src 'sha1-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='",
            "byte 11: 'sha1-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY=' is neither a keyword nor a hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        ),
        (
            "script-src 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY'",
            "byte 11: 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY' is neither a keyword nor a hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        ),
        (
            "script-src 'sha384-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='",
            "byte 11: 'sha384-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY=' is neither a keyword nor a hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        ),
        (
            "script-src 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29f!='",
            "byte 11: 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29f!=' is neither a keyword nor a hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        ),
        (
            "img-src 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='",
            "byte 8: 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY=' has no effect in this directive; write it in script-src or style-src",
        ),
        (
            "frame-ancestors 'nonce-{}'",
            "byte 16: 'nonce-{}' is no ancestor; write 'self', 'none', a scheme or a host",
        ),
    ]);
}

#[test]
fn hosts_ports_and_paths() {
    assert_refused(&[
        (
            "img-src https://*",
            "byte 8: 'https://*' allows every host of the scheme; write the scheme with a ':' behind it, if that is meant",
        ),
        (
            "img-src a.*.com",
            "byte 8: 'a.*.com' has a '*' that is not its first label, for which browsers drop it; write one like *.cdn.example",
        ),
        (
            "img-src *example.com",
            "byte 8: '*example.com' has a '*' that is not a whole label; write '*.' and a domain",
        ),
        ("img-src *.", "byte 8: '*.' has no domain behind the '*.'; write one"),
        (
            "img-src *..a",
            "byte 8: '*..a' has an empty label in its host; write one like cdn.example",
        ),
        (
            "img-src a..b",
            "byte 8: 'a..b' has an empty label in its host; write one like cdn.example",
        ),
        ("img-src .a", "byte 8: '.a' has an empty label in its host; write one like cdn.example"),
        ("img-src https://", "byte 8: 'https://' has no host; write one like cdn.example"),
        ("img-src https:///x", "byte 8: 'https:///x' has no host; write one like cdn.example"),
        ("img-src ://x", "byte 8: '://x' has no host; write one like cdn.example"),
        (
            "img-src [::1]",
            "byte 8: '[::1]' is an IPv6 address, which no policy can name; write a host name",
        ),
        (
            "img-src https://[::1]:80",
            "byte 8: 'https://[::1]:80' is an IPv6 address, which no policy can name; write a host name",
        ),
        (
            "img-src example.com:",
            "byte 8: 'example.com:' would be a scheme of that name; write the port, or leave the ':' out",
        ),
        ("img-src example.com:8a", "byte 20: '8a' is not a port; write a number or '*'"),
        ("img-src example.com:123456", "byte 20: '123456' is not a port; write a number or '*'"),
        ("img-src 1x:", "byte 10: ':' is not a port; write a number or '*'"),
        ("img-src https://a.example:", "byte 25: ':' is not a port; write a number or '*'"),
        (
            "img-src example.com:/a",
            "byte 8: 'example.com:/a' has no '://' behind its scheme; write it so, or the host alone",
        ),
        (
            "img-src a_b.example",
            "byte 9: '_' cannot stand in a host; write letters, digits, '-' and '.'",
        ),
        (
            "img-src bücher.example",
            "byte 9: 'ü' is not ASCII, for which browsers drop the directive; write ASCII, a host in its 'xn--' form",
        ),
        (
            "img-src a.example?x=1",
            "byte 17: '?x=1' is ignored by browsers; leave the query and the fragment out",
        ),
        (
            "img-src a.example/a?b",
            "byte 19: '?b' is ignored by browsers; leave the query and the fragment out",
        ),
        (
            "img-src a.example/#f",
            "byte 18: '#f' is ignored by browsers; leave the query and the fragment out",
        ),
        ("img-src a.example/<b>", "byte 18: '<' cannot stand in a path; write it percent-encoded"),
        (
            "img-src user@a.example",
            "byte 12: '@' cannot stand in a host; write letters, digits, '-' and '.'",
        ),
        (
            "img-src a.example/%2",
            "byte 18: '%' is not followed by two hexadecimal digits; write '%25' for itself",
        ),
        ("img-src a.example/{}", "byte 18: '{' cannot stand in a path; write it percent-encoded"),
    ]);
}

#[test]
fn values_of_the_other_directives() {
    assert_refused(&[
        (
            "frame-ancestors 'unsafe-inline'",
            "byte 16: 'unsafe-inline' is no ancestor; write 'self', 'none', a scheme or a host",
        ),
        (
            "frame-ancestors https://a.example/path",
            "byte 33: '/path' never matches, since frame-ancestors compares origins; leave the path out",
        ),
        (
            "sandbox allow-everything",
            "byte 8: 'allow-everything' is not a token of sandbox; write one like allow-scripts",
        ),
        (
            "sandbox 'allow-scripts'",
            "byte 8: 'allow-scripts' is not a token of sandbox; write one like allow-scripts",
        ),
        ("report-to a b", "byte 12: 'b' is a second endpoint, and there can be one; remove it"),
        (
            "report-to Csp",
            "byte 10: 'Csp' is no name of an endpoint; write lower-case letters, digits, '-', '_' and '.'",
        ),
        (
            "report-to",
            "byte 0: 'report-to' has no value and does nothing without; write one after it",
        ),
        (
            "report-uri",
            "byte 0: 'report-uri' has no value and does nothing without; write one after it",
        ),
        (
            "trusted-types a~b",
            "byte 14: 'a~b' is no name of a policy; write letters, digits and -#=_/@.%",
        ),
        (
            "require-trusted-types-for",
            "byte 0: 'require-trusted-types-for' has no value and does nothing without; write one after it",
        ),
        (
            "require-trusted-types-for 'wasm'",
            "byte 26: 'wasm' is no group of sinks; write 'script', the one there is",
        ),
        ("webrtc", "byte 0: 'webrtc' has no value and does nothing without; write one after it"),
        ("webrtc 'deny'", "byte 7: 'deny' is no value of webrtc; write 'allow' or 'block'"),
        ("webrtc 'allow' 'block'", "byte 15: 'block' is a second value; write 'allow' or 'block'"),
        (
            "upgrade-insecure-requests 1",
            "byte 26: '1' is no value for this directive, which takes none; remove it",
        ),
        (
            "upgrade-insecure-requests 'none'",
            "byte 26: 'none' is no value for this directive, which takes none; remove it",
        ),
        (
            "sandbox 'none'",
            "byte 8: 'none' is not a token of sandbox; write one like allow-scripts",
        ),
        (
            "report-uri 'none'",
            "byte 11: 'none' is no value for this directive, which takes no keywords; remove it",
        ),
        (
            "report-to 'none'",
            "byte 10: 'none' is no name of an endpoint; write lower-case letters, digits, '-', '_' and '.'",
        ),
        ("webrtc 'none'", "byte 7: 'none' is no value of webrtc; write 'allow' or 'block'"),
        (
            "require-trusted-types-for 'none'",
            "byte 26: 'none' is no group of sinks; write 'script', the one there is",
        ),
        (
            "plugin-types 'self'",
            "byte 13: 'self' is no value for this directive, which takes no keywords; remove it",
        ),
    ]);
}

#[test]
fn a_policy_longer_than_8192_bytes() {
    let sources = |bytes: usize| format!("img-src {}", "a".repeat(bytes - 8));
    assert!(sources(8192).parse::<ContentSecurityPolicy>().is_ok());
    let error = sources(8193).parse::<ContentSecurityPolicy>().unwrap_err();
    assert_eq!(error.offset(), 8192);
    assert_eq!(
        error.problem(),
        "the policy is longer than 8192 bytes, which proxies and servers refuse; shorten it",
    );
}

#[test]
fn curly_quotes_are_told_from_hosts() {
    for text in ["script-src \u{2018}self\u{2019}", "script-src \u{201C}self\u{201D}"] {
        let error = text.parse::<ContentSecurityPolicy>().unwrap_err();
        assert_eq!(error.offset(), 11);
        assert!(error.problem().contains("quote"), "{error}");
    }
}

#[test]
fn a_directive_that_runs_into_its_value_is_told_so() {
    let error = refusal("script-src'self'".parse::<ContentSecurityPolicy>());
    assert!(!error.contains('\\') && !error.contains("script-src-elem"), "{error}");
}

#[test]
fn single_sources() {
    for (text, expected) in [
        ("", "byte 0: an empty source allows nothing; leave it out"),
        ("a b", "byte 1: ' ' cannot stand in a source; pass one source at a time"),
        ("a;b", "byte 1: ';' cannot stand in a source; pass one source at a time"),
        ("a,b", "byte 1: ',' cannot stand in a source; pass one source at a time"),
        ("a\r\nb", "byte 1: '\\r' cannot stand in a source; pass one source at a time"),
        ("'none'", "byte 0: 'none' is the empty list; pass no source"),
        ("'self'", "byte 0: 'self' is a keyword; use the constant of Source for it"),
        (
            "'UNSAFE-inline'",
            "byte 0: 'UNSAFE-inline' is a keyword; use the constant of Source for it",
        ),
        ("self", "byte 0: 'self' would be a host of that name; write it in single quotes"),
        (
            "a.\u{e9}x",
            "byte 2: '\u{e9}' is not ASCII, for which browsers drop the directive; \
             write a host in its 'xn--' form",
        ),
    ] {
        let expected = format!("content-security-policy, {expected}");
        assert_eq!(refusal(text.parse::<Source>()), expected, "{text:?}");
        assert_eq!(refusal(Source::host(text)), expected, "{text:?}");
        assert_eq!(refusal(Ancestor::host(text)), expected, "{text:?}");
    }
    for scheme in ["data:", "https:", "a.b:"] {
        assert!(Source::host(scheme).is_err() && Ancestor::host(scheme).is_err(), "{scheme}");
    }
}

#[test]
fn names_of_endpoints_and_of_trusted_types() {
    assert_eq!(
        refusal("Csp".parse::<EndpointName>()),
        "content-security-policy, byte 0: 'Csp' is no name of an endpoint; \
         write lower-case letters, digits, '-', '_' and '.'",
    );
    assert_eq!(
        refusal("a b".parse::<TrustedTypesPolicy>()),
        "content-security-policy, byte 0: 'a b' is no name of a policy; \
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
            "byte 0: '' is no name of a directive; write lower-case letters, digits and '-'",
        ),
        (
            custom("a b", ""),
            "byte 0: 'a b' is no name of a directive; write lower-case letters, digits and '-'",
        ),
        (
            custom("A", ""),
            "byte 0: 'A' is no name of a directive; write lower-case letters, digits and '-'",
        ),
        (custom("img-src", "*"), "byte 0: 'img-src' has a method of its own; use that"),
        (custom("sandbox", ""), "byte 0: 'sandbox' has a method of its own; use that"),
        (
            custom("block-all-mixed-content", ""),
            "byte 0: no browser reads block-all-mixed-content any more; leave it out",
        ),
        (
            custom("x", "a;b"),
            "byte 1: ';' cannot stand in a value; write visible ASCII without ';' and ','",
        ),
        (
            custom("x", "a\tb"),
            "byte 1: '\\t' cannot stand in a value; write visible ASCII without ';' and ','",
        ),
        (
            custom("x", "\u{e9}"),
            "byte 0: '\u{e9}' cannot stand in a value; write visible ASCII without ';' and ','",
        ),
        (
            custom("x", "a 'NONCE-abc'"),
            "byte 0: a nonce has no meaning in a directive that is not known; remove it",
        ),
        (uri("'self'"), "byte 0: a URI does not begin with a quote; write one like '/csp'"),
        (uri(""), "byte 0: the URI is empty; write one like '/csp'"),
        (uri("/a b"), "byte 2: ' ' cannot stand in a URI here; write it percent-encoded"),
        (uri("/a;b"), "byte 2: ';' cannot stand in a URI here; write it percent-encoded"),
        (uri("/a,b"), "byte 2: ',' cannot stand in a URI here; write it percent-encoded"),
    ] {
        assert_eq!(error, format!("content-security-policy, {expected}"));
    }
}
