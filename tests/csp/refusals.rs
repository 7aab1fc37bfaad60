//! Tests texts that the strict parser rejects, each with its full error text.

use tower_hardening::{
    ContentSecurityPolicy, ParseError,
    csp::{FrameAncestor, Source},
};

pub(crate) fn refusal<T: std::fmt::Debug>(read: Result<T, ParseError>) -> String {
    read.unwrap_err().to_string()
}

/// Asserts each policy's error, without the header's name, which the panic of a literal also has.
#[track_caller]
fn assert_refused(cases: &[(&'static str, &str)]) {
    for (text, expected) in cases {
        let error = text.parse::<ContentSecurityPolicy>().expect_err(text);
        assert_eq!(error.to_string(), format!("content-security-policy, {expected}"), "{text:?}");
        let panic = std::panic::catch_unwind(|| ContentSecurityPolicy::from_static(text));
        let said = *panic.expect_err(text).downcast::<String>().unwrap();
        // Errors escape invisible characters.
        let escaped = error.problem().starts_with("'\\");
        assert!(escaped || said == error.to_string(), "{text:?}: {said}");
    }
}

#[test]
fn the_error_of_a_long_literal_has_its_remedy_too() {
    let text: &'static str = format!("img-src {}.*", "a".repeat(600)).leak();
    let panic = std::panic::catch_unwind(|| ContentSecurityPolicy::from_static(text));
    let said = *panic.unwrap_err().downcast::<String>().unwrap();
    assert!(said.ends_with("aaa...' has a '*' that is not its first label, and browsers ignore it; write one like *.cdn.example"), "{said}");
}

#[test]
fn a_path_that_ends_in_a_colon_is_not_a_scheme() {
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
        assert_eq!(refusal(FrameAncestor::scheme(text)), expected, "{text:?}");
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
            "byte 27: 'ü' is not ASCII, and browsers ignore the directive that has it; write ASCII, and a host in its 'xn--' form",
        ),
        (
            "img-src “self”",
            "byte 8: '“' is a curly quote, and browsers ignore the directive that has it; write a straight quote",
        ),
        (
            "img-src ‘self’",
            "byte 8: '‘' is a curly quote, and browsers ignore the directive that has it; write a straight quote",
        ),
        ("img-src a\0", "byte 9: '\\0' is a control character; write spaces between sources"),
        (
            "img-src \u{a0}a",
            "byte 8: '\\u{a0}' is not ASCII, and browsers ignore the directive that has it; write ASCII, and a host in its 'xn--' form",
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
            "byte 0: 'img-source' is not a directive; see CSP Level 3 for the directives that exist",
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
            "byte 0: 'utterly-unknown' is not a directive; see CSP Level 3 for the directives that exist",
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
            "byte 20: 'Default-SRC' is a duplicate directive, and browsers read only the first; merge the two",
        ),
        (
            "img-src a; img-src a",
            "byte 11: 'img-src' is a duplicate directive, and browsers read only the first; merge the two",
        ),
    ]);
}

#[test]
fn keywords_and_quotes() {
    assert_refused(&[
        ("default-src self", "byte 12: 'self' is an unquoted keyword; write it in single quotes"),
        ("default-src none", "byte 12: 'none' is an unquoted keyword; write it in single quotes"),
        (
            "script-src unsafe-inline",
            "byte 11: 'unsafe-inline' is an unquoted keyword; write it in single quotes",
        ),
        (
            "script-src Unsafe-Eval",
            "byte 11: 'Unsafe-Eval' is an unquoted keyword; write it in single quotes",
        ),
        (
            "script-src strict-dynamic",
            "byte 11: 'strict-dynamic' is an unquoted keyword; write it in single quotes",
        ),
        (
            "script-src nonce-abc",
            "byte 11: 'nonce-abc' is an unquoted keyword; write it in single quotes",
        ),
        (
            "script-src sha256-abc",
            "byte 11: 'sha256-abc' is an unquoted keyword; write it in single quotes",
        ),
        ("script-src data", "byte 11: 'data' is a scheme without its colon; write ':' after it"),
        ("script-src https", "byte 11: 'https' is a scheme without its colon; write ':' after it"),
        (
            "default-src 'self' script-src a.example",
            "byte 19: 'script-src' is the name of a directive; write ';' before it, or a scheme before a host of that name",
        ),
        (
            "frame-ancestors 'none' Sandbox",
            "byte 23: 'Sandbox' is the name of a directive; write ';' before it, or a scheme before a host of that name",
        ),
        (
            "default-src 'none' 'self'",
            "byte 12: 'none' has no effect next to other sources; remove it or write it alone",
        ),
        (
            "default-src 'self' 'none'",
            "byte 19: 'none' has no effect next to other sources; remove it or write it alone",
        ),
        (
            "frame-ancestors 'none' a.example",
            "byte 16: 'none' has no effect next to other sources; remove it or write it alone",
        ),
        (
            "trusted-types 'none' a",
            "byte 14: 'none' has no effect next to other sources; remove it or write it alone",
        ),
        (
            "default-src \"self\"",
            "byte 12: '\"' is not allowed in a host; write letters, digits, '-' and '.'",
        ),
        ("default-src 'self", "byte 12: 'self is not a keyword; did you mean 'self'?"),
        ("default-src 'selff'", "byte 12: 'selff' is not a keyword; did you mean 'self'?"),
        (
            "default-src `self`",
            "byte 12: '`' is not allowed in a host; write letters, digits, '-' and '.'",
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
            "byte 11: 'unsafe-dynamic' is an obsolete keyword, which browsers ignore; remove it",
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
            "byte 11: 'sha256-abc=' is not a valid hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        ),
        (
            "script-src 'sha1-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='",
            "byte 11: 'sha1-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY=' is not a valid hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        ),
        (
            "script-src 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY'",
            "byte 11: 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY' is not a valid hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        ),
        (
            "script-src 'sha384-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='",
            "byte 11: 'sha384-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY=' is not a valid hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        ),
        (
            "script-src 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29f!='",
            "byte 11: 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29f!=' is not a valid hash; write 'sha256-', 'sha384-' or 'sha512-' and the padded base64 of the digest",
        ),
        (
            "img-src 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='",
            "byte 8: 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY=' has no effect in this directive; write it in script-src or style-src",
        ),
        (
            "frame-ancestors 'nonce-{}'",
            "byte 16: 'nonce-{}' is not a valid frame ancestor; write 'self', 'none', a scheme or a host",
        ),
    ]);
}

#[test]
fn hosts_ports_and_paths() {
    assert_refused(&[
        (
            "img-src a.*.com",
            "byte 8: 'a.*.com' has a '*' that is not its first label, and browsers ignore it; write one like *.cdn.example",
        ),
        (
            "img-src *example.com",
            "byte 8: '*example.com' has a '*' that is not a whole label; write '*.' and a domain",
        ),
        ("img-src *.", "byte 8: '*.' has no domain after the '*.'; write one"),
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
            "byte 8: '[::1]' is an IPv6 address, which a policy cannot contain; write a host name",
        ),
        (
            "img-src https://[::1]:80",
            "byte 8: 'https://[::1]:80' is an IPv6 address, which a policy cannot contain; write a host name",
        ),
        (
            "img-src example.com:",
            "byte 8: 'example.com:' is read as a scheme, since it ends in ':'; write the port, or remove the ':'",
        ),
        ("img-src example.com:8a", "byte 20: '8a' is not a port; write a number or '*'"),
        ("img-src example.com:123456", "byte 20: '123456' is not a port; write a number or '*'"),
        ("img-src 1x:", "byte 10: ':' is not a port; write a number or '*'"),
        ("img-src https://a.example:", "byte 25: ':' is not a port; write a number or '*'"),
        (
            "img-src example.com:/a",
            "byte 8: 'example.com:/a' has no '://' after its scheme; write it, or the host alone",
        ),
        (
            "img-src a_b.example",
            "byte 9: '_' is not allowed in a host; write letters, digits, '-' and '.'",
        ),
        (
            "img-src bücher.example",
            "byte 9: 'ü' is not ASCII, and browsers ignore the directive that has it; write ASCII, and a host in its 'xn--' form",
        ),
        (
            "img-src a.example?x=1",
            "byte 17: '?x=1' is a query or a fragment, which browsers ignore; remove it",
        ),
        (
            "img-src a.example/a?b",
            "byte 19: '?b' is a query or a fragment, which browsers ignore; remove it",
        ),
        (
            "img-src a.example/#f",
            "byte 18: '#f' is a query or a fragment, which browsers ignore; remove it",
        ),
        (
            "img-src a.example/<b>",
            "byte 18: '<' is not allowed in a path; write it percent-encoded",
        ),
        (
            "img-src user@a.example",
            "byte 8: 'user@a.example' has a user name, which a source cannot contain; write the host alone",
        ),
        (
            "img-src a.example/%2",
            "byte 18: '%' is not followed by two hexadecimal digits; write '%25' for a percent sign",
        ),
        ("img-src a.example/{}", "byte 18: '{' is not allowed in a path; write it percent-encoded"),
    ]);
}

#[test]
fn values_of_the_other_directives() {
    assert_refused(&[
        (
            "frame-ancestors 'unsafe-inline'",
            "byte 16: 'unsafe-inline' is not a valid frame ancestor; write 'self', 'none', a scheme or a host",
        ),
        (
            "frame-ancestors https://a.example/path",
            "byte 33: '/path' is a path, and frame-ancestors compares origins; remove it",
        ),
        (
            "sandbox allow-everything",
            "byte 8: 'allow-everything' is not a sandbox token; write one like allow-scripts",
        ),
        (
            "sandbox 'allow-scripts'",
            "byte 8: 'allow-scripts' is quoted, and sandbox tokens are not; write allow-scripts",
        ),
        ("report-to a b", "byte 12: 'b' is a second endpoint, and a policy has one; remove it"),
        (
            "report-to Csp",
            "byte 10: 'Csp' is not an endpoint name; write lower-case letters, digits, '-', '_' and '.'",
        ),
        ("report-to", "byte 0: 'report-to' has no effect without a value; write one after it"),
        ("report-uri", "byte 0: 'report-uri' has no effect without a value; write one after it"),
        (
            "trusted-types a~b",
            "byte 14: 'a~b' is not a policy name; write letters, digits and -#=_/@.%",
        ),
        (
            "require-trusted-types-for",
            "byte 0: 'require-trusted-types-for' has no effect without a value; write one after it",
        ),
        (
            "require-trusted-types-for 'wasm'",
            "byte 26: 'wasm' is not a group of sinks; write 'script', the only group",
        ),
        ("webrtc", "byte 0: 'webrtc' has no effect without a value; write one after it"),
        ("webrtc 'deny'", "byte 7: 'deny' is not a value of webrtc; write 'allow' or 'block'"),
        ("webrtc 'allow' 'block'", "byte 15: 'block' is a second value; write 'allow' or 'block'"),
        (
            "upgrade-insecure-requests 1",
            "byte 26: '1' is a value, and this directive takes none; remove it",
        ),
        (
            "upgrade-insecure-requests 'none'",
            "byte 26: 'none' is a value, and this directive takes none; remove it",
        ),
        (
            "sandbox 'none'",
            "byte 8: 'none' is quoted, and sandbox tokens are not; write allow-scripts",
        ),
        (
            "report-uri 'none'",
            "byte 11: 'none' is a keyword, and this directive takes none; remove it",
        ),
        (
            "report-to 'none'",
            "byte 10: 'none' is not an endpoint name; write lower-case letters, digits, '-', '_' and '.'",
        ),
        ("webrtc 'none'", "byte 7: 'none' is not a value of webrtc; write 'allow' or 'block'"),
        (
            "require-trusted-types-for 'none'",
            "byte 26: 'none' is not a group of sinks; write 'script', the only group",
        ),
        (
            "plugin-types 'self'",
            "byte 13: 'self' is a keyword, and this directive takes none; remove it",
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
        "the policy is longer than 8192 bytes, which proxies and servers reject; shorten it",
    );
}

#[test]
fn curly_quotes_are_not_read_as_hosts() {
    for text in ["script-src \u{2018}self\u{2019}", "script-src \u{201C}self\u{201D}"] {
        let error = text.parse::<ContentSecurityPolicy>().unwrap_err();
        assert_eq!(error.offset(), 11);
        assert!(error.problem().contains("quote"), "{error}");
    }
}

#[test]
fn a_directive_without_a_space_before_its_value_has_its_own_error() {
    let error = refusal("script-src'self'".parse::<ContentSecurityPolicy>());
    assert!(!error.contains('\\') && !error.contains("script-src-elem"), "{error}");
}
